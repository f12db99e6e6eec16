"""Compare what a release says twice: parts with the whole, and two drawings of one label."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from unisono.base.units import Points
from unisono.formats.base import LabelRecord
from unisono.formats.drawing import split_at_gaps
from unisono.labels.spline import Path, SplineKind, Step, render, resample

N_SAMPLED = 400
"""Points at equal arc length by which drawings are compared."""


def paths_of(record: LabelRecord) -> list[Path]:
    """Return what a label draws, by its nodes; a point is a path of one node."""
    out = []
    for instance in record.instances:
        nodes = instance.get("nodes") or ([instance] if "x" in instance else [])
        if nodes:
            places = np.array([(n["x"], n["y"]) for n in nodes], dtype=np.float64)
            steps = tuple(Step(n.get("step", Step.BEND)) for n in nodes)
            out.append(Path(places, steps, SplineKind(instance.get("spline", SplineKind.POLYLINE))))
    return out


def strokes_in(record: LabelRecord) -> list[Points]:
    """Return points on each stroke that a label draws, gaps left out, each array of shape (n, 2), px."""
    strokes = [s for path in paths_of(record) for s in split_at_gaps(path)]
    long = [s for s in strokes if len(s.nodes) > 1]
    return [sampled(s) for s in long or strokes]


def sampled(path: Path) -> Points:
    """Return `N_SAMPLED` points of a path without gaps; the node itself when there is one."""
    return path.nodes if len(path.nodes) == 1 else resample(render(path), N_SAMPLED)


def farthest_px(points: Points, others: Points) -> float:
    """Return the largest distance of a point to the nearest of the others, px."""
    return float(cKDTree(others).query(points)[0].max())


def apart_px(one: Points, other: Points) -> float:
    """Return the Hausdorff distance of two sets of points, px."""
    return max(farthest_px(one, other), farthest_px(other, one))


def part_faults(
    whole: Mapping[str, Any], part: Mapping[str, Any], expected: Iterable[str], where: str
) -> Iterator[str]:
    """Yield where a part is not the given images of the whole, word for word."""
    images = set(expected)
    for image in sorted(images ^ part.keys()):
        yield f"{where}: {image}: {'missing' if image in images else 'is not of this part'}"
    for image in sorted(images & part.keys()):
        if part[image] != whole.get(image):
            yield f"{where}: {image}: is not what the file of all images says"


def drawing_faults(
    records: Iterable[LabelRecord], others: Iterable[LabelRecord], within_px: float, where: str
) -> Iterator[str]:
    """Yield where one file draws a label elsewhere than the other.

    Parameters
    ----------
    records : iterable of LabelRecord
        One stroke a label.
    others : iterable of LabelRecord
        The other file's, of several strokes.
    within_px : float
        Beyond the distance between sampled points.
    where : str
        The first file.
    """
    known = {(r.image, r.question): strokes_in(r) for r in others}
    for record in records:
        strokes, drawn = known.pop((record.image, record.question), []), strokes_in(record)
        if bool(strokes) != bool(drawn):
            yield f"{where}: {record.image}: {record.question}: seen in one generation and not in the other"
        elif drawn:
            px = min(apart_px(drawn[0], s) - _spacing_px(s) for s in strokes)
            if px > within_px:
                yield f"{where}: {record.image}: {record.question}: {px:.1f} px from the other generation"
    for image, question in sorted(key for key, strokes in known.items() if strokes):
        yield f"{where}: {image}: {question}: missing"


def _spacing_px(points: Points) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).max(initial=0.0))
