import numpy as np
import pytest

from tests.agree.make import half_circle
from unisono.measures.between.dice import dice


def test_concentric_half_circles() -> None:
    r1, r2 = 30.0, 34.0
    expected = 2 * r1**2 / (r1**2 + r2**2)
    assert dice(half_circle(r1, 4001), half_circle(r2, 4001)) == pytest.approx(expected, abs=1e-4)


def test_areas_apart_share_nothing() -> None:
    assert dice(half_circle(10), half_circle(10) + np.array([500, 0])) == 0.0


def test_a_border_that_crosses_itself_has_an_area_still() -> None:
    bow = np.array([[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]])
    assert 0 < dice(bow, bow) <= 1
