"""Find where the ultrasound is: what moves, and in stills what is textured.

Text and scales do not move, and their strokes are thin; panels are flat. What is left, in pieces large
enough, is tissue. Its shape is fitted elsewhere.

Pure: arrays in, arrays out. Lengths scale with the frame, so that a loop of 112 px and a screen of 1280 px
are judged alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.ingest.readers.recording import Area, Pixels

MOVES_LOSSLESS, MOVES_LOSSY = 1, 4
LIT_LOSSLESS, LIT_LOSSY = 1, 8
SHIMMER_SHARE = 0.2
"""A lossy codec's noise round an edge, over the change that is typical of tissue."""
MOVES_FAINTLY, MOST_FAINT = 2, 1.8
BLOCK_PX, BACK_PX = 8, 5
"""Blocks of JPEG; noise of one that holds an edge reaches so far."""
STROKE_SHARE = 45
"""Shorter side of the frame over the widest stroke that counts as text."""
LEAST_MOVING = 0.02
LEAST_PIECE = 0.01
LEAST_OF_LARGEST = 0.15
BANNER_WIDTH, BANNER_HEIGHT = 0.8, 0.15
FLAT_SHARE, FLAT_LEVEL = 0.4, 16
LIKE_WIDTH = 0.75


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something speaks for ultrasound.

    Parameters
    ----------
    area : Area
    source : str
        ``motion`` or ``texture``.
    brightest : uint8 ndarray of shape (rows, columns)
        Over the sampled frames and channels.
    faint : Area, optional
        What moves too little to be told from a codec's noise by itself.
    """

    area: Area
    source: str
    brightest: Pixels
    faint: Area | None = None

    def within(self, limits: Area) -> "Evidence":
        """Return the evidence inside an area."""
        return Evidence(
            self.area & limits,
            self.source,
            np.where(limits, self.brightest, np.uint8(0)),
            None if self.faint is None else self.faint & limits,
        )


def find_evidence(frames: Sequence[Pixels], *, lossless: bool) -> Evidence:
    """Return where the frames move, or, when they do not, where they are lit.

    Parameters
    ----------
    frames : sequence of Pixels
        A sample of one clip.
    lossless : bool
        A lossy codec makes the background shimmer, so more is asked for.
    """
    brightest, darkest = _extremes(frames)
    change = np.asarray(cv2.subtract(brightest, darkest), dtype=np.uint8)
    blurred = np.asarray(cv2.blur(change, (5, 5)), dtype=np.uint8)
    moving = blurred >= (MOVES_LOSSLESS if lossless else MOVES_LOSSY)
    if np.mean(moving) >= LEAST_MOVING:
        sharp = _sharpened(moving, change, lossless=lossless)
        return Evidence(sharp, "motion", brightest, None if lossless else _faint(blurred))
    lit = brightest >= min(_background(brightest), FLAT_LEVEL) + (LIT_LOSSLESS if lossless else LIT_LOSSY)
    return Evidence(lit, "texture", brightest)


def pieces(evidence: Evidence) -> list[Area]:
    """Return every piece of tissue, largest first.

    Pieces one above the other and of like width are one image with a dark middle, such as an eye, and are one
    piece.
    """
    rows, columns = evidence.area.shape
    found = sorted(
        _tissue(_without_strokes(evidence.area), evidence), key=lambda area: -np.count_nonzero(area)
    )
    if not found:
        return []
    least = max(LEAST_PIECE * rows * columns, LEAST_OF_LARGEST * np.count_nonzero(found[0]))
    large = [area for area in found if np.count_nonzero(area) >= least]
    return _stacked_together(large)


def with_still_parts(piece: Area, evidence: Evidence) -> Area:
    """Return a moving piece grown by lit, textured parts in its own columns.

    The near field of a linear probe hardly moves. Parts count that cover most of the piece's width and do not
    stick out of it; text above an image is thinner than that, and panels are flat.
    """
    background = evidence.brightest >= FLAT_LEVEL
    still = Evidence(background, "texture", evidence.brightest)
    parts = [p for p in _tissue(_without_strokes(background), still) if _share_columns(piece, p)]
    return np.asarray(np.logical_or.reduce([piece, *parts]))


def with_faint_parts(piece: Area, evidence: Evidence) -> Area:
    """Return a piece with the faintly moving area that it is one with."""
    if evidence.faint is None:
        return piece
    count, labels = cv2.connectedComponents(_without_strokes(piece | evidence.faint), connectivity=4)
    shares = np.bincount(labels[piece], minlength=count)
    shares[0] = 0
    wide = labels == int(shares.argmax()) if shares.any() else piece
    is_noise = np.count_nonzero(wide) > MOST_FAINT * np.count_nonzero(piece)
    return piece if is_noise else np.asarray(wide | piece)


def lit_outside(keep: Area, evidence: Evidence, *, lossless: bool) -> list[Area]:
    """Return the lit, thick, uneven pieces outside the kept area.

    Text is too thin to count, flat panels and banners do not; what is left may be ultrasound that is lost.
    """
    return _outside(_lit(evidence, lossless=lossless), keep, evidence)


def lit_outside_share(keep: Area, evidence: Evidence, *, lossless: bool) -> float:
    """Return the area of `lit_outside` over the lit area inside."""
    lit = _lit(evidence, lossless=lossless)
    outside = sum(int(np.count_nonzero(area)) for area in _outside(lit, keep, evidence))
    return outside / max(1, int(np.count_nonzero(lit & keep)))


def _outside(lit: Area, keep: Area, evidence: Evidence) -> list[Area]:
    there = Evidence(lit & ~keep, "texture", evidence.brightest)
    return list(_tissue(_without_strokes(there.area), there))


def _lit(evidence: Evidence, *, lossless: bool) -> Area:
    least = min(_background(evidence.brightest), FLAT_LEVEL) + (LIT_LOSSLESS if lossless else LIT_LOSSY)
    return np.asarray(evidence.brightest >= least)


def _background(brightest: Pixels) -> int:
    """Return the commonest grey."""
    return int(np.argmax(cv2.calcHist([brightest], [0], None, [256], [0, 256])))


def hull(area: Area) -> Area:
    """Return the smallest convex area that holds another."""
    outlines, _ = cv2.findContours(area.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros(area.shape, np.uint8)
    cv2.fillConvexPoly(filled, cv2.convexHull(np.concatenate(outlines)), 1)
    return filled.astype(bool)


def stroke_px(rows: int, columns: int) -> int:
    """Return the widest stroke that counts as text, an odd number of px, for a frame of this size."""
    return max(3, min(rows, columns) // STROKE_SHARE) | 1


def _without_strokes(area: Area) -> NDArray[np.uint8]:
    stroke = stroke_px(*area.shape)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (stroke, stroke))
    return np.asarray(cv2.morphologyEx(area.astype(np.uint8), cv2.MORPH_OPEN, kernel), dtype=np.uint8)


def _sharpened(moving: Area, change: Pixels, *, lossless: bool) -> Area:
    """Return a moving area without the rim that the blur, and a lossy codec's blocks, put round it."""
    typical = float(np.median(change[moving]))
    least = 1.0 if lossless else max(MOVES_LOSSY, SHIMMER_SHARE * typical)
    sure = (change >= least).view(np.uint8)
    return np.asarray(
        cv2.morphologyEx(sure, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(bool) & moving
    )


def _faint(blurred: Pixels) -> Area:
    """Return what moves at all, less the blocks of a codec that reach over an edge."""
    block, back = (np.ones((2 * px + 1, 2 * px + 1), np.uint8) for px in (BLOCK_PX, BACK_PX))
    inner = cv2.erode((blurred >= MOVES_FAINTLY).view(np.uint8), block)
    return np.asarray(cv2.dilate(inner, back).astype(bool))


def _stacked_together(areas: Sequence[Area]) -> list[Area]:
    groups: list[Area] = []
    for area in areas:
        home = next((i for i, group in enumerate(groups) if _share_columns(group, area)), None)
        if home is None:
            groups.append(area)
        else:
            groups[home] = groups[home] | area
    return groups


def _share_columns(one: Area, other: Area) -> bool:
    first, second = np.flatnonzero(one.any(axis=0)), np.flatnonzero(other.any(axis=0))
    common = min(first[-1], second[-1]) - max(first[0], second[0]) + 1
    together = max(first[-1], second[-1]) - min(first[0], second[0]) + 1
    return bool(common >= LIKE_WIDTH * together)


def _extremes(frames: Sequence[Pixels]) -> tuple[Pixels, Pixels]:
    brightest = _brightness(frames[0]).copy()
    darkest = brightest.copy()
    for frame in frames[1:]:
        now = _brightness(frame)
        cv2.max(brightest, now, dst=brightest)
        cv2.min(darkest, now, dst=darkest)
    return brightest, darkest


def _brightness(frame: Pixels) -> Pixels:
    if frame.ndim == 2:  # noqa: PLR2004  # grey
        return frame
    red, green, blue = cv2.split(frame)  # a reduction over the last axis takes thirty times as long
    return np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)


def _tissue(opened: NDArray[np.uint8], evidence: Evidence) -> Iterator[Area]:
    count, labels = cv2.connectedComponents(opened, connectivity=4)
    for label in range(1, count):
        area = np.asarray(labels == label)
        if evidence.source == "motion" or not (_is_banner(area) or _is_panel(evidence.brightest[area])):
            yield area


def _is_banner(area: Area) -> bool:
    rows, columns = area.shape
    _, top, width, height = map(int, cv2.boundingRect(area.view(np.uint8)))
    at_edge: bool = top == 0 or top + height == rows
    return at_edge and width >= BANNER_WIDTH * columns and height <= BANNER_HEIGHT * rows


def _is_panel(values: Pixels) -> bool:
    # A dark sector is flat too, but flat and dark; a panel is flat and lit.
    counts = np.bincount(values, minlength=256)
    level = int(counts.argmax())
    return level >= FLAT_LEVEL and counts[level] >= FLAT_SHARE * values.size
