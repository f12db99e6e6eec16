import numpy as np
import pytest

from tests.agree.make import half_circle
from unisono.measures.between.hausdorff import hausdorff


def test_concentric_half_circles() -> None:
    assert hausdorff(half_circle(30, 4001), half_circle(34, 4001)) == pytest.approx(4.0, abs=1e-4)


def test_the_worst_place_between_vertices_counts() -> None:
    flat, tent = np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([[0.0, 0.0], [5.0, 3.0], [10.0, 0.0]])
    assert hausdorff(flat, tent) == pytest.approx(3.0, abs=1e-3)
