"""Coordinates and units: the one convention, said once.

Image points are ``(x, y)``: x to the right, y down, in pixels of the *stored* frame. ``(0, 0)`` is the
centre of the top-left pixel, so a frame of ``columns`` by ``rows`` pixels covers
``[-0.5, columns - 0.5] x [-0.5, rows - 0.5]``. Coordinates are floats and are never rounded on the way.
Arrays of points have shape ``(n_points, 2)``, float64. Images are ``(rows, columns)`` or
``(rows, columns, 3)`` uint8, RGB. Frames count from 0, time is in seconds. DICOM's and Matlab's counting
from 1 lives in ``ingest`` and ``formats/codecs`` alone.

Millimetres exist only through a `Spacing` that came from a calibration. Without one a length stays in
pixels and says so.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from unisono.base.errors import LabelError

LengthUnit = Literal["mm", "px"]
Points = NDArray[np.float64]
"""Image points, shape (n_points, 2), float64, pixels of the stored frame, order (x, y)."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """Physical size of one pixel.

    Parameters
    ----------
    x_mm, y_mm : float, mm per pixel
        Both positive; scanners may have pixels that are not square.
    """

    x_mm: float
    y_mm: float

    def __post_init__(self) -> None:
        if not (self.x_mm > 0 and self.y_mm > 0):
            raise LabelError(f"spacing must be positive mm per pixel; got {self.x_mm}, {self.y_mm}")

    def to_mm(self, points: Points) -> Points:
        """Return points in millimetres, same axes and origin, shape (n_points, 2)."""
        return np.asarray(points, dtype=np.float64) * (self.x_mm, self.y_mm)

    def to_px(self, points_mm: Points) -> Points:
        """Return points in pixels, the inverse of `to_mm`, shape (n_points, 2)."""
        return np.asarray(points_mm, dtype=np.float64) / (self.x_mm, self.y_mm)


PIXELS = Spacing(1.0, 1.0)
"""Stand-in where no calibration exists: lengths then are pixels, and `unit_of` says so."""


def unit_of(spacing: Spacing | None) -> LengthUnit:
    """Return ``"mm"`` for a calibrated frame and ``"px"`` for one without a calibration."""
    return "px" if spacing is None else "mm"
