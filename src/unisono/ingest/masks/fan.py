"""Fit a fan to an area of tissue: apex, two angles, two radii, and where the screen cuts it flat.

The edges that return echoes are seen; a dark edge is not. A fan whose one side is seen is completed by
symmetry about the upright through its apex, which holds for phased and convex probes on every scanner that is
not steered; two seen sides need no symmetry.

Pure. Geometry: DICOM PS3.3 C.8.5.5 has no fan, so this is ours.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from unisono.ingest.masks.edges import CUT_COSTS, Line, Points, Rim, fill_polygon, level, sides_of
from unisono.ingest.readers.recording import Area

LEAST_HALF_ANGLE, MOST_HALF_ANGLE = math.radians(8.0), math.radians(75.0)
LEAST_FLAT = 0.12
"""A flat cut is believed when it explains this share of a side's points that no arc does."""
LEAST_FLAT_SIDE = 0.1
FARTHEST = 1.3
SEEN = 0.15
TIP_STROKES = 1.3
"""Opening by a stroke takes the tip of a fan; a near radius not much longer than that is an apex."""
N_STEPS = 40
ARC_POINTS = 64
CONVINCING = 0.55
SEARCH_POINTS = 150
GROWN_TO, MOST_GROWTH = 98.0, 1.04


@dataclass(frozen=True, slots=True)
class Fan:
    """A sector of a ring, cut by a box.

    Parameters
    ----------
    apex : tuple of float, px
    left, right : float, radian
        Angles of the sides from straight down, right positive.
    near_px, far_px : float
        Radii.
    box : tuple of float, px
        Flat cuts: first and last column, first and last row.
    """

    apex: tuple[float, float]
    left: float
    right: float
    near_px: float
    far_px: float
    box: tuple[float, float, float, float]

    def fill(self, rows: int, columns: int) -> Area:
        """Return the pixels of the fan."""
        across = np.linspace(self.left, self.right, ARC_POINTS)
        directions = np.stack([np.sin(across), np.cos(across)], axis=1)
        corners = np.array(self.apex) + np.concatenate(
            [directions * self.near_px, directions[::-1] * self.far_px]
        )
        filled = fill_polygon(corners, rows, columns)
        (x0, x1), (y0, y1) = np.clip(self.box[:2], 0, columns), np.clip(self.box[2:], 0, rows)
        inside = np.zeros_like(filled)
        inside[round(y0) : round(y1) + 1, round(x0) : round(x1) + 1] = True
        return np.asarray(filled & inside)

    def describe(self) -> dict[str, Any]:
        """Return the parameters for the record."""
        return {
            "kind": "fan",
            "apex_px": [round(float(v), 1) for v in self.apex],
            "angles_deg": [round(math.degrees(self.left), 2), round(math.degrees(self.right), 2)],
            "radii_px": [round(float(self.near_px), 1), round(float(self.far_px), 1)],
            "cuts_px": [round(float(v), 1) if math.isfinite(v) else None for v in self.box],
        }

    def judge(self, rim: Rim) -> tuple[float, float]:
        """Return the shares of the rim's points that touch the fan's edge, and that lie beyond it."""
        points = np.concatenate([rim.left, rim.right, rim.top, rim.bottom])
        dx, dy = points[:, 0] - self.apex[0], points[:, 1] - self.apex[1]
        radius, angle = np.hypot(dx, dy), np.arctan2(dx, dy)
        x0, x1, y0, y1 = self.box
        beyond = np.stack(
            [
                radius * np.sin(np.clip(self.left - angle, -1.5, 1.5)),
                radius * np.sin(np.clip(angle - self.right, -1.5, 1.5)),
                self.near_px - radius,
                radius - self.far_px,
                x0 - points[:, 0],
                points[:, 0] - x1,
                y0 - points[:, 1],
                points[:, 1] - y1,
            ]
        ).max(axis=0)
        return float(np.mean(np.abs(beyond) <= rim.tolerance_px)), float(np.mean(beyond > rim.tolerance_px))


def fit_fan(rim: Rim, sides: tuple[Line, Line] | None = None) -> Fan | None:
    """Return the fan whose edge most of a rim's points touch; None when no two sides open downwards.

    Parameters
    ----------
    rim : Rim
    sides : tuple of Line, optional
        What `sides_of` the rim gives, when it is known.
    """
    return max(_candidates(rim, sides or sides_of(rim)), key=lambda fan: _worth(fan, rim), default=None)


def _mirrored(fan: Fan) -> Fan:
    half = max(-fan.left, fan.right)
    return replace(fan, left=-half, right=half)


def _open_left(fan: Fan) -> Fan:
    return replace(fan, box=(-math.inf, *fan.box[1:]))


def _open_right(fan: Fan) -> Fan:
    return replace(fan, box=(fan.box[0], math.inf, *fan.box[2:]))


def with_corners(fan: Fan) -> Fan:
    """Return the fan with the corners that an arc takes beside a flat bottom."""
    *others, y0, y1 = fan.box
    if math.isinf(y1) and math.isinf(y0):
        return fan
    # A flat top means a linear probe steered outwards; its bottom is flat, too.
    y1 = fan.apex[1] + fan.far_px if math.isinf(y1) else y1
    corner = (y1 - fan.apex[1]) / math.cos(max(-fan.left, fan.right))
    return replace(fan, far_px=max(fan.far_px, corner), box=(others[0], others[1], y0, y1))


DARKER_READINGS = (_mirrored, _open_left, _open_right, with_corners)
"""Wider fans that the same rim allows, when what they add returns no echo.

As far to the less wide side as to the wider one; without a cut at a side; with the corners that an arc takes
beside a flat bottom.
"""


def grown(fan: Fan, rim: Rim) -> Fan:
    """Return the fan a little longer where the rim reaches over it: a dim far edge is met too early."""
    radii = np.hypot(rim.bottom[:, 0] - fan.apex[0], rim.bottom[:, 1] - fan.apex[1])
    free = radii[np.abs(rim.bottom[:, 1] - fan.box[3]) > rim.tolerance_px]
    if not free.size:
        return fan
    reach = min(float(np.percentile(free, GROWN_TO)), fan.far_px * MOST_GROWTH)
    return replace(fan, far_px=max(fan.far_px, reach))


def _worth(fan: Fan, rim: Rim) -> float:
    touched, cut = fan.judge(rim)
    return touched - CUT_COSTS * cut


def _candidates(rim: Rim, sides: tuple[Line, Line]) -> Iterator[Fan]:
    open_sides = (-math.inf, math.inf)
    flat_sides = _flat_sides(rim)
    yield from _with_sides(rim, open_sides, sides)
    if flat_sides != open_sides:
        freed = replace(rim, left=_free(rim.left, flat_sides, rim), right=_free(rim.right, flat_sides, rim))
        yield from _with_sides(rim, flat_sides, sides_of(freed))


def _with_sides(rim: Rim, box: tuple[float, float], sides: tuple[Line, Line]) -> Iterator[Fan]:
    left, right = sides
    if right.slope - left.slope > 2 * math.tan(LEAST_HALF_ANGLE):
        y = (left.offset - right.offset) / (right.slope - left.slope)
        fan = _with_arcs(rim, (left.at(y), y), math.atan(left.slope), math.atan(right.slope), box)
        yield fan
        if _worth(fan, rim) >= CONVINCING:
            return
    for line, mirror in ((right, 1.0), (left, -1.0)):
        angle = mirror * math.atan(line.slope)
        if LEAST_HALF_ANGLE <= angle <= MOST_HALF_ANGLE and line.touched >= SEEN:
            yield _completed(rim, line, angle, box)


def _completed(rim: Rim, line: Line, half_angle: float, box: tuple[float, float]) -> Fan:
    rim = rim.thinned(SEARCH_POINTS)
    top, height = float(rim.left[:, 1].min()), rim.height_px
    tries = np.linspace(top - 1.2 * height, top + 0.1 * height, N_STEPS)
    best = max(
        (_with_arcs(rim, (line.at(y), y), -half_angle, half_angle, box) for y in tries),
        key=lambda f: _worth(f, rim),
    )
    step = float(tries[1] - tries[0])
    finer = np.linspace(best.apex[1] - step, best.apex[1] + step, 9)
    return max(
        (_with_arcs(rim, (line.at(y), y), -half_angle, half_angle, box) for y in finer),
        key=lambda f: _worth(f, rim),
    )


def _with_arcs(
    rim: Rim, apex: tuple[float, float], left: float, right: float, box: tuple[float, float]
) -> Fan:
    to_bottom = np.hypot(rim.bottom[:, 0] - apex[0], rim.bottom[:, 1] - apex[1])
    to_top = np.hypot(rim.top[:, 0] - apex[0], rim.top[:, 1] - apex[1])
    far, flat_bottom = _arc_and_flat(to_bottom, rim.bottom[:, 1], rim.tolerance_px, is_last=True)
    near, flat_top = _arc_and_flat(to_top, rim.top[:, 1], rim.tolerance_px, is_last=False)
    tip_px = TIP_STROKES * rim.stroke_px / 2 / math.sin((right - left) / 2)
    near = 0.0 if near < tip_px else near
    return Fan(apex, left, right, near, far, (*box, flat_top, flat_bottom))


def _arc_and_flat(radii: Points, ys: Points, tolerance_px: float, *, is_last: bool) -> tuple[float, float]:
    """Return the arc's radius and the flat cut's row; the row is infinite when no cut is seen."""
    radius, on_arc = level(radii, tolerance_px, is_last=is_last)
    row, on_flat = level(ys, tolerance_px, is_last=is_last)
    touches_arc = np.abs(radii - radius) <= tolerance_px
    touches_flat = np.abs(ys - row) <= tolerance_px
    if np.mean(touches_flat & ~touches_arc) < LEAST_FLAT or on_flat < on_arc / 2:
        return radius, math.inf if is_last else -math.inf
    rest = radii[~touches_flat]
    radius, _ = level(rest, tolerance_px, is_last=is_last) if rest.size else (radius, 0.0)
    if np.mean(np.abs(radii - radius) <= tolerance_px) >= LEAST_FLAT:
        return radius, row
    # No arc is seen, so the cut alone ends the image.
    return (FARTHEST * float(radii.max()) if is_last else 0.0), row


def _flat_sides(rim: Rim) -> tuple[float, float]:
    first, on_first = level(rim.left[:, 0], rim.tolerance_px, is_last=False)
    last, on_last = level(rim.right[:, 0], rim.tolerance_px, is_last=True)
    return (
        first if on_first >= LEAST_FLAT_SIDE else -math.inf,
        last if on_last >= LEAST_FLAT_SIDE else math.inf,
    )


def _free(points: Points, cuts: tuple[float, float], rim: Rim) -> Points:
    """Return the points that no flat cut explains, or all when too few are left."""
    x = points[:, 0]
    on = (np.abs(x - cuts[0]) <= rim.tolerance_px) | (np.abs(x - cuts[1]) <= rim.tolerance_px)
    return points[~on] if np.count_nonzero(~on) >= LEAST_FLAT * len(points) else points
