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

_GIF_TRAILER, _GIF_IMAGE, _GIF_EXTENSION = 0x3B, 0x2C, 0x21
_EBML = b"\x1aE\xdf\xa3"
_SEGMENT = b"\x18S\x80g"
_PICTURE_BOXES = (b"moov", b"mdat", b"moof")
_BOX_HEAD_BYTES = 8
_UNKNOWN_SIZE = 0xFFFFFFFF
_ASF = b"0&\xb2u"
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_HEAD_BYTES = 4096


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
    """Refuse a video file that ends before its container says so.

    Parameters
    ----------
    file : binary file

    Raises
    ------
    IngestError
        ``E_TRUNCATED``.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(_ASF_HEAD_BYTES)
    if head[:4] == b"GIF8":
        return Whole(states_end=True, n_images=_gif_images(file, size))
    if head[:4] == _EBML:
        return Whole(states_end=_check_segment(file, size))
    if head[:4] == b"RIFF":
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


def _gif_images(file: BinaryIO, size: int) -> int:
    file.seek(10)
    _skip_palette(file, _byte(file))
    file.seek(2, io.SEEK_CUR)
    n_images = 0
    while (mark := _byte(file)) != _GIF_TRAILER:
        if mark == _GIF_IMAGE:
            file.seek(8, io.SEEK_CUR)
            _skip_palette(file, _byte(file))
            n_images += 1
        elif mark != _GIF_EXTENSION:
            raise IngestError("E_TRUNCATED", f"the GIF's blocks break off after {n_images} images")
        file.seek(1, io.SEEK_CUR)  # the extension's label, or the size of LZW codes
        while length := _byte(file):
            file.seek(length, io.SEEK_CUR)
    if any(file.read(size)):
        raise IngestError("E_TRUNCATED", f"the GIF ends after {n_images} images, before its file does")
    return n_images


def _skip_palette(file: BinaryIO, packed: int) -> None:
    if packed & 0x80:
        file.seek(3 << ((packed & 7) + 1), io.SEEK_CUR)


def _byte(file: BinaryIO) -> int:
    data = file.read(1)
    if not data:
        raise IngestError("E_TRUNCATED", "the GIF ends without its trailer")
    return data[0]


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
    while (at := file.tell()) < size:
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


def _check_boxes(file: BinaryIO, size: int) -> bool:
    """Return whether the boxes tell the end: fragments of a live stream do not, unless indexed at the end."""
    at, kinds = 0, set()
    while at + _BOX_HEAD_BYTES <= size:
        file.seek(at)
        head = file.read(_BOX_HEAD_BYTES)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(file.read(8), "big")
        if length < _BOX_HEAD_BYTES:  # 0: to the end of the file
            break
        at += length
        kinds.add(head[4:])
        if head[4:] in _PICTURE_BOXES:
            _check_end(at, size)
    return b"moof" not in kinds or b"mfra" in kinds
