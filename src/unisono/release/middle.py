"""How far a label lies from the middle of several answers, and how far their scatter lets it lie. Pure.

Directions do not matter, a curve that stops early says nothing of the rest, and one that is elsewhere moves
neither the middle (a median) nor, by much, what is allowed: it is one of many pairs. The bounds were set over
simulated panels of 2 to 11 (ordinary, outlying, backwards and early-stopping experts, all curve methods).
"""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from unisono.base.units import Points

Floats = NDArray[np.float64]
MIDDLE_PX = 2.0
"""How far from the middle any label may be: what median and mean differ by when everybody agrees."""
MOST_SHARE, HABITS = 1.5, 8.0
"""A consensus may be off the middle by this share of the answers' distance; in a panel of n by 8 / n at most:
a mean follows one of n who is elsewhere by an n-th."""
WITHIN = 0.9
"""Share of a curve that has to be as near to the middle; the rest is for ends and sharp bends."""
BESIDE_PX = 3.0
"""A nearest point that is farther along the curve than this, and than across it, is the answer's end."""
EVERY = 4
"""Every fourth point of a curve is enough to say how far two are apart."""


def apart_px(drawn: Sequence[Points]) -> float:
    """Return the mean distance from one answer to another, over all pairs, px; 0 for a single answer."""
    trees = [cKDTree(points) for points in drawn]
    pairs = permutations(range(len(drawn)), 2)
    gaps = [float(trees[b].query(drawn[a][::EVERY])[0].mean()) for a, b in pairs]
    return float(np.mean(gaps)) if gaps else 0.0


def reach_px(drawn: Sequence[Points]) -> float:
    """Return how far the median answer's farthest point is from the nearest other answer, px."""
    trees = [cKDTree(points) for points in drawn]
    gaps = [
        float(np.min([trees[b].query(points)[0] for b in range(len(drawn)) if b != a], axis=0).max())
        for a, points in enumerate(drawn)
        if len(drawn) > 1
    ]
    return float(np.median(gaps)) if gaps else 0.0


def allowed_px(drawn: Sequence[Points]) -> float:
    """Return how far from their middle a consensus of some answers may lie, px."""
    return MIDDLE_PX + min(MOST_SHARE, HABITS / len(drawn)) * apart_px(drawn)


def off_middle_px(label: Points, drawn: Sequence[Points]) -> float:
    """Return how far a label lies from the middle of some answers, px.

    Parameters
    ----------
    label : float64 ndarray of shape (n_points, 2), px
        One point, or points along a curve.
    drawn : sequence of float64 ndarray of shape (n, 2), px
        The answers, sampled densely.

    Returns
    -------
    float
        Of a point, the distance to the median. Of a curve, the larger of two: by how much it would have to
        be moved as a whole, and what nine tenths of it are within.
    """
    if len(label) == 1:
        return float(np.hypot(*(label[0] - np.median([points[0] for points in drawn], axis=0))))
    normals = _normals(label)
    offsets = np.array([_offsets(label, normals, points) for points in drawn])
    known = np.isfinite(offsets).any(axis=0)
    if not known.any():
        return np.inf
    middle = np.nanmedian(offsets[:, known], axis=0)
    move = np.linalg.lstsq(normals[known], middle, rcond=None)[0]
    return max(float(np.hypot(*move)), float(np.quantile(np.abs(middle), WITHIN)))


def _normals(curve: Points) -> Points:
    step = np.gradient(curve, axis=0)
    step /= np.maximum(np.hypot(*step.T), 1e-12)[:, None]
    return np.column_stack([-step[:, 1], step[:, 0]])


def _offsets(curve: Points, normals: Points, other: Points) -> Floats:
    """Return the signed distances across a curve to another, shape (n_points,), NaN beyond its ends."""
    distance, nearest = cKDTree(other).query(curve)
    away = other[nearest] - curve
    across = (away * normals).sum(axis=1)
    along = np.sqrt(np.maximum(distance**2 - across**2, 0.0))
    is_beside = along <= np.maximum(np.abs(across), BESIDE_PX)
    return np.asarray(np.where(is_beside, np.sign(across) * distance, np.nan))
