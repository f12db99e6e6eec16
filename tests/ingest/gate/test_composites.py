import cv2
import numpy as np
import pytest

from unisono.ingest.gate.composites import CompositeBuilder, Extremes, median_image, to_grey


def built(frames: np.ndarray) -> CompositeBuilder:
    builder = CompositeBuilder()
    for frame in frames:
        builder.add(frame)
    return builder


@pytest.mark.parametrize("n_frames", [1, 2, 5, 23, 24])
def test_the_median_of_a_short_clip_is_that_of_all_frames(n_frames: int) -> None:
    frames = np.random.default_rng(n_frames).integers(0, 256, (n_frames, 20, 30), dtype=np.uint8)
    images = built(frames).composites()
    assert np.array_equal(images.brightest, frames.max(axis=0))
    assert np.array_equal(images.darkest, frames.min(axis=0))
    assert np.array_equal(images.median, np.sort(frames, axis=0)[(n_frames - 1) // 2])


@pytest.mark.parametrize("n_frames", [25, 49, 100, 1001])
def test_a_long_clip_holds_frames_spread_over_all_of_it(n_frames: int) -> None:
    frames = np.zeros((n_frames, 2, 2), np.uint8)
    frames[:] = (np.arange(n_frames) * 255 // (n_frames - 1))[:, None, None]
    builder = built(frames)
    images = builder.composites()
    assert 12 <= builder.n_kept <= 24
    assert images.brightest.max() == 255
    assert images.darkest.max() == 0
    assert abs(int(images.median[0, 0]) - 127) <= 255 / 12


def test_large_frames_are_held_in_small_number() -> None:
    builder = built(np.zeros((30, 2100, 2100), np.uint8))
    assert builder.n_kept <= 7


def test_what_is_shown_once_is_in_the_brightest_and_what_stays_is_in_both() -> None:
    frames = np.random.default_rng(0).integers(0, 60, (40, 20, 20), dtype=np.uint8)
    frames[:, 5, :] = 200
    frames[33, 10, :] = 210
    frames += 10
    frames[33, 15, :] = 3
    images = built(frames).composites()
    assert (images.brightest[5] == 210).all()
    assert (images.median[5] == 210).all()
    assert (images.darkest[5] == 210).all()
    assert (images.brightest[10] == 220).all()
    assert (images.median[10] < 70).all()
    assert (images.darkest[15] == 3).all()
    assert (images.median[15] > 10).all()


def test_a_word_of_any_grey_shown_once_stands_whole_on_the_sharpest() -> None:
    frames = np.random.default_rng(2).integers(40, 160, (40, 64, 160), dtype=np.uint8)
    frames = np.stack([cv2.GaussianBlur(frame, (9, 9), 3) for frame in frames])
    frames[33] = cv2.putText(frames[33], "JOHNSON", (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 20, 1)
    assert np.array_equal(built(frames).composites().sharpest[24:44, 16:104], frames[33, 24:44, 16:104])


def test_white_words_stand_out_from_a_colour_map() -> None:
    frame = np.full((4, 4, 3), (0, 0, 255), np.uint8)
    frame[1] = 255
    grey = to_grey(frame)
    assert int(grey[1, 0]) - int(grey[0, 0]) > 200


def test_only_a_clip_with_colour_has_tints() -> None:
    frames = np.random.default_rng(4).integers(0, 256, (3, 20, 30), dtype=np.uint8)
    assert built(frames).composites().tints is None
    coloured = np.repeat(frames[..., None], 3, axis=3)
    coloured[1, 5:12, 5:15, 0] = 0
    coloured[1, 5:12, 5:15, 1] = 200
    tints = built(coloured).composites().tints
    assert tints is not None
    assert np.array_equal(np.argwhere(tints).min(axis=0), (5, 5))
    assert np.array_equal(np.argwhere(tints).max(axis=0), (11, 14))


def test_the_caller_may_use_his_array_again() -> None:
    builder, frame = CompositeBuilder(), np.full((3, 3), 9, np.uint8)
    builder.add(frame)
    frame[:] = 0
    images = builder.composites()
    for image in (images.brightest, images.darkest, images.sharpest):
        image[:] = 7
    again = builder.composites()
    assert (images.median == 9).all()
    assert all((image == 9).all() for image in (again.brightest, again.darkest, again.sharpest))


def test_another_size_and_no_frames_are_refused() -> None:
    builder = built(np.zeros((1, 4, 4), np.uint8))
    with pytest.raises(ValueError, match=r"\(5, 4\)"):
        builder.add(np.zeros((5, 4), np.uint8))
    with pytest.raises(ValueError, match="without frames"):
        CompositeBuilder().composites()


def test_extremes_are_of_every_pixel_and_channel(rng: np.random.Generator) -> None:
    frames = [rng.integers(0, 256, (7, 9, 3), dtype=np.uint8) for _ in range(4)]
    before = [f.copy() for f in frames]
    found = Extremes()
    with pytest.raises(ValueError, match="without frames"):
        found.images()
    for frame in frames:
        found.add(frame)
    brightest, darkest = found.images()
    assert np.array_equal(brightest, np.max(frames, axis=0))
    assert np.array_equal(darkest, np.min(frames, axis=0))
    assert all(np.array_equal(a, b) for a, b in zip(frames, before, strict=True))


@pytest.mark.parametrize("n_frames", [1, 2, 3, 8, 9, 12, 23, 24])
def test_the_sorting_network_sorts_every_pixel(n_frames: int) -> None:
    frames = np.random.default_rng(3).integers(0, 256, (n_frames, 50, 50), dtype=np.uint8)
    assert np.array_equal(median_image(list(frames)), np.sort(frames, axis=0)[(n_frames - 1) // 2])
