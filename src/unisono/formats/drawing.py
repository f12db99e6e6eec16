"""Redraw a curve by another system's rule, so that what it draws is the curve that the expert saw.

Unity's first generation draws a natural cubic spline over the chord length, its second one over the node's
index, and the two go different ways through the same nodes. The second generation knows straight steps, so
there a curve is written as the very polyline that is drawn. The first knows none: its curves get nodes that
draw the same border after rounding, evenly spaced, and closer together at corners.

Source: C. de Boor, *A Practical Guide to Splines* (1978), chapter V: the error falls with the fourth power of
the distance between nodes, which is why a few dozen are enough.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from unisono.base.units import Points
from unisono.labels.spline import Path, SplineKind, Step, render, resample

SPACINGS_PX = (24.0, 16.0, 12.0, 8.0, 6.0, 4.0, 3.0, 2.0, 1.5, 1.0)
"""Distances between new nodes that are tried, widest first."""
CORNER_PX = 0.4
"""Distance of the first node from a corner; the next ones are twice as far each."""
MANY_NODES = 64
"""A polyline of so many nodes is a sampled border and has no corners worth more nodes."""
N_CHECKED = 400
"""Points at equal arc length at which the two drawings are compared."""


def split_at_gaps(path: Path) -> tuple[Path, ...]:
    """Return the strokes of a curve, each without a gap; a stroke may be a single node."""
    out, start = [], 0
    for i, step in enumerate(path.steps):
        if i == len(path.steps) - 1 or step is Step.GAP:
            steps = (*path.steps[start:i], Step.BEND)
            out.append(Path(path.nodes[start : i + 1], steps, path.kind))
            start = i + 1
    return tuple(out)


def redraw(path: Path, kind: SplineKind, *, decimals: int, tolerance_px: float, straight: bool) -> Path:
    """Return rounded nodes that draw the same stroke with another kind of spline.

    Parameters
    ----------
    path : Path
        One stroke, no gaps.
    kind : SplineKind
        The reader's spline.
    decimals : int
        Digits after the point that will be written.
    tolerance_px : float
        Distance between the two drawings that is good enough, the rounding included.
    straight : bool
        Whether the reader knows straight steps.

    Returns
    -------
    Path
        The first candidate within the tolerance, or the closest one: the nodes as they are; with straight
        steps, the rendered polyline itself; without, nodes evenly spaced by 24 to 1 px.
    """
    if len(path.nodes) == 1:
        return _rounded(Path(path.nodes, path.steps, kind), decimals)
    best, best_px = path, math.inf
    for candidate in _candidates(path, kind, straight=straight):
        written = _rounded(candidate, decimals)
        off_px = deviation_px(path, written)
        if off_px < best_px:
            best, best_px = written, off_px
        if best_px <= tolerance_px:
            break
    return best


def deviation_px(one: Path, other: Path) -> float:
    """Return the largest distance, in px, between two drawings at equal share of their lengths."""
    a, b = (resample(render(p), N_CHECKED) for p in (one, other))
    return float(np.hypot(*(a - b).T).max())


def _rounded(path: Path, decimals: int) -> Path:
    return Path(np.round(path.nodes, decimals), path.steps, path.kind)


def _candidates(path: Path, kind: SplineKind, *, straight: bool) -> Iterator[Path]:
    is_polyline = path.kind is SplineKind.POLYLINE
    if not straight:
        yield Path(*_bends(path.nodes), kind)
        if is_polyline:  # as if it were smooth, which the samples of a border are
            yield from (Path(*_bends(_placed(path, px, has_corners=False)), kind) for px in SPACINGS_PX)
        if not is_polyline or len(path.nodes) < MANY_NODES:
            yield from (Path(*_bends(_pieced(path, px)), kind) for px in SPACINGS_PX)
        return
    yield Path(path.nodes, (Step.STRAIGHT,) * len(path.nodes) if is_polyline else path.steps, kind)
    drawn = render(path)[0]
    yield Path(drawn, (Step.STRAIGHT,) * len(drawn), kind)


def _bends(nodes: Points) -> tuple[Points, tuple[Step, ...]]:
    return nodes, (Step.BEND,) * len(nodes)


def _pieced(path: Path, spacing_px: float) -> Points:
    pieces = tuple(_pieces(path))
    placed = [_placed(piece, spacing_px, has_corners=len(pieces) > 1) for piece in pieces]
    return np.concatenate([path.nodes[:1], *(p[1:] for p in placed)])


def _pieces(path: Path) -> Iterator[Path]:
    """Cut a stroke where the spline is cut: at both ends of straight steps."""
    every = path.kind is SplineKind.POLYLINE
    is_straight = [every or s is Step.STRAIGHT for s in path.steps[:-1]]
    cuts = [0, *(i for i in range(1, len(is_straight)) if is_straight[i - 1] or is_straight[i])]
    for start, end in pairwise((*cuts, len(path.nodes) - 1)):
        n_nodes = end - start + 1
        yield Path(path.nodes[start : end + 1], (Step.BEND,) * n_nodes, path.kind)


def _placed(piece: Path, spacing_px: float, *, has_corners: bool) -> Points:
    drawn = render(piece)[0]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(drawn, axis=0).T))])
    places = _to_corners(along[-1], spacing_px) if has_corners else _even(along[-1], spacing_px)
    if len(drawn) < 3:  # noqa: PLR2004  # a line
        line: Points = drawn[0] + np.outer(places / max(along[-1], 1e-12), drawn[-1] - drawn[0])
        return line
    # Cubic between the rendered points: on the chord between them a node would lie inside the bend.
    nodes: Points = CubicSpline(along, drawn)(places)
    nodes[0], nodes[-1] = drawn[0], drawn[-1]
    return nodes


def _even(length_px: float, spacing_px: float) -> NDArray[np.float64]:
    return np.linspace(0.0, length_px, max(3, math.ceil(length_px / spacing_px) + 1))


def _to_corners(length_px: float, spacing_px: float) -> NDArray[np.float64]:
    """Return places that lie closer together towards both ends."""
    gaps: list[float] = []
    sum_px = 0.0
    while sum_px < length_px / 2:
        gaps.append(min(CORNER_PX * 2 ** max(0, len(gaps) - 2), spacing_px))
        sum_px += gaps[-1]
    half = np.concatenate([[0.0], np.cumsum(gaps)]) * (length_px / 2 / max(sum_px, 1e-12))
    return np.concatenate([half, length_px - half[-2::-1]])
