"""The outer edge of an area of tissue, and the straight lines it touches.

Tissue that returns no echo leaves notches in an area, never bumps: a true edge is a line that nearly all
points lie inside of and many lie on. So lines are chosen by the points they touch less those they cut off,
not by least squares over all points.

Pure. Source: M. A. Fischler, R. C. Bolles (1981), Communications of the ACM 24(6):381-395,
doi:10.1145/358669.358692 (consensus instead of averages); pairs are walked in a fixed order, not drawn.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.ingest.masks.sector import stroke_px
from unisono.ingest.readers.recording import Area

Points = NDArray[np.float64]
"""Shape (n_points, 2), px, (x, y)."""
CUT_COSTS = 3.0
"""A point cut off weighs as much as so many touched ones."""
N_KNOTS = 28
STEEPEST = 3.0
FEWEST_POINTS = 8
LEAST_APART = 0.15
"""Two points of a side nearer than this share of its height give any slope."""


@dataclass(frozen=True, slots=True)
class Rim:
    """First and last pixels of an area along its rows and columns.

    Parameters
    ----------
    left, right : Points
        One a row.
    top, bottom : Points
        One a column.
    tolerance_px : float
        How near a point must lie to touch.
    stroke_px : int
        What opening took from the tips of the area.
    """

    left: Points
    right: Points
    top: Points
    bottom: Points
    tolerance_px: float
    stroke_px: int

    def thinned(self, most: int) -> "Rim":
        """Return the rim with at most so many points a side, evenly taken."""
        left, right, top, bottom = (
            p[:: -(-len(p) // most)] for p in (self.left, self.right, self.top, self.bottom)
        )
        return replace(self, left=left, right=right, top=top, bottom=bottom)

    @property
    def height_px(self) -> float:
        """Return the number of rows the area has."""
        return float(np.ptp(self.left[:, 1]) + 1)

    @property
    def width_px(self) -> float:
        """Return the number of columns the area has."""
        return float(np.ptp(self.top[:, 0]) + 1)


@dataclass(frozen=True, slots=True)
class Line:
    """A side, ``x = slope * y + offset``, and the share of its points that touch it or are cut off."""

    slope: float
    offset: float
    touched: float = 0.0
    cut: float = 0.0

    def at(self, y: float) -> float:
        """Return the x of a row."""
        return self.slope * y + self.offset


def rim_of(area: Area) -> Rim:
    """Return the rim of an area that is not empty."""
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    by_row, by_column = area[rows], area[:, columns]
    n_columns, n_rows = area.shape[1], area.shape[0]
    first_x, last_x = by_row.argmax(axis=1), n_columns - 1 - by_row[:, ::-1].argmax(axis=1)
    first_y, last_y = by_column.argmax(axis=0), n_rows - 1 - by_column[::-1].argmax(axis=0)
    pairs = ((first_x, rows), (last_x, rows), (columns, first_y), (columns, last_y))
    left, right, top, bottom = (np.stack(pair, axis=1).astype(float) for pair in pairs)
    return Rim(left, right, top, bottom, max(1.5, min(area.shape) / 240), stroke_px(*area.shape))


def side_line(points: Points, tolerance_px: float, *, is_left: bool) -> Line:
    """Return the line that most points of a side touch and few lie beyond.

    Parameters
    ----------
    points : Points
        Left or right points of a `Rim`.
    tolerance_px : float
    is_left : bool
        Which side is outside.
    """
    sign = 1.0 if is_left else -1.0
    x, y = sign * points[:, 0], points[:, 1]
    slopes, offsets = _candidates(x, y)
    # Half the bytes are half the time, and a thousandth of a pixel is no matter here.
    steps, starts = slopes.astype(np.float32)[:, None], offsets.astype(np.float32)[:, None]
    within_px = np.float32(tolerance_px) * np.hypot(np.float32(1.0), steps)
    beyond = x.astype(np.float32) - steps * y.astype(np.float32)
    beyond -= starts
    n_cut = np.count_nonzero(beyond < -within_px, axis=1)
    touched = (np.count_nonzero(beyond <= within_px, axis=1) - n_cut) / x.size
    cut = n_cut / x.size
    best = int(np.argmax(touched - CUT_COSTS * cut))
    on = np.abs(beyond[best]) <= within_px[best]
    slope, offset = slopes[best], offsets[best]
    if np.count_nonzero(on) >= FEWEST_POINTS and np.ptp(y[on]) > 0:
        slope, offset = np.polyfit(y[on], x[on], 1)
    return Line(sign * float(slope), sign * float(offset), float(touched[best]), float(cut[best]))


def sides_of(rim: Rim) -> tuple[Line, Line]:
    """Return the lines of the left and the right side of a rim."""
    left = side_line(rim.left, rim.tolerance_px, is_left=True)
    return left, side_line(rim.right, rim.tolerance_px, is_left=False)


def level(values: NDArray[np.float64], tolerance_px: float, *, is_last: bool) -> tuple[float, float]:
    """Return the outermost value that many touch, and the share that does.

    Parameters
    ----------
    values : float64 ndarray of shape (n_points,), px
        Rows, columns or radii of the points of one side.
    tolerance_px : float
    is_last : bool
        The outside lies above the value, as below a bottom edge.
    """
    away = values if is_last else -values
    low = float(away.min())
    reach = int(np.ceil(tolerance_px))
    bins = np.rint(away - low).astype(np.intp)
    counts = np.bincount(bins, minlength=int(bins.max()) + 2 * reach + 1)
    near = np.convolve(counts, np.ones(2 * reach + 1), mode="same")
    above = counts.sum() - np.cumsum(counts)
    beyond = np.concatenate([above[reach:], np.zeros(reach)])[: counts.size]
    best = int(np.argmax(near - CUT_COSTS * beyond))
    on = np.abs(away - low - best) <= reach + 0.5
    value = float(np.median(away[on]))
    return (value if is_last else -value), float(np.mean(on))


def fill_polygon(corners: Points, rows: int, columns: int) -> Area:
    """Return the pixels of a convex outline given in px with fractions."""
    filled = np.zeros((rows, columns), np.uint8)
    shift = 4
    fixed = np.rint(np.clip(corners, -4.0 * max(rows, columns), 8.0 * max(rows, columns)) * (1 << shift))
    cv2.fillPoly(filled, [fixed.astype(np.int32)], 1, shift=shift)
    return filled.astype(bool)


def _candidates(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[Points, Points]:
    # The outermost point of each stretch of rows: a side's line runs through two of them.
    knots = [
        int(part[np.argmin(x[part])]) for part in np.array_split(np.arange(y.size), N_KNOTS) if part.size
    ]
    hull = cv2.convexHull(np.stack([x, y], axis=1).astype(np.float32), returnPoints=False).ravel().tolist()
    chosen = np.unique([*knots, *hull])
    one, other = np.triu_indices(chosen.size, 1)
    one, other = chosen[one], chosen[other]
    apart = np.abs(y[other] - y[one]) > LEAST_APART * np.ptp(y)
    one, other = one[apart], other[apart]
    slopes = np.concatenate([(x[other] - x[one]) / (y[other] - y[one]), [0.0]])
    offsets = np.concatenate([x[one] - slopes[:-1] * y[one], [float(x.min())]])
    steep = np.abs(slopes) <= STEEPEST
    return slopes[steep], offsets[steep]
