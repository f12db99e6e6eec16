"""Whether a video file is there to its last byte, by what its container says of its own length.

Decoders read a cut file as a shorter one. The container knows better: a GIF ends with a trailer, a Matroska
segment, an AVI and the boxes of an MP4 state their sizes. Nothing is decoded and no value is kept.

Sources: GIF89a (CompuServe, 1990); RFC 8794 (EBML) and RFC 9559 (Matroska); ISO/IEC 14496-12 section 4.2;
Advanced Systems Format specification 01.20.05 section 3.2.
"""

import io
from dataclasses import dataclass
from typing import BinaryIO

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS
from unisono.ingest.readers.elements import is_padding

_GIF_TRAILER, _GIF_IMAGE, _GIF_EXTENSION = 0x3B, 0x2C, 0x21
_EBML = b"\x1aE\xdf\xa3"
_SEGMENT = b"\x18S\x80g"
_PICTURE_BOXES = (b"moov", b"mdat", b"moof")
_OF_BOXES = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"mvex", b"moof", b"traf")
_OF_CHUNKS = (b"RIFF", b"LIST")
_BOX_HEAD_BYTES = 8
_LIST_HEAD_BYTES = 12
_UNKNOWN_SIZE = 0xFFFFFFFF
_ASF = b"0&\xb2u"
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_HEAD_BYTES = 4096
_PIECE_BYTES = 64 * 1024
_BLOCK_BYTES = 128
"""Of a GIF for one of its blocks: writers fill them to 255, and a file of emptier ones wastes time."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What a container says of its own length.

    Parameters
    ----------
    states_end : bool
        It says where it ends, and its file reaches so far. False for what was written live.
    n_images : int, optional
        Number of pictures where the container's own structure tells it (GIF).
    """

    states_end: bool
    n_images: int | None = None


def check_whole(file: BinaryIO) -> Whole:
    """Refuse a video file that ends before its container says so, or whose container has too many parts.

    Parameters
    ----------
    file : binary file

    Raises
    ------
    IngestError
        ``E_TRUNCATED``, ``E_LIMIT_DEPTH``.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(_ASF_HEAD_BYTES)
    if head[:4] == b"GIF8":
        return Whole(states_end=True, n_images=_gif_images(file, size))
    if head[:4] == _EBML:
        return Whole(states_end=_check_segment(file, size))
    if head[:4] == b"RIFF":
        _check_chunks(file, size)
        return Whole(states_end=_check_stated(8 + int.from_bytes(head[4:8], "little"), size))
    if head[:4] == _ASF:
        return Whole(states_end=_check_asf(head, size))
    if head[4:8].isalpha():
        return Whole(states_end=_check_boxes(file, size))
    return Whole(states_end=False)


def _check_stated(end: int, size: int) -> bool:
    if end in (8, 8 + _UNKNOWN_SIZE):  # a writer that never came back to fill it in
        return False
    _check_end(end, size)
    return True


def _check_asf(head: bytes, size: int) -> bool:
    at = head.find(_ASF_PROPERTIES)
    properties = head[at + 16 : at + 96] if at >= 0 else b""
    if len(properties) < 80 or properties[72] & 1:  # noqa: PLR2004  # not there, or broadcast
        return False
    _check_end(int.from_bytes(properties[24:32], "little"), size)
    return True


def _check_end(end: int, size: int) -> None:
    if end > size:
        raise IngestError("E_TRUNCATED", f"the video says it ends at byte {end}; the file has {size}")


def _check_number(n_parts: int) -> None:
    if n_parts > LIMITS.elements:
        raise IngestError("E_LIMIT_DEPTH", f"a video's container has at most {LIMITS.elements} parts")


def _gif_images(file: BinaryIO, size: int) -> int:
    walk = _GifWalk(file, LIMITS.elements + size // _BLOCK_BYTES)
    walk.at = 10
    walk.skip_palette(walk.byte())
    walk.at += 2
    n_images = n_parts = 0
    while (mark := walk.byte()) != _GIF_TRAILER:
        n_parts += 1
        _check_number(n_parts)
        if mark == _GIF_IMAGE:
            walk.at += 8
            walk.skip_palette(walk.byte())
            n_images += 1
        elif mark != _GIF_EXTENSION:
            raise IngestError("E_TRUNCATED", f"the GIF's blocks break off after {n_images} images")
        walk.at += 1  # the extension's label, or the size of LZW codes
        walk.skip_blocks()
    file.seek(walk.at)
    if not is_padding(file):
        raise IngestError("E_TRUNCATED", f"the GIF ends after {n_images} images, before its file does")
    return n_images


class _GifWalk:
    """A place in a GIF, and the piece of the file around it: blocks are short, and calls are dear."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file, self._most, self._n_blocks = file, most, 0
        self._piece, self._start, self.at = b"", 0, 0

    def byte(self) -> int:
        """Return the byte at the place, and go on."""
        here = self._here()
        self.at += 1
        return self._piece[here]

    def skip_palette(self, packed: int) -> None:
        """Go past the colours, if the flags say that there are some."""
        if packed & 0x80:
            self.at += 3 << ((packed & 7) + 1)

    def skip_blocks(self) -> None:
        """Go past blocks up to the empty one that ends them."""
        length = 1
        while length:
            here = self._here()
            piece, end = self._piece, len(self._piece)
            while here < end and length:
                length = piece[here]
                here += length + 1
                self._n_blocks += 1
            self.at = self._start + here
            if self._n_blocks > self._most:
                raise IngestError("E_LIMIT_DEPTH", f"a GIF of this size has at most {self._most} blocks")

    def _here(self) -> int:
        if not self._start <= self.at < self._start + len(self._piece):
            self._file.seek(self.at)
            self._piece, self._start = self._file.read(_PIECE_BYTES), self.at
            if not self._piece:
                raise IngestError("E_TRUNCATED", "the GIF ends without its trailer")
        return self.at - self._start


def _check_segment(file: BinaryIO, size: int) -> bool:
    file.seek(4)
    head_bytes = _ebml_size(file) or 0
    _check_end(file.tell() + head_bytes, size)
    file.seek(head_bytes, io.SEEK_CUR)
    if file.read(4) != _SEGMENT:
        return False
    length = _ebml_size(file)
    if length is not None:
        _check_end(file.tell() + length, size)
        return True
    _check_elements(file, size)
    return False


def _check_elements(file: BinaryIO, size: int) -> None:
    """Refuse a live segment whose last element breaks off; one that ends between two cannot be told."""
    n_parts = 0
    while (at := file.tell()) < size:
        n_parts += 1
        _check_number(n_parts)
        first = file.read(1)[0]
        if not first:
            raise IngestError("E_TRUNCATED", f"the video's elements break off at byte {at}")
        file.seek(8 - first.bit_length(), io.SEEK_CUR)
        head_end = file.tell()
        length = _ebml_size(file)
        if file.tell() <= head_end or file.tell() > size:
            _check_end(size + 1, size)
        if length is not None:  # else it holds the elements that follow
            _check_end(file.tell() + length, size)
            file.seek(length, io.SEEK_CUR)


def _ebml_size(file: BinaryIO) -> int | None:
    first = file.read(1)
    if not first or not first[0]:
        return None
    n_more = 8 - first[0].bit_length()
    bits = 7 * (n_more + 1)
    value = int.from_bytes(first + file.read(n_more), "big") & ((1 << bits) - 1)
    return None if value == (1 << bits) - 1 else value  # all ones: a live stream of unknown size


def _check_chunks(file: BinaryIO, size: int) -> None:
    at = n_parts = 0
    while at + _BOX_HEAD_BYTES <= size:
        n_parts += 1
        _check_number(n_parts)
        file.seek(at)
        head = file.read(_BOX_HEAD_BYTES)
        length = int.from_bytes(head[4:], "little")
        at += _LIST_HEAD_BYTES if head[:4] in _OF_CHUNKS else _BOX_HEAD_BYTES + length + length % 2


def _check_boxes(file: BinaryIO, size: int) -> bool:
    """Return whether the boxes tell the end: fragments of a live stream do not, unless indexed at the end."""
    at = n_parts = 0
    is_live = is_indexed = False
    ends = [size]
    while at + _BOX_HEAD_BYTES <= size:
        n_parts += 1
        _check_number(n_parts)
        length, n_head, kind = _box(file, at)
        if length < _BOX_HEAD_BYTES:  # 0: to the end of what it is in
            at = ends.pop()
            continue
        is_live |= kind == b"moof"
        is_indexed |= kind == b"mfra"
        if len(ends) == 1 and kind in _PICTURE_BOXES:
            _check_end(at + length, size)
        if kind in _OF_BOXES:
            ends.append(min(at + length, ends[-1]))
            at += n_head
        else:
            at += length
        while len(ends) > 1 and at >= ends[-1]:
            at = ends.pop()
    return is_indexed or not is_live


def _box(file: BinaryIO, at: int) -> tuple[int, int, bytes]:
    """Return the length of a box, of its head, and its kind."""
    file.seek(at)
    head = file.read(_BOX_HEAD_BYTES)
    length = int.from_bytes(head[:4], "big")
    if length == 1:
        return int.from_bytes(file.read(8), "big"), 2 * _BOX_HEAD_BYTES, head[4:]
    return length, _BOX_HEAD_BYTES, head[4:]
