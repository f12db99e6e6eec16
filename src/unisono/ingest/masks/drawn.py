"""Masks as data: to and from a 1-bit PNG, and from polygons that a person drew."""

from collections.abc import Sequence

import cv2
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.masks.mask import MaskPlan
from unisono.ingest.readers.recording import Area

FEWEST_CORNERS = 3
KEPT = 127


def encode_mask(keep: Area) -> bytes:
    """Return a mask as a 1-bit PNG, white where it keeps."""
    _, png = cv2.imencode(".png", keep.astype(np.uint8) * 255, [cv2.IMWRITE_PNG_BILEVEL, 1])
    return png.tobytes()


def decode_mask(png: bytes) -> Area:
    """Return a mask from its PNG.

    Raises
    ------
    IngestError
        ``E_STORE_IO`` if it is none.
    """
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE) if png else None
    if image is None:
        raise IngestError("E_STORE_IO", "a stored mask does not decode")
    return np.asarray(image > KEPT, dtype=np.bool_)


def drawn_mask(polygons: Sequence[Sequence[Sequence[float]]], rows: int, columns: int) -> MaskPlan:
    """Return the mask that keeps what lies inside of any of some polygons.

    Parameters
    ----------
    polygons : sequence of polygons
        Corners (x, y), px; corners outside of the frame are cut off at its edge.
    rows, columns : int, px

    Raises
    ------
    IngestError
        ``E_MASK_IMPLAUSIBLE`` if a polygon has under three corners, a corner is no number, or nothing is
        kept.
    """
    keep = np.zeros((rows, columns), np.uint8)
    for polygon in polygons:
        corners = np.asarray(polygon, dtype=float)
        if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < FEWEST_CORNERS:  # noqa: PLR2004  # (x, y)
            raise IngestError("E_MASK_IMPLAUSIBLE", "a drawn polygon has three or more corners (x, y)")
        if not np.isfinite(corners).all():
            raise IngestError("E_MASK_IMPLAUSIBLE", "the corners of a drawn polygon are numbers in px")
        clipped = np.clip(corners, -1, [columns, rows])
        cv2.fillPoly(keep, [np.round(clipped).astype(np.int32)], 1)
    area = keep.astype(np.bool_)
    if not area.any():
        raise IngestError("E_MASK_IMPLAUSIBLE", "the drawn mask keeps nothing of the frame")
    shape = {"polygons": [[[float(x), float(y)] for x, y in polygon] for polygon in polygons]}
    record = {"source": "drawn", "shape": shape, "coverage": round(float(area.mean()), 4), "version": 1}
    return MaskPlan(area, record)
