"""Sides and levels of shapes whose lines are known, with notches and outliers."""

import numpy as np
import pytest

from unisono.ingest.masks.edges import fill_polygon, level, rim_of, side_line


def wedge(slope: float = 0.5) -> np.ndarray:
    y, x = np.mgrid[:300, :400]
    return (x >= 150 - slope * y) & (x <= 200 + slope * y) & (y >= 20) & (y < 280)


@pytest.mark.parametrize("slope", [0.0, 0.2, 0.5])
def test_the_sides_of_a_wedge_are_found(slope: float) -> None:
    rim = rim_of(wedge(slope))
    left = side_line(rim.left, rim.tolerance_px, is_left=True)
    right = side_line(rim.right, rim.tolerance_px, is_left=False)
    assert (left.slope, left.at(100)) == pytest.approx((-slope, 150 - 100 * slope), abs=1.0)
    assert (right.slope, right.at(100)) == pytest.approx((slope, 200 + 100 * slope), abs=1.0)
    assert left.touched > 0.95
    assert right.cut == 0.0


def test_a_dark_notch_does_not_move_a_side() -> None:
    area = wedge()
    area[80:200, :150] = False
    rim = rim_of(area)
    left = side_line(rim.left, rim.tolerance_px, is_left=True)
    assert (left.slope, left.at(250)) == pytest.approx((-0.5, 25), abs=1.0)


def test_a_small_bump_does_not_move_a_side() -> None:
    area = wedge()
    area[150:155, 40:100] = True
    rim = rim_of(area)
    left = side_line(rim.left, rim.tolerance_px, is_left=True)
    assert left.at(250) == pytest.approx(25, abs=1.0)
    assert left.cut > 0


@pytest.mark.parametrize(("is_last", "outlier"), [(True, 300.0), (False, 3.0)])
def test_the_level_that_many_touch_wins_over_an_outlier(is_last: bool, outlier: float) -> None:
    values = np.array([120.0] * 40 + [121.0] * 40 + [outlier] * 2)
    value, share = level(values, 2.0, is_last=is_last)
    assert value == pytest.approx(120.5, abs=0.6)
    assert share == pytest.approx(80 / 82)


def test_a_rim_gives_the_size_of_its_area_and_fewer_points_when_asked() -> None:
    rim = rim_of(wedge())
    assert (rim.height_px, rim.width_px) == (260.0, wedge().any(axis=0).sum())
    assert len(rim.thinned(50).left) <= 50


def test_a_polygon_holds_its_corners_to_half_a_pixel() -> None:
    area = fill_polygon(np.array([(9.6, 4.6), (30.4, 4.6), (30.4, 20.4), (9.6, 20.4)]), 40, 60)
    ys, xs = np.nonzero(area)
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (10, 30, 5, 20)
