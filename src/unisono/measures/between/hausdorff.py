"""Hausdorff distance: how far the worst place of either path is from the other.

Source: F. Hausdorff (1914), *Grundzuege der Mengenlehre*. Sampled along both paths; shapely's own looks at
vertices only.
"""

from unisono.base.units import Points
from unisono.measures.base import Measure
from unisono.measures.directed import to_path


def hausdorff(a: Points, b: Points) -> float:
    """Return the largest distance of a place on one path to the other, in their unit.

    Raises
    ------
    LabelError
        If a path has no length.
    """
    return float(max(to_path(a, b).max(), to_path(b, a).max()))


MEASURE = Measure("hausdorff", "Hausdorff distance", "path", "length", "low", hausdorff)
