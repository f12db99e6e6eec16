"""A picture turned by an eighth of a circle, where slanted words stand upright or lie on their side.

Words that rise by 45 degrees are level on it, words that fall are upright, and the engine finds both.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.ingest.readers.recording import Pixels

ANGLE_DEG = 45.0
Box = tuple[float, float, float, float]


def turned(image: Pixels) -> Pixels:
    """Return a picture turned clockwise about its centre, whole, on black.

    Parameters
    ----------
    image : uint8 ndarray of shape (rows, columns)

    Returns
    -------
    uint8 ndarray of shape (side, side)
    """
    rows, columns = image.shape
    side = turned_side(rows, columns)
    return np.asarray(cv2.warpAffine(image, _turn(rows, columns), (side, side)), np.uint8)


def turned_back(box: Box, shape: tuple[int, ...]) -> Box:
    """Return the upright box round a box of the turned picture, px, no further than the picture's edge.

    Parameters
    ----------
    box : x0, y0, x1, y1, px
        On the turned picture.
    shape : tuple of int
        Rows and columns of the picture.

    Returns
    -------
    x0, y0, x1, y1, px
    """
    x0, y0, x1, y1 = box
    back = cv2.invertAffineTransform(_turn(shape[0], shape[1]))
    corners = np.array([(x0, y0, 1.0), (x1, y0, 1.0), (x1, y1, 1.0), (x0, y1, 1.0)]) @ back.T
    low = np.clip(corners.min(axis=0), 0, (shape[1] - 1, shape[0] - 1))
    high = np.clip(corners.max(axis=0), 0, (shape[1] - 1, shape[0] - 1))
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def turned_side(rows: int, columns: int) -> int:
    """Return how many rows and columns the turned picture has."""
    return int(np.ceil((rows + columns) / 2**0.5))


def _turn(rows: int, columns: int) -> NDArray[np.float64]:
    centre, middle = ((columns - 1) / 2, (rows - 1) / 2), (turned_side(rows, columns) - 1) / 2
    turn = np.asarray(cv2.getRotationMatrix2D(centre, -ANGLE_DEG, 1.0), np.float64)
    turn[:, 2] += (middle - centre[0], middle - centre[1])
    return turn
