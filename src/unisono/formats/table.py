"""The table of all answers, ``user-labels-all.csv``: one row an expert, image, question and instance.

Unity's columns come first and mean what they mean there; its readers find them by position. Ours come last.
``value_x`` and ``value_y`` are the nodes as clicked, with all their digits; ``spline`` says how they were
drawn. ``answer`` holds the whole label in JSON on the first row of each answer, so that a label of any type
comes back as it was given.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from unisono.base.canonical import canonical_json
from unisono.base.errors import FormatError
from unisono.formats.base import LabelRecord
from unisono.formats.coordinates import dump_numbers, parse_pairs
from unisono.formats.jsonfiles import text_of
from unisono.formats.names import Names, image_of
from unisono.formats.shapes import check_label, check_places
from unisono.labels.base import Visibility
from unisono.labels.spline import SplineKind, Step

NAME = "user-labels-all.csv"
UNITY_COLUMNS = (
    "",
    "project",
    "file",
    "user",
    "time",
    "label",
    "vis",
    "value_x",
    "value_y",
    "straight_segment",
    "instance_num",
)
OUR_COLUMNS = ("spline", "steps", "node_keys", "freehand", "id", "answer")
_CELL_LIMIT = 2**24


def write_table(project: str, answers: Iterable[LabelRecord]) -> bytes:
    """Return the table, UTF-8, rows in the order of image, question and pseudonym."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*UNITY_COLUMNS, *OUR_COLUMNS))
    number = 0
    for record in sorted(answers, key=lambda r: (r.image, r.question, r.expert or "")):
        for row in _rows_of(project, record):
            writer.writerow((number, *row))
            number += 1
    return out.getvalue().encode()


def read_table(data: bytes, names: Names | None = None, where: str = NAME) -> tuple[LabelRecord, ...]:
    """Read the table of a release, ours or Unity's own.

    Without the column ``answer`` the labels are made from Unity's columns, as natural cubic splines over
    the node's index.

    Raises
    ------
    FormatError
        If a column is missing or a row is malformed; names the row, counting the header as row 1.
    """
    groups: dict[tuple[str, str, str], list[tuple[str, dict[str, Any]]]] = {}
    for line, row in enumerate(_rows_in(text_of(data, where), where), start=2):
        place = f"{where} row {line}"
        if None in row or None in row.values():
            raise FormatError(f"{place}: as many cells as the header has are needed")
        key = (image_of(row["file"], names, place), row["label"], row["user"])
        groups.setdefault(key, []).append((place, row))
    return tuple(_record(key, found) for key, found in groups.items())


def _rows_in(text: str, where: str) -> list[dict[str, Any]]:
    csv.field_size_limit(_CELL_LIMIT)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = {*UNITY_COLUMNS[1:9]} - set(reader.fieldnames or ())
        if missing:
            raise FormatError(f"{where}: missing columns {', '.join(sorted(missing))}")
        return list(reader)
    except csv.Error as error:
        raise FormatError(f"{where}: not a table: {error}") from None


def _rows_of(project: str, record: LabelRecord) -> Iterable[tuple[str, ...]]:
    head = (project, f"{record.image}.png", record.expert or "", record.at, record.question)
    whole = canonical_json(record.label)
    if not record.instances:
        yield (*head, record.visibility.value, "", "", "", "0", "", "", "", "", record.id, whole)
    for number, instance in enumerate(record.instances):
        yield (
            *head,
            record.visibility.value,
            *_unity_cells(_nodes_of(instance)),
            str(number),
            *_our_cells(instance),
            record.id,
            whole if number == 0 else "",
        )


def _nodes_of(instance: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return instance.get("nodes") or ([instance] if "x" in instance else [])


def _unity_cells(nodes: Sequence[dict[str, Any]]) -> tuple[str, str, str]:
    flags = " ".join("1" if n.get("step") == Step.STRAIGHT else "0" for n in nodes)
    return (dump_numbers([n["x"] for n in nodes]), dump_numbers([n["y"] for n in nodes]), flags)


def _our_cells(instance: dict[str, Any]) -> tuple[str, str, str, str]:
    if "nodes" not in instance:
        return ("", "", "", "")
    nodes = instance["nodes"]
    steps = " ".join(n.get("step", Step.BEND) for n in nodes)
    keys = " ".join(n.get("key") or "-" for n in nodes)
    return (instance["spline"], steps, keys, "yes" if instance.get("freehand") else "no")


def _record(key: tuple[str, str, str], found: Sequence[tuple[str, dict[str, Any]]]) -> LabelRecord:
    (place, first), (image, question, user) = found[0], key
    label = _answer(first["answer"], place) if first.get("answer") else _unity_label(found)
    return LabelRecord(image, question, user, label, first["time"], first.get("id") or "")


def _answer(text: str, place: str) -> dict[str, Any]:
    try:
        label = json.loads(text)
    except (ValueError, RecursionError):
        raise FormatError(f"{place}: answer is not JSON") from None
    return check_label(label, place)


def _unity_label(found: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    place, first = found[0]
    try:
        visibility = Visibility(first["vis"])
    except ValueError:
        legal = ", ".join(v.value for v in Visibility)
        raise FormatError(f"{place}: vis {first['vis']!r} is not one of: {legal}") from None
    if visibility is not Visibility.SEEN:
        return {"visibility": visibility.value, "instances": []}
    return {"visibility": "seen", "instances": [_unity_instance(row, where) for where, row in found]}


def _unity_instance(row: dict[str, Any], place: str) -> dict[str, Any]:
    pairs = parse_pairs(row["value_x"], row["value_y"], f"{place}: label {row['label']}")
    if not pairs:
        raise FormatError(f"{place}: label {row['label']} is seen and has no coordinates")
    check_places(pairs, f"{place}: label {row['label']}")
    if len(pairs) == 1:
        return {"x": pairs[0][0], "y": pairs[0][1]}
    flags = (row.get("straight_segment") or "").split() or ["0"] * len(pairs)
    if len(flags) != len(pairs):
        raise FormatError(f"{place}: {len(flags)} straight_segment flags for {len(pairs)} nodes")
    nodes = [
        {"x": x, "y": y} | ({"step": Step.STRAIGHT.value} if flag in ("1", "1.0", "True") else {})
        for (x, y), flag in zip(pairs, flags, strict=True)
    ]
    # Only the second generation has the column of straight segments; the first drew over chord length.
    kind = SplineKind.UNIFORM if "straight_segment" in row else SplineKind.CHORD
    return {"nodes": nodes, "spline": kind.value, "freehand": False}
