"""A still image of every part of a clip at the moment when it had the most sharp edges.

Letters have edges that tissue has not. Words that a clip shows for a moment stand whole on this image,
whatever their grey: the brightest value of every pixel shows none that are darker than the tissue ever is,
and the darkest none that are brighter. Frames are taken one at a time; it takes a fortieth of what coding a
frame takes.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.ingest.readers.recording import Pixels

TILE_PX = 16
AROUND = (5, 3)
"""Tiles across and down over which sharpness is averaged, so that a word comes from one frame."""
SMOOTH_STEP = 8
"""Steps from pixel to pixel up to this are tissue's."""
SCALE = 1 / 16
GAIN, LEAST = 1.3, 2.0
"""A tile is taken from a later frame when that is sharper by this much: tissue alone seldom is, words are."""
Sharpness = NDArray[np.float32]


class Sharpest:
    """Take a clip's frames in order, give the image of its sharpest moments."""

    def __init__(self) -> None:
        self._image: Pixels | None = None
        self._best: Sharpness = np.zeros((0, 0), np.float32)
        self._steps: Pixels = np.zeros((0, 0), np.uint8)

    def add(self, frame: Pixels) -> None:
        """Take the next frame.

        Parameters
        ----------
        frame : uint8 ndarray of shape (rows, columns)
            Of the size of the first. The array may be used again by the caller.
        """
        if self._image is None:
            self._image = frame.copy()
            self._best = self._sharpness(frame)
            return
        now = self._sharpness(frame)
        sharper = now > self._best * GAIN + LEAST
        if sharper.any():
            self._best[sharper] = now[sharper]
            cv2.copyTo(frame, _enlarged(sharper, frame.shape), self._image)

    def image(self) -> Pixels:
        """Return it.

        Raises
        ------
        ValueError
            If no frame was taken.
        """
        if self._image is None:
            raise ValueError("a clip without frames has no sharpest moments")
        return self._image.copy()

    def _sharpness(self, frame: Pixels) -> Sharpness:
        # Every second row is enough: letters are higher than that.
        rows, columns = frame.shape
        tiles = -(-rows // TILE_PX), -(-columns // TILE_PX)
        half = frame[::2]
        if self._steps.size == 0:
            self._steps = np.zeros((tiles[0] * TILE_PX // 2, tiles[1] * TILE_PX), np.uint8)
        if columns > 1:
            step = cv2.absdiff(half[:, 1:], half[:, :-1])
            step = cv2.threshold(step, SMOOTH_STEP, 0, cv2.THRESH_TOZERO)[1]
            self._steps[: half.shape[0], : columns - 1] = cv2.multiply(step, step, scale=SCALE)
        mean = cv2.resize(self._steps, (tiles[1], tiles[0]), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.blur(mean.astype(np.float32), AROUND), np.float32)


def _enlarged(tiles: NDArray[np.bool_], shape: tuple[int, ...]) -> Pixels:
    size = tiles.shape[1] * TILE_PX, tiles.shape[0] * TILE_PX
    whole = cv2.resize(tiles.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(whole[: shape[0], : shape[1]], np.uint8)
