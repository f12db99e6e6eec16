"""Traces and curves, drawn where they are known, beside words."""

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.ingest.masks.sector import Evidence
from unisono.ingest.masks.traces import declared_trace, ecg_curve, found_trace

REGION = {"x0": 10, "y0": 250, "x1": 309, "y1": 329, "kind": "spectral"}


def box(rows: int = 400) -> np.ndarray:
    area = np.zeros((rows, 320), bool)
    area[250:330, 10:310] = True
    return area


def test_a_declared_box_is_kept_as_it_is_and_a_dark_one_is_not(rng: np.random.Generator) -> None:
    picture = np.zeros((400, 320), np.uint8)
    assert declared_trace(box(), REGION, picture) is None
    picture[260:320, 20:300] = rng.integers(0, 150, (60, 280))
    found = declared_trace(box(), REGION, picture)
    assert found is not None
    assert np.array_equal(found.area, box())
    assert found.shape == {"kind": "rectangle", "of": "spectral", "bounds_px": [10.0, 250.0, 309.0, 329.0]}


@pytest.mark.parametrize(("width", "is_found"), [(280, True), (120, False)])
def test_a_trace_is_wide(rng: np.random.Generator, width: int, is_found: bool) -> None:
    picture = np.zeros((400, 320), np.uint8)
    picture[:240] = makers.loop(1, text="")[0]
    picture[270:340, 20 : 20 + width] = rng.integers(60, 220, (70, width))
    cv2.putText(picture, "DOE JANE 1960", (20, 390), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
    keep = np.zeros(picture.shape, bool)
    keep[:240] = makers.fan()
    found = found_trace(keep, Evidence(keep, "motion", picture), lossless=True)
    assert (found is not None) == is_found
    if found is not None:
        assert found.area[272:338, 22:298].all()
        assert not found.area[372:].any()
        assert not (found.area & keep).any()


def test_a_curve_is_kept_and_letters_of_its_colour_are_not() -> None:
    frame = np.zeros((100, 300, 3), np.uint8)
    x = np.arange(5, 295)
    y = (50 - 25 * np.exp(-(((x % 70) - 35) ** 2) / 20.0)).astype(int)
    cv2.polylines(frame, [np.stack([x, y], axis=1).astype(np.int32)], False, (40, 220, 60), 1)
    curve = frame.any(axis=-1)
    cv2.putText(frame, "62 BPM", (200, 90), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (40, 220, 60), 1)
    found = ecg_curve(np.ones((100, 300), bool), [frame])
    assert found is not None
    assert found.area[curve].all()
    assert not found.area[75:].any()
    assert np.mean(found.area) < 0.1


def test_a_picture_in_a_waveform_box_is_no_curve(rng: np.random.Generator) -> None:
    picture = rng.integers(80, 220, (60, 200), dtype=np.uint8)
    assert ecg_curve(np.ones((60, 200), bool), [picture]) is None
    assert ecg_curve(np.zeros((60, 200), bool), [picture]) is None
