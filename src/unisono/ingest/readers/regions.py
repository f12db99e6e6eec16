"""Calibrated areas of an ultrasound frame, from the Sequence of Ultrasound Regions.

Boxes are inclusive, 0-based and clipped to the frame here; nothing later counts from anywhere else. A box
that reaches more than a pixel or two over the frame belongs to another frame: the image was cropped or scaled
afterwards, so neither its place nor its calibration can be trusted, and it is left out.

Source: DICOM PS3.3 C.8.5.5 (US Region Calibration Module).
"""

from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset

from unisono.ingest.readers.peek import PARSE_ERRORS

KINDS = {0: "none", 1: "2d", 2: "m-mode", 3: "spectral", 4: "waveform", 5: "graphics"}
UNITS = {
    0: "none", 1: "percent", 2: "dB", 3: "cm", 4: "s", 5: "Hz", 6: "dB/s", 7: "cm/s",
    8: "cm2", 9: "cm2/s", 10: "cm3", 11: "cm3/s", 12: "degree",
}  # fmt: skip
IMAGE_KINDS = ("2d", "m-mode", "spectral")
"""Kinds whose pixels are ultrasound; waveforms, graphics and whole-screen boxes are not."""
OVERHANG_PX = 2
WHOLE_SCREEN = 0.5
MM_PER_CM = 10.0
SPACING_LIMITS_MM = (0.001, 10.0)
DELTA_LIMITS, DELTA_DIGITS = (1e-7, 1e4), 6
"""Six digits are a micrometre over a metre; more would have room for a record's number."""
ZERO_DECIMALS = 2
"""A hundredth of a pixel is finer than any baseline is drawn, and has no room for a record's number."""


def read_regions(dataset: Dataset, rows: int, columns: int) -> tuple[dict[str, Any], ...]:
    """Return the regions that fit the frame, with the keys of ``Region`` on the wire.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
    rows, columns : int, px
        Of the stored frame.

    Returns
    -------
    tuple of dict
        In the order of painting, so that a later one overwrites. Inclusive px bounds, ``kind``, ``unit_x``,
        ``unit_y`` and the signed size of a pixel in those units; 0 where the scanner gives none. ``zero_x``
        and ``zero_y``, the px of the frame at which the values are 0, where the scanner says: ``zero_y`` of a
        spectral strip is its baseline.
        None at all where one of their values does not parse: it would have to be guessed what covers what.
    """
    try:
        items = dataset.get("SequenceOfUltrasoundRegions") or ()
        found = [(_layer(item), _region(item, rows, columns)) for item in items]
    except PARSE_ERRORS:
        return ()
    fitting = [(layer, region) for layer, region in found if region is not None]
    return tuple(region for _, region in sorted(fitting, key=lambda pair: pair[0]))


def overwriting(regions: Sequence[dict[str, Any]], place: int) -> list[dict[str, Any]]:
    """Return the boxes that take pixels away from the box at a place in `read_regions`' order.

    A box over more than half of another is a whole screen, and takes nothing.
    """
    lower = regions[place]
    above = (r for r in regions[place + 1 :] if r["kind"] not in IMAGE_KINDS)
    return [r for r in above if 0 < _common(r, lower) <= WHOLE_SCREEN * _area(lower)]


def _layer(item: Dataset) -> int:
    """Return the place in the order of painting: low priority first, images above what is none.

    Bit 0 of the flags is 0 for high priority. Boxes without flags are neither to win nor to lose.
    """
    is_image = KINDS.get(_whole(item.get("RegionSpatialFormat")) or 0, "none") in IMAGE_KINDS
    flags = _whole(item.get("RegionFlags"))
    is_high = is_image if flags is None else flags & 1 == 0
    return 2 * is_high + is_image


def _common(one: dict[str, Any], other: dict[str, Any]) -> int:
    width = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"]) + 1
    height = min(one["y1"], other["y1"]) - max(one["y0"], other["y0"]) + 1
    return int(max(0, width) * max(0, height))


def spacing_mm(regions: Sequence[dict[str, Any]]) -> tuple[float, float] | None:
    """Return the size of a pixel, (x, y) in mm, from the largest 2-D region calibrated in cm; else None.

    A negative delta says only which way the scanner counts; its size is the pixel's.
    """
    calibrated = [r for r in regions if r["kind"] == "2d" and r["unit_x"] == r["unit_y"] == "cm"]
    low, high = SPACING_LIMITS_MM
    sizes = [(_area(r), abs(r["delta_x"]) * MM_PER_CM, abs(r["delta_y"]) * MM_PER_CM) for r in calibrated]
    legal = [s for s in sizes if low <= s[1] <= high and low <= s[2] <= high]
    if not legal:
        return None
    _, x_mm, y_mm = max(legal, key=lambda size: size[0])
    return x_mm, y_mm


def _region(item: Dataset, rows: int, columns: int) -> dict[str, Any] | None:
    corners = ("MinX0", "MinY0", "MaxX1", "MaxY1")
    bounds = [_whole(item.get(f"RegionLocation{name}")) for name in corners]
    if any(b is None for b in bounds):
        return None
    x0, y0, x1, y1 = (int(b) for b in bounds if b is not None)
    fits = x1 < columns + OVERHANG_PX and y1 < rows + OVERHANG_PX
    if not fits or min(x0, y0) < 0 or x1 <= x0 or y1 <= y0:
        return None
    box = {
        "x0": x0,
        "y0": y0,
        "x1": min(x1, columns - 1),
        "y1": min(y1, rows - 1),
        "kind": KINDS.get(_whole(item.get("RegionSpatialFormat")) or 0, "none"),
        "unit_x": UNITS.get(_whole(item.get("PhysicalUnitsXDirection")) or 0, "none"),
        "unit_y": UNITS.get(_whole(item.get("PhysicalUnitsYDirection")) or 0, "none"),
        "delta_x": _delta(item.get("PhysicalDeltaX")),
        "delta_y": _delta(item.get("PhysicalDeltaY")),
    }
    return box | _zeros(item, box)


def _zeros(item: Dataset, box: dict[str, Any]) -> dict[str, float]:
    """Return where the axes are 0, px of the frame; an axis whose zero lies far off the box has none.

    The reference pixel counts from the box's upper left corner; its value is 0 unless the header says so.
    """
    found = {}
    for axis in ("x", "y"):
        pixel = item.get(f"ReferencePixel{axis.upper()}0")
        value = item.get(f"ReferencePixelPhysicalValue{axis.upper()}", 0.0) or 0.0
        delta, low, high = box[f"delta_{axis}"], box[f"{axis}0"], box[f"{axis}1"]
        if not isinstance(pixel, int) or not isinstance(value, (int, float)) or delta == 0:
            continue
        zero = low + pixel - float(value) / delta
        if 2 * low - high <= zero <= 2 * high - low:  # more than a box's length off is no axis of it
            found[f"zero_{axis}"] = round(zero, ZERO_DECIMALS)
    return found


def _area(region: dict[str, Any]) -> int:
    return int((region["x1"] - region["x0"] + 1) * (region["y1"] - region["y0"] + 1))


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int) else None


def _delta(value: object) -> float:
    """Return a pixel's physical size, 0.0 for none; a number without limits has room for a record's."""
    number = float(value) if isinstance(value, (int, float)) else 0.0
    low, high = DELTA_LIMITS
    return float(f"{number:.{DELTA_DIGITS}g}") if low <= abs(number) <= high else 0.0
