"""The size of an image from its head, so that a folder of images is sorted into loops without decoding it.

Source: PNG (ISO/IEC 15948) 11.2.2; ITU-T T.81 B.2.2; BMP (BITMAPINFOHEADER); TIFF 6.0 section 2; RFC 9649
(WebP) section 2.
"""

import io
import struct
from typing import BinaryIO

_MOST_SEGMENTS, _MOST_TAGS, _TAG_BYTES = 1000, 4096, 12
_NOT_SIZES = (0xC4, 0xC8, 0xCC)  # tables and reserved, among the frame headers C0 to CF
_WIDTH, _HEIGHT, _SHORT = 256, 257, 3
_OLD_BMP, _WEBP_BYTES = 12, 30
_LOW_14 = 0x3FFF


def size_of_image(file: BinaryIO) -> tuple[int, int] | None:
    """Return rows and columns, px, as the head says; None when it does not say.

    Parameters
    ----------
    file : binary file
        PNG, JPEG, BMP, TIFF or WebP; some kilobytes of it are read.
    """
    file.seek(0)
    head = file.read(32)
    for mark, read in _READERS:
        if head.startswith(mark):
            try:
                rows, columns = read(file, head)
            except (struct.error, ValueError):
                return None
            return (rows, columns) if rows > 0 and columns > 0 else None
    return None


def _png(_file: BinaryIO, head: bytes) -> tuple[int, int]:
    columns, rows = struct.unpack_from(">II", head, 16)
    return rows, columns


def _jpeg(file: BinaryIO, _head: bytes) -> tuple[int, int]:
    file.seek(2)
    for _ in range(_MOST_SEGMENTS):
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:  # noqa: PLR2004  # the byte that begins every marker
            break
        if 0xC0 <= kind <= 0xCF and kind not in _NOT_SIZES:  # noqa: PLR2004  # the frame headers
            rows, columns = struct.unpack_from(">HH", file.read(5), 1)
            return rows, columns
        if kind == 0xFF:  # noqa: PLR2004  # a byte of filling between markers
            file.seek(-3, io.SEEK_CUR)
        else:
            file.seek(length - 2, io.SEEK_CUR)
    raise ValueError


def _bmp(_file: BinaryIO, head: bytes) -> tuple[int, int]:
    form = struct.unpack_from("<I", head, 14)[0]
    columns, rows = struct.unpack_from("<HH" if form == _OLD_BMP else "<ii", head, 18)
    return abs(rows), columns  # a negative height turns the order of the rows


def _tiff(file: BinaryIO, head: bytes) -> tuple[int, int]:
    order = "<" if head[:2] == b"II" else ">"
    file.seek(struct.unpack_from(order + "I", head, 4)[0])
    count = struct.unpack(order + "H", file.read(2))[0]
    tags = file.read(_TAG_BYTES * min(count, _MOST_TAGS))
    found = {}
    for at in range(0, len(tags) - _TAG_BYTES + 1, _TAG_BYTES):
        tag, form = struct.unpack_from(order + "HH", tags, at)
        if tag in (_WIDTH, _HEIGHT):
            found[tag] = struct.unpack_from(order + ("H" if form == _SHORT else "I"), tags, at + 8)[0]
    return found.get(_HEIGHT, 0), found.get(_WIDTH, 0)


def _webp(_file: BinaryIO, head: bytes) -> tuple[int, int]:
    if len(head) < _WEBP_BYTES:
        raise ValueError
    if head[12:16] == b"VP8 ":
        columns, rows = struct.unpack_from("<HH", head, 26)
        return rows & _LOW_14, columns & _LOW_14
    if head[12:16] == b"VP8L":
        bits = struct.unpack_from("<I", head, 21)[0]
        return (bits >> 14 & _LOW_14) + 1, (bits & _LOW_14) + 1
    columns, rows = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    return rows, columns


_READERS = (
    (b"\x89PNG", _png), (b"\xff\xd8", _jpeg), (b"BM", _bmp), (b"II*\0", _tiff), (b"MM\0*", _tiff),
    (b"RIFF", _webp),
)  # fmt: skip
