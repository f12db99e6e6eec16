"""Sizes and colour marks, read from the stream alone."""

import contextlib

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.base.errors import IngestError
from unisono.ingest.readers.codestream import read_jpeg, read_jpeg2000

FRAME = np.random.default_rng(0).integers(0, 256, (30, 50, 3), dtype=np.uint8)
GREY = np.ascontiguousarray(FRAME[..., 0])


@pytest.mark.parametrize(
    ("stream", "n_samples", "mark"),
    [
        (imagecodecs.jpeg8_encode(FRAME, 90, colorspace="rgb", outcolorspace="rgb"), 3, "rgb"),
        (imagecodecs.jpeg8_encode(FRAME, 90, colorspace="rgb", outcolorspace="ycbcr"), 3, "ycc"),
        (imagecodecs.jpeg8_encode(GREY, 90), 1, "open"),
        (imagecodecs.ljpeg_encode(GREY), 1, "open"),
        (imagecodecs.jpegls_encode(FRAME), 3, "open"),
    ],
)
def test_jpeg_family(stream: bytes, n_samples: int, mark: str) -> None:
    facts = read_jpeg(bytes(stream))
    assert (facts.rows, facts.columns, facts.n_samples, facts.bits, facts.mark) == (
        30,
        50,
        n_samples,
        8,
        mark,
    )


@pytest.mark.parametrize("container", ["j2k", "jp2"])
def test_jpeg2000_bare_and_in_its_file(container: str) -> None:
    for mct in (True, False):
        stream = imagecodecs.jpeg2k_encode(FRAME, level=0, reversible=True, codecformat=container, mct=mct)
        facts = read_jpeg2000(bytes(stream))
        assert (facts.rows, facts.columns, facts.n_samples, facts.bits) == (30, 50, 3, 8)
        assert facts.transformed == mct


@given(st.binary(max_size=200), st.booleans())
def test_rubbish_is_refused_and_never_anything_else(data: bytes, starts_well: bool) -> None:  # drawn
    for read, start in ((read_jpeg, b"\xff\xd8"), (read_jpeg2000, b"\xff\x4f\xff\x51")):
        with contextlib.suppress(IngestError):
            assert read(start + data if starts_well else data).n_samples >= 0
