"""Check a release as an outsider can: hashes, counts, labels, frames, splits, and what must not be in it."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from unisono.base.errors import LabelError, UnisonoError
from unisono.formats.base import LabelRecord, codecs
from unisono.formats.names import clip_of, frame_number_of, png_path
from unisono.formats.shapes import check_inside
from unisono.formats.table import NAME as TABLE
from unisono.formats.table import write_table
from unisono.release.archive import hashes_of, sha256_of_file
from unisono.release.bundle import bundle_faults
from unisono.release.opened import Opened, carried_of, label_files, load_manifest, open_release
from unisono.release.package import FRAMES_ZIP, LABELS_ZIP, MANIFEST, frames_of
from unisono.release.provenance import consensus_faults
from unisono.release.scan import find_in_png, find_in_text
from unisono.release.splits import crossing
from unisono.release.stated import card_faults, manifest_faults


def problems_of(folder: Path, words: Collection[str] = ()) -> list[str]:
    """Return everything that is wrong with a release, one line each; empty when it verifies.

    Parameters
    ----------
    folder : pathlib.Path
    words : collection of str
        Names and secrets that must not be in it, where the caller knows them.
    """
    found: list[str] = []
    try:
        found += _files(folder, load_manifest(folder))
        found += _text(folder, words)
        opened = open_release(folder)
    except UnisonoError as error:
        return [*found, str(error)]
    labels = (_labels, _splits, _experts, _table, _doubles, _settled, _inside)
    checks = (_frames, _members, *labels, manifest_faults, consensus_faults)
    found += [line for check in checks for line in _told(check, opened)]
    # A manifest that is not of its form has no card to compare with.
    return (
        found if any(line.startswith(MANIFEST) for line in found) else [*found, *_told(card_faults, opened)]
    )


def _inside(opened: Opened) -> Iterator[str]:
    sizes = {c.code: (c.rows, c.columns) for c in opened.clips}
    for record in (*opened.answers, *opened.reading.settled):
        size = sizes.get(clip_of(record.image))
        if size is not None:
            check_inside(record, *size)
    yield from ()


def _told(check: Callable[[Opened], Iterator[str]], opened: Opened) -> list[str]:
    try:
        return list(check(opened))
    except UnisonoError as error:
        return [str(error)]


def _table(opened: Opened) -> Iterator[str]:
    stated = label_files(opened.folder)[TABLE].decode("utf-8", "replace").split("\n")
    made = write_table(str(opened.manifest.get("project", "")), opened.answers).decode().split("\n")
    for number, (row, own) in enumerate(zip_longest(stated, made, fillvalue=""), start=1):
        if row != own:
            image = ",".join((row or own).split(",")[2:3])
            yield f"{TABLE} row {number}: {image}: its columns are not those of its answer"
            return


def _doubles(opened: Opened) -> Iterator[str]:
    codec = codecs()[opened.manifest["format"]]
    loose = {n: (opened.folder / n).read_bytes() for n in codec.loose if (opened.folder / n).is_file()}
    yield from codec.faults({**label_files(opened.folder), **loose}, carried_of(opened))


def _settled(opened: Opened) -> Iterator[str]:
    where = codecs()[opened.manifest["format"]].settled_in
    keys = {q.key for q in opened.protocol.questions}
    for record in opened.reading.settled:
        if record.question not in keys:
            yield f"{where}: {record.image}: {record.question} is no question, or meets no curve's ends"
    policy = str(opened.manifest["labels"].get("policy"))
    faults = bundle_faults(opened.reading.settled, opened.answers, policy)
    yield from (f"{where}: {line}" for line in faults)


def _files(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    listed = {str(row["path"]): row for row in manifest["files"]}
    if [row["path"] for row in manifest["files"]] != sorted(listed):
        yield f"{MANIFEST}: files: not each once, in the order of their names"
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    yield from (f"{name}: in the folder but not in the manifest" for name in sorted(there - listed.keys()))
    yield from (f"{name}: in the manifest but not in the folder" for name in sorted(listed.keys() - there))
    for name in sorted(there & listed.keys()):
        if (folder / name).stat().st_size != listed[name]["bytes"]:
            yield f"{name}: not of the size that the manifest says"
        elif sha256_of_file(folder / name) != listed[name]["sha256"]:
            yield f"{name}: SHA-256 is not what the manifest says"


def _text(folder: Path, words: Collection[str]) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.suffix in {".json", ".md", ".yaml", ".txt", ".csv"}:
            yield from find_in_text(path.name, path.read_text(encoding="utf-8", errors="replace"), words)
    for name, data in sorted(label_files(folder).items()):
        yield from find_in_text(f"{LABELS_ZIP}: {name}", data.decode("utf-8", errors="replace"), words)


def _frames(opened: Opened) -> Iterator[str]:
    expected, there = frames_of(opened.clips), set(opened.frames.names)
    yield from (f"{FRAMES_ZIP}: {n} is in no clip" for n in sorted(there - expected.keys()))
    yield from (f"{FRAMES_ZIP}: {n} is missing" for n in sorted(expected.keys() - there))
    for name in sorted(there & expected.keys()):
        data = opened.frames.read(name)
        if hashlib.sha256(data).hexdigest() != expected[name]:
            yield f"{FRAMES_ZIP}: {name}: SHA-256 is not what clips.json says"
        yield from find_in_png(name, data)


def _members(opened: Opened) -> Iterator[str]:
    rows = opened.manifest["members"].get(LABELS_ZIP)
    there = hashes_of(label_files(opened.folder))
    odd = [row["path"] for row in there if not isinstance(rows, list) or row not in rows]
    yield from (f"{LABELS_ZIP}: {path} is not what the manifest says" for path in odd)
    if not odd and opened.manifest["members"] != {LABELS_ZIP: there}:
        yield f"{MANIFEST}: members: not the {len(there)} members of {LABELS_ZIP}, each once and in order"


def _labels(opened: Opened) -> Iterator[str]:
    frames = frames_of(opened.clips)
    clips = {c.code for c in opened.clips}
    items = {i.image: set(i.done) for i in opened.items}
    for record in (*opened.answers, *opened.reading.answers, *opened.reading.settled):
        whole = frame_number_of(record.image) is None
        if clip_of(record.image) not in clips or not (whole or png_path(record.image) in frames):
            yield f"label {record.question} of {record.image}: there is no such frame"
    for record in opened.answers:
        if record.expert not in items.get(record.image, set()):
            yield f"{record.image}: {record.expert} did not finish it, but has an answer to {record.question}"
        yield from _misfit(opened, record)


def _misfit(opened: Opened, record: LabelRecord) -> Iterator[str]:
    try:
        opened.protocol.question(record.question).parse(record.label)
    except LabelError as error:
        yield f"{record.image}: {record.expert}: {error}"


def _splits(opened: Opened) -> Iterator[str]:
    rows = [(c.subject, c.split) for c in opened.clips]
    part_of = {c.code: c.split for c in opened.clips}
    for subject, parts in crossing(rows).items():
        yield f"subject {subject} crosses the parts {', '.join(parts)}"
    for image, part in opened.reading.split_of.items():
        if part_of.get(clip_of(image)) != part:
            yield f"{image}: listed in {part}, but its clip is in {part_of.get(clip_of(image))}"


def _experts(opened: Opened) -> Iterator[str]:
    known = {e.pseudonym for e in opened.experts}
    for name in sorted(known - {str(r.expert) for r in opened.answers}):
        yield f"expert {name} is in experts.json but answers nothing"
    for name in sorted({str(r.expert) for r in opened.answers} - known):
        yield f"expert {name} answers but is not in experts.json"
