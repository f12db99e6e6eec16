import numpy as np
import pytest

from tests.agree.make import half_circle
from unisono.measures.between.frechet import frechet


def test_concentric_half_circles() -> None:
    assert frechet(half_circle(30, 4001), half_circle(34, 4001)) == pytest.approx(4.0, abs=1e-4)


def test_it_sees_an_order_that_hausdorff_does_not() -> None:
    there = np.array([[0.0, 0.0], [100.0, 0.0]])
    back_and_forth = np.array([[0.0, 0.0], [80.0, 0.0], [20.0, 0.0], [100.0, 0.0]])
    # The leash must span half of the way back: the walker on the line cannot go back.
    assert frechet(there, back_and_forth) == pytest.approx(30.0, abs=1.0)
