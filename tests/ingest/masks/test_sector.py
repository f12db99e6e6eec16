"""Evidence and pieces, on shapes whose truth is known."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest import makers
from unisono.ingest.masks.sector import (
    Evidence,
    find_evidence,
    hull,
    pieces,
    stroke_px,
    with_faint_parts,
)


def test_motion_goes_before_texture() -> None:
    moving = makers.loop(5)
    assert find_evidence(list(moving), lossless=True).source == "motion"
    assert find_evidence([moving[0]] * 5, lossless=True).source == "texture"


@pytest.mark.parametrize("size", [(112, 112), (240, 320), (600, 800), (1080, 1920)])
def test_text_of_any_frame_size_is_thinner_than_a_stroke(size: tuple[int, int]) -> None:
    rows, columns = size
    page = np.zeros((rows, columns), np.uint8)
    cv2.putText(
        page, "DOE JANE", (5, rows // 2), cv2.FONT_HERSHEY_SIMPLEX, rows / 600, 255, max(1, rows // 400)
    )
    assert pieces(Evidence(page > 0, "texture", page)) == []
    assert stroke_px(rows, columns) % 2 == 1


def test_small_pieces_beside_a_large_one_are_dropped() -> None:
    area = np.zeros((200, 200), bool)
    area[20:180, 20:120] = True
    area[20:40, 150:170] = True
    (found,) = pieces(Evidence(area, "motion", area.astype(np.uint8)))
    assert not found[:, 140:].any()


def test_stacked_pieces_of_like_width_are_one_image() -> None:
    area = np.zeros((200, 200), bool)
    area[20:60, 40:160] = True
    area[120:180, 42:158] = True
    (found,) = pieces(Evidence(area, "motion", area.astype(np.uint8)))
    assert found[25:55, 50:150].all()
    assert found[125:175, 50:150].all()


@given(st.lists(st.tuples(st.integers(0, 39), st.integers(0, 59)), min_size=1, max_size=8))
def test_a_hull_holds_its_points_and_stays_in_their_box(points: list[tuple[int, int]]) -> None:
    area = np.zeros((40, 60), bool)
    for y, x in points:
        area[y, x] = True
    once = hull(area)
    assert once[area].all()
    (y0, x0), (y1, x1) = np.min(points, axis=0), np.max(points, axis=0)
    assert np.count_nonzero(once) == np.count_nonzero(once[y0 : y1 + 1, x0 : x1 + 1])


def test_the_rim_that_a_blur_puts_round_movement_is_taken_off() -> None:
    frames = makers.loop(5, text="")
    area = find_evidence(list(frames), lossless=True).area
    assert np.count_nonzero(area & ~makers.fan()) <= 5
    assert np.count_nonzero(area & makers.fan()) >= 0.99 * np.count_nonzero(makers.fan())


def test_faint_parts_join_only_the_piece_they_touch() -> None:
    piece, faint = np.zeros((200, 300), bool), np.zeros((200, 300), bool)
    piece[40:160, 40:140] = True
    faint[40:160, 130:170] = True
    faint[40:160, 220:260] = True
    wide = with_faint_parts(piece, Evidence(piece, "motion", piece.astype(np.uint8), faint))
    assert wide[60:140, 45:165].all()
    assert not wide[:, 200:].any()
    assert with_faint_parts(piece, Evidence(piece, "motion", piece.astype(np.uint8))) is piece


def test_evidence_within_a_box_has_nothing_outside() -> None:
    frames = makers.loop(5)
    box = np.zeros(frames.shape[1:], bool)
    box[50:100, 50:250] = True
    cut = find_evidence(list(frames), lossless=False).within(box)
    assert cut.faint is not None
    assert not (cut.area | cut.faint | (cut.brightest > 0))[~box].any()
