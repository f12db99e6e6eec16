"""Which declared areas are trusted, and what overwrites them."""

import numpy as np
import pytest

from tests.ingest import makers
from unisono.ingest.masks.sector import find_evidence
from unisono.ingest.masks.trusted import boxes_area, ecg_areas, image_areas, image_boxes, trace_areas

SHAPE = (240, 320)


def box(kind: str, x0: int = 0, y0: int = 24, x1: int = 319, y1: int = 239) -> dict[str, object]:
    return {"x0": x0, "y0": y0, "x1": x1, "y1": y1, "kind": kind}


def test_bounds_are_inclusive() -> None:
    area = boxes_area([box("2d", 3, 5, 7, 9)], [0], SHAPE)
    assert np.count_nonzero(area) == 25
    assert area[5, 3]
    assert area[9, 7]


def test_a_box_painted_later_takes_its_pixels() -> None:
    graphics = box("graphics", 0, 200, 319, 239)
    assert boxes_area([box("2d"), graphics], [0], SHAPE)[200:].sum() == 0
    assert boxes_area([graphics, box("2d")], [1], SHAPE)[200:].all()


def test_a_whole_screen_painted_later_takes_nothing() -> None:
    assert boxes_area([box("2d"), box("none", y0=0)], [0], SHAPE)[24:].all()


def test_without_boxes_the_frame_may_be_kept() -> None:
    assert image_boxes([], SHAPE).all()
    assert image_boxes([box("waveform")], SHAPE).all()
    assert not image_boxes([box("2d"), box("waveform")], SHAPE)[:24].any()


def test_two_screens_give_two_images() -> None:
    frames = np.concatenate([makers.loop(4), makers.loop(4, seed=1)], axis=2)
    evidence = find_evidence(list(frames), lossless=True)
    halves = [box("2d"), box("2d", 320, 24, 639, 239)]
    areas = list(image_areas(evidence, halves, None))
    assert [part.name for part in areas] == ["fan", "fan"]
    assert not (areas[0].area & areas[1].area).any()


@pytest.mark.parametrize("kind", ["spectral", "m-mode"])
def test_a_screen_of_traces_alone_is_searched_for_no_image(kind: str) -> None:
    evidence = find_evidence(list(makers.loop(4)), lossless=True)
    regions = [box(kind)]
    assert list(image_areas(evidence, regions, None)) == []
    assert [part.shape["of"] for part in trace_areas(evidence, regions)] == [kind]


def test_an_ecg_needs_its_declared_box() -> None:
    frames = makers.loop(2)
    frames[:, 230, 10:310] = 200
    assert list(ecg_areas(list(frames), [box("2d")])) == []
    (curve,) = ecg_areas(list(frames), [box("waveform", y0=222)])
    assert curve.area[230, 12:308].all()
