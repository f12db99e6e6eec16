"""Discrete Frechet distance: the shortest leash for two walkers who never turn back.

Source: T. Eiter, H. Mannila (1994), *Computing discrete Frechet distance*, TU Vienna CD-TR 94/64.
"""

import shapely

from unisono.base.units import Points
from unisono.measures.base import Measure, sampled

N_STEPS = 201


def frechet(a: Points, b: Points) -> float:
    """Return the discrete Frechet distance, in the paths' unit, for the better of the two directions.

    Raises
    ------
    LabelError
        If a path has no length.
    """
    first = shapely.LineString(sampled(a, N_STEPS))
    second = sampled(b, N_STEPS)
    ways = [shapely.LineString(way) for way in (second, second[::-1])]
    return float(min(shapely.frechet_distance(first, way) for way in ways))


MEASURE = Measure("frechet", "Discrete Frechet distance", "path", "length", "low", frechet)
