"""The reader of one file's frames: any order, one size, and a decoder line that says what was decided."""

import io

import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.readers.colour import Layout
from unisono.ingest.readers.dicom_frames import FrameReader
from unisono.ingest.readers.syntaxes import SYNTAXES

GREY = Layout("MONOCHROME2", 1, 8, 8, 7, planar=False)


def reader(frames: np.ndarray, syntax: str, layout: Layout = GREY) -> FrameReader:
    parts = [makers.ENCODERS[syntax](f) for f in frames]
    starts = np.cumsum([0, *(len(p) for p in parts)])
    spans = [[(int(a), len(p))] for a, p in zip(starts, parts, strict=False)]
    return FrameReader(io.BytesIO(b"".join(parts)), spans, SYNTAXES[syntax], layout, 240, 320)


def test_frames_in_any_order() -> None:
    frames = makers.loop(4)
    read = reader(frames, makers.J2K)
    for i in (3, 0, 2, 2):
        assert np.array_equal(read.frame(i), frames[i])


def test_the_decoder_line_names_library_syntax_and_colour() -> None:
    read = reader(makers.loop(2), makers.JPEG_LS)
    assert len(read.settle([0, 1])) == 2
    assert read.decoder.startswith("imagecodecs ")
    assert read.decoder.endswith(", JPEG-LS, MONOCHROME2")
    assert len(read.decoder) <= 128


def test_a_frame_of_other_samples_is_refused() -> None:
    colour = Layout("RGB", 3, 8, 8, 7, planar=False)
    said = "E_DIM_MISMATCH.*240 x 320 px of 1 samples; the header says otherwise"
    with pytest.raises(IngestError, match=said):
        reader(makers.loop(1), makers.J2K, colour).frame(0)


@pytest.mark.parametrize(("n_bytes", "said"), [(0, "does not begin as"), (60, "before it states its size")])
def test_a_jpeg_that_ends_early_is_said(n_bytes: int, said: str) -> None:
    data = makers.ENCODERS[makers.JPEG](makers.loop(1)[0])[:n_bytes]
    read = FrameReader(io.BytesIO(data), [[(0, n_bytes)]], SYNTAXES[makers.JPEG], GREY, 240, 320)
    with pytest.raises(IngestError, match=f"E_FRAME_DECODE.*{said}"):
        read.frame(0)
