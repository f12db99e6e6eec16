import numpy as np
import pytest

from unisono.base.errors import LabelError
from unisono.measures.between.point_distance import point_distance


def test_three_four_five() -> None:
    assert point_distance(np.array([[1.0, 1.0]]), np.array([[4.0, 5.0]])) == 5.0


def test_a_path_is_no_point() -> None:
    with pytest.raises(LabelError, match=r"\(1, 2\)"):
        point_distance(np.zeros((2, 2)), np.zeros((1, 2)))
