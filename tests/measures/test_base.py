import numpy as np
import pytest

from unisono.base.errors import LabelError
from unisono.base.units import Points
from unisono.measures.base import Measure, measures, sampled

SHAPES = {
    "path": (np.array([[0.0, 0.0], [3.0, 4.0], [9.0, 4.0]]), np.array([[1.0, 0.0], [3.0, 6.0], [9.0, 5.0]])),
    "point": (np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]])),
}


@pytest.mark.parametrize("measure", measures().values(), ids=lambda m: m.name)
def test_every_measure_is_symmetric_and_ideal_on_equal_answers(measure: Measure) -> None:
    a, b = SHAPES[measure.shape]
    assert measure.between(a, b) == pytest.approx(measure.between(b, a), abs=1e-12)
    best = 0.0 if measure.better == "low" else 1.0
    assert measure.between(a, a) == pytest.approx(best, abs=1e-9)
    assert measure.between(a, b) != pytest.approx(best, abs=1e-3)


@pytest.mark.parametrize("measure", measures().values(), ids=lambda m: m.name)
def test_no_measure_depends_on_the_end_that_was_drawn_first(measure: Measure) -> None:
    a, b = SHAPES[measure.shape]
    assert measure.between(a[::-1], b) == pytest.approx(measure.between(a, b), abs=1e-9)


def test_sampling_is_even_along_the_path() -> None:
    points = sampled(np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0]]), 11)
    np.testing.assert_allclose(points[:, 0], np.arange(11.0), atol=1e-12)


@pytest.mark.parametrize("path", [np.zeros((1, 2)), np.zeros((5, 2)), np.zeros(4)])
def test_a_path_without_length_is_refused(path: Points) -> None:
    with pytest.raises(LabelError, match="two different points"):
        sampled(path)
