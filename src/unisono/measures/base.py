"""What a measure of two answers is.

A measure takes two answers in the same form and returns one number. Paths come as coordinates in one unit (mm
through a calibration, else px) in any direction: no measure here depends on which end was drawn first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from unisono.base import plugins
from unisono.base.errors import LabelError
from unisono.base.units import Points
from unisono.labels.spline import resample

N_SAMPLES = 401
"""Points at which a path is measured: every 0.5 mm on a border of 200 mm."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number between two answers; each file of ``measures/between`` offers one as ``MEASURE``.

    Parameters
    ----------
    name, title : str
    shape : "path" or "point"
    unit : "length" or "share"
        ``length`` is in the unit of the coordinates.
    better : "low" or "high"
    between : callable
        ``(a, b) -> float`` of float64 ndarrays of shape (n_points, 2); symmetric.
    """

    name: str
    title: str
    shape: Literal["path", "point"]
    unit: Literal["length", "share"]
    better: Literal["low", "high"]
    between: Callable[[Points, Points], float]


def measures() -> dict[str, Measure]:
    """Return the measures by name."""
    return plugins.load("unisono.measures.between", "MEASURE", Measure)


def sampled(path: Points, n_samples: int = N_SAMPLES) -> Points:
    """Return points at equal arc length along an open path, shape (n_samples, 2).

    Raises
    ------
    LabelError
        If the path has no length.
    """
    if path.ndim != 2 or len(path) < 2 or not np.ptp(path, axis=0).any():  # noqa: PLR2004
        raise LabelError(f"a path to be measured has two different points or more; got shape {path.shape}")
    return resample((path,), n_samples)
