"""Whether manifest and card say what the other files of a release say: both are made anew and compared.

What only they say - title, date, version of the code - they must say alike. The tables of agreement in the
card follow from no other file; of these the form is checked.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from unisono.formats.base import Codec, codecs
from unisono.labels.base import Visibility
from unisono.release.archive import Archive
from unisono.release.card import AGREEMENT, AGREEMENT_HEAD, write_card
from unisono.release.manifest import SCHEMA, make_manifest
from unisono.release.opened import Opened, label_files, read_file
from unisono.release.package import (
    CARD,
    LABELS_ZIP,
    MANIFEST,
    POLICIES,
    Contents,
    Files,
    left_out_of,
    mark_of,
)
from unisono.release.settled import by_image, last_answers

SAID = ("project", "title", "version", "format", "date", "code_version")
"""What a release says in words of its own."""
ELSEWHERE = ("files", "members", "labels by_visibility", "consensus")
"""Parts of the manifest that have checks of their own."""
MISSING = "nothing"
NUMBER = r"(?:-?[0-9]+\.[0-9]{2}|\?)"


def manifest_faults(opened: Opened) -> Iterator[str]:
    """Yield each statement of the manifest that another file contradicts, or that is unknown or missing."""
    wrong = list(_form_faults(opened.manifest))
    if wrong:
        yield from wrong
        return
    made = make_manifest(_contents_in(opened), _files_in(opened), ())
    for place, stated, own in _differences(opened.manifest, made):
        yield f"{MANIFEST}: {place}: says {stated!r:.60}; by the other files it is {own!r:.60}"
    yield from _count_faults(opened)
    mark = mark_of(*(opened.manifest[key] for key in ("project", "version", "format")))
    if Archive(opened.folder / LABELS_ZIP).comment != mark:
        yield f"{LABELS_ZIP}: its comment is not {mark!r}, the release that {MANIFEST} says it is of"


def card_faults(opened: Opened) -> Iterator[str]:
    """Yield where the card says something else than a card made from the manifest and the other files."""
    stated = opened.manifest["labels"]["by_visibility"]
    made = write_card(_contents_in(opened), _files_in(opened), stated).decode()
    text = read_file(opened.folder, CARD).decode("utf-8", errors="replace")
    plain, agreement = _parted(text)
    for number, (line, own) in enumerate(zip_longest(plain, _parted(made)[0], fillvalue=MISSING), start=1):
        if line != own:
            yield f"{CARD} line {number}: says {line!r:.120}; by the other files it is {own!r:.120}"
            break
    legal = _agreement_lines(opened)
    yield from (
        f"{CARD}: {line!r:.120} is no line of a table of agreement"
        for line in agreement
        if not legal.match(line)
    )


def _form_faults(manifest: Mapping[str, Any]) -> Iterator[str]:
    if manifest.get("schema") != SCHEMA:
        yield f"{MANIFEST}: schema: {manifest.get('schema')!r}; this version of unisono reads {SCHEMA}"
    yield from (f"{MANIFEST}: {k}: not a text" for k in SAID if not isinstance(manifest.get(k), str))
    if manifest["labels"].get("policy") not in POLICIES:
        yield f"{MANIFEST}: labels policy: not one of {', '.join(POLICIES)}"
    if not isinstance(manifest["simulated"].get("project"), bool):
        yield f"{MANIFEST}: simulated project: not true or false"
    if not isinstance(manifest["split"].get("seed"), str):
        yield f"{MANIFEST}: split seed: not a text"


def _contents_in(opened: Opened) -> Contents:
    said = {key: opened.manifest[key] for key in SAID}
    return Contents(
        **said,
        protocol=opened.protocol,
        policy=opened.manifest["labels"]["policy"],
        split_seed=opened.manifest["split"]["seed"],
        clips=opened.clips,
        experts=opened.experts,
        items=opened.items,
        answers=opened.answers,
        settled=opened.reading.settled,
        consensus=opened.manifest.get("consensus"),
        simulated=opened.manifest["simulated"]["project"],
    )


def _files_in(opened: Opened) -> Files:
    questions, codec = opened.protocol.questions, _codec(opened)
    carried = tuple(q.key for q in questions if not codec.lacks(q))
    return Files({}, label_files(opened.folder), left_out_of(codec, questions), carried)


def _differences(stated: Any, made: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401  # any JSON
    if place in ELSEWHERE or stated == made:
        return
    if not (isinstance(stated, Mapping) and isinstance(made, Mapping)):
        yield place, stated, made
        return
    for key in sorted(stated.keys() | made.keys()):
        yield from _differences(stated.get(key, MISSING), made.get(key, MISSING), f"{place} {key}".strip())


def _count_faults(opened: Opened) -> Iterator[str]:
    """Yield where `by_visibility` cannot be: by what the format carries, else by what the experts said."""
    stated = opened.manifest["labels"].get("by_visibility")
    groups = by_image(opened.answers)
    asked = {question for _, question in groups}
    if not isinstance(stated, Mapping) or stated.keys() != asked:
        yield f"{MANIFEST}: labels by_visibility: not of the questions {', '.join(sorted(asked))}"
        return
    by_last = opened.manifest["labels"]["policy"] == "last"
    settled = last_answers(opened.answers) if by_last else opened.reading.settled
    states: list[Visibility] = [v for v in Visibility if v is not Visibility.UNASKED]
    for key in sorted(asked):
        counts = Counter(r.visibility for r in settled if r.question == key and r.visibility in states)
        several = [{r.visibility for r in rows} for (_, question), rows in groups.items() if question == key]
        is_whole = counts.total() == len(several)
        most: dict[Visibility, int] = {
            v: counts[v] if is_whole else sum(v in said for said in several) for v in states
        }
        most[Visibility.BLURRED] = counts[Visibility.BLURRED] if is_whole else len(several)  # also when level
        row = stated[key]
        if not isinstance(row, Mapping) or row.keys() != {v.value for v in states}:
            yield f"{MANIFEST}: labels by_visibility: {key}: counts {', '.join(states)}"
        elif sum(row.values()) != len(several) or any(row[v.value] > most[v] for v in states):
            yield f"{MANIFEST}: labels by_visibility: {key}: there are {len(several)}, {_row(most)} at most"
        elif counts[Visibility.SEEN] and row["seen"] != counts[Visibility.SEEN]:
            yield f"{MANIFEST}: labels by_visibility: {key}: there are {counts[Visibility.SEEN]} seen"


def _row(most: Mapping[Visibility, int]) -> str:
    return ", ".join(f"{n} {v.value}" for v, n in most.items())


def _parted(card: str) -> tuple[list[str], list[str]]:
    """Return the lines of a card without the section of agreement, and those of that section."""
    plain: list[str] = []
    agreement: list[str] = []
    rows = plain
    for line in card.split("\n"):
        if line.startswith("## "):
            rows = agreement if line == AGREEMENT else plain
        rows.append(line)
    return plain, agreement


def _agreement_lines(opened: Opened) -> re.Pattern[str]:
    keys = "|".join(re.escape(q.key) for q in opened.protocol.questions)
    experts = "|".join(re.escape(e.pseudonym) for e in opened.experts)
    unit = "(?:mm|px|share)"
    fixed = "|".join(re.escape(line) for line in (AGREEMENT, *AGREEMENT_HEAD.split("\n")))
    row = rf"\| `(?:{keys})` \| (?:{experts}) \| {NUMBER} {unit} \| {NUMBER} to {NUMBER} \| [0-9]+ \|"
    spread = rf"- `(?:{keys})`: SD between experts, median over [0-9]+ items: {NUMBER} {unit}"
    return re.compile(rf"^(?:{fixed}|{row}|{spread})$")


def _codec(opened: Opened) -> Codec:
    return codecs()[opened.manifest["format"]]
