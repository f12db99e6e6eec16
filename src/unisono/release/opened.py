"""Open a release as an outsider has it: a folder with a manifest, two zips and a few JSON files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unisono.base import plugins
from unisono.base.errors import ReleaseError
from unisono.formats.base import Dataset, LabelRecord, Reading, codecs
from unisono.formats.names import clip_of
from unisono.formats.table import NAME as TABLE
from unisono.formats.table import read_table
from unisono.labels.base import Visibility
from unisono.labels.protocol import Protocol, parse_protocol
from unisono.release.archive import Archive
from unisono.release.facts import (
    CLIPS,
    EXPERTS,
    ITEMS,
    PROTOCOL,
    ClipFacts,
    ExpertFacts,
    ItemFacts,
    clips_from_json,
    rows_from_json,
)
from unisono.release.package import FRAMES_ZIP, LABELS_ZIP, MANIFEST

PARTS = {
    "format": str,
    "title": str,
    "files": list,
    "members": dict,
    "counts": dict,
    "split": dict,
    "simulated": dict,
    "labels": dict,
}
"""What a manifest must have for the rest to be read."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A release that was read.

    Parameters
    ----------
    folder : pathlib.Path
    manifest : dict
    protocol : Protocol
    clips, experts, items : tuple
    answers : tuple of LabelRecord
        From the table: as they were given.
    reading : Reading
        From the format's own files: as the format carries them.
    frames : Archive
        ``png-cache.zip``.
    """

    folder: Path
    manifest: dict[str, Any]
    protocol: Protocol
    clips: tuple[ClipFacts, ...]
    experts: tuple[ExpertFacts, ...]
    items: tuple[ItemFacts, ...]
    answers: tuple[LabelRecord, ...]
    reading: Reading
    frames: Archive


def is_release(path: Path) -> bool:
    """Whether a folder is a release of unisono rather than somebody else's files."""
    return (path / MANIFEST).is_file() and (path / CLIPS).is_file()


def open_release(folder: Path) -> Opened:
    """Read a release.

    Raises
    ------
    ReleaseError
        If a file is missing or is not of its form.
    FormatError, ProtocolError, PluginError
        If the labels, the protocol or the format's name are wrong.
    """
    manifest = load_manifest(folder)
    labels = label_files(folder)
    if TABLE not in labels:
        raise ReleaseError(f"{LABELS_ZIP}: member {TABLE} is missing")
    codec = plugins.pick(codecs(), str(manifest["format"]), "format")
    loose = {name: (folder / name).read_bytes() for name in codec.loose if (folder / name).is_file()}
    return Opened(
        folder=folder,
        manifest=manifest,
        protocol=parse_protocol(read_file(folder, PROTOCOL).decode(), PROTOCOL),
        clips=clips_from_json(load_json(folder, CLIPS)),
        experts=rows_from_json(load_json(folder, EXPERTS), ExpertFacts, EXPERTS),
        items=rows_from_json(load_json(folder, ITEMS), ItemFacts, ITEMS),
        answers=read_table(labels[TABLE]),
        reading=codec.read({**labels, **loose}),
        frames=Archive(folder / FRAMES_ZIP),
    )


def carried_of(opened: Opened) -> Dataset:
    """Return the questions that the format carries, with their answers and the parts of answered images."""
    codec = codecs()[opened.manifest["format"]]
    questions = [q for q in opened.protocol.questions if not codec.lacks(q)]
    keys = {q.key for q in questions}
    answers = [r for r in opened.answers if r.question in keys]
    parts = {c.code: c.split for c in opened.clips}
    asked = {r.image for r in answers if r.visibility is not Visibility.UNASKED}
    split_of = {image: parts.get(clip_of(image), "") for image in asked}
    return Dataset(opened.manifest.get("project", ""), questions, answers, (), split_of)


def load_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest; what it states is for `verify` to check, but the parts are there.

    Raises
    ------
    ReleaseError
        If it is missing, is not JSON, or lacks a part.
    """
    raw = load_json(folder, MANIFEST)
    parts = raw.keys() if isinstance(raw, dict) else set()
    missing = sorted(PARTS.keys() - parts)
    if missing:
        raise ReleaseError(f"{MANIFEST}: missing {', '.join(missing)}")
    wrong = [name for name, kind in PARTS.items() if not isinstance(raw[name], kind)]
    rows = raw["files"] if not wrong else ()
    if wrong or any(not isinstance(r, dict) or r.keys() != {"path", "bytes", "sha256"} for r in rows):
        raise ReleaseError(f"{MANIFEST}: not of its form: {', '.join(wrong or ['files'])}")
    return dict(raw)


def label_files(folder: Path) -> Mapping[str, bytes]:
    """Return the members of ``labels.zip``."""
    archive = Archive(folder / LABELS_ZIP)
    return {name: archive.read(name) for name in archive.names}


def load_json(folder: Path, name: str) -> Any:  # noqa: ANN401  # any JSON
    """Return the JSON of one of the release's files.

    Raises
    ------
    ReleaseError
        If the file is missing or is not JSON.
    """
    try:
        return json.loads(read_file(folder, name))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise ReleaseError(f"{name}: not JSON") from None


def read_file(folder: Path, name: str) -> bytes:
    """Return one of the release's files.

    Raises
    ------
    ReleaseError
        If it is missing.
    """
    try:
        return (folder / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise ReleaseError(f"{name}: missing") from None
