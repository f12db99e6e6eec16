"""Distances from the points of one path to another path, exact to the polyline."""

import numpy as np
import shapely
from numpy.typing import NDArray

from unisono.base.units import Points
from unisono.measures.base import sampled


def to_path(a: Points, b: Points) -> NDArray[np.float64]:
    """Return the distance of each of a's samples to the polyline b, shape (n_samples,)."""
    return np.asarray(shapely.distance(shapely.points(sampled(a)), shapely.LineString(b)), dtype=np.float64)
