"""A still image of how far from grey every pixel of a clip ever was: words in colour stand on black there.

A word of another hue than what it lies on, and as bright, is in no grey picture. Tissue is grey in every
frame, so it is black here however it moves, and a word shown for one frame stands as one that lies still.
Frames are taken one at a time; a frame without colour costs a look at a quarter of its pixels.
"""

import cv2
import numpy as np

from unisono.ingest.readers.recording import Pixels

TINTED, FEWEST_TINTED = 40, 40
"""So far apart are the channels of a pixel with a tint, and so many of those are a letter or more."""
STEP = 2
MARGIN = 8


class Tints:
    """Take a clip's frames in order, give the image of its tints."""

    def __init__(self) -> None:
        self._found: Pixels | None = None

    def add(self, frame: Pixels) -> None:
        """Take the next frame.

        Parameters
        ----------
        frame : uint8 ndarray of shape (rows, columns) or (rows, columns, 3), grey or RGB
            Of the size of the first. The array may be used again by the caller.
        """
        if frame.ndim == 2:  # noqa: PLR2004  # grey
            return
        x0, y0, x1, y1 = _tinted_box(frame)
        if x1 <= x0:
            return
        if self._found is None:
            self._found = np.zeros(frame.shape[:2], np.uint8)
        part = self._found[y0:y1, x0:x1]
        part[:] = cv2.max(part, _spread(frame[y0:y1, x0:x1]))

    def image(self) -> Pixels | None:
        """Return the largest less the smallest channel of every pixel, at its most, where that is a tint.

        None when hardly any pixel has one.
        """
        if self._found is None:
            return None
        tints = np.asarray(cv2.threshold(self._found, TINTED, 0, cv2.THRESH_TOZERO)[1], np.uint8)
        return tints if cv2.countNonZero(tints) >= FEWEST_TINTED else None


def _tinted_box(frame: Pixels) -> tuple[int, int, int, int]:
    """Return the box round all that has a tint, x0, y0, x1, y1, px; empty when nothing has."""
    rows, columns = frame.shape[:2]
    size = -(-columns // STEP), -(-rows // STEP)
    few = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    tinted = cv2.threshold(_spread(few), TINTED, 255, cv2.THRESH_BINARY)[1]
    x, y, width, height = cv2.boundingRect(tinted)
    if width == 0:
        return 0, 0, 0, 0
    reach = STEP + MARGIN
    return (
        max(0, STEP * x - reach),
        max(0, STEP * y - reach),
        min(columns, STEP * (x + width) + reach),
        min(rows, STEP * (y + height) + reach),
    )


def _spread(frame: Pixels) -> Pixels:
    red, green, blue = cv2.split(frame)
    most, least = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    return np.asarray(cv2.subtract(most, least), np.uint8)
