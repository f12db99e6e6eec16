"""Pixels inside an outline: counted by hand, against areas, and against a second rule."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from unisono.labels.inside import pixels_inside

SHAPE = (40, 50)
# Thousandths of a pixel: the reference divides by lengths, and no hand draws one of 1e-300.
PLACES = st.tuples(
    st.integers(-20_000, 70_000).map(lambda v: v / 1000), st.integers(-20_000, 60_000).map(lambda v: v / 1000)
)


def outline(*corners: tuple[float, float]) -> np.ndarray:
    return np.array(corners, dtype=np.float64)


def test_a_rectangle_between_pixels_holds_the_pixels_between() -> None:
    inside = pixels_inside(outline((1.5, 2.5), (4.5, 2.5), (4.5, 6.5), (1.5, 6.5)), SHAPE)
    assert inside.sum() == 12
    assert inside[3:7, 2:5].all()


def test_neighbours_share_no_pixel_and_miss_none() -> None:
    left = pixels_inside(outline((3, 3), (10, 3), (14, 20), (3, 20)), SHAPE)
    right = pixels_inside(outline((10, 3), (30, 3), (30, 20), (14, 20)), SHAPE)
    both = pixels_inside(outline((3, 3), (30, 3), (30, 20), (3, 20)), SHAPE)
    assert not (left & right).any()
    assert ((left | right) == both).all()


def test_a_circle_has_its_area() -> None:
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    circle = np.column_stack([200 + 150 * np.cos(angle), 200 + 150 * np.sin(angle)])
    assert pixels_inside(circle, (400, 400)).sum() == pytest.approx(np.pi * 150**2, rel=1e-3)


def test_what_is_wound_twice_is_outside() -> None:
    eight = pixels_inside(outline((0, 0), (20, 0), (0, 20), (20, 20)), SHAPE)
    assert eight[2, 10]
    assert eight[18, 10]
    assert not eight[10, 2]


def test_what_lies_off_the_frame_is_cut() -> None:
    assert pixels_inside(outline((-100, -100), (200, -100), (200, 200), (-100, 200)), SHAPE).all()
    assert not pixels_inside(outline((-30, 0), (-2, 0), (-2, 30)), SHAPE).any()


@given(corners=st.tuples(PLACES, PLACES, PLACES))
def test_a_triangle_holds_the_centres_that_lie_inside_it(
    corners: tuple[tuple[float, float], ...],
) -> None:
    triangle = shapely.Polygon(corners)
    inside = pixels_inside(outline(*corners), SHAPE)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    clear = shapely.distance(shapely.LineString([*corners, corners[0]]), shapely.points(x, y)) > 1e-6
    assert (inside == shapely.contains_xy(triangle, x, y))[clear].all()


@given(corners=st.lists(PLACES, min_size=3, max_size=8), first=st.integers(0, 7))
def test_the_corner_to_begin_with_and_the_direction_do_not_matter(
    corners: list[tuple[float, float]], first: int
) -> None:
    turned = np.roll(outline(*corners), first % len(corners), axis=0)
    for other in (turned, turned[::-1]):
        assert (pixels_inside(other, SHAPE) == pixels_inside(outline(*corners), SHAPE)).all()
