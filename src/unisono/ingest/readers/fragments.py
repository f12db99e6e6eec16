"""Where each frame's bytes lie in a DICOM file, found without reading them.

Everything a frame index promises is checked against the file's real size before anything is decoded: a count
that differs, an item that runs past the end, or a missing sequence delimiter refuses the whole clip.

Offset tables are believed only where they are needed. Frames follow one another in the order of their items,
each in one item or more (PS3.5 A.4), so as many items as frames leave one way to read them, whatever a table
says. With more items than frames the table must point at the first item of each frame, in order.

Source: DICOM PS3.5 A.4 (encapsulation) and 7.1 (element headers); PS3.3 C.7.6.3.1.8 (extended offsets).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS

Span = tuple[int, int]
"""Offset and length of a piece of the file, bytes."""
UNDEFINED = 0xFFFFFFFF
_PIXEL_DATA = (0x7FE0, 0x0010)
_ITEM = (0xFFFE, 0xE000)
_END = (0xFFFE, 0xE0DD)
_HEAD_BYTES, _ENTRY_BYTES = 8, 4
_STREAM_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\xff\x0a", b"\0\0\0\x0c")
"""How JPEG and JPEG-LS, JPEG 2000, and JPEG XL bare and in a box begin."""


@dataclass(frozen=True, slots=True)
class PixelElement:
    """The Pixel Data element: where its value starts, and its length (`UNDEFINED` when encapsulated)."""

    start: int
    length: int


def find_pixels(file: BinaryIO, *, implicit: bool, little: bool) -> PixelElement | None:
    """Read the head of the element at the file's position; None if it is not Pixel Data."""
    order = "<" if little else ">"
    head = file.read(_HEAD_BYTES)
    if len(head) < _HEAD_BYTES or struct.unpack_from(order + "HH", head) != _PIXEL_DATA:
        return None
    if implicit:
        return PixelElement(file.tell(), struct.unpack_from(order + "I", head, 4)[0])
    (length,) = struct.unpack(order + "I", file.read(4).ljust(4, b"\0"))  # OB and OW have a long head
    return PixelElement(file.tell(), length)


def native_frames(pixels: PixelElement, size: int, frame_bytes: int, n_frames: int) -> list[Span]:
    """Return where each uncompressed frame lies.

    Parameters
    ----------
    pixels : PixelElement
    size : int, bytes
        Of the file.
    frame_bytes : int, bytes
    n_frames : int

    Raises
    ------
    IngestError
        ``E_TRUNCATED``, ``E_FRAME_COUNT`` or ``E_DIM_MISMATCH``.
    """
    wanted = frame_bytes * n_frames
    if pixels.length == UNDEFINED:
        raise IngestError("E_DIM_MISMATCH", "uncompressed pixels must have a defined length")
    if pixels.start + pixels.length > size:
        raise IngestError("E_TRUNCATED", "the file ends inside its Pixel Data")
    if pixels.length not in (wanted, wanted + 1):  # an odd length is padded by one byte
        code = "E_DIM_MISMATCH" if pixels.length % frame_bytes else "E_FRAME_COUNT"
        raise IngestError(
            code, f"the frames of the header need other than the {pixels.length} bytes there are"
        )
    return [(pixels.start + i * frame_bytes, frame_bytes) for i in range(n_frames)]


def encapsulated_frames(
    file: BinaryIO, pixels: PixelElement, size: int, n_frames: int, offsets: Sequence[int] = ()
) -> list[list[Span]]:
    """Return the fragments of each compressed frame.

    Parameters
    ----------
    file : binary file
    pixels : PixelElement
    size : int, bytes
        Of the file.
    n_frames : int
    offsets : sequence of int, bytes
        The extended offset table, which goes before the basic one.

    Raises
    ------
    IngestError
        ``E_TRUNCATED``, ``E_FRAME_COUNT`` or ``E_LIMIT_FRAMES``.
    """
    items = _encapsulated(file, pixels, size, n_frames)
    fragments = items[1:]
    if n_frames == 1 and fragments:
        return [fragments]
    if len(fragments) == n_frames:
        return [[f] for f in fragments]
    if not offsets and items and items[0][1] <= _ENTRY_BYTES * LIMITS.frames:
        table = _read(file, items[0])
        offsets = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
    if len(offsets) == n_frames and len(fragments) > n_frames:
        return _grouped(fragments, offsets)
    starts = [i for i, span in enumerate(fragments) if _starts_stream(file, span)]
    if items and not items[0][1] and not offsets and starts[:1] == [0] and len(starts) == n_frames:
        return _cut(fragments, starts)
    raise IngestError(
        "E_FRAME_COUNT", f"{len(fragments)} fragments hold another number of frames than the header says"
    )


def stream_pieces(file: BinaryIO, pixels: PixelElement, size: int) -> list[Span]:
    """Return the fragments of a video, which is one stream for all frames.

    Raises
    ------
    IngestError
        ``E_TRUNCATED``, ``E_NO_PIXELS`` or ``E_LIMIT_FRAMES``.
    """
    fragments = _encapsulated(file, pixels, size, 1)[1:]
    if not any(length for _, length in fragments):
        raise IngestError("E_NO_PIXELS", "the compressed pixels are empty")
    return fragments


def read_spans(file: BinaryIO, spans: Sequence[Span]) -> bytes:
    """Return the bytes of some pieces, joined."""
    return b"".join(_read(file, span) for span in spans)


def _encapsulated(file: BinaryIO, pixels: PixelElement, size: int, n_frames: int) -> list[Span]:
    if pixels.length != UNDEFINED:
        raise IngestError("E_DIM_MISMATCH", "compressed pixels must be encapsulated")
    most = min(LIMITS.fragments * n_frames, LIMITS.elements) + 1
    found: list[Span] = []
    at = pixels.start
    while at + _HEAD_BYTES <= size:
        file.seek(at)
        group, element, length = struct.unpack("<HHI", file.read(_HEAD_BYTES))
        if (group, element) == _END:
            return found
        if (group, element) != _ITEM or at + _HEAD_BYTES + length > size:
            break
        if len(found) == most:
            raise IngestError("E_LIMIT_FRAMES", f"compressed pixels have at most {most - 1} fragments here")
        found.append((at + _HEAD_BYTES, length))
        at += _HEAD_BYTES + length
    raise IngestError("E_TRUNCATED", f"the compressed pixels break off after {len(found)} items")


def _starts_stream(file: BinaryIO, span: Span) -> bool:
    return _read(file, (span[0], min(span[1], 4))).startswith(_STREAM_STARTS)


def _grouped(fragments: Sequence[Span], offsets: Sequence[int]) -> list[list[Span]]:
    first = fragments[0][0] - _HEAD_BYTES
    place = {at - _HEAD_BYTES - first: i for i, (at, _) in enumerate(fragments)}
    starts = [place.get(offset, -1) for offset in offsets]
    if starts[0] != 0 or any(b <= a for a, b in pairwise(starts)):
        raise IngestError("E_FRAME_COUNT", "the offset table does not point at the fragments")
    return _cut(fragments, starts)


def _cut(fragments: Sequence[Span], starts: Sequence[int]) -> list[list[Span]]:
    return [list(fragments[a:b]) for a, b in zip(starts, [*starts[1:], len(fragments)], strict=True)]


def _read(file: BinaryIO, span: Span) -> bytes:
    file.seek(span[0])
    return file.read(span[1])
