"""What an import takes in: a release of ours, whole, or another system's label files with their frames."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import yaml

from unisono.base import plugins
from unisono.base.errors import FormatError, ReleaseError
from unisono.formats.base import LabelRecord, Reading, codecs
from unisono.formats.names import Names, clip_of, frame_number_of, image_of, png_path
from unisono.release.archive import Archive
from unisono.release.facts import ClipFacts, ExpertFacts, FrameFacts, ItemFacts
from unisono.release.opened import load_manifest, open_release
from unisono.release.splits import SEED, divide
from unisono.release.verify import problems_of

PSEUDONYM = re.compile(r"^[a-z]+-[a-z0-9-]{1,32}$")
LAST_EXPERT = "expert-last"
"""Who gave the labels of files that do not say: Unity's own name for the last answer in time."""
LABEL_SUFFIXES = {".json", ".csv", ".txt"}
Loader = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that an import will write.

    Parameters
    ----------
    title, protocol : str
        ``protocol`` is the YAML text.
    simulated : bool
    clips : tuple of ClipFacts
        ``rows`` 0 and empty hashes where only the pixels can tell.
    frames : mapping of str to callable
        Gives the PNG, by path in the png-cache tree.
    experts, items, answers : tuple
    split_seed : str
    left_out : tuple of (str, str)
        Images that cannot be taken, each with its reason.
    """

    title: str
    protocol: str
    simulated: bool
    clips: tuple[ClipFacts, ...]
    frames: Mapping[str, Loader]
    experts: tuple[ExpertFacts, ...]
    items: tuple[ItemFacts, ...]
    answers: tuple[LabelRecord, ...]
    split_seed: str
    left_out: tuple[tuple[str, str], ...] = ()


def release_plan(folder: Path, fmt: str) -> Plan:
    """Return the plan of a release of ours.

    Raises
    ------
    ReleaseError
        If it is of another format, or does not verify; says how.
    """
    is_of = load_manifest(folder)["format"]
    if is_of != fmt:
        raise ReleaseError(f"{folder.name} is a release of format {is_of!r}; got {fmt!r}")
    problems = problems_of(folder)
    if problems:
        raise ReleaseError(f"{folder.name} does not verify: {'; '.join(problems[:3])}")
    opened = open_release(folder)
    paths = [png_path(f"{c.code}-{f.index:04d}") for c in opened.clips for f in c.frames]
    return Plan(
        title=opened.manifest["title"],
        protocol=opened.protocol.text,
        simulated=opened.manifest["simulated"]["project"],
        clips=opened.clips,
        frames={p: partial(opened.frames.read, p) for p in paths},
        experts=opened.experts,
        items=opened.items,
        answers=opened.answers,
        split_seed=opened.manifest["split"]["seed"],
    )


def foreign_plan(fmt: str, path: Path, project: str, *, names: Names, origin: str, licence: str) -> Plan:
    """Return the plan of label files with a png-cache beside them.

    Every clip counts as a subject of its own, since nothing says otherwise; parts that the files state are
    kept. Experts' names that are no pseudonyms are replaced by a hash.

    Parameters
    ----------
    fmt : str
    path : pathlib.Path
        A folder, or one label file with the frames in its folder.
    project : str
    names : Names
    origin, licence : str
        What the clips are said to come under.

    Raises
    ------
    FormatError
        If the labels are malformed; names file, image and label.
    ReleaseError
        If no labelled frame is there.
    """
    reading = plugins.pick(codecs(), fmt, "format").read(_label_files(path), names)
    frames = _frames(path if path.is_dir() else path.parent, names)
    answers = [_renamed(r) for r in reading.answers or reading.settled]
    there = [r for r in answers if png_path(r.image) in frames]
    missing = sorted({r.image for r in answers} - {r.image for r in there})
    if not there:
        raise ReleaseError(f"none of {len(missing)} labelled frames is in a png-cache beside the labels")
    parts = _clip_parts(reading)
    split_of = divide({clip_of(r.image) for r in there}, SEED, parts)
    numbers: dict[str, list[int]] = {}
    for frame in (Path(p).stem for p in frames):
        numbers.setdefault(clip_of(frame), []).append(frame_number_of(frame) or 0)
    return Plan(
        title=f"Imported from {fmt}",
        protocol=_protocol(fmt, reading, there),
        simulated=False,
        clips=tuple(_clip(c, split_of[c], sorted(numbers[c]), origin, licence) for c in sorted(split_of)),
        frames=frames,
        experts=tuple(
            ExpertFacts(str(e), simulated=False) for e in sorted({r.expert for r in there if r.expert})
        ),
        items=_items(there, project),
        answers=tuple(
            replace(r, id=str(uuid5(NAMESPACE_OID, f"{project} {r.image} {r.question} {r.expert}")))
            for r in there
        ),
        split_seed=SEED,
        left_out=tuple((image, "its frame is not in the png-cache") for image in missing),
    )


def _label_files(path: Path) -> dict[str, bytes]:
    if path.is_file() and path.suffix != ".zip":
        return {path.name: path.read_bytes()}
    if not path.exists():
        raise FormatError(f"{path.name}: no such file or folder")
    places = [path] if path.is_file() else sorted(path.rglob("*"))
    found = {}
    for place in places:
        if place.suffix in LABEL_SUFFIXES:
            found[place.relative_to(path).as_posix()] = place.read_bytes()
        elif place.suffix == ".zip":
            archive = Archive(place)
            found |= {n: archive.read(n) for n in archive.names if Path(n).suffix in LABEL_SUFFIXES}
    return found


def _frames(folder: Path, names: Names) -> dict[str, Loader]:
    found: dict[str, Loader] = {}
    for path in sorted(folder.rglob("*.png")):
        found[_place(path.name, names)] = path.read_bytes
    for path in sorted(folder.rglob("*.zip")):
        archive = Archive(path)
        for name in archive.names:
            if name.endswith(".png"):
                found[_place(name, names)] = partial(archive.read, name)
    found.pop("", None)
    return found


def _place(name: str, names: Names) -> str:
    """Return where a frame lies in the png-cache tree; empty for other pictures, which no label can mean."""
    try:
        return png_path(image_of(name, names))
    except FormatError:
        return ""


def _renamed(record: LabelRecord) -> LabelRecord:
    name = record.expert or LAST_EXPERT
    if PSEUDONYM.match(name):
        return replace(record, expert=name)
    # Public files have carried the ids of identity providers: those must not go any further.
    return replace(record, expert=f"expert-{hashlib.sha256(name.encode()).hexdigest()[:8]}")


def _clip_parts(reading: Reading) -> dict[str, str]:
    parts: dict[str, str] = {}
    for image, part in sorted(reading.split_of.items()):
        if parts.setdefault(clip_of(image), part) != part:
            raise FormatError(
                f"clip {clip_of(image)} has frames in the parts {parts[clip_of(image)]} and {part}"
            )
    return parts


def _clip(code: str, split: str, numbers: list[int], origin: str, licence: str) -> ClipFacts:
    missing = sorted(set(range(numbers[-1] + 1)) - set(numbers))
    return ClipFacts(
        code=code,
        subject=code,
        split=split,
        kind="images",
        rows=0,
        columns=0,
        n_frames=numbers[-1] + 1,
        frame_times_s=None,
        timing="not known",
        regions=[],
        spacing_mm=None,
        header={},
        mask={"rule": "as imported"} | ({"missing_frames": missing} if missing else {}),
        decoder="PNG as imported",
        origin=origin,
        licence=licence,
        approved_by="imported",
        simulated=False,
        frames=tuple(FrameFacts(n, "", "", 0) for n in numbers),
    )


def _items(answers: list[LabelRecord], project: str) -> tuple[ItemFacts, ...]:
    done: dict[str, set[str]] = {}
    for record in answers:
        done.setdefault(record.image, set()).add(str(record.expert))
    return tuple(
        ItemFacts(str(uuid5(NAMESPACE_OID, f"{project} {image}")), image, sorted(who), [])
        for image, who in sorted(done.items())
    )


def _protocol(fmt: str, reading: Reading, answers: list[LabelRecord]) -> str:
    asked = {r.question for r in answers}
    most = Counter[str]()
    for record in answers:
        most[record.question] = max(most[record.question], len(record.instances), 1)
    questions: list[dict[str, Any]] = [
        {
            "key": key,
            "title": key,
            "label": kind,
            "required": False,
            "options": {"instances": most[key]} | ({"min_nodes": 2} if kind == "curve" else {}),
        }
        for key, kind in sorted(reading.kinds.items())
        if key in asked
    ]
    raw = {
        "protocol": f"imported-{fmt}",
        "version": 1,
        "title": f"Imported from {fmt}",
        "item": "frame",
        "experts_per_item": 1,
        "questions": questions,
    }
    return yaml.safe_dump(raw, sort_keys=False)
