"""Planar geometry of open paths: directions, normals, where a normal meets a path.

Pure numpy on coordinates in one unit (mm, or px without a calibration); shapely answers whether a path
crosses itself. The *left* normal of a path is the one on the left hand of somebody who walks along it on the
screen (y down): outside a ventricle that is drawn septum, apex, lateral wall.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from unisono.base.units import Points
from unisono.labels.spline import resample

Floats = NDArray[np.float64]
MAX_TURN_COS = 0.5
"""A path that meets a normal at more than 60 degrees from the reference's direction is another wall."""


def evenly(path: Points, n_points: int) -> Points:
    """Return ``n_points`` points at equal arc length along an open polyline, shape (n_points, 2)."""
    return resample((path,), n_points)


def path_length(path: Points) -> float:
    """Return a polyline's length in the unit of its points."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def tangents(path: Points) -> Points:
    """Return unit directions of travel at each point, central differences, shape (n_points, 2)."""
    step = np.gradient(path, axis=0)
    size = np.hypot(step[:, 0], step[:, 1])
    return np.asarray(step / np.where(size > 0, size, 1.0)[:, None])


def left_normals(path: Points) -> Points:
    """Return unit normals to the left on the screen, shape (n_points, 2)."""
    t = tangents(path)
    return np.column_stack([t[:, 1], -t[:, 0]])


def curvature_radius(path: Points) -> Floats:
    """Return the signed radius at each point, positive where the path turns to its left normal."""
    t = tangents(path)
    turn = np.gradient(t, axis=0)
    step = np.gradient(np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))]))
    along_normal = (turn * left_normals(path)).sum(axis=1) / np.where(step > 0, step, 1.0)
    flat = np.abs(along_normal) < 1e-9  # noqa: PLR2004
    return np.where(flat, np.inf, 1.0 / np.where(flat, 1.0, along_normal))


def crosses_itself(path: Points) -> bool:
    """Whether an open polyline crosses or touches itself."""
    return not bool(shapely.is_simple(shapely.LineString(path)))


def offsets(
    reference: Points, strokes: Sequence[Points], reach: Floats | float, directions: Points | None = None
) -> Floats:
    """Return where the normals of a reference meet a path, as signed distances to the left.

    Parameters
    ----------
    reference : float64 ndarray of shape (n_points, 2)
    strokes : sequence of float64 ndarray of shape (n, 2)
        The path's polylines; the gaps between them are not crossed.
    reach : float or float64 ndarray of shape (n_points, 2)
        Farthest offset looked at; two columns are the limits to the left and to the right.

    directions : float64 ndarray of shape (n_points, 2), optional
        A calmer path whose normals are used; the reference's own by default.

    Returns
    -------
    float64 ndarray of shape (n_points,)
        The nearest hit whose direction is within 60 degrees of the reference's; NaN where there is none.
    """
    calm = reference if directions is None else directions
    t, n = tangents(calm), left_normals(calm)
    limits = np.broadcast_to(np.asarray(reach, dtype=np.float64), (len(reference), 2))
    best = np.full(len(reference), np.nan)
    for stroke in strokes:
        if len(stroke) > 1:
            hit = _nearest_hit(reference, t, n, stroke, limits)
            better = np.isnan(best) | (np.abs(hit) < np.abs(best))
            best = np.where(better, hit, best)
    return best


def _nearest_hit(reference: Points, t: Points, n: Points, stroke: Points, limits: Floats) -> Floats:
    along = stroke @ t.T - (reference * t).sum(axis=1)  # (n_stroke, n_points)
    aside = stroke @ n.T - (reference * n).sum(axis=1)
    step = np.diff(stroke, axis=0)
    size = np.hypot(step[:, 0], step[:, 1])
    same_way = step @ t.T >= MAX_TURN_COS * size[:, None]
    # Half open, so that a node exactly on the normal is met once; the last node is closed off by hand.
    before, after = along[:-1], along[1:]
    meets = (before <= 0) & (after > 0)
    meets[-1] |= after[-1] == 0
    rise = after - before
    share = np.divide(-before, rise, out=np.zeros_like(rise), where=rise != 0)
    offset = aside[:-1] + share * np.diff(aside, axis=0)
    fits = meets & same_way & (offset <= limits[:, 0]) & (offset >= -limits[:, 1])
    distance = np.where(fits, np.abs(offset), np.inf)
    nearest = distance.argmin(axis=0)
    columns = np.arange(len(reference))
    return np.where(np.isfinite(distance[nearest, columns]), offset[nearest, columns], np.nan)


def smooth(values: Floats, weights: Floats, penalty: float) -> Floats:
    """Return the weighted smoothing of a sequence under a second-difference penalty (Whittaker).

    Parameters
    ----------
    values : float64 ndarray of shape (n,)
        Where ``weights`` is zero the value is not looked at.
    weights : float64 ndarray of shape (n,)
    penalty : float
        Zero returns the values; straight lines pass unchanged under any penalty.
    """
    count = len(values)
    if count < 3 or not weights.any():  # noqa: PLR2004
        return np.where(weights > 0, values, 0.0)
    bend = np.diff(np.eye(count), n=2, axis=0)
    # The tiny ridge decides between the many answers that a single weighted point leaves open.
    system = np.diag(weights) + penalty * bend.T @ bend + 1e-9 * np.eye(count)
    right = weights * np.where(weights > 0, values, 0.0)
    return np.asarray(np.linalg.solve(system, right))
