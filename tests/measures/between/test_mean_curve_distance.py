import numpy as np
import pytest

from tests.agree.make import half_circle
from unisono.measures.between.mean_curve_distance import mean_curve_distance


def test_parallel_segments_are_their_distance_apart() -> None:
    a = np.array([[0.0, 0.0], [50.0, 0.0]])
    assert mean_curve_distance(a, a + np.array([0, 2.5])) == pytest.approx(2.5, abs=1e-12)


def test_concentric_half_circles_differ_by_their_radii() -> None:
    assert mean_curve_distance(half_circle(30, 4001), half_circle(34, 4001)) == pytest.approx(4.0, abs=1e-4)


def test_a_difference_at_one_end_leaves_the_rest_at_zero() -> None:
    a = np.column_stack([np.linspace(0, 100, 101), np.zeros(101)])
    b = np.vstack([a, [[110.0, 0.0]]])
    # b's last tenth of an eleventh is up to 10 away, 5 on average, and a lies on b.
    assert mean_curve_distance(a, b) == pytest.approx((10 / 110 * 5) / 2, rel=0.05)
