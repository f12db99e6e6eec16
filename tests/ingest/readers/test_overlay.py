"""Active image areas as scanners draw them, and overlays that are something else."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.ingest import makers
from unisono.ingest.readers.overlay import ACTIVE, read_overlay

FAN = makers.fan()


def dataset(area: np.ndarray = FAN, origin: tuple[int, int] = (1, 1), group: int = 0x6000) -> Dataset:
    data = Dataset()
    bits = np.packbits(area.ravel(), bitorder="little").tobytes()
    bits += b"\0" * (len(bits) % 2)
    for element, vr, value in (
        (0x10, "US", area.shape[0]), (0x11, "US", area.shape[1]), (0x40, "CS", "R"), (0x45, "LO", ACTIVE),
        (0x50, "SS", list(origin)), (0x100, "US", 1), (0x102, "US", 0), (0x3000, "OW", bits),
    ):  # fmt: skip
        data.add_new((group, element), vr, value)
    return data


@pytest.mark.parametrize("group", [0x6000, 0x6002, 0x601E])
def test_the_area_comes_back_to_the_pixel(group: int) -> None:
    found = read_overlay(dataset(group=group), 240, 320)
    assert found is not None
    assert np.array_equal(found, FAN)


@pytest.mark.parametrize("origin", [(11, 21), (-9, -19), (1, 300)])
def test_the_origin_is_counted_from_one_and_may_lie_outside(origin: tuple[int, int]) -> None:
    small = np.ones((40, 60), bool)
    found = read_overlay(dataset(small, origin), 240, 320)
    assert found is not None
    top, left = origin[0] - 1, origin[1] - 1
    expected = np.zeros((240, 320), bool)
    expected[max(0, top) : top + 40, max(0, left) : left + 60] = True
    assert np.array_equal(found, expected)


@pytest.mark.parametrize(
    ("element", "value"),
    [(0x40, "G"), (0x45, "USER"), (0x45, "AUTOMATED"), (0x100, 16), (0x102, 8), (0x10, 0), (0x10, 500),
     (0x11, 4000), (0x3000, b"\0\1")],
)  # fmt: skip
def test_other_overlays_do_not_count(element: int, value: object) -> None:
    data = dataset()
    data[0x6000, element].value = value
    assert read_overlay(data, 240, 320) is None


@pytest.mark.parametrize("element", [0x10, 0x11, 0x40, 0x45, 0x50, 0x100, 0x3000])
def test_a_plane_without_an_attribute_does_not_count(element: int) -> None:
    data = dataset()
    del data[0x6000, element]
    assert read_overlay(data, 240, 320) is None


def test_an_empty_area_and_no_overlay_are_none() -> None:
    assert read_overlay(dataset(np.zeros((240, 320), bool)), 240, 320) is None
    assert read_overlay(Dataset(), 240, 320) is None


def test_a_plane_for_some_frames_only_does_not_count() -> None:
    data = dataset()
    data.add_new((0x6000, 0x15), "IS", 5)
    assert read_overlay(data, 240, 320) is None
