"""Redraw a curve by another system's rule, so that what it draws is the curve that the expert saw.

Unity's first generation draws a natural cubic spline over the chord length, its second one over the node's
index, and the two go different ways through the same nodes. Nodes that lie evenly along the curve make the
two agree, so a curve is given new nodes: as few as draw it within the tolerance.

Source: C. de Boor, *A Practical Guide to Splines* (1978), chapter V: the error falls with the fourth power of
the distance between nodes, which is why a few dozen are enough.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy.interpolate import CubicSpline

from unisono.base.units import Points
from unisono.labels.spline import Path, SplineKind, Step, render, resample

SPACINGS_PX = (16.0, 8.0, 4.0, 2.0, 1.0, 0.5)
"""Distances between new nodes that are tried, widest first."""
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


def redraw(path: Path, kind: SplineKind, *, tolerance_px: float, straight: bool = True) -> Path:
    """Return nodes that draw the same stroke with another kind of spline.

    Parameters
    ----------
    path : Path
        One stroke, no gaps.
    kind : SplineKind
        The reader's spline.
    tolerance_px : float
        Largest distance allowed between the two drawings at equal arc length.
    straight : bool, default=True
        Whether the reader knows straight steps. Without them a corner is rounded within about 0.1 px.

    Returns
    -------
    Path
        The first that is within the tolerance of: the nodes as they are; nodes evenly spaced by 16 to 0.5 px;
        with straight steps, the rendered polyline itself, which is exact.
    """
    if len(path.nodes) == 1:
        return Path(path.nodes, path.steps, kind)
    best = path
    for candidate in _candidates(path, kind, straight=straight):
        best = candidate
        if deviation_px(path, candidate) <= tolerance_px:
            break
    return best


def deviation_px(one: Path, other: Path) -> float:
    """Return the largest distance, in px, between two drawings at equal share of their lengths."""
    a, b = (resample(render(p), N_CHECKED) for p in (one, other))
    return float(np.hypot(*(a - b).T).max())


def _candidates(path: Path, kind: SplineKind, *, straight: bool) -> Iterator[Path]:
    steps = path.steps if straight else (Step.BEND,) * len(path.nodes)
    if path.kind is SplineKind.POLYLINE and straight:
        steps = (Step.STRAIGHT,) * len(path.nodes)
    yield Path(path.nodes, steps, kind)
    for spacing_px in SPACINGS_PX:
        yield _spaced(path, kind, spacing_px, straight=straight)
    if straight:
        dense = render(path)[0]
        yield Path(dense, (Step.STRAIGHT,) * len(dense), kind)


def _spaced(path: Path, kind: SplineKind, spacing_px: float, *, straight: bool) -> Path:
    nodes, steps = [path.nodes[:1]], []
    for piece in _pieces(path):
        is_line = len(piece.nodes) == 2 and straight  # noqa: PLR2004  # a line needs its ends only
        new = piece.nodes if is_line else _even(piece, spacing_px)
        nodes.append(new[1:])
        steps += [Step.STRAIGHT if is_line else Step.BEND] * (len(new) - 1)
    return Path(np.concatenate(nodes), (*steps, Step.BEND), kind)


def _pieces(path: Path) -> Iterator[Path]:
    """Cut a stroke where the spline is cut: at both ends of straight steps."""
    every = path.kind is SplineKind.POLYLINE
    is_straight = [every or s is Step.STRAIGHT for s in path.steps[:-1]]
    cuts = [0, *(i for i in range(1, len(is_straight)) if is_straight[i - 1] or is_straight[i])]
    for start, end in pairwise((*cuts, len(path.nodes) - 1)):
        n_nodes = end - start + 1
        yield Path(path.nodes[start : end + 1], (Step.BEND,) * n_nodes, path.kind)


def _even(piece: Path, spacing_px: float) -> Points:
    dense = render(piece)[0]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(dense, axis=0).T))])
    n_nodes = max(3, math.ceil(along[-1] / spacing_px) + 1)
    wanted = np.linspace(0.0, along[-1], n_nodes)
    # Cubic between the rendered points: on the chord between them a node would lie inside the bend.
    even: Points = CubicSpline(along, dense)(wanted) if len(dense) > 2 else resample((dense,), n_nodes)  # noqa: PLR2004
    even[0], even[-1] = dense[0], dense[-1]
    return even
