import numpy as np
import pytest

from unisono.measures.between.hausdorff import hausdorff
from unisono.measures.between.hausdorff_95 import hausdorff_95


def test_parallel_segments() -> None:
    a = np.array([[0.0, 0.0], [50.0, 0.0]])
    assert hausdorff_95(a, a + np.array([0, 2.5])) == pytest.approx(2.5, abs=1e-12)


def test_a_spike_narrower_than_a_twentieth_does_not_count() -> None:
    line = np.array([[0.0, 0.0], [100.0, 0.0]])
    spike = np.array([[0.0, 0.0], [49.0, 0.0], [50.0, 1.5], [51.0, 0.0], [100.0, 0.0]])
    assert hausdorff(line, spike) == pytest.approx(1.5, abs=0.15)
    assert hausdorff_95(line, spike) == pytest.approx(0.0, abs=0.02)
