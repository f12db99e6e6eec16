"""The outline of the image that a scanner itself drew: an overlay of the active image area.

Scanners that follow DICOM correction CP-1975 store a bitmap of the pixels that hold the B-mode image, as a
region-of-interest overlay (60xx) of the subtype "ACTIVE 2D/BMODE IMAGE AREA". No other overlay is looked at:
those carry drawings and words.

Source: DICOM PS3.3 C.9.2 (Overlay Plane Module), C.8.5.5 (US Region Calibration Module).
"""

import numpy as np
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from unisono.ingest.readers.recording import Area

ACTIVE = "ACTIVE 2D/BMODE IMAGE AREA"
FIRST_GROUP, LAST_GROUP = 0x6000, 0x60FE
ROWS, COLUMNS, KIND, SUBTYPE, ORIGIN, BITS, POSITION, DATA = (
    0x0010, 0x0011, 0x0040, 0x0045, 0x0050, 0x0100, 0x0102, 0x3000,
)  # fmt: skip
FRAMES, FIRST_FRAME = 0x0015, 0x0051
ORIGIN_LENGTH, BITS_A_BYTE = 2, 8


def read_overlay(dataset: Dataset, rows: int, columns: int) -> Area | None:
    """Return the pixels of the active image area, or None when no conforming overlay gives them.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
    rows, columns : int, px
        Of the frame.

    Returns
    -------
    Area or None
        The union over the conforming planes; a plane that is not a bitmap of one bit, that is short of data,
        that applies to some frames only or that is empty does not conform.
    """
    planes = [_plane(dataset, group, rows, columns) for group in range(FIRST_GROUP, LAST_GROUP + 1, 2)]
    found = [plane for plane in planes if plane is not None and plane.any()]
    return np.asarray(np.logical_or.reduce(found)) if found else None


def _plane(dataset: Dataset, group: int, rows: int, columns: int) -> Area | None:
    if _text(dataset, group, KIND) != "R" or _text(dataset, group, SUBTYPE) != ACTIVE:
        return None
    height, width, bits = (_whole(dataset, group, element, 0) for element in (ROWS, COLUMNS, BITS))
    n_frames, position = _whole(dataset, group, FRAMES, 1), _whole(dataset, group, POSITION, 0)
    data, corner = _value(dataset, group, DATA), _corner(_value(dataset, group, ORIGIN))
    is_bitmap = bits == 1 and position == 0 and n_frames == 1
    if not is_bitmap or not 0 < height <= rows or not 0 < width <= columns:
        return None
    if not isinstance(data, bytes) or BITS_A_BYTE * len(data) < height * width or corner is None:
        return None
    bitmap = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[: height * width]
    return _placed(bitmap.reshape(height, width).astype(bool), corner, rows, columns)


def _corner(origin: object) -> tuple[int, int] | None:
    if not isinstance(origin, MultiValue) or len(origin) != ORIGIN_LENGTH:
        return None
    return int(origin[0]) - 1, int(origin[1]) - 1


def _placed(bitmap: Area, corner: tuple[int, int], rows: int, columns: int) -> Area:
    # The origin is row\\column of the upper left pixel, from 1, and may lie outside of the frame.
    top, left = corner
    area = np.zeros((rows, columns), bool)
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(rows, top + bitmap.shape[0]), min(columns, left + bitmap.shape[1])
    if y0 < y1 and x0 < x1:
        area[y0:y1, x0:x1] = bitmap[y0 - top : y1 - top, x0 - left : x1 - left]
    return area


def _value(dataset: Dataset, group: int, element: int) -> object:
    found = dataset.get((group, element))
    return None if found is None else found.value


def _text(dataset: Dataset, group: int, element: int) -> str:
    value = _value(dataset, group, element)
    return value.strip() if isinstance(value, str) else ""


def _whole(dataset: Dataset, group: int, element: int, missing: int) -> int:
    value = _value(dataset, group, element)
    return int(value) if isinstance(value, int) else (missing if value is None else -1)
