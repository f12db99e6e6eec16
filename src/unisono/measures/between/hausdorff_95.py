"""Hausdorff distance at the 95th percentile: the worst place but for the worst twentieth.

Source: D. P. Huttenlocher, G. A. Klanderman, W. J. Rucklidge (1993), IEEE Trans. Pattern Anal. Mach. Intell.
15(9):850-863, doi:10.1109/34.232073 (ranked distances).
"""

import numpy as np

from unisono.base.units import Points
from unisono.measures.base import Measure
from unisono.measures.directed import to_path


def hausdorff_95(a: Points, b: Points) -> float:
    """Return the larger of the two directed 95th percentiles, in the paths' unit.

    Raises
    ------
    LabelError
        If a path has no length.
    """
    return float(max(np.percentile(to_path(a, b), 95), np.percentile(to_path(b, a), 95)))


MEASURE = Measure(
    "hausdorff-95", "Hausdorff distance, 95th percentile", "path", "length", "low", hausdorff_95
)
