"""Curves through clicked nodes: the one formula that Python and the page share.

A curve is a list of nodes; each says how it goes on to the next: along a spline, straight, or not at all (a
gap). Straight steps and gaps cut the spline into pieces, and every piece is a natural cubic spline of its
own; a piece of two nodes is a line. Two kinds of parameter exist and give curves that differ by millimetres
when nodes are unevenly spaced, so the kind is stored with every curve:

``natural-cubic/chord``
    the parameter is the chord length; new data.
``natural-cubic/uniform``
    the parameter is the node's index; the second generation of the Unity format.
``polyline``
    straight steps only; imported dense curves and freehand traces.

`tests/reference/spline_vectors.json` pins both implementations to 1e-6 px.

Source: C. de Boor, *A Practical Guide to Splines* (1978), chapter IV, natural end conditions.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from unisono.base.errors import LabelError
from unisono.base.units import Points

STEPS = 32
"""Straight steps that render one spline segment; the page uses the same number."""
SAME_NODE_PX = 1e-9
"""Neighbouring nodes closer than this count once: a zero chord has no spline."""


class SplineKind(StrEnum):
    """How a curve goes through its nodes."""

    CHORD = "natural-cubic/chord"
    UNIFORM = "natural-cubic/uniform"
    POLYLINE = "polyline"


class Step(StrEnum):
    """How a node goes on to the next."""

    BEND = "bend"
    STRAIGHT = "straight"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Path:
    """What is needed to draw a curve.

    Parameters
    ----------
    nodes : float64 ndarray of shape (n_nodes, 2), px
    steps : tuple of Step, length n_nodes
        How node i goes on to node i + 1; the last is not used.
    kind : SplineKind
    """

    nodes: Points
    steps: tuple[Step, ...]
    kind: SplineKind

    def __post_init__(self) -> None:
        if self.nodes.ndim != 2 or self.nodes.shape[1:] != (2,) or len(self.nodes) == 0:  # noqa: PLR2004
            raise LabelError(f"nodes must have shape (n, 2), n >= 1; got {self.nodes.shape}")
        if len(self.steps) != len(self.nodes):
            raise LabelError(f"{len(self.steps)} steps for {len(self.nodes)} nodes")


def render(path: Path) -> tuple[Points, ...]:
    """Return the curve as dense polylines, one a stroke.

    Returns
    -------
    tuple of float64 ndarray of shape (n_points, 2), px
        In drawing order, nodes included. A gap starts a new stroke; a stroke may be a single node.
    """
    nodes, steps = _without_repeats(path)
    strokes: list[Points] = []
    start = 0
    for i in range(len(nodes)):
        if i == len(nodes) - 1 or steps[i] is Step.GAP:
            strokes.append(_stroke(nodes[start : i + 1], steps[start : i + 1], path.kind))
            start = i + 1
    return tuple(strokes)


def sample(path: Path, n_points: int) -> Points:
    """Return points at equal arc length along the drawn curve, gaps left out.

    A polyline that has exactly ``n_points`` nodes and no gap is its own sampling: curves that came as
    samples go out as they came.

    Parameters
    ----------
    path : Path
    n_points : int
        At least 2.

    Returns
    -------
    float64 ndarray of shape (n_points, 2), px
        The first is the first node, the last the last node.
    """
    is_sampled = path.kind is SplineKind.POLYLINE and len(path.nodes) == n_points
    if is_sampled and Step.GAP not in path.steps[:-1]:
        return path.nodes.copy()
    return resample(render(path), n_points)


def resample(strokes: tuple[Points, ...], n_points: int) -> Points:
    """Return ``n_points`` points at equal arc length along polylines, gaps between them left out.

    Raises
    ------
    LabelError
        If fewer than two points are asked for.
    """
    if n_points < 2:  # noqa: PLR2004
        raise LabelError(f"a curve is sampled at 2 points or more; got {n_points}")
    points = np.concatenate(strokes)
    steps = np.hypot(*np.diff(points, axis=0).T) if len(points) > 1 else np.zeros(0)
    seam = np.cumsum([len(s) for s in strokes])[:-1] - 1
    steps[seam] = 0.0  # the jump over a gap is not drawn and has no length
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0.0, along[-1], n_points)
    return np.column_stack([np.interp(wanted, along, points[:, k]) for k in (0, 1)])


def length(strokes: tuple[Points, ...]) -> float:
    """Return the drawn length in the unit of the points, gaps left out."""
    return float(sum(np.hypot(*np.diff(s, axis=0).T).sum() for s in strokes))


def _without_repeats(path: Path) -> tuple[Points, tuple[Step, ...]]:
    jump = np.hypot(*np.diff(path.nodes, axis=0).T) if len(path.nodes) > 1 else np.zeros(0)
    keep = np.concatenate([jump > SAME_NODE_PX, [True]])  # of a repeat the last says how to go on
    return path.nodes[keep], tuple(s for s, k in zip(path.steps, keep, strict=True) if k)


def _stroke(nodes: Points, steps: tuple[Step, ...], kind: SplineKind) -> Points:
    out = [nodes[:1]]
    start = 0
    for i in range(len(nodes) - 1):
        if steps[i] is Step.STRAIGHT or kind is SplineKind.POLYLINE:
            out += [_bent(nodes[start : i + 1], kind)[1:], nodes[i + 1 : i + 2]]
            start = i + 1
    out.append(_bent(nodes[start:], kind)[1:])
    return np.concatenate(out)


def _bent(nodes: Points, kind: SplineKind) -> Points:
    if len(nodes) < 3:  # noqa: PLR2004  # one or two nodes: nothing to bend
        return nodes
    chord = np.hypot(*np.diff(nodes, axis=0).T)
    width = np.ones_like(chord) if kind is SplineKind.UNIFORM else chord
    curvature = _second_derivatives(nodes, width)
    u = np.arange(1, STEPS + 1) / STEPS
    pieces = [nodes[:1]]
    for i, h in enumerate(width):
        a, b = (1 - u)[:, None], u[:, None]
        bend = ((a**3 - a) * curvature[i] + (b**3 - b) * curvature[i + 1]) * (h * h / 6)
        pieces.append(a * nodes[i] + b * nodes[i + 1] + bend)
    return np.concatenate(pieces)


def _second_derivatives(nodes: Points, width: NDArray[np.float64]) -> Points:
    """Solve the natural spline's tridiagonal system; returns shape (n_nodes, 2)."""
    n = len(nodes)
    slope = np.diff(nodes, axis=0) / width[:, None]
    diagonal = 2 * (width[:-1] + width[1:])
    right = 6 * np.diff(slope, axis=0)
    for i in range(1, n - 2):  # Thomas' forward sweep, written out so that the page does the same steps
        factor = width[i] / diagonal[i - 1]
        diagonal[i] -= factor * width[i]
        right[i] -= factor * right[i - 1]
    out = np.zeros((n, 2))
    for i in range(n - 3, -1, -1):
        out[i + 1] = (right[i] - (width[i + 1] * out[i + 2] if i < n - 3 else 0)) / diagonal[i]
    return out
