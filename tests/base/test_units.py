import numpy as np
import pytest

from unisono.base.errors import LabelError
from unisono.base.units import Spacing, unit_of


def test_each_axis_has_its_own_size() -> None:
    spacing = Spacing(x_mm=0.5, y_mm=0.25)
    points = np.array([[2.0, 4.0], [0.0, -1.0]])
    assert spacing.to_mm(points).tolist() == [[1.0, 1.0], [0.0, -0.25]]
    assert np.array_equal(spacing.to_px(spacing.to_mm(points)), points)


@pytest.mark.parametrize("size", [(0.0, 1.0), (1.0, -1.0), (float("nan"), 1.0)])
def test_a_pixel_has_a_size(size: tuple[float, float]) -> None:
    with pytest.raises(LabelError, match="positive mm per pixel"):
        Spacing(*size)


def test_without_a_calibration_lengths_are_pixels() -> None:
    assert unit_of(None) == "px"
    assert unit_of(Spacing(1, 1)) == "mm"
