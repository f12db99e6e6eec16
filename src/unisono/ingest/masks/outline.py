"""Outlines of masks, for a reviewer to see and to draw anew; and what a drawn one must be.

Pure. Corners are (x, y) in px of the frame, (0, 0) the centre of the top-left pixel.
"""

from collections.abc import Sequence
from math import dist

import cv2
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.readers.recording import Area

Corner = tuple[float, float]
Outline = tuple[Corner, ...]

SEEN_PX = 0.75
"""An outline that is looked at leaves the mask's edge by this much at most."""
DRAGGED_PX = 3.0
"""One whose corners are dragged may leave it by more, so that there are few of them."""
SHORT_SHARE = 0.015
"""Corners nearer to one another than this share of the frame's longer side hide each other under a finger."""
MOST_POLYGONS, MOST_CORNERS = 20, 200
FEWEST_CORNERS = 3
SMALLEST_SHARE = 0.005
"""A drawn area below this share of the frame is a slip of the hand."""


def outlines(keep: Area, off_by_px: float = SEEN_PX, *, holes: bool = True) -> tuple[Outline, ...]:
    """Return the closed outlines of a mask, largest first.

    Parameters
    ----------
    keep : bool ndarray of shape (rows, columns)
    off_by_px : float, default=0.75, px
        How far an outline may leave the edge, for fewer corners.
    holes : bool, default=True
        Whether the edges of holes are outlines, too.
    """
    how = cv2.RETR_CCOMP if holes else cv2.RETR_EXTERNAL
    found, _ = cv2.findContours(keep.astype(np.uint8), how, cv2.CHAIN_APPROX_NONE)
    largest_first = sorted(found, key=cv2.contourArea, reverse=True)
    simple = (cv2.approxPolyDP(contour, off_by_px, True)[:, 0] for contour in largest_first)
    return tuple(tuple((float(x), float(y)) for x, y in corners) for corners in simple)


def draggable(keep: Area) -> tuple[Outline, ...]:
    """Return outlines of few corners, to draw a mask anew from; specks are left out."""
    short_px = SHORT_SHARE * max(keep.shape)
    coarse = [_sparse(o, short_px) for o in outlines(keep, DRAGGED_PX, holes=False)[:MOST_POLYGONS]]
    least = SMALLEST_SHARE * keep.size
    return tuple(o for o in coarse if len(o) >= FEWEST_CORNERS and _area_px2(o) >= least)


def _sparse(outline: Outline, short_px: float) -> Outline:
    """Return an outline with one corner midway in the place of two near ones: a round corner becomes one."""
    corners = list(outline)
    while len(corners) > FEWEST_CORNERS:
        ahead = [*corners[1:], corners[0]]
        lengths = [dist(a, b) for a, b in zip(corners, ahead, strict=True)]
        k = int(np.argmin(lengths))
        if lengths[k] >= short_px:
            break
        (x0, y0), (x1, y1) = corners[k], ahead[k]
        corners[k] = ((x0 + x1) / 2, (y0 + y1) / 2)
        del corners[(k + 1) % len(corners)]
    return tuple(corners)


def checked_polygons(
    polygons: Sequence[Sequence[Sequence[float]]], rows: int, columns: int
) -> tuple[Outline, ...]:
    """Return what a person drew, once it is polygons that enclose a part of the frame.

    Parameters
    ----------
    polygons : sequence of polygons
        Corners (x, y), px.
    rows, columns : int, px

    Raises
    ------
    IngestError
        ``E_MASK_IMPLAUSIBLE`` if there is none or are too many, a corner is no pair of finite numbers, a
        polygon has under three corners, or encloses under 0.5 % of the frame.
    """
    if not 1 <= len(polygons) <= MOST_POLYGONS:
        raise _implausible(f"a mask is 1 to {MOST_POLYGONS} polygons; got {len(polygons)}")
    return tuple(_checked(polygon, rows, columns) for polygon in polygons)


def parse_polygon(text: str) -> Outline:
    """Return the polygon that ``"x,y x,y ..."`` says.

    Raises
    ------
    IngestError
        ``E_MASK_IMPLAUSIBLE`` if a corner is not two numbers.

    Examples
    --------
    >>> parse_polygon("10,20 300,20 160,230")
    ((10.0, 20.0), (300.0, 20.0), (160.0, 230.0))
    """
    corners = []
    for word in text.split():
        x, _, y = word.partition(",")
        try:
            corners.append((float(x), float(y)))
        except ValueError:
            raise _implausible('a polygon is written "x,y x,y x,y ...", in pixels') from None
    return tuple(corners)


def _checked(polygon: Sequence[Sequence[float]], rows: int, columns: int) -> Outline:
    if not FEWEST_CORNERS <= len(polygon) <= MOST_CORNERS:
        raise _implausible(f"a polygon has {FEWEST_CORNERS} to {MOST_CORNERS} corners; got {len(polygon)}")
    if any(len(corner) != 2 for corner in polygon) or not np.isfinite(polygon).all():  # noqa: PLR2004  # (x, y)
        raise _implausible("the corners of a polygon are pairs (x, y) of numbers, in pixels")
    inside = tuple((_held(x, columns), _held(y, rows)) for x, y in polygon)
    if _area_px2(inside) < SMALLEST_SHARE * rows * columns:
        raise _implausible(
            f"a polygon encloses at least {SMALLEST_SHARE:.1%} of the frame; this one does not"
        )
    return inside


def _held(place: float, n: int) -> float:
    return min(max(float(place), 0.0), n - 1.0)


def _area_px2(corners: Outline) -> float:
    return float(cv2.contourArea(np.asarray(corners, np.float32)))


def _implausible(why: str) -> IngestError:
    return IngestError("E_MASK_IMPLAUSIBLE", why)
