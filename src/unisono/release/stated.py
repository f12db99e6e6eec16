"""Whether the manifest and the card say what the other files of a release say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from unisono.formats.base import Codec, codecs
from unisono.release.card import NOT_STATED, SPDX
from unisono.release.manifest import COORDINATES, SCHEMA
from unisono.release.opened import Opened, read_file
from unisono.release.package import CARD, MANIFEST, POLICIES
from unisono.release.splits import SHARES

FRONT = re.compile(r"^---\n(.*?)\n---\n", re.DOTALL)


def manifest_faults(opened: Opened) -> Iterator[str]:
    """Yield each statement of the manifest that another file contradicts."""
    carried = [q.key for q in opened.protocol.questions if not _codec(opened).lacks(q)]
    expected: dict[str, Any] = {
        "schema": SCHEMA,
        "coordinates": COORDINATES,
        "format_title": _codec(opened).title,
        "protocol": {"name": opened.protocol.name, "version": opened.protocol.version},
        "clips": [{"code": c.code, "licence": c.licence, "origin": c.origin} for c in opened.clips],
        "simulated clips": [c.code for c in opened.clips if c.simulated],
        "simulated experts": [e.pseudonym for e in opened.experts if e.simulated],
        "split shares": SHARES,
        "labels carried": carried,
    }
    for place, value in expected.items():
        stated: Any = opened.manifest
        for key in [place] if place in opened.manifest else place.split():
            stated = stated.get(key) if isinstance(stated, Mapping) else None
        if stated != value:
            yield f"{MANIFEST}: {place}: is not what the other files say"
    by_visibility = opened.manifest["labels"].get("by_visibility")
    for key in carried:
        row = by_visibility.get(key, {}) if isinstance(by_visibility, Mapping) else {}
        n_seen = sum(r.question == key and r.visibility == "seen" for r in opened.reading.settled)
        if not isinstance(row, Mapping) or row.get("seen", 0) != n_seen:
            yield f"{MANIFEST}: labels by_visibility: {key}: there are {n_seen} seen"
    if opened.manifest["labels"].get("policy") not in POLICIES:
        yield f"{MANIFEST}: labels policy: not one of {', '.join(POLICIES)}"
    if not isinstance(opened.manifest["simulated"].get("project"), bool):
        yield f"{MANIFEST}: simulated project: not true or false"


def card_faults(opened: Opened) -> Iterator[str]:
    """Yield each statement of the card that the manifest or another file contradicts."""
    text = read_file(opened.folder, CARD).decode("utf-8", errors="replace")
    front = _front_matter(text)
    expected = _expected_front(opened)
    for key, value in expected.items():
        if front.get(key) != value:
            yield f"{CARD}: {key}: says {front.get(key)!r:.80}, {MANIFEST} says {value!r:.80}"
    yield from (
        f"{CARD}: lacks {what!r:.120}, which {MANIFEST} and the other files say"
        for what in _expected_lines(opened)
        if what not in text
    )


def _expected_front(opened: Opened) -> dict[str, Any]:
    manifest = opened.manifest
    licences = {c.licence or NOT_STATED for c in opened.clips}
    one = next(iter(licences)) if len(licences) == 1 else ""
    marked = ["simulated"] if manifest["simulated"].get("project") else []
    return {
        "pretty_name": manifest["title"],
        "version": manifest.get("version"),
        "date": manifest.get("date"),
        "license": one.lower() if SPDX.match(one) else "other",
        "tags": ["ultrasound", "unisono", manifest["format"], *marked],
    }


def _expected_lines(opened: Opened) -> Iterator[str]:
    manifest = opened.manifest
    counts, protocol = manifest["counts"], opened.protocol
    yield (
        f"Project `{manifest.get('project')}`, protocol `{protocol.name}` version {protocol.version}, "
        f"format `{manifest['format']}`, made by unisono {manifest.get('code_version')} "
        f"on {manifest.get('date')}."
    )
    yield (
        f"{counts.get('frames')} frames of {counts.get('clips')} clips of {counts.get('subjects')} subjects; "
        f"{counts.get('answers')} answers of {counts.get('experts')} experts "
        f"about {counts.get('items')} items."
    )
    n_clips, n_experts = (sum(r.simulated for r in rows) for rows in (opened.clips, opened.experts))
    if n_clips or n_experts or manifest["simulated"].get("project"):
        yield f"> **Simulated.** {n_clips} of {len(opened.clips)} clips"
        yield f"{n_experts} of {len(opened.experts)} experts are programs."
    for licence, origin in sorted({(c.licence or NOT_STATED, c.origin or NOT_STATED) for c in opened.clips}):
        n = sum((c.licence or NOT_STATED, c.origin or NOT_STATED) == (licence, origin) for c in opened.clips)
        yield f"| {licence} | {origin} | {n} |"


def _front_matter(text: str) -> Mapping[str, Any]:
    found = FRONT.match(text)
    try:
        raw = yaml.safe_load(found[1]) if found else {}
    except yaml.YAMLError:
        return {}
    return raw if isinstance(raw, dict) else {}


def _codec(opened: Opened) -> Codec:
    return codecs()[opened.manifest["format"]]
