"""Regions as scanners write them: negative steps, zero width, boxes off the frame, whole screens first."""

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from tests.ingest.makers import region, regions
from unisono.ingest.readers.regions import overwriting, read_regions, spacing_mm
from unisono.web.wire import Region


def read(*items: Dataset) -> tuple[dict[str, object], ...]:
    data = Dataset()
    data.SequenceOfUltrasoundRegions = regions(*items)
    return read_regions(data, 240, 320)


def test_a_region_has_the_keys_of_the_wire() -> None:
    (found,) = read(region(10, 20, 300, 230))
    assert Region(**found).model_dump() == {
        "x0": 10, "y0": 20, "x1": 300, "y1": 230, "kind": "2d", "unit_x": "cm", "unit_y": "cm",
        "delta_x": 0.03, "delta_y": 0.03, "zero_x": None, "zero_y": None,
    }  # fmt: skip


def test_a_negative_step_keeps_its_sign_and_gives_a_positive_spacing() -> None:
    found = read(region(PhysicalDeltaX=-0.0525))
    assert found[0]["delta_x"] == -0.0525
    assert spacing_mm(found) == pytest.approx((0.525, 0.3))


def test_max_equal_to_the_width_is_clipped() -> None:
    (found,) = read(region(x1=320))
    assert found["x1"] == 319


@pytest.mark.parametrize(
    "bounds", [(84, 31, 595, 414), (300, 10, 300, 200), (-5, 0, 100, 100), (50, 50, 40, 60)]
)
def test_boxes_of_another_frame_or_of_no_width_are_left_out(bounds: tuple[int, int, int, int]) -> None:
    item = region()
    for name, value in zip(("MinX0", "MinY0", "MaxX1", "MaxY1"), bounds, strict=True):
        if value >= 0:
            setattr(item, f"RegionLocation{name}", value)
        else:
            delattr(item, f"RegionLocation{name}")
    assert read(item) == ()
    assert spacing_mm(read(item)) is None


def test_the_largest_two_dimensional_region_in_cm_gives_the_spacing() -> None:
    screen = region(0, 0, 319, 239, RegionSpatialFormat=0, PhysicalDeltaX=9.0)
    small = region(0, 0, 50, 50, PhysicalDeltaX=0.01, PhysicalDeltaY=0.01)
    large = region(60, 20, 319, 230, PhysicalDeltaX=0.02, PhysicalDeltaY=0.04)
    doppler = region(
        0, 0, 319, 200, RegionSpatialFormat=3, PhysicalUnitsXDirection=4, PhysicalUnitsYDirection=7
    )
    assert spacing_mm(read(screen, small, large, doppler)) == pytest.approx((0.2, 0.4))


def test_no_calibration_is_none() -> None:
    assert spacing_mm(read(region(PhysicalUnitsXDirection=0))) is None
    assert spacing_mm(read(region(PhysicalDeltaX=0.0))) is None
    assert read_regions(Dataset(), 240, 320) == ()


def test_a_value_that_does_not_parse_leaves_no_region() -> None:
    data = Dataset()
    data.SequenceOfUltrasoundRegions = regions(region(), region())
    tag = Tag("RegionFlags")
    raw = RawDataElement(tag, "U\0", 4, b"DOE ", 0, is_implicit_VR=False, is_little_endian=True)
    data.SequenceOfUltrasoundRegions[0][tag] = raw
    assert read_regions(data, 240, 320) == ()


def test_regions_come_in_the_order_of_painting() -> None:
    bar = region(0, 24, 20, 239, RegionSpatialFormat=5, RegionFlags=0)
    low = region(RegionFlags=1)
    high = region(100, 100, 200, 200, RegionSpatialFormat=3, RegionFlags=0)
    screen = region(0, 0, 319, 239, RegionSpatialFormat=0, RegionFlags=1)
    assert [r["kind"] for r in read(bar, high, low, screen)] == ["none", "2d", "graphics", "spectral"]


def test_what_is_painted_over_an_image_is_told_and_whole_screens_are_not() -> None:
    low, bar = region(RegionFlags=1), region(0, 24, 20, 239, RegionSpatialFormat=5, RegionFlags=0)
    screen = region(0, 0, 319, 239, RegionSpatialFormat=0, RegionFlags=0)
    found = read(bar, low, screen)
    place = next(i for i, r in enumerate(found) if r["kind"] == "2d")
    assert [r["kind"] for r in overwriting(found, place)] == ["graphics"]
    assert overwriting(read(region(RegionFlags=0), bar), 1) == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (0.0362811792, 0.0362812),
        (-0.03826530650258064, -0.0382653),
        (88994471.0, 0.0),
        (-12345.678912, 0.0),
        (1e-9, 0.0),
        (float("nan"), 0.0),
    ],
)
def test_a_size_of_a_pixel_has_no_room_for_a_number_of_a_record(written: float, kept: float) -> None:
    (found,) = read(region(PhysicalDeltaX=written))
    assert found["delta_x"] == kept


def strip(**values: object) -> dict[str, object]:
    """Return a spectral strip of 0.5 cm/s and 4 ms a pixel, whose upper left corner is (20, 100)."""
    units = {"RegionSpatialFormat": 3, "PhysicalUnitsXDirection": 4, "PhysicalUnitsYDirection": 7}
    size = {"PhysicalDeltaX": 0.004, "PhysicalDeltaY": -0.5}
    (found,) = read(region(20, 100, 299, 219, **{**units, **size, **values}))
    return found


def test_the_baseline_is_the_reference_pixel_counted_from_the_boxs_corner() -> None:
    found = strip(ReferencePixelX0=0, ReferencePixelY0=80)
    assert (found["zero_x"], found["zero_y"]) == (20.0, 180.0)


def test_a_reference_pixel_that_is_not_zero_is_followed_to_where_zero_is() -> None:
    # 10 cm/s stand at row 100 + 40, half a cm/s less a row: 0 is 20 rows farther down.
    found = strip(ReferencePixelY0=40, ReferencePixelPhysicalValueY=10.0)
    assert found["zero_y"] == 160.0
    assert "zero_x" not in found


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"ReferencePixelY0": 4_000_129},
        {"ReferencePixelY0": -300},
        {"ReferencePixelY0": 9, "PhysicalDeltaY": 0.0},
    ],
)
def test_an_axis_without_a_zero_near_its_box_has_none(values: dict[str, object]) -> None:
    assert "zero_y" not in strip(**values)


def test_a_zero_has_no_room_for_a_records_number() -> None:
    found = strip(ReferencePixelY0=80, ReferencePixelPhysicalValueY=1.2345678)
    assert found["zero_y"] == 182.47
