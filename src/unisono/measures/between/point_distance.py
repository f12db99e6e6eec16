"""Euclidean distance between two points."""

import numpy as np

from unisono.base.errors import LabelError
from unisono.base.units import Points
from unisono.measures.base import Measure


def point_distance(a: Points, b: Points) -> float:
    """Return the distance between two single points of shape (1, 2), in their unit.

    Raises
    ------
    LabelError
        If one of them is not a single point.
    """
    if a.shape != (1, 2) or b.shape != (1, 2):
        raise LabelError(f"points to be measured have shape (1, 2); got {a.shape} and {b.shape}")
    return float(np.hypot(*(a - b)[0]))


MEASURE = Measure("point-distance", "Distance", "point", "length", "low", point_distance)
