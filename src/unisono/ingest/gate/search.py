"""Where the gate looks for words: on which pictures, at which sizes, and turned.

====================  =============  ======================================================================
picture               sizes          for
====================  =============  ======================================================================
brightest, median     1 and 2        what lies still; small letters are found at 2, bold ones at 1
sharpest              2              what is shown in a few frames
darkest               1              dark words in a few frames; at 2 it finds none that sharpest does not
tints                 2              words in colour, as bright as what they lie on; clips with colour only
median, sharpest      1, turned      slanted words
====================  =============  ======================================================================

A still has one picture. Frames that are larger than most are enlarged less: their letters are larger.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import cv2
import numpy as np

from unisono.ingest.gate.composites import Composites
from unisono.ingest.gate.ocr import Line, Spot
from unisono.ingest.gate.turned import turned
from unisono.ingest.readers.recording import Pixels

ENLARGED, MOST_PIXELS, LEAST_GAIN = 2.0, 2_000_000, 1.25
"""The second look: at twice the size, less where that were more pixels."""
LEAST_SCORE, LEAST_HEIGHT = 0.4, 5
MOST_READ = 64
MARGIN = 8
BOTH, SMALLER, LARGER = slice(None), slice(1), slice(-1, None)
Mark = tuple[Spot, Line]


class Reads(Protocol):
    """What the gate asks of an engine; `ocr.Reader` is the one there is."""

    @property
    def name(self) -> str:
        """Engine and version."""

    def find(self, image: Pixels, scale: float = 1.0) -> list[Spot]:
        """Return where words are."""

    def read(self, image: Pixels, spot: Spot) -> Line:
        """Return what stands there."""


def upright_marks(composites: Composites, engine: Reads) -> Iterator[Mark]:
    """Yield where upright words may be, and what is read there.

    Parameters
    ----------
    composites : Composites
    engine : Reads

    Yields
    ------
    Spot, Line
        In px of the frame.
    """
    pictures = (
        (composites.brightest, BOTH),
        (composites.median, BOTH),
        (composites.darkest, SMALLER),
        (composites.sharpest, LARGER),
        *([] if composites.tints is None else [(composites.tints, LARGER)]),
    )
    yield from _all_marks(pictures, engine)


def slanted_marks(composites: Composites, engine: Reads) -> Iterator[Mark]:
    """Yield the same of words that are slanted by about 45 degrees, in px of the `turned` frame."""
    pictures = ((turned(composites.median), SMALLER), (turned(composites.sharpest), SMALLER))
    yield from _all_marks(pictures, engine)


def scales_for(n_pixels: int) -> tuple[float, ...]:
    """Return at which sizes a picture of so many pixels is looked at.

    Examples
    --------
    >>> scales_for(480_000), scales_for(1_000_000), scales_for(2_000_000)
    ((1.0, 2.0), (1.0, 1.4142135623730951), (1.0,))
    """
    larger = min(ENLARGED, (MOST_PIXELS / n_pixels) ** 0.5)
    return (1.0, larger) if larger >= LEAST_GAIN else (1.0,)


def _all_marks(pictures: Sequence[tuple[Pixels, slice]], engine: Reads) -> Iterator[Mark]:
    seen: list[Pixels] = []
    for image, which in pictures:
        if not any(np.array_equal(image, other) for other in seen):
            seen.append(image)
            yield from _marks(image, which, engine)


def _marks(image: Pixels, which: slice, engine: Reads) -> Iterator[Mark]:
    x, y, width, height = cv2.boundingRect(image)
    if width == 0:
        return
    x0, y0 = max(0, x - MARGIN), max(0, y - MARGIN)
    part = np.ascontiguousarray(image[y0 : y + height + MARGIN, x0 : x + width + MARGIN])
    spots = [
        s for scale in scales_for(part.size)[which] for s in engine.find(part, scale) if _may_be_words(s)
    ]
    for spot in sorted(spots, key=lambda s: -s.score)[:MOST_READ]:
        line = engine.read(part, spot)
        yield Spot(spot.x0 + x0, spot.y0 + y0, spot.x1 + x0, spot.y1 + y0, spot.score), line


def _may_be_words(spot: Spot) -> bool:
    return spot.score >= LEAST_SCORE and min(spot.x1 - spot.x0, spot.y1 - spot.y0) >= LEAST_HEIGHT
