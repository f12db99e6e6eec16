"""What a label of a foreign file must be before anything is made of it: types node by node, and places.

What the question asks is not known here; that is checked when the label meets its question.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from unisono.base.errors import FormatError
from unisono.formats.base import LabelRecord
from unisono.labels.base import Visibility
from unisono.labels.spline import SplineKind, Step

FAR_PX = 1e6
"""No coordinate is farther from 0 than this, whatever the frame: a hundred times the widest frame."""
TEXTS = {"step": {s.value for s in Step}, "spline": {k.value for k in SplineKind}}


def check_label(raw: Any, where: str) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    """Return a label in JSON when every node of it is of its type.

    Raises
    ------
    FormatError
        If the visibility is not one of the four, a label that was seen has no instance, an instance is no
        object, or its coordinates are no numbers, too far away, or all the same.
    """
    if not isinstance(raw, dict):
        raise FormatError(f"{where}: answer must be an object with a visibility; got {type(raw).__name__}")
    legal = [v.value for v in Visibility]
    if raw.get("visibility") not in legal:
        given = repr(raw.get("visibility"))[:60]
        raise FormatError(f"{where}: visibility {given} is not one of: {', '.join(legal)}")
    instances = raw.get("instances", [])
    if not isinstance(instances, list) or not all(isinstance(i, dict) for i in instances):
        raise FormatError(f"{where}: instances must be a list of objects")
    if bool(instances) != (raw["visibility"] == Visibility.SEEN):
        raise FormatError(f"{where}: {raw['visibility']} with {len(instances)} instances")
    for instance in instances:
        _check_instance(instance, where)
    return raw


def check_places(pairs: Sequence[tuple[float, float]], where: str) -> None:
    """Refuse points that lie absurdly far away, and a curve whose nodes are all one place.

    Raises
    ------
    FormatError
        Says which.
    """
    far = next((p for p in pairs if max(abs(p[0]), abs(p[1])) > FAR_PX), None)
    if far is not None:
        raise FormatError(f"{where}: ({far[0]:g}, {far[1]:g}) is farther than {FAR_PX:g} px from the frame")
    if len(pairs) > 1 and len(set(pairs)) == 1:
        raise FormatError(f"{where}: all {len(pairs)} nodes of the curve are the same place")


def check_inside(record: LabelRecord, rows: int, columns: int) -> None:
    """Refuse a label that lies more than one frame's size outside of its frame.

    Raises
    ------
    FormatError
        Names image, question, place and the frame's size.
    """
    for x, y in places_of(record):
        if not (-columns <= x <= 2 * columns and -rows <= y <= 2 * rows):
            raise FormatError(
                f"{record.image}: {record.question}: ({x:g}, {y:g}) is farther outside of the frame of "
                f"{columns} x {rows} px than its own size"
            )


def places_of(record: LabelRecord) -> Iterator[tuple[float, float]]:
    """Yield every coordinate pair that a label states."""
    for instance in record.instances:
        for node in instance.get("nodes", [instance]):
            if "x" in node and "y" in node:
                yield float(node["x"]), float(node["y"])


def _check_instance(instance: Mapping[str, Any], where: str) -> None:
    if "nodes" not in instance:
        if "x" in instance or "y" in instance:
            check_places([_place(instance, where)], where)
        return
    nodes = instance["nodes"]
    if not isinstance(nodes, list) or not nodes or not all(isinstance(n, dict) for n in nodes):
        raise FormatError(f"{where}: nodes must be a list of objects, one or more")
    check_places([_place(n, where) for n in nodes], where)
    _check_text(instance, "spline", where, needed=True)
    for node in nodes:
        _check_text(node, "step", where, needed=False)
        if not isinstance(node.get("key", ""), str | None):
            raise FormatError(f"{where}: the key of a node must be text; got {type(node['key']).__name__}")


def _check_text(node: Mapping[str, Any], name: str, where: str, *, needed: bool) -> None:
    if not needed and name not in node:
        return
    value = node.get(name)
    if not isinstance(value, str) or value not in TEXTS[name]:
        raise FormatError(f"{where}: {name} {value!r:.60} is not one of: {', '.join(sorted(TEXTS[name]))}")


def _place(node: Mapping[str, Any], where: str) -> tuple[float, float]:
    values = []
    for axis in "xy":
        value = node.get(axis)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            raise FormatError(f"{where}: {axis} must be a finite number; got {value!r:.60}")
        values.append(float(value))
    return values[0], values[1]


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False
