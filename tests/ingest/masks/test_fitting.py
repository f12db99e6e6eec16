"""The shape that is chosen, and what may not come in with it."""

import cv2
import numpy as np
import pytest

from tests.ingest import makers, screens
from unisono.ingest.masks.fitting import fit_shape, without_print
from unisono.ingest.masks.sector import Evidence


def evidence(area: np.ndarray, level: int = 120) -> Evidence:
    return Evidence(area, "motion", (area * level).astype(np.uint8))


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        ("phased", "fan"),
        ("convex", "fan"),
        ("cropped", "fan"),
        ("linear", "rectangle"),
        ("trapezium", "trapezium"),
    ],
)
def test_each_kind_of_probe_gets_its_shape(shape: str, name: str) -> None:
    scene = screens.Scene(shape=shape, near_share=0.0 if shape == "phased" else 0.3)
    sector, _, _ = screens.geometry(scene)
    fitted = fit_shape(sector, evidence(sector))
    assert fitted.name == name
    assert np.count_nonzero(fitted.area ^ sector) <= 0.02 * np.count_nonzero(sector)


def test_one_ragged_dark_side_is_completed_by_symmetry() -> None:
    sector, _, _ = screens.geometry(screens.Scene(rows=600, columns=800))
    y, x = np.mgrid[:600, :800]
    seen = sector & (x > 330 + 20 * np.sin(y / 9.0))
    fitted = fit_shape(seen, evidence(seen))
    assert fitted.name == "fan"
    assert np.count_nonzero(fitted.area & sector) >= 0.98 * np.count_nonzero(sector)
    assert np.count_nonzero(fitted.area & ~sector) <= 0.02 * np.count_nonzero(sector)


@pytest.mark.parametrize(("axes", "angle"), [((150, 60), 30), ((100, 100), 0), ((130, 70), 60)])
def test_a_round_area_stays_its_hull(axes: tuple[int, int], angle: int) -> None:
    blob = np.zeros((300, 400), np.uint8)
    cv2.ellipse(blob, (200, 150), axes, angle, 0, 360, 1, -1)
    fitted = fit_shape(blob.astype(bool), evidence(blob.astype(bool)))
    assert fitted.name == "hull"
    assert np.count_nonzero(fitted.area ^ blob.astype(bool)) <= 0.02 * np.count_nonzero(blob)
    assert len(fitted.shape["corners_px"]) > 4


def test_words_in_a_dark_side_are_cut_out_of_the_shape() -> None:
    sector = makers.fan()
    seen = sector.copy()
    seen[:, :140] = False
    picture = (seen * 120).astype(np.uint8)
    cv2.putText(picture, "DOE", (105, 150), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255, 1)
    letters = (picture == 255) & sector
    fitted = fit_shape(seen, Evidence(seen, "motion", picture))
    assert letters.any()
    assert not (fitted.area & letters).any()


def test_print_takes_a_margin_and_never_the_evidence() -> None:
    area = np.ones((60, 60), bool)
    held = np.zeros_like(area)
    held[:, :30] = True
    picture = np.zeros((60, 60), np.uint8)
    picture[30, 25:35] = 255
    cut = without_print(area, held, picture)
    assert cut[:, :30].all()
    assert not cut[28:33, 30:37].any()
    assert cut[:, 40:].all()


def test_a_side_that_moves_faintly_is_fitted_again() -> None:
    whole = np.zeros((300, 400), bool)
    whole[40:260, 80:320] = True
    sure = whole.copy()
    sure[:, 280:] = False
    both = Evidence(sure, "motion", (sure * 120).astype(np.uint8), whole)
    assert np.count_nonzero(fit_shape(sure, both).area) == np.count_nonzero(whole)
    assert np.count_nonzero(fit_shape(sure, evidence(sure)).area) == np.count_nonzero(sure)
