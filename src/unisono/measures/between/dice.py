"""Dice overlap of the areas that two open borders enclose, each closed by the line between its ends.

Source: L. R. Dice (1945), Ecology 26(3):297-302, doi:10.2307/1932409.
"""

import shapely

from unisono.base.units import Points
from unisono.measures.base import Measure, sampled


def dice(a: Points, b: Points) -> float:
    """Return twice the common area over the sum of the areas, 0 to 1.

    A border whose closing line crosses it is mended the even-odd way.

    Raises
    ------
    LabelError
        If a path has no length.
    """
    first, second = (shapely.make_valid(shapely.Polygon(sampled(path))) for path in (a, b))
    total = first.area + second.area
    return float(2 * shapely.intersection(first, second).area / total) if total > 0 else 0.0


MEASURE = Measure("dice", "Dice overlap", "path", "share", "high", dice)
