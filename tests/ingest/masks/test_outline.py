"""Outlines give their mask back; what is no mask is refused with what is legal."""

from math import dist

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.makers import fan
from unisono.base.errors import IngestError
from unisono.ingest.masks.drawn import drawn_mask
from unisono.ingest.masks.outline import checked_polygons, draggable, outlines, parse_polygon

SQUARE = [(10.0, 10.0), (60.0, 10.0), (60.0, 60.0), (10.0, 60.0)]


def filled(polygons: object, shape: tuple[int, int]) -> np.ndarray:
    out = np.zeros(shape, np.uint8)
    for polygon in polygons:  # type: ignore[attr-defined]
        cv2.fillPoly(out, [np.round(polygon).astype(np.int32)], 1)
    return out.astype(bool)


def test_an_outline_encloses_its_fan() -> None:
    keep = fan()
    assert (filled(outlines(keep), keep.shape) ^ keep).mean() < 0.005


def test_few_corners_are_enough_to_draw_from() -> None:
    keep = fan()
    keep[:3, :3] = True
    (corners,) = draggable(keep)
    assert 4 <= len(corners) <= 20
    assert (filled([corners], keep.shape) ^ keep).mean() < 0.03
    assert len(outlines(keep)) == 2


@pytest.mark.parametrize("radius", [0, 4, 8])
def test_a_round_corner_is_one_to_drag_inside_of_the_mask(radius: int) -> None:
    keep = np.zeros((600, 800), np.uint8)
    keep[73:554, 100:701] = 1
    round_ = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    keep = cv2.morphologyEx(keep, cv2.MORPH_OPEN, round_).astype(bool)
    (corners,) = draggable(keep)
    assert len(corners) == 4
    for square in ((100, 73), (100, 553), (700, 73), (700, 553)):
        assert min(dist(square, corner) for corner in corners) <= radius
    assert not (drawn_mask([corners], *keep.shape).keep & ~keep).any()


def test_a_hole_has_its_own_edge() -> None:
    keep = np.zeros((80, 80), bool)
    keep[10:70, 10:70] = True
    keep[30:50, 30:50] = False
    assert len(outlines(keep)) == 2
    assert len(outlines(keep, holes=False)) == 1
    assert outlines(np.zeros((8, 8), bool)) == draggable(np.zeros((8, 8), bool)) == ()


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=3, max_size=12))
def test_what_passes_lies_in_the_frame_and_encloses_something(polygon: list[tuple[float, float]]) -> None:
    try:
        (corners,) = checked_polygons([polygon], 100, 120)
    except IngestError:
        return
    assert all(0 <= x <= 119 and 0 <= y <= 99 for x, y in corners)
    assert cv2.contourArea(np.asarray(corners, np.float32)) >= 0.005 * 100 * 120


@pytest.mark.parametrize(
    "polygons",
    [
        [], [SQUARE] * 21, [SQUARE[:2]], [SQUARE * 51], [[(1.0, 1.0, 1.0)] * 3],
        [[(0.0, 0.0), (9.0, 9.0), (99.0, 99.0)]],
        [[*SQUARE, (float("nan"), 1.0)]], [[*SQUARE, (float("inf"), 1.0)]],
    ],
)  # fmt: skip
def test_what_is_no_mask_is_refused(polygons: list[list[tuple[float, ...]]]) -> None:
    with pytest.raises(IngestError, match="E_MASK_IMPLAUSIBLE"):
        checked_polygons(polygons, 100, 120)


def test_a_polygon_is_read_from_words() -> None:
    assert list(parse_polygon("10,10 60,10  60,60 10,60")) == SQUARE
    with pytest.raises(IngestError, match="x,y"):
        parse_polygon("10;10 60,10")
