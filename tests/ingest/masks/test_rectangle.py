"""Rectangles and trapezia of known corners."""

import numpy as np
import pytest

from unisono.ingest.masks.edges import fill_polygon, rim_of
from unisono.ingest.masks.rectangle import deepened, fit_trapezium


def area(*corners: tuple[float, float]) -> np.ndarray:
    return fill_polygon(np.array(corners), 400, 500)


def test_a_rectangle_comes_back() -> None:
    found = fit_trapezium(rim_of(area((100, 50), (399, 50), (399, 349), (100, 349))))
    assert found.describe()["kind"] == "rectangle"
    assert np.array(found.corners()) == pytest.approx(
        np.array([(100, 50), (399, 50), (399, 349), (100, 349)])
    )


@pytest.mark.parametrize("lean", [(60, -60), (-40, 40), (50, 50), (0, -80)])
def test_slanted_sides_come_back(lean: tuple[int, int]) -> None:
    true = area((150, 50), (350, 50), (350 - lean[1], 350), (150 - lean[0], 350))
    found = fit_trapezium(rim_of(true))
    assert found.describe()["kind"] == "trapezium"
    assert np.count_nonzero(found.fill(400, 500) ^ true) <= 0.02 * np.count_nonzero(true)


def test_dark_notches_in_every_side_change_nothing() -> None:
    true = area((100, 50), (399, 50), (399, 349), (100, 349))
    dark = true.copy()
    dark[100:180, :160] = dark[200:300, 330:] = dark[:90, 200:300] = dark[300:, 150:250] = False
    assert np.array_equal(fit_trapezium(rim_of(dark)).fill(400, 500), true)


def test_a_dim_bottom_is_reached_and_no_further() -> None:
    found = fit_trapezium(rim_of(area((100, 50), (399, 50), (399, 349), (100, 349))))
    rim = rim_of(area((100, 50), (399, 50), (399, 355), (100, 355)))
    assert deepened(found, rim).bottom_px == pytest.approx(355, abs=1)
    assert deepened(found, rim_of(np.ones((400, 500), bool))).bottom_px <= 349 + 0.04 * 299 + 1
