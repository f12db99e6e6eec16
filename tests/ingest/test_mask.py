"""What is kept of a clip: the true fan, and no word outside it."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.mask import MaskPlan, plan_mask

BOX = {"x0": 0, "y0": 24, "x1": 319, "y1": 239, "kind": "2d"}


def plan(frames: NDArray[np.uint8], *boxes: dict[str, object], lossless: bool = True) -> MaskPlan:
    return plan_mask(list(frames), boxes, lossless=lossless)


def code_of(frames: NDArray[np.uint8], *boxes: dict[str, object]) -> str:
    with pytest.raises(IngestError) as caught:
        plan(frames, *boxes)
    return caught.value.code


@pytest.mark.parametrize("n_frames", [6, 1])
@pytest.mark.parametrize("boxes", [(), (BOX,)])
def test_the_fan_is_kept_and_the_name_is_black(n_frames: int, boxes: tuple[dict[str, object], ...]) -> None:
    frames = makers.loop(n_frames)
    mask = plan(frames, *boxes)
    fan = makers.fan()
    assert np.count_nonzero(mask.keep & fan) >= 0.98 * np.count_nonzero(fan)
    assert np.count_nonzero(mask.keep & ~fan) <= 0.08 * np.count_nonzero(fan)
    assert not mask.apply(frames[0])[:22].any()
    assert mask.record["coverage"] == pytest.approx(mask.keep.mean(), abs=1e-4)


def test_kept_pixels_are_not_changed_and_the_rest_is_zero() -> None:
    frames = makers.in_colour(makers.loop(4))
    mask = plan(frames)
    out = mask.apply(frames[2])
    assert np.array_equal(out[mask.keep], frames[2][mask.keep])
    assert not out[~mask.keep].any()


def test_words_inside_the_declared_box_but_outside_the_fan_go() -> None:
    frames = makers.loop(6, text="")
    for frame in frames:
        cv2.putText(frame, "12975 DOE", (215, 60), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
    mask = plan(frames, BOX)
    assert not mask.apply(frames[0])[45:65, 240:].any()


@pytest.mark.parametrize("level", [40, 120])
def test_a_flat_banner_with_a_name_is_no_tissue(level: int) -> None:
    frames = makers.loop(1, text="")
    frames[0][:20] = level
    cv2.putText(frames[0], makers.NAME, (6, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 255, 1)
    assert not plan(frames).apply(frames[0])[:20].any()


def test_lossy_shimmer_does_not_widen_the_mask(rng: np.random.Generator) -> None:
    frames = makers.loop(6)
    shimmer = rng.integers(0, 3, frames.shape, dtype=np.uint8)
    noisy = np.maximum(frames, shimmer)
    assert plan(noisy, lossless=False).keep.mean() == pytest.approx(plan(frames).keep.mean(), abs=0.03)


def test_tissue_from_edge_to_edge_is_kept_whole(rng: np.random.Generator) -> None:
    frames = rng.integers(20, 200, (5, 120, 160), dtype=np.uint8)
    mask = plan(frames)
    assert mask.keep.all()
    assert "edge to edge" in mask.record["source"]


def test_a_word_in_the_corner_of_a_full_frame_goes(rng: np.random.Generator) -> None:
    frames = np.zeros((5, 200, 200), np.uint8)
    y, x = np.mgrid[:200, :200]
    inside = x + y < 330  # all but the lower right corner
    for frame in frames:
        frame[inside] = rng.integers(20, 200, int(inside.sum()))
        cv2.putText(frame, "DOE", (170, 195), cv2.FONT_HERSHEY_SIMPLEX, 0.35, 255, 1)
    assert not plan(frames).apply(frames[0])[185:, 185:].any()


def test_two_images_side_by_side_are_both_kept(rng: np.random.Generator) -> None:
    frames = np.zeros((5, 240, 400), np.uint8)
    frames[:, 40:220, 20:180] = rng.integers(20, 200, (5, 180, 160))
    frames[:, 40:220, 220:380] = rng.integers(20, 200, (5, 180, 160))
    mask = plan(frames)
    assert mask.record["pieces"] == 2
    assert not mask.keep[:, 185:215].any()


def test_a_still_near_field_belongs_to_its_moving_image(rng: np.random.Generator) -> None:
    frames = np.zeros((5, 300, 300), np.uint8)
    frames[:, 40:80, 60:240] = rng.integers(60, 200, (40, 180))
    frames[:, 140:280, 60:240] = rng.integers(20, 200, (5, 140, 180))
    box = {"x0": 0, "y0": 30, "x1": 299, "y1": 299, "kind": "2d"}
    assert plan(frames, box).keep[45:275, 65:235].all()


def test_nothing_trusted_is_refused(rng: np.random.Generator) -> None:
    black = np.zeros((3, 200, 200), np.uint8)
    assert code_of(black) == "E_NO_MASK"
    labels = np.repeat(makers.fan()[None].astype(np.uint8), 1, axis=0)
    assert code_of(labels) == "E_NO_MASK"
    page = black.copy()
    cv2.putText(page[0], "REPORT OF DOE", (5, 100), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 1)
    assert code_of(page[:1]) == "E_NO_MASK"
    tiny = black.copy()
    tiny[:, 80:120, 80:120] = rng.integers(20, 200, (3, 40, 40))
    assert code_of(tiny) == "E_MASK_IMPLAUSIBLE"


def test_boxes_of_screens_and_waveforms_keep_nothing() -> None:
    frames = makers.loop(6)
    screen = BOX | {"y0": 0, "kind": "none"}
    mask = plan(frames, screen, BOX)
    assert mask.record["boxes"] == 1


def test_a_photograph_is_not_ultrasound_unless_a_header_says_so(rng: np.random.Generator) -> None:
    photo = np.zeros((1, 120, 160, 3), np.uint8)
    photo[..., 0] = rng.integers(120, 220, (120, 160))
    photo[..., 1:] = photo[..., :1] // 3
    with pytest.raises(IngestError, match="E_NOT_ULTRASOUND"):
        plan_mask(list(photo), (), lossless=True)
    assert plan_mask(list(photo), (), lossless=True, is_declared=True).keep.all()


def test_colour_doppler_video_is_ultrasound() -> None:
    frames = makers.in_colour(makers.loop(6))
    frames[:, 100:180, 120:200, 2] = 250
    assert plan(frames).keep.any()


def test_a_white_report_page_is_refused() -> None:
    page = np.full((1, 400, 300, 3), 255, np.uint8)
    for row in range(30, 380, 24):
        cv2.putText(
            page[0], "DOE JANE 1970 LVEDD 51 mm", (10, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1
        )
    assert code_of(page) == "E_NO_MASK"


def test_a_lit_trace_that_goes_black_is_named(rng: np.random.Generator) -> None:
    frames = makers.loop(6)
    assert "warning" not in plan(frames).record
    assert plan(frames).record["lit_outside_share"] < 0.05
    still = np.full((6, 400, 320), 0, np.uint8)
    still[:, :240] = frames
    still[:, 270:360, 20:300] = rng.integers(40, 200, (90, 280), dtype=np.uint8)
    record = plan(still).record
    assert record["lit_outside_share"] > 0.15
    assert "made black" in record["warning"]


@pytest.mark.parametrize("quality", [50, 75, 95])
def test_colour_noise_is_not_ultrasound(rng: np.random.Generator, quality: int) -> None:
    noise = rng.integers(0, 256, (400, 600, 3), dtype=np.uint8)
    data = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    with pytest.raises(IngestError, match="E_NOT_ULTRASOUND"):
        plan_mask([cv2.imdecode(data, cv2.IMREAD_COLOR)], (), lossless=False)


def test_a_tinted_image_is_ultrasound() -> None:
    grey = makers.loop(4).astype(float)
    sepia = np.stack([grey * share for share in (1.0, 0.9, 0.8)], axis=-1).astype(np.uint8)
    assert plan(sepia).keep.any()
