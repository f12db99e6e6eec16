"""The middle of several answers, and what their scatter allows, on shapes with known distances."""

import numpy as np
import pytest

from unisono.base.units import Points
from unisono.release.middle import allowed_px, apart_px, off_middle_px, reach_px


def arc(radius: float, share: float = 1.0, centre: tuple[float, float] = (100.0, 100.0)) -> Points:
    """Return a half circle, or the first share of one."""
    angle = np.linspace(0, np.pi * share, 400)
    return np.column_stack([np.cos(angle), -np.sin(angle)]) * radius + centre


def test_three_half_circles_are_apart_by_their_radii() -> None:
    drawn = [arc(48), arc(50), arc(54)]
    assert apart_px(drawn) == pytest.approx((2 + 6 + 4) / 3, rel=0.02)
    assert reach_px(drawn) == pytest.approx(2.0, abs=0.05)  # 2, 2 and 4
    assert allowed_px(drawn) == pytest.approx(2 + 1.5 * apart_px(drawn))


def test_the_middle_is_the_median_and_has_no_direction() -> None:
    drawn = [arc(48), arc(50)[::-1], arc(54)]
    assert off_middle_px(arc(50), drawn) == pytest.approx(0.0, abs=0.05)
    # 3 px wider all around: of a half circle, least squares makes that a move by 4 / pi of it.
    assert off_middle_px(arc(53), drawn) == pytest.approx(3 * 4 / np.pi, abs=0.05)


@pytest.mark.parametrize("move", [(6.0, 0.0), (0.0, 6.0), (-4.0, 4.0)])
def test_a_move_is_measured_though_it_slides_along_the_curve_in_places(move: tuple[float, float]) -> None:
    drawn = [arc(49), arc(50)[::-1], arc(51)]
    assert off_middle_px(arc(50) + move, drawn) == pytest.approx(np.hypot(*move), abs=0.8)


def test_who_is_elsewhere_or_stops_early_moves_neither_the_middle_nor_much_of_the_bound() -> None:
    good = [arc(48 + 0.5 * k) for k in range(9)]
    odd = [*good, arc(90), arc(50, 0.7)[::-1]]
    assert off_middle_px(arc(50), odd) == pytest.approx(off_middle_px(arc(50), good), abs=0.3)
    assert allowed_px(odd) < 12 < np.ptp([48, 90])


def test_points() -> None:
    drawn = [np.array([[x, 10.0]]) for x in (9.0, 10.0, 12.0)]
    assert off_middle_px(np.array([[13.0, 14.0]]), drawn) == pytest.approx(5.0)
    assert apart_px(drawn) == pytest.approx(2.0)


def test_a_single_answer_is_apart_from_nobody() -> None:
    assert (apart_px([arc(50)]), reach_px([arc(50)]), allowed_px([arc(50)])) == (0.0, 0.0, 2.0)


def test_a_label_that_no_answer_lies_beside_is_nowhere_near() -> None:
    far = np.column_stack([np.linspace(500, 600, 50), np.full(50, 100.0)])
    assert off_middle_px(far, [arc(50), arc(52)]) > 100
