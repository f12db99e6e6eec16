"""Inflated bytes are those of zlib, at any place, within the limits."""

import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unisono.base.errors import IngestError
from unisono.ingest.files.inflated import GZIP, RAW, Inflated, Marks, _Mark
from unisono.ingest.limits import MIB

CONTENT = np.random.default_rng(5).integers(0, 9, 20 * MIB, dtype=np.uint8).tobytes()


def deflated(data: bytes, bits: int = RAW) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, bits)
    return packer.compress(data) + packer.flush()


STORED = deflated(CONTENT)


def opened(stored: bytes, **values: int) -> io.BufferedReader:
    return io.BufferedReader(Inflated(io.BytesIO(b"head" + stored), 4, len(stored), **values))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, len(CONTENT) + 10), min_size=1, max_size=4))
def test_any_place_in_any_order(places: list[int]) -> None:
    file = opened(STORED)
    for at in places:
        assert file.seek(at) == at
        assert file.read(300) == CONTENT[at : at + 300]


def test_the_end_and_what_lies_behind_it() -> None:
    file = opened(deflated(b"abc" * 100, GZIP), window_bits=GZIP)
    assert file.seek(0, io.SEEK_END) == 300
    assert file.read(5) == b""
    file.seek(-3, io.SEEK_CUR)
    assert file.read() == b"abc"


def test_bombs_stop_early_and_damage_is_named() -> None:
    with pytest.raises(IngestError, match="E_LIMIT_INFLATE"):
        opened(deflated(bytes(300 * MIB))).seek(0, io.SEEK_END)
    with pytest.raises(IngestError, match="E_LIMIT_INFLATE"):
        opened(STORED, most=MIB).read()
    with pytest.raises(IngestError, match="E_TRUNCATED"):
        opened(STORED[:-100]).read()
    with pytest.raises(IngestError, match="E_TRUNCATED"):
        opened(b"\xff" * 100).read()


def test_marks_thin_out_as_a_stream_grows() -> None:
    marks = Marks(step=1)
    for at in range(1, 600):
        if marks.is_due(at):
            marks.add(_Mark(at, at, b"", None))
    assert len(marks.found) <= 257
    assert marks.before(0) is None
    found = marks.before(500)
    assert found is not None
    assert 480 < found.at <= 500


@pytest.mark.parametrize("bits", [RAW, GZIP])
@pytest.mark.parametrize("rest", [b"123456789", bytes(1) + b"123456789", b"x" + bytes(100_000) + b"x"])
def test_bytes_behind_the_end_are_refused(bits: int, rest: bytes) -> None:
    file = opened(deflated(b"abc" * 100, bits) + rest, window_bits=bits)
    with pytest.raises(IngestError, match="follow the end") as caught:
        file.read()
    assert caught.value.code == "E_TRUNCATED"


@pytest.mark.parametrize(
    "rest", [b"\0", bytes(100_000), zlib.crc32(b"abc" * 100).to_bytes(4, "little") + b"\x2c\1\0\0"]
)
def test_zeros_and_a_checksum_behind_the_end_are_none_of_it(rest: bytes) -> None:
    file = opened(deflated(b"abc" * 100) + rest)
    assert file.read() == b"abc" * 100
    assert file.seek(0, io.SEEK_END) == 300
