"""Still images: grey stays grey, sixteen bits become eight, nothing but pixels is read."""

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.readers.stills import decode_still, open_stills


def png(frame: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".png", frame)[1])


def test_grey_and_colour_are_exact() -> None:
    grey = makers.loop(1)[0]
    colour = makers.in_colour(makers.loop(1))[0]
    assert np.array_equal(decode_still(png(grey)), grey)
    assert np.array_equal(decode_still(png(colour[..., ::-1])), colour)
    with_alpha = np.dstack([colour[..., ::-1], np.full(colour.shape[:2], 7, np.uint8)])
    assert np.array_equal(decode_still(png(with_alpha)), colour)


def test_sixteen_bits_become_eight() -> None:
    grey = makers.loop(1)[0]
    assert np.array_equal(decode_still(png(grey.astype(np.uint16) * 257)), grey)


def test_a_folder_of_images_is_a_clip_without_times() -> None:
    frames = makers.loop(5)
    recording = open_stills([png(f) for f in frames])
    assert recording.n_frames == 5
    assert recording.frame_times_s is None
    assert np.array_equal(np.stack(list(recording.frames())), frames)
    assert open_stills([png(frames[0])]).frame_times_s == (0.0,)


def test_images_of_other_sizes_are_refused() -> None:
    with pytest.raises(IngestError, match="E_DIM_MISMATCH"):
        open_stills([png(makers.loop(1)[0]), png(makers.loop(1, rows=200)[0])])


@pytest.mark.parametrize("kept", [20, 40, 4000])
def test_cut_images_are_refused_or_whole(kept: int) -> None:
    with pytest.raises(IngestError):
        decode_still(png(makers.loop(1)[0])[:kept])


def test_a_claimed_size_is_refused_before_decoding() -> None:
    data = bytearray(png(makers.loop(1)[0]))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(IngestError, match="E_LIMIT_DIM"):
        decode_still(bytes(data))
    jpeg = bytearray(cv2.imencode(".jpg", makers.loop(1)[0])[1].tobytes())
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(IngestError, match="E_LIMIT_DIM"):
        decode_still(bytes(jpeg))


def test_animated_png_is_refused_not_cut_to_its_first_frame() -> None:
    data = png(makers.loop(1)[0])
    animated = data[:33] + (8).to_bytes(4, "big") + b"acTL" + b"\0" * 12 + data[33:]
    with pytest.raises(IngestError, match="E_TS_UNSUPPORTED"):
        decode_still(animated)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tiff", ".bmp", ".webp"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_cut_images_are_refused_without_a_word_on_the_terminal(
    rng: np.random.Generator, capfd: pytest.CaptureFixture[str], suffix: str, share: float
) -> None:
    picture = rng.integers(0, 255, (120, 160, 3), dtype=np.uint8)
    data = cv2.imencode(suffix, picture)[1].tobytes()
    with pytest.raises(IngestError, match=r"E_TRUNCATED|E_FRAME_DECODE"):
        decode_still(data[: int(len(data) * share)])
    assert capfd.readouterr().err == ""


def test_a_damaged_png_is_refused_in_silence(
    rng: np.random.Generator, capfd: pytest.CaptureFixture[str]
) -> None:
    data = bytearray(cv2.imencode(".png", rng.integers(0, 255, (60, 80), dtype=np.uint8))[1].tobytes())
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(IngestError, match="E_FRAME_DECODE"):
        decode_still(bytes(data))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("place", [0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
@pytest.mark.parametrize("progressive", [0, 1])
def test_a_damaged_jpeg_is_refused_in_silence(
    rng: np.random.Generator, capfd: pytest.CaptureFixture[str], place: float, progressive: int
) -> None:
    picture = np.zeros((240, 320, 3), np.uint8)
    picture[40:, 60:260] = makers.in_colour(makers.loop(1))[0][40:, 60:260]
    options = [cv2.IMWRITE_JPEG_QUALITY, 90, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive]
    data = bytearray(cv2.imencode(".jpg", picture, options)[1].tobytes())
    assert decode_still(bytes(data)).shape == picture.shape
    at = int(len(data) * place)
    data[at : at + 60] = rng.bytes(60)
    with pytest.raises(IngestError, match="E_FRAME_DECODE"):
        decode_still(bytes(data))
    assert capfd.readouterr().err == ""
