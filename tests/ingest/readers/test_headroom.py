"""Damage that a codec keeps to itself is seen; undamaged streams come out bit for bit, at every depth."""

from collections.abc import Callable

import imagecodecs
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.readers.headroom import check_jpeg, decode_lossless_jpeg, decode_reversible_jpeg2000


def picture(bits: int) -> np.ndarray:
    grey = makers.loop(1)[0]
    if bits <= 8:
        return grey >> (8 - bits)
    return (grey.astype(np.uint16) << (bits - 8)) | (grey >> (16 - bits))


def damaged(data: bytes, rng: np.random.Generator) -> bytes:
    out = bytearray(data)
    at = int(rng.integers(len(out) // 5, len(out) * 4 // 5))
    out[at : at + 8] = rng.bytes(8)
    return bytes(out)


def share_refused(
    decode: Callable[[bytes], object], data: bytes, rng: np.random.Generator, n: int = 24
) -> float:
    refused = 0
    for _ in range(n):
        try:
            decode(damaged(data, rng))
        except (IngestError, imagecodecs.Jpeg2kError):
            refused += 1
    return refused / n


@pytest.mark.parametrize("bits", [8, 10, 12, 15, 16])
def test_lossless_streams_of_every_depth_are_exact(bits: int) -> None:
    frame = picture(bits)
    jpeg = imagecodecs.jpeg8_encode(frame, lossless=True, bitspersample=bits)
    assert np.array_equal(decode_lossless_jpeg(jpeg), frame)
    j2k = imagecodecs.jpeg2k_encode(frame, codecformat="j2k", reversible=True, level=0, bitspersample=bits)
    assert np.array_equal(decode_reversible_jpeg2000(j2k), frame)
    for full in (0, (1 << bits) - 1):
        flat = np.full_like(frame, full)
        flat[::7, ::5] = (1 << bits) - 1 - full  # the whole range, in sharp steps
        jpeg = imagecodecs.jpeg8_encode(flat, lossless=True, bitspersample=bits)
        assert np.array_equal(decode_lossless_jpeg(jpeg), flat)
        j2k = imagecodecs.jpeg2k_encode(flat, codecformat="j2k", reversible=True, level=0, bitspersample=bits)
        assert np.array_equal(decode_reversible_jpeg2000(j2k), flat)


@pytest.mark.parametrize("predictor", range(1, 8))
def test_every_predictor_of_jpeg_lossless(predictor: int) -> None:
    for frame in (makers.loop(1)[0], makers.in_colour(makers.loop(1))[0]):
        data = imagecodecs.jpeg8_encode(frame, lossless=True, predictor=predictor)
        assert np.array_equal(decode_lossless_jpeg(data), frame)


def test_colour_is_exact_and_htj2k_too() -> None:
    frame = makers.in_colour(makers.loop(1))[0]
    assert np.array_equal(decode_reversible_jpeg2000(imagecodecs.htj2k_encode(frame)), frame)
    data = imagecodecs.jpeg2k_encode(frame, codecformat="jp2", reversible=True, level=0)
    assert np.array_equal(decode_reversible_jpeg2000(data), frame)


@pytest.mark.parametrize("colour", [False, True])
def test_damage_in_lossless_streams_is_seen(rng: np.random.Generator, colour: bool) -> None:
    frame = makers.in_colour(makers.loop(1))[0] if colour else makers.loop(1)[0]
    jpeg = imagecodecs.jpeg8_encode(frame, lossless=True)
    assert share_refused(decode_lossless_jpeg, jpeg, rng) >= 0.95
    j2k = imagecodecs.jpeg2k_encode(frame, codecformat="j2k", reversible=True, level=0)
    assert share_refused(decode_reversible_jpeg2000, j2k, rng) >= 0.9
    htj2k = imagecodecs.htj2k_encode(frame)
    assert share_refused(decode_reversible_jpeg2000, htj2k, rng) >= 0.7


def test_a_lossless_stream_that_breaks_off_is_refused() -> None:
    data = imagecodecs.jpeg8_encode(makers.loop(1)[0], lossless=True)
    for kept in (0.3, 0.9):
        with pytest.raises(IngestError, match="E_FRAME_DECODE"):
            decode_lossless_jpeg(data[: int(len(data) * kept)] + b"\xff\xd9")


def test_another_coding_under_the_label_of_jpeg_lossless_is_refused() -> None:
    with pytest.raises(IngestError, match="E_FRAME_DECODE"):
        decode_lossless_jpeg(imagecodecs.jpeg8_encode(makers.loop(1)[0], 90))


def test_a_lossy_stream_under_the_label_of_jpeg_2000_lossless_is_read_as_it_is() -> None:
    frame = makers.loop(1)[0]
    data = imagecodecs.jpeg2k_encode(frame, codecformat="j2k", reversible=False, level=60)
    assert np.array_equal(decode_reversible_jpeg2000(data), imagecodecs.jpeg2k_decode(data))


@pytest.mark.parametrize("quality", [1, 5, 30, 75, 100])
def test_coarse_jpegs_with_hard_edges_pass(quality: int, rng: np.random.Generator) -> None:
    board = np.kron(rng.integers(0, 2, (60, 80)), np.ones((4, 4))).astype(np.uint8) * 255
    half = np.zeros((240, 320), np.uint8)
    half[:, 161:] = 255
    noise = rng.integers(0, 256, (240, 320, 3), dtype=np.uint8)
    for frame in (board, half, noise, rng.integers(0, 2, (240, 320), dtype=np.uint8) * 255):
        check_jpeg(imagecodecs.jpeg8_encode(frame, quality))


def test_values_that_drift_away_are_refused_though_the_stream_is_whole() -> None:
    # White all over under a coarser table than it was made with: every mean lies far above white.
    jpeg = bytearray(imagecodecs.jpeg8_encode(np.full((64, 64), 250, np.uint8), 50))
    table = jpeg.index(b"\xff\xdb") + 5
    jpeg[table] *= 2
    with pytest.raises(IngestError, match="E_FRAME_DECODE"):
        check_jpeg(bytes(jpeg))


def test_other_numbers_of_samples_are_refused() -> None:
    cmyk = imagecodecs.jpeg8_encode(
        np.zeros((32, 32, 4), np.uint8), 90, colorspace="CMYK", outcolorspace="CMYK"
    )
    with pytest.raises(IngestError, match="E_COLOUR_AMBIG"):
        check_jpeg(cmyk)
