"""Frames are found in the file by their items, and every promise is checked."""

import io
import struct
from collections.abc import Sequence

import pytest
from pydicom.encaps import encapsulate

from unisono.base.errors import IngestError
from unisono.ingest.readers.fragments import (
    UNDEFINED,
    PixelElement,
    encapsulated_frames,
    find_pixels,
    native_frames,
    read_spans,
)

FRAMES = [b"a" * 10, b"b" * 20, b"c" * 30]
END = b"\xfe\xff\xdd\xe0\0\0\0\0"


LIES = {
    "beyond the end": [0, 18, 0xFFFFFFF0],
    "descending": [0, 46, 18],
    "odd": [0, 19, 46],
    "inside an item": [0, 18, 20],
    "the same twice": [0, 18, 18],
    "zeros": [0, 0, 0],
    "not from the start": [18, 46, 46],
    "the delimiter": [0, 18, 84],
    "one too few": [0, 18],
    "one too many": [0, 18, 46, 84],
}
"""Of `FRAMES`; the truth is 0, 18, 46 with one item a frame."""


def frames_of(value: bytes, n_frames: int, offsets: Sequence[int] = ()) -> list[bytes]:
    file = io.BytesIO(b"head" + value)
    spans = encapsulated_frames(file, PixelElement(4, UNDEFINED), len(value) + 4, n_frames, offsets)
    return [read_spans(file, span) for span in spans]


def code_of(value: bytes, n_frames: int, offsets: Sequence[int] = ()) -> str:
    with pytest.raises(IngestError) as caught:
        frames_of(value, n_frames, offsets)
    return caught.value.code


@pytest.mark.parametrize("has_bot", [True, False])
def test_one_fragment_a_frame(has_bot: bool) -> None:  # a parameter
    assert frames_of(encapsulate(FRAMES, has_bot=has_bot) + END, 3) == FRAMES


def test_several_fragments_a_frame_need_the_offset_table() -> None:
    assert frames_of(encapsulate(FRAMES, fragments_per_frame=2, has_bot=True) + END, 3) == FRAMES
    assert code_of(encapsulate(FRAMES, fragments_per_frame=2, has_bot=False) + END, 3) == "E_FRAME_COUNT"


def test_one_frame_takes_all_fragments() -> None:
    assert frames_of(encapsulate([b"a" * 40], fragments_per_frame=4) + END, 1) == [b"a" * 40]


def test_counts_that_differ_and_tables_that_point_elsewhere_are_refused() -> None:
    good = encapsulate(FRAMES, fragments_per_frame=2, has_bot=True) + END
    assert code_of(good, 2) == "E_FRAME_COUNT"
    astray = good[:12] + struct.pack("<I", 3) + good[16:]
    assert code_of(astray, 3) == "E_FRAME_COUNT"


def with_table(value: bytes, offsets: Sequence[int]) -> bytes:
    """Return pixels with another basic offset table."""
    (length,) = struct.unpack_from("<I", value, 4)
    table = struct.pack(f"<{len(offsets)}I", *offsets)
    return value[:4] + struct.pack("<I", len(table)) + table + value[8 + length :]


@pytest.mark.parametrize("lie", LIES)
def test_a_table_that_lies_is_not_needed_with_one_item_a_frame(lie: str) -> None:
    value = encapsulate(FRAMES, has_bot=False) + END
    assert frames_of(with_table(value, LIES[lie]), 3) == FRAMES
    assert frames_of(value, 3, LIES[lie]) == FRAMES
    one = encapsulate([b"a" * 40], fragments_per_frame=4) + END
    assert frames_of(with_table(one, LIES[lie]), 1) == frames_of(one, 1, LIES[lie]) == [b"a" * 40]


@pytest.mark.parametrize("lie", LIES)
def test_a_table_that_lies_is_refused_where_it_is_needed(lie: str) -> None:
    value = encapsulate(FRAMES, fragments_per_frame=2, has_bot=False) + END
    true = [0, 26, 62]
    assert frames_of(with_table(value, true), 3) == frames_of(value, 3, true) == FRAMES
    moved = {18: 26, 46: 62, 84: 108}
    offsets = [moved.get(offset, offset) for offset in LIES[lie]]
    assert code_of(with_table(value, offsets), 3) == code_of(value, 3, offsets) == "E_FRAME_COUNT"
    assert code_of(with_table(value, true), 3, offsets) == "E_FRAME_COUNT"


def test_a_table_of_a_gigabyte_is_not_read() -> None:
    class Sparse(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 <= size <= 40_000
            return super().read(size)

    table = struct.pack("<HHI", 0xFFFE, 0xE000, 400_000) + bytes(400_000)
    value = table + (encapsulate(FRAMES, fragments_per_frame=2, has_bot=False) + END)[8:]
    file = Sparse(value)
    with pytest.raises(IngestError, match="E_FRAME_COUNT"):
        encapsulated_frames(file, PixelElement(0, UNDEFINED), len(value), 3)


def test_without_its_delimiter_or_past_the_end_it_is_truncated() -> None:
    value = encapsulate(FRAMES)
    assert code_of(value, 3) == "E_TRUNCATED"
    assert code_of(value[:-4] + END, 3) == "E_TRUNCATED"
    assert code_of(b"", 1) == "E_TRUNCATED"


def test_native_frames_fill_their_element_exactly() -> None:
    assert native_frames(PixelElement(8, 61), 100, 20, 3) == [(8, 20), (28, 20), (48, 20)]
    for length, size, code in (
        (60, 60, "E_TRUNCATED"),
        (40, 100, "E_FRAME_COUNT"),
        (55, 100, "E_DIM_MISMATCH"),
    ):
        with pytest.raises(IngestError, match=code):
            native_frames(PixelElement(8, length), size, 20, 3)
    with pytest.raises(IngestError, match="E_DIM_MISMATCH"):
        native_frames(PixelElement(8, UNDEFINED), 100, 20, 3)


def test_the_element_head_is_read_in_every_encoding() -> None:
    explicit = b"\xe0\x7f\x10\x00OB\0\0" + struct.pack("<I", 60)
    implicit = b"\xe0\x7f\x10\x00" + struct.pack("<I", 60)
    big = b"\x7f\xe0\x00\x10OW\0\0" + struct.pack(">I", 60)
    assert find_pixels(io.BytesIO(explicit), implicit=False, little=True) == PixelElement(12, 60)
    assert find_pixels(io.BytesIO(implicit), implicit=True, little=True) == PixelElement(8, 60)
    assert find_pixels(io.BytesIO(big), implicit=False, little=False) == PixelElement(12, 60)
    assert find_pixels(io.BytesIO(b"\x10\0\x10\0PN\0\0"), implicit=False, little=True) is None
