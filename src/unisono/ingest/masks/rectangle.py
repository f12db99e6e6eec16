"""Fit a rectangle or a trapezium to an area of tissue: what linear probes and virtual convex ones show.

Pure.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from unisono.ingest.masks.edges import CUT_COSTS, Line, Rim, fill_polygon, level, sides_of
from unisono.ingest.readers.recording import Area

GROWN_TO, MOST_GROWTH = 98.0, 0.04
PLAINER_BY = 0.02
"""A rectangle is taken when a trapezium explains no more than this share of the rim beyond it."""


@dataclass(frozen=True, slots=True)
class Trapezium:
    """Two sides, each a line, and two rows.

    Parameters
    ----------
    left, right : Line
    top_px, bottom_px : float
        First and last row.
    """

    left: Line
    right: Line
    top_px: float
    bottom_px: float

    def corners(self) -> list[tuple[float, float]]:
        """Return (x, y) of the corners, clockwise from the upper left."""
        top, bottom = self.top_px, self.bottom_px
        return [
            (self.left.at(top), top),
            (self.right.at(top), top),
            (self.right.at(bottom), bottom),
            (self.left.at(bottom), bottom),
        ]

    def fill(self, rows: int, columns: int) -> Area:
        """Return the pixels of the trapezium."""
        return fill_polygon(np.array(self.corners()), rows, columns)

    def describe(self) -> dict[str, Any]:
        """Return the parameters for the record."""
        is_upright = self.left.slope == self.right.slope == 0.0
        return {
            "kind": "rectangle" if is_upright else "trapezium",
            "corners_px": [[round(float(x), 1), round(float(y), 1)] for x, y in self.corners()],
        }

    def judge(self, rim: Rim) -> tuple[float, float]:
        """Return the shares of the rim's points that touch the edge, and that lie beyond it."""
        points = np.concatenate([rim.left, rim.right, rim.top, rim.bottom])
        x, y = points[:, 0], points[:, 1]
        beyond = np.stack(
            [
                (self.left.slope * y + self.left.offset - x) / np.hypot(1.0, self.left.slope),
                (x - self.right.slope * y - self.right.offset) / np.hypot(1.0, self.right.slope),
                self.top_px - y,
                y - self.bottom_px,
            ]
        ).max(axis=0)
        return float(np.mean(np.abs(beyond) <= rim.tolerance_px)), float(np.mean(beyond > rim.tolerance_px))


def fit_trapezium(rim: Rim, sides: tuple[Line, Line] | None = None) -> Trapezium:
    """Return the rectangle or trapezium whose edge most of a rim's points touch.

    Parameters
    ----------
    rim : Rim
    sides : tuple of Line, optional
        What `sides_of` the rim gives, when it is known.
    """
    tolerance = rim.tolerance_px
    top, _ = level(rim.top[:, 1], tolerance, is_last=False)
    bottom, _ = level(rim.bottom[:, 1], tolerance, is_last=True)
    first, _ = level(rim.left[:, 0], tolerance, is_last=False)
    last, _ = level(rim.right[:, 0], tolerance, is_last=True)
    upright = Trapezium(Line(0.0, first), Line(0.0, last), top, bottom)
    left, right = sides or sides_of(rim)
    slanted = [
        Trapezium(one, other, top, bottom) for one in (left, upright.left) for other in (right, upright.right)
    ]
    best = max(slanted, key=lambda shape: _worth(shape, rim))
    return upright if _worth(upright, rim) >= _worth(best, rim) - PLAINER_BY else best


def deepened(shape: Trapezium, rim: Rim) -> Trapezium:
    """Return the shape a little deeper where the rim reaches over it: a dim far edge is met too early."""
    most = shape.bottom_px + MOST_GROWTH * (shape.bottom_px - shape.top_px)
    reach = min(float(np.percentile(rim.bottom[:, 1], GROWN_TO)), most)
    return replace(shape, bottom_px=max(shape.bottom_px, reach))


def _worth(shape: Trapezium, rim: Rim) -> float:
    touched, cut = shape.judge(rim)
    return touched - CUT_COSTS * cut
