"""Choose the shape of an image area: fan, rectangle, trapezium, or the hull when none fits.

A fitted shape also holds the dark parts of a sector, where there is no evidence. So what it adds to the hull
of the evidence is held to more: lit strokes there are print, and are cut out.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from unisono.ingest.masks.edges import CUT_COSTS, Rim, rim_of, sides_of
from unisono.ingest.masks.fan import DARKER_READINGS, Fan, fit_fan, grown, with_corners
from unisono.ingest.masks.rectangle import Trapezium, deepened, fit_trapezium
from unisono.ingest.masks.sector import Evidence, hull, stroke_px, with_faint_parts
from unisono.ingest.readers.recording import Area, Pixels

LEAST_TOUCHED, LEAST_WORTH, LEAST_WORTH_STRAIGHT = 0.25, 0.22, 0.38
ROUND_SHARE = 0.97
FEWEST_BORDER_PX = 20
MOST_GROWTH = 2.0
MISSED_SHARE = 0.03
EXCESS_COSTS = 0.3
LOPSIDED, LOPSIDED_SLOPE = 0.03, 0.06
LIT_LEVEL, MOST_LIT = 24, 0.03
MOST_WIDENED = 0.6
FADED_LEVEL = 20
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


def fit_shape(tissue: Area, evidence: Evidence) -> Fitted:
    """Return the shape of one piece of tissue.

    Where something moves faintly outside of the shape, the piece is fitted again with that.

    Parameters
    ----------
    tissue : Area
        Not empty.
    evidence : Evidence
        Where it was found.
    """
    wide = with_faint_parts(tissue, evidence)
    fitted = _fitted(tissue, wide, evidence.brightest)
    missed = int(np.count_nonzero(wide & ~fitted.area))
    if missed <= MISSED_SHARE * int(np.count_nonzero(fitted.area)):
        return fitted
    again = _fitted(wide, wide, evidence.brightest)
    return fitted if again.name == "hull" != fitted.name else again


def _fitted(tissue: Area, wide: Area, brightest: Pixels) -> Fitted:
    held, rim = hull(tissue), rim_of(tissue)
    n_held = int(np.count_nonzero(held))
    best: tuple[float, Fan | Trapezium, Area] | None = None
    sides = sides_of(rim)
    straight = fit_trapezium(rim, sides)
    for shape in (straight, fit_fan(rim, sides)):
        if shape is None:
            continue
        area = shape.fill(*tissue.shape)
        worth = _worth(shape, rim) - EXCESS_COSTS * max(0.0, int(np.count_nonzero(area)) / n_held - 1)
        # A lopsided trapezium is more often a fan cut flat, one side of it in shadow.
        worth += LOPSIDED if shape is not straight and _is_lopsided(straight) else 0.0
        if best is None or worth > best[0]:
            best = (worth, shape, area)
    if best is None or not _fits(best[1], best[2], rim, n_held) or _is_round(held):
        return Fitted(held, "hull", {"kind": "hull", "corners_px": _corners(held)})
    return _finished(best[1], rim, wide, held, brightest)


def _finished(shape: Fan | Trapezium, rim: Rim, wide: Area, held: Area, brightest: Pixels) -> Fitted:
    touched, cut = shape.judge(rim)
    if isinstance(shape, Fan):
        shape = _widened(grown(shape, rim_of(wide)), held.shape, brightest)
    else:
        shape = deepened(shape, rim_of(wide))
    record = shape.describe() | {"touched": round(touched, 3), "cut": round(cut, 3)}
    area = without_print(shape.fill(*held.shape), held | hull(wide), brightest)
    return Fitted(area, record["kind"], record)


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


def _is_lopsided(shape: Trapezium) -> bool:
    return abs(shape.left.slope + shape.right.slope) > LOPSIDED_SLOPE


def _fits(shape: Fan | Trapezium, area: Area, rim: Rim, n_held: int) -> bool:
    touched, _ = shape.judge(rim)
    least = LEAST_WORTH if isinstance(shape, Fan) else LEAST_WORTH_STRAIGHT
    is_close = touched >= LEAST_TOUCHED and _worth(shape, rim) >= least
    return is_close and int(np.count_nonzero(area)) <= MOST_GROWTH * n_held


def _widened(fan: Fan, shape: tuple[int, ...], brightest: Pixels) -> Fan:
    """Return the fan with the dark parts that belong to it, when nothing lit comes in with them."""
    area = fan.fill(*shape)
    for widen in DARKER_READINGS:
        wider = widen(fan)
        if wider == fan:
            continue
        wider_area = wider.fill(*shape)
        added = wider_area & ~area
        ends = widen is with_corners and not _fades(added, area, brightest)
        if not ends and _is_dark_part(added, area, brightest):
            fan, area = wider, wider_area
    return fan


def _is_dark_part(added: Area, area: Area, brightest: Pixels) -> bool:
    n_added = int(np.count_nonzero(added))
    lit = int(np.count_nonzero(brightest[added] >= LIT_LEVEL))
    return 0 < n_added <= MOST_WIDENED * int(np.count_nonzero(area)) and lit <= MOST_LIT * n_added


def _fades(added: Area, area: Area, brightest: Pixels) -> bool:
    """Return whether an image fades into what would be added, rather than ends there."""
    size = 2 * stroke_px(*area.shape) + 1
    border = cv2.dilate(added.view(np.uint8), np.ones((size, size), np.uint8)).astype(bool) & area
    return not border.any() or float(np.median(brightest[border])) < FADED_LEVEL


def _is_round(area: Area) -> bool:
    """Return whether an area is an ellipse, as images of turning probes are; no fan and no box fits those."""
    outlines, _ = cv2.findContours(area.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    border = max(outlines, key=len)
    if len(border) < FEWEST_BORDER_PX:
        return False
    filled = np.zeros(area.shape, np.uint8)
    cv2.ellipse(filled, cv2.fitEllipse(border), 1, thickness=-1)
    common, either = int(np.count_nonzero(area & (filled > 0))), int(np.count_nonzero(area | (filled > 0)))
    return common >= ROUND_SHARE * either


def _corners(area: Area) -> list[list[float]]:
    outlines, _ = cv2.findContours(area.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(outlines, key=cv2.contourArea)
    simple = cv2.approxPolyDP(largest, stroke_px(*area.shape) / 4, True)
    return [[float(x), float(y)] for x, y in simple.reshape(-1, 2)]
