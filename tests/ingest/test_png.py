"""The PNG writer: lossless, three chunks, one channel for grey."""

import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from unisono.base.errors import IngestError
from unisono.ingest.png import encode_png

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(lambda s: st.sampled_from([s, (*s, 3)]))


@given(arrays.arrays(np.uint8, SHAPES))
def test_pixels_survive(frame: np.ndarray) -> None:
    read = cv2.imdecode(np.frombuffer(encode_png(frame), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(read[..., ::-1] if read.ndim == 3 else read, frame)


def test_only_header_data_and_end_are_written(rng: np.random.Generator) -> None:
    data = encode_png(rng.integers(0, 256, (9, 7), dtype=np.uint8))
    names, at = [], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(body)
        names.append(body[:4])
        at += 12 + length
    assert names == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.parametrize(
    "frame", [np.zeros((3, 3), np.float32), np.zeros((3, 3, 4), np.uint8), np.zeros(3, np.uint8)]
)
def test_other_arrays_are_refused(frame: np.ndarray) -> None:
    with pytest.raises(IngestError, match="E_DIM_MISMATCH"):
        encode_png(frame)
