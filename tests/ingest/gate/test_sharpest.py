import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from unisono.ingest.gate.sharpest import Sharpest

Frames = NDArray[np.uint8]


def sharpest(frames: Frames) -> Frames:
    found = Sharpest()
    for frame in frames:
        found.add(frame)
    return found.image()


def tissue(seed: int, shape: tuple[int, int, int]) -> Frames:
    noise = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return np.stack([cv2.GaussianBlur(frame, (15, 15), 5) for frame in noise])


@pytest.mark.parametrize("grey", [0, 60, 190, 255])
@pytest.mark.parametrize("place", [0, 1, 19])
def test_a_word_is_taken_whole_from_the_frame_that_shows_it(grey: int, place: int) -> None:
    frames = tissue(1, (20, 100, 300))
    cv2.putText(frames[place], "A7129754", (90, 57), cv2.FONT_HERSHEY_SIMPLEX, 0.5, grey, 1, cv2.LINE_AA)
    assert np.array_equal(sharpest(frames)[44:58, 88:166], frames[place, 44:58, 88:166])


def test_tissue_alone_stays_that_of_the_first_frame() -> None:
    frames = tissue(2, (30, 96, 160))
    assert np.array_equal(sharpest(frames), frames[0])


@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_every_pixel_is_one_of_a_frame_whatever_the_size(rows: int, columns: int, n: int, seed: int) -> None:
    frames = np.random.default_rng(seed).integers(0, 256, (n, rows, columns), dtype=np.uint8)
    assert (sharpest(frames)[None] == frames).any(axis=0).all()


def test_without_a_frame_there_is_none() -> None:
    with pytest.raises(ValueError, match="without frames"):
        Sharpest().image()
