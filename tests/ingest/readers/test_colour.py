"""True colour: what the stream says, what the header says, and what the picture says when both are silent."""

import io

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.readers.colour import (
    Layout,
    choose_reading,
    neutral_share,
    plan_colour,
    settle_planes,
    ycc_to_rgb,
)
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.readers.recording import Pixels


def first(data: bytes) -> tuple[Pixels, str]:
    recording = open_dicom(io.BytesIO(data), len(data))
    return next(recording.frames()), recording.decoder


def close(frame: Pixels, truth: Pixels) -> bool:
    return bool(np.abs(frame.astype(int) - truth).mean() < 6)


def smooth_colour() -> Pixels:
    """Return one frame without hard chroma edges, so that lossy codecs come close."""
    y, x = np.mgrid[:240, :320]
    grey = (60 + 40 * np.sin(x / 30) + 40 * np.cos(y / 25)).astype(np.uint8)
    frame = np.repeat((grey * makers.fan())[..., None], 3, axis=2)
    frame[100:160, 130:190] = (200, 40, 30)
    return frame


@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL_422"])
@pytest.mark.parametrize("colorspace", ["rgb", "ycbcr"])
def test_jpeg_says_itself_what_it_is(photometric: str, colorspace: str) -> None:
    """RGB without a transform bears APP14, YCbCr bears JFIF; the header is often wrong."""
    frame = smooth_colour()
    stream = imagecodecs.jpeg8_encode(frame, 95, colorspace="rgb", outcolorspace=colorspace)
    data = makers.dicom_bytes(
        frame[None], makers.JPEG, PixelData=encapsulate([stream]), PhotometricInterpretation=photometric
    )
    assert close(first(data)[0], frame)


def test_jpeg_without_marks_is_read_as_the_grey_one() -> None:
    frame = smooth_colour()
    for colorspace in ("rgb", "ycbcr"):
        stream = _unmarked(
            imagecodecs.jpeg8_encode(frame, 95, colorspace="rgb", outcolorspace=colorspace, subsampling="444")
        )
        data = makers.dicom_bytes(
            frame[None], makers.JPEG, PixelData=encapsulate([stream]), PhotometricInterpretation="RGB"
        )
        found, decoder = first(data)
        assert close(found, frame), colorspace
        assert "grey one" in decoder


def test_neither_reading_grey_is_refused() -> None:
    red = np.full((40, 40, 3), (220, 10, 10), np.uint8)
    with pytest.raises(IngestError, match="E_COLOUR_AMBIG"):
        choose_reading([red], lambda f: f, lambda f: f)


def test_native_ybr_full_and_422_become_rgb() -> None:
    ycc = np.zeros((1, 40, 60, 3), np.uint8)
    ycc[...] = (76, 85, 255)  # red, T.871
    assert close(
        first(makers.dicom_bytes(ycc, PhotometricInterpretation="YBR_FULL"))[0], np.uint8((254, 0, 0))
    )
    quads = np.tile(np.uint8([76, 76, 85, 255]), 40 * 30)
    data = makers.dicom_bytes(ycc, PhotometricInterpretation="YBR_FULL_422", PixelData=quads.tobytes())
    assert close(first(data)[0], np.uint8((254, 0, 0)))


def test_ycc_grey_is_grey() -> None:
    ramp = np.arange(256, dtype=np.uint8)
    ycc = np.stack([ramp, np.full_like(ramp, 128), np.full_like(ramp, 128)], axis=-1)[None]
    assert np.array_equal(ycc_to_rgb(ycc)[0], np.stack([ramp] * 3, axis=-1))


@pytest.mark.parametrize("bits", [8, 16])
def test_palettes_of_eight_and_sixteen_bits(bits: int) -> None:
    index = np.tile(np.arange(16, dtype=f"<u{bits // 8}"), (1, 40, 4))
    lookup = {
        f"{c}PaletteColorLookupTable{part}": value
        for c, gain in (("Red", 255), ("Green", 128), ("Blue", 0))
        for part, value in (
            ("Descriptor", [256, 0, 16]),
            ("Data", (np.linspace(0, 1, 256) * gain * 257).astype("<u2").tobytes()),
        )
    }
    data = makers.dicom_bytes(index, PhotometricInterpretation="PALETTE COLOR", **lookup)
    frame, _ = first(data)
    assert frame[0, 15].tolist() == pytest.approx([15, 7, 0], abs=1)


def test_monochrome1_is_turned_and_more_bits_are_scaled() -> None:
    frames = makers.loop(2)
    assert np.array_equal(
        first(makers.dicom_bytes(frames, PhotometricInterpretation="MONOCHROME1"))[0], 255 - frames[0]
    )
    wide = frames.astype("<u2") << 4
    assert np.array_equal(first(makers.dicom_bytes(wide, BitsStored=12, HighBit=11))[0], frames[0])


def test_overlays_in_the_high_bits_are_masked_off() -> None:
    frames = makers.loop(2)
    with_overlay = frames.astype("<u2") | 0x8000
    assert np.array_equal(first(makers.dicom_bytes(with_overlay, BitsStored=8, HighBit=7))[0], frames[0])


def test_mixed_up_planes_are_put_right_and_noted() -> None:
    """A transcoder took planes for pixels: what lies in the file is the picture nine times over."""
    truth = np.stack([smooth_colour()] * 3)
    mixed = np.ascontiguousarray(truth.transpose(0, 3, 1, 2)).reshape(truth.shape)
    for syntax in (makers.EXPLICIT, makers.RLE):
        frame, decoder = first(makers.dicom_bytes(mixed, syntax))
        assert np.array_equal(frame, truth[0])
        assert "samples lay plane by plane" in decoder


def test_intact_colour_is_left_alone(rng: np.random.Generator) -> None:
    for frames in (makers.in_colour(makers.loop(2)), rng.integers(0, 256, (2, 60, 80, 3), dtype=np.uint8)):
        reading, decision = settle_planes(list(frames))
        assert decision == ""
        assert np.array_equal(reading(frames[0]), frames[0])


def test_neutral_share_counts_lit_pixels_only() -> None:
    frame = np.zeros((40, 40, 3), np.uint8)
    assert np.isnan(neutral_share(frame))
    frame[:20] = 100
    frame[:10] = (200, 20, 20)
    assert neutral_share(frame) == pytest.approx(0.5)


def test_other_kinds_are_refused() -> None:
    with pytest.raises(IngestError, match="E_COLOUR_AMBIG"):
        plan_colour(Layout("YBR_PARTIAL_420", 3, 8, 8, 7, planar=False))


def _unmarked(stream: bytes) -> bytes:
    """Return a JPEG without its APP segments, component ids 1 2 3."""
    out, at = bytearray(stream[:2]), 2
    while stream[at + 1] != 0xDA:
        length = int.from_bytes(stream[at + 2 : at + 4], "big") + 2
        piece = bytearray(stream[at : at + length])
        if stream[at + 1] in (0xC0, 0xC1):
            piece[10], piece[13], piece[16] = 1, 2, 3
        if stream[at + 1] not in (0xE0, 0xEE):
            out += piece
        at += length
    tail = bytearray(stream[at:])
    tail[5], tail[7], tail[9] = 1, 2, 3
    return bytes(out + tail)
