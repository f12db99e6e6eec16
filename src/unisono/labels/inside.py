"""Which pixels a closed outline holds: the even-odd rule on pixel centres.

A pixel belongs to the outline whose interior holds its centre. A centre exactly on an edge belongs to the
outline on the edge's right, or below it: outlines that share an edge share no pixel and miss none.

Source: J. D. Foley et al., *Computer Graphics: Principles and Practice* (1990), section 3.6.
"""

import numpy as np
from numpy.typing import NDArray

from unisono.base.units import Points


def pixels_inside(corners: Points, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the pixels whose centres lie inside a closed outline.

    Parameters
    ----------
    corners : float64 ndarray of shape (n_corners, 2), px
        In order; the last is joined to the first. Where the outline crosses itself, what it winds round twice
        is outside.
    shape : tuple of int
        Rows and columns of the image.

    Returns
    -------
    bool ndarray of the given shape

    Examples
    --------
    >>> pixels_inside(np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]]), (2, 3)).astype(int)
    array([[1, 1, 0],
           [0, 0, 0]])
    """
    inside = np.zeros(shape, dtype=np.bool_)
    columns = np.arange(shape[1])
    for edge in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        # From its upper end, whichever way the outline runs: neighbours round the same edge the same way.
        (ax, ay), (bx, by) = sorted(edge, key=lambda end: (end[1], end[0]))
        low, high = (int(np.clip(np.ceil(v), 0, shape[0])) for v in (ay, by))
        if low == high:  # no row's centre lies between its ends
            continue
        crossing = ax + (np.arange(low, high) - ay) * (bx - ax) / (by - ay)
        inside[low:high] ^= columns < crossing[:, None]
    return inside
