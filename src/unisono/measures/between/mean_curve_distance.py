"""Mean curve distance: half the sum of the two directed mean distances.

Source: V. Chalana, Y. Kim (1997), IEEE Trans. Med. Imaging 16(5):642-652, doi:10.1109/42.640755.
"""

from unisono.base.units import Points
from unisono.measures.base import Measure
from unisono.measures.directed import to_path


def mean_curve_distance(a: Points, b: Points) -> float:
    """Return the mean distance between two open paths, in their unit.

    Parameters
    ----------
    a, b : float64 ndarray of shape (n_points, 2)

    Raises
    ------
    LabelError
        If a path has no length.
    """
    return float(to_path(a, b).mean() + to_path(b, a).mean()) / 2


MEASURE = Measure("mean-curve-distance", "Mean curve distance", "path", "length", "low", mean_curve_distance)
