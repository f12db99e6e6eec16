"""Still images that show the words of a clip: brightest, median, darkest, sharpest, and tints.

Words lie over the image and do not move, speckle does: words stand in all of them, tissue is smooth in the
median. What is shown in some frames only is in the brightest when it is bright, in the darkest when it is
dark, and, whatever its grey, in the sharpest. Frames are taken one at a time and memory is bounded, however
long the clip is: brightest, darkest and sharpest are of all frames, the median is of up to 24 evenly spread.

Words of another hue than what they lie on, and as bright, are in none of these. They are in the picture of
tints, which only clips with colour have.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from unisono.ingest.gate.sharpest import Sharpest
from unisono.ingest.gate.tints import Tints
from unisono.ingest.readers.recording import SAMPLE_FRAMES, Pixels

FEWEST_KEPT = 4
KEPT_BYTES = 32 * 2**20
"""Frames for the median take this much memory, or four frames where a frame is larger than 8 MiB."""


@dataclass(frozen=True, slots=True)
class Composites:
    """What is looked at instead of every frame.

    Parameters
    ----------
    brightest : uint8 ndarray of shape (rows, columns), grey
        Largest value of every pixel over all frames.
    median : uint8 ndarray of shape (rows, columns), grey
        Middle value of every pixel over frames evenly spread; of an even number, the lower one.
    darkest : uint8 ndarray of shape (rows, columns), grey
        Smallest value of every pixel over all frames.
    sharpest : uint8 ndarray of shape (rows, columns), grey
        Every part as it was in the frame in which it had the most sharp edges; of all frames.
    tints : uint8 ndarray of shape (rows, columns), optional
        How far from grey every pixel ever was; None when the clip has no colour.
    """

    brightest: Pixels
    median: Pixels
    darkest: Pixels
    sharpest: Pixels
    tints: Pixels | None = None


class Extremes:
    """The brightest and the darkest value of every pixel and channel over all frames so far."""

    def __init__(self) -> None:
        self._found: tuple[Pixels, Pixels] | None = None

    def add(self, frame: Pixels) -> None:
        """Take the next frame.

        Parameters
        ----------
        frame : uint8 ndarray of shape (rows, columns) or (rows, columns, 3)
            The array may be used again by the caller.

        Raises
        ------
        ValueError
            If its size is not that of the first.
        """
        if self._found is None:
            self._found = frame.copy(), frame.copy()
            return
        brightest, darkest = self._found
        if frame.shape != brightest.shape:
            raise ValueError(f"a frame of {frame.shape} came after frames of {brightest.shape}")
        cv2.max(frame, brightest, dst=brightest)
        cv2.min(frame, darkest, dst=darkest)

    def images(self) -> tuple[Pixels, Pixels]:
        """Return the brightest and the darkest.

        Raises
        ------
        ValueError
            If no frame was taken.
        """
        if self._found is None:
            raise ValueError("a clip without frames has no brightest and no darkest")
        brightest, darkest = self._found
        return brightest.copy(), darkest.copy()


class CompositeBuilder:
    """Take a clip's frames in order, give its composites.

    Every frame is looked at for the brightest and the darkest. For the median every n-th is held; when there
    are too many, every second of those is let go and n doubles, so that those held are evenly spread at any
    moment.
    """

    def __init__(self) -> None:
        self._extremes = Extremes()
        self._sharpest = Sharpest()
        self._tints = Tints()
        self._kept: list[Pixels] = []
        self._n_seen = 0
        self._stride = 1

    @property
    def n_kept(self) -> int:
        """How many frames are held in memory."""
        return len(self._kept)

    def add(self, frame: Pixels) -> None:
        """Take the next frame.

        Parameters
        ----------
        frame : uint8 ndarray of shape (rows, columns) or (rows, columns, 3), grey or RGB
            Masked. The array may be used again by the caller.

        Raises
        ------
        ValueError
            If its size is not that of the first.
        """
        grey = to_grey(frame)
        self._extremes.add(grey)
        self._sharpest.add(grey)
        self._tints.add(frame)
        if self._n_seen % self._stride == 0:
            self._keep(grey)
        self._n_seen += 1

    def composites(self) -> Composites:
        """Return the composites of the frames taken so far.

        Raises
        ------
        ValueError
            If no frame was taken.
        """
        brightest, darkest = self._extremes.images()
        sharpest, tints = self._sharpest.image(), self._tints.image()
        return Composites(brightest, median_image(self._kept), darkest, sharpest, tints)

    def _keep(self, grey: Pixels) -> None:
        most = max(FEWEST_KEPT, min(SAMPLE_FRAMES, KEPT_BYTES // grey.nbytes))
        if len(self._kept) == most:
            self._kept = self._kept[::2]
            self._stride *= 2
            if self._n_seen % self._stride:
                return
        self._kept.append(grey.copy())


def to_grey(frame: Pixels) -> Pixels:
    """Return a frame's luma (ITU-R BT.601), in which white words stand out from a colour map.

    Parameters
    ----------
    frame : uint8 ndarray of shape (rows, columns) or (rows, columns, 3), grey or RGB

    Returns
    -------
    uint8 ndarray of shape (rows, columns)
    """
    if frame.ndim == 2:  # noqa: PLR2004  # grey
        return frame
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def median_image(frames: list[Pixels]) -> Pixels:
    """Return the middle value of every pixel, the lower one of an even number of frames.

    A sorting network of whole-image minima and maxima: sixty times as fast as sorting pixel by pixel.

    Parameters
    ----------
    frames : list of uint8 ndarray of shape (rows, columns)

    Returns
    -------
    uint8 ndarray of shape (rows, columns)
    """
    lanes = list(frames)
    for i, j in _exchanges(len(lanes)):
        low, high = cv2.min(lanes[i], lanes[j]), cv2.max(lanes[i], lanes[j])
        lanes[i], lanes[j] = np.asarray(low, np.uint8), np.asarray(high, np.uint8)
    return lanes[(len(lanes) - 1) // 2].copy()


def _exchanges(n_lanes: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs of lanes to put in order, one after the other, until all are.

    Source: D. E. Knuth, The Art of Computer Programming 3, second edition (1998), section 5.2.2, algorithm M
    (K. E. Batcher's merge exchange).
    """
    top = 1 << max(0, (n_lanes - 1).bit_length() - 1)
    p = top
    while p > 0:
        q, r, d = top, 0, p
        while d > 0:
            yield from ((i, i + d) for i in range(n_lanes - d) if i & p == r)
            q, r, d = q // 2, p, q - p
        p //= 2
