"""What is kept of a clip: the true fan, and no word outside it."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ingest import makers, screens
from unisono.base.errors import IngestError
from unisono.ingest.masks.mask import MaskPlan, plan_mask

SAMPLES = Path(__file__).parents[4] / "shared" / "data"
LIVER = ("byra2018_liver_ultrasound.png", "byra2018_liver_ultrasound_mask.png")
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
    still[:, 270:360, 20:170] = rng.integers(40, 200, (90, 150), dtype=np.uint8)
    record = plan(still).record
    assert record["lit_outside_share"] > 0.15
    assert "made black" in record["warning"]


def test_a_wide_trace_beside_an_undeclared_image_is_kept_and_named(rng: np.random.Generator) -> None:
    still = np.zeros((6, 400, 320), np.uint8)
    still[:, :240] = makers.loop(6)
    still[:, 270:360, 20:300] = rng.integers(40, 200, (90, 280), dtype=np.uint8)
    mask = plan(still)
    assert mask.keep[272:358, 22:298].all()
    assert not mask.keep[375:].any()
    assert mask.record["kinds"] == ["2d", "trace"]
    assert "trace that no header declares" in mask.record["warning"]


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


def test_a_spectral_box_is_kept_whole_and_its_ecg_as_a_thin_curve(rng: np.random.Generator) -> None:
    frames = np.zeros((4, 400, 320), np.uint8)
    frames[:, :240] = makers.loop(4)
    frames[:, 250:330, 10:310] = rng.integers(0, 120, (80, 300), dtype=np.uint8)
    frames[:, 370, 10:310] = 200
    for frame in frames:
        cv2.putText(frame, "62 HR", (250, 390), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255, 1)
    spectral = {"x0": 10, "y0": 250, "x1": 309, "y1": 329, "kind": "spectral"}
    waveform = {"x0": 10, "y0": 360, "x1": 309, "y1": 395, "kind": "waveform"}
    mask = plan(frames, BOX, spectral, waveform)
    assert mask.record["kinds"] == ["2d", "spectral", "waveform"]
    assert mask.keep[250:330, 10:310].all()
    assert mask.keep[370, 12:308].all()
    assert not mask.keep[376:].any()
    without = plan_mask(list(frames), [BOX, spectral, waveform], lossless=True, keep_ecg=False)
    assert not without.keep[340:].any()


def test_an_ecg_is_black_beside_an_image_unless_asked_for() -> None:
    frames = np.zeros((4, 400, 320), np.uint8)
    frames[:, :240] = makers.loop(4)
    frames[:, 370, 10:310] = 200
    waveform = {"x0": 10, "y0": 360, "x1": 309, "y1": 395, "kind": "waveform"}
    assert not plan(frames, BOX, waveform).keep[340:].any()
    asked = plan_mask(list(frames), [BOX, waveform], lossless=True, keep_ecg=True)
    assert asked.keep[370, 12:308].all()


def test_the_scanners_own_outline_goes_before_the_evidence() -> None:
    frames = makers.loop(6)
    drawn = np.zeros(frames.shape[1:], bool)
    drawn[10:200, 80:240] = True
    mask = plan_mask(list(frames), [BOX], lossless=True, overlay=drawn)
    assert mask.record["source"] == "overlay"
    assert np.array_equal(mask.keep, drawn & (np.arange(240) >= 24)[:, None])


def test_a_dark_screen_of_a_known_scanner_gets_its_template_and_an_unknown_one_is_refused() -> None:
    frame = np.zeros((768, 1024), np.uint8)
    frame[90:110, 400:600] = np.arange(200, dtype=np.uint8)
    cv2.putText(frame, "DOE JANE", (5, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)
    cv2.putText(frame, "Sag Liver", (520, 764), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)
    header = {"manufacturer": "Siemens", "model": "S2000"}
    mask = plan_mask([frame], (), lossless=True, header=header)
    assert mask.record["source"] == "template"
    assert "template" in mask.record["warning"]
    assert mask.apply(frame).any()
    assert not mask.apply(frame)[:60].any()
    assert not mask.apply(frame)[738:].any()
    with pytest.raises(IngestError, match="E_"):
        plan_mask([frame], (), lossless=True, header=header | {"model": "S3000"})


def test_a_record_is_json() -> None:
    record = plan(makers.loop(4), BOX).record
    assert json.loads(json.dumps(record)) == record
    assert record["shape"][0]["kind"] == "fan"
    assert record["version"] == 2


@pytest.mark.parametrize("seed", range(12))
def test_known_sectors_are_retained_and_no_letter_outside_is(seed: int) -> None:
    scene = screens.random_scene(np.random.default_rng(seed), n_frames=6)
    screen = screens.draw(scene)
    mask = plan_mask(list(screen.frames), (), lossless=scene.quality is None, is_declared=True)
    retained = np.count_nonzero(mask.keep & screen.sector) / np.count_nonzero(screen.sector)
    assert retained >= 0.98
    assert not (mask.keep & screen.drawn).any()


@pytest.mark.sample_data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no sample data beside the checkout: {SAMPLES.name}")
def test_the_published_mask_of_a_liver_image_is_met() -> None:
    image, truth = (cv2.imread(str(SAMPLES / "image" / name), cv2.IMREAD_GRAYSCALE) for name in LIVER)
    keep, sector = plan_mask([image], (), lossless=True).keep, truth > 0
    assert np.count_nonzero(keep & sector) >= 0.98 * np.count_nonzero(sector)
    assert np.count_nonzero(keep & sector) >= 0.97 * np.count_nonzero(keep | sector)
