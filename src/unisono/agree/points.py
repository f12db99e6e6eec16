"""Robust location of points: geometric median, biweight mean, the region that holds the truth.

Sources: E. Weiszfeld (1937) with the step of Y. Vardi and C.-H. Zhang (2000), PNAS 97(4):1423-1426,
doi:10.1073/pnas.97.4.1423; F. Mosteller and J. W. Tukey (1977) for the biweight; H. Hotelling (1931) for the
region.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution

from unisono.base.units import Points

Floats = NDArray[np.float64]
REACH = 4.685
"""Tukey's constant: 95 % efficient for Gaussian errors."""
RAYLEIGH_MEDIAN = 1.1774
"""Median distance from the centre of a round Gaussian, in its SD."""
FLOOR = 0.5
"""Least scale: mm, or px without a calibration. Experts do not agree better than they can point."""
FEW = 2.5
"""With fewer effective answers than this the data set's scatter stands in."""
PRIOR_POINTS = 6
"""What the data set's scatter counts where an item has fewer than three answers."""


@dataclass(frozen=True, slots=True)
class Centre:
    """A robust location: ``at`` (2,), ``weights`` (n_points,) 0 to 1, ``scale`` of one axis."""

    at: Floats
    weights: Floats
    scale: float


def geometric_median(points: Points, *, tolerance: float = 1e-10, max_steps: int = 1000) -> Floats:
    """Return the location with the least sum of distances, shape (2,).

    Parameters
    ----------
    points : float64 ndarray of shape (n_points, 2)
        One or more.
    tolerance : float, default=1e-10
        Stop when a step is shorter, relative to the spread.
    max_steps : int, default=1000
    """
    at = points.mean(axis=0)
    spread = float(np.abs(points - at).max()) or 1.0
    for _ in range(max_steps):
        moved = _vardi_zhang(points, at, spread * 1e-12)
        step = float(np.hypot(*(moved - at)))
        at = moved
        if step < tolerance * spread:
            break
    return np.asarray(at)


def _vardi_zhang(points: Points, at: Floats, here: float) -> Floats:
    away = points - at
    distance = np.hypot(away[:, 0], away[:, 1])
    other = distance > here
    if not other.any():
        return at
    pull = 1 / distance[other]
    target = np.asarray((points[other] * pull[:, None]).sum(axis=0) / pull.sum())
    eta = float((~other).sum())
    if eta == 0:
        return target
    force = float(np.hypot(*(away[other] * pull[:, None]).sum(axis=0)))
    stay = min(1.0, eta / force) if force > 0 else 1.0
    return np.asarray((1 - stay) * target + stay * at)


def biweight(points: Points, *, precision: Floats | None = None, floor: float = FLOOR) -> Centre:
    """Return the biweight mean that starts at the geometric median.

    Parameters
    ----------
    points : float64 ndarray of shape (n_points, 2)
        One or more.
    precision : float64 ndarray of shape (n_points,), optional
        Relative precision of each, such as one over the expert's variance; equal by default.
    floor : float, default=0.5
        Least scale, in the unit of the points.
    """
    trust = np.ones(len(points)) if precision is None else precision / precision.max()
    at = geometric_median(points)
    weights = trust
    scale = floor
    for _ in range(50):
        distance = np.hypot(*(points - at).T)
        scale = max(float(np.median(distance)) / RAYLEIGH_MEDIAN, floor)
        inside = np.clip(1 - (distance / (REACH * scale)) ** 2, 0.0, None)
        weights = trust * inside**2
        if not weights.any():
            return Centre(at, trust, scale)
        moved = (points * weights[:, None]).sum(axis=0) / weights.sum()
        if np.hypot(*(moved - at)) < 1e-12 * max(scale, 1.0):
            break
        at = moved
    return Centre(np.asarray(at), weights, scale)


def scatter(points: Points, centre: Centre, pooled: float | None) -> tuple[Floats, float]:
    """Return the experts' covariance (2, 2) and the effective number of answers.

    Parameters
    ----------
    points : float64 ndarray of shape (n_points, 2)
    centre : Centre
    pooled : float or None
        The data set's SD of one axis; with fewer than `FEW` effective answers it stands in.
    """
    w = centre.weights
    n_eff = float(w.sum() ** 2 / (w**2).sum())
    away = points - centre.at
    total = (away * w[:, None]).T @ away
    if n_eff < FEW and pooled is not None:
        return (PRIOR_POINTS * pooled**2 * np.eye(2) + total) / (PRIOR_POINTS + n_eff - 1), n_eff
    freedom = w.sum() - (w**2).sum() / w.sum()
    return (total / freedom if freedom > 0 else total), n_eff


def region(covariance: Floats, n_eff: float, *, shrunk: bool, confidence: float = 0.95) -> float:
    """Return Hotelling's factor: the region is ``(y - at)' covariance^-1 (y - at) <= factor``.

    Parameters
    ----------
    covariance : float64 ndarray of shape (2, 2)
    n_eff : float
    shrunk : bool
        Whether the prior points stand in for missing answers.
    confidence : float, default=0.95
    """
    freedom = n_eff - 1 + (PRIOR_POINTS if shrunk else 0)
    if freedom <= 1 or not np.isfinite(covariance).all():
        return float("nan")
    quantile = float(f_distribution.ppf(confidence, 2, freedom - 1))
    return 2 * freedom / (freedom - 1) * quantile / n_eff


def ellipse(at: Floats, covariance: Floats, factor: float, n_points: int = 48) -> Points:
    """Return the closed outline of a region, shape (n_points + 1, 2); empty when there is none."""
    if not np.isfinite(factor):
        return np.zeros((0, 2))
    values, axes = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, n_points + 1)
    round_ = np.column_stack([np.cos(angle), np.sin(angle)])
    outline = round_ * np.sqrt(np.clip(values, 0, None) * factor)
    return np.asarray(at + outline @ axes.T)
