"""Choose the shape of an image area: fan, rectangle, trapezium, or the hull when none fits.

A fitted shape also holds the dark parts of a sector, where there is no evidence. So what it adds to the hull
of the evidence is held to more: lit strokes there are print, and are cut out.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from unisono.ingest.edges import CUT_COSTS, Rim, rim_of
from unisono.ingest.fan import Fan, fit_fan, grown, mirrored
from unisono.ingest.recording import Pixels
from unisono.ingest.rectangle import Trapezium, fit_trapezium
from unisono.ingest.sector import Area, hull, stroke_px

LEAST_TOUCHED, LEAST_WORTH = 0.25, 0.22
MOST_GROWTH = 2.0
EXCESS_COSTS = 0.3
LIT_LEVEL, MOST_LIT = 24, 0.03
PRINT_LEVEL, PRINT_MARGIN_PX = 40, 2


@dataclass(frozen=True, slots=True)
class Fitted:
    """An area with the shape it follows.

    Parameters
    ----------
    area : Area
    name : str
        ``fan``, ``rectangle``, ``trapezium`` or ``hull``.
    shape : dict
        Parameters in px and degrees, and how well they fit: shares of the evidence's rim that ``touched`` the
        shape and that were ``cut`` off.
    """

    area: Area
    name: str
    shape: dict[str, Any]


def fit_shape(tissue: Area, brightest: Pixels) -> Fitted:
    """Return the shape of one piece of tissue.

    Parameters
    ----------
    tissue : Area
        Not empty.
    brightest : uint8 ndarray of shape (rows, columns)
        Over the sampled frames.
    """
    held, rim = hull(tissue), rim_of(tissue)
    n_held = int(np.count_nonzero(held))
    best: tuple[float, Fan | Trapezium, Area] | None = None
    for shape in (fit_trapezium(rim), fit_fan(rim)):
        if shape is None:
            continue
        area = shape.fill(*tissue.shape)
        worth = _worth(shape, rim) - EXCESS_COSTS * max(0.0, int(np.count_nonzero(area)) / n_held - 1)
        if best is None or worth > best[0]:
            best = (worth, shape, area)
    if best is None or not _fits(best[1], best[2], rim, n_held):
        return Fitted(held, "hull", {"kind": "hull", "corners_px": _corners(held)})
    _, shape, area = best
    touched, cut = shape.judge(rim)
    if isinstance(shape, Fan):
        shape = grown(shape, rim)
        area = shape.fill(*tissue.shape)
        shape, area = _symmetric(shape, area, brightest)
    record = shape.describe() | {"touched": round(touched, 3), "cut": round(cut, 3)}
    return Fitted(without_print(area, held, brightest), record["kind"], record)


def without_print(area: Area, evidence: Area, brightest: Pixels) -> Area:
    """Return an area less the lit strokes that lie in it outside of the evidence."""
    print_like = area & ~evidence & (brightest >= PRINT_LEVEL)
    if not print_like.any():
        return area
    size = 2 * PRINT_MARGIN_PX + 1
    wide = cv2.dilate(print_like.view(np.uint8), np.ones((size, size), np.uint8)).astype(bool)
    return np.asarray(area & ~(wide & ~evidence))


def _worth(shape: Fan | Trapezium, rim: Rim) -> float:
    touched, cut = shape.judge(rim)
    return touched - CUT_COSTS * cut


def _fits(shape: Fan | Trapezium, area: Area, rim: Rim, n_held: int) -> bool:
    touched, _ = shape.judge(rim)
    is_close = touched >= LEAST_TOUCHED and _worth(shape, rim) >= LEAST_WORTH
    return is_close and int(np.count_nonzero(area)) <= MOST_GROWTH * n_held


def _symmetric(fan: Fan, area: Area, brightest: Pixels) -> tuple[Fan, Area]:
    """Return the fan with its narrow side as wide as the other, when nothing printed would come in."""
    other = mirrored(fan)
    wider = other.fill(*area.shape)
    added = wider & ~area
    lit, n_added = int(np.count_nonzero(brightest[added] >= LIT_LEVEL)), int(np.count_nonzero(added))
    return (other, wider) if lit <= MOST_LIT * n_added else (fan, area)


def _corners(area: Area) -> list[list[float]]:
    outlines, _ = cv2.findContours(area.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(outlines, key=cv2.contourArea)
    simple = cv2.approxPolyDP(largest, stroke_px(*area.shape) / 4, True)
    return [[float(x), float(y)] for x, y in simple.reshape(-1, 2)]
