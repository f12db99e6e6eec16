import cv2
import numpy as np
import pytest

from unisono.ingest.gate.tints import Tints

WORD = cv2.putText(np.zeros((41, 91), np.uint8), "JANE", (5, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2) > 0


def tissue(n_frames: int) -> np.ndarray:
    grey = np.random.default_rng(n_frames).integers(80, 180, (n_frames, 41, 91, 1), dtype=np.uint8)
    return np.repeat(grey, 3, axis=3)


def tints(frames: np.ndarray) -> np.ndarray | None:
    found = Tints()
    for frame in frames:
        before = frame.copy()
        found.add(frame)
        assert np.array_equal(frame, before)
    return found.image()


@pytest.mark.parametrize("shown", [slice(None), slice(4, 5)])
def test_a_word_as_bright_as_what_it_lies_on_stands_alone(shown: slice) -> None:
    frames = tissue(9)
    luma = frames[shown, WORD, 0].astype(float)
    frames[shown, WORD] = np.stack([luma * 0, np.minimum(luma / 0.587, 255), luma * 0], axis=-1).astype(
        np.uint8
    )
    found = tints(frames)
    assert found is not None
    assert np.array_equal(found > 0, WORD)


def test_colour_and_tissue_that_move_are_as_far_from_grey_as_they_ever_were() -> None:
    frames = np.random.default_rng(1).integers(0, 256, (5, 40, 50, 3), dtype=np.uint8)
    expected = (frames.max(axis=3) - frames.min(axis=3)).max(axis=0)
    found = tints(frames)
    assert found is not None
    assert np.array_equal(found, np.where(expected > 40, expected, 0))


def test_grey_a_codecs_noise_and_a_speck_are_nothing() -> None:
    assert tints(tissue(3)[..., 0]) is None
    assert tints(tissue(3)) is None
    noise = np.random.default_rng(2).integers(0, 24, (3, 41, 91, 3), dtype=np.uint8)
    assert tints(tissue(3) + noise) is None
    speck = tissue(3)
    speck[1, 10:14, 10:14, 2] = 0
    assert tints(speck) is None
    assert Tints().image() is None


@pytest.mark.parametrize("place", [(0, 0), (0, 84), (34, 0), (34, 84)])
def test_a_tint_in_a_corner_is_seen_whole(place: tuple[int, int]) -> None:
    frames = tissue(1)
    row, column = place
    frames[0, row : row + 7, column : column + 7] = (200, 0, 0)
    found = tints(frames)
    assert found is not None
    assert (found == 200).sum() == 49
