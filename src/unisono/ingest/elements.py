"""Whether the data elements of a DICOM file end where the file does; no value is read.

Source: DICOM PS3.5 7.1 (element headers), 7.5 (sequences and their delimiters).
"""

import struct
from typing import BinaryIO

UNDEFINED = 0xFFFFFFFF
_HEAD_BYTES, _LONG_HEAD_BYTES = 8, 12
_DELIMITING_GROUP, _ITEM = 0xFFFE, 0xE000
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())


def is_whole(file: BinaryIO, start: int, size: int, *, implicit: bool, little: bool, depth: int = 0) -> bool:
    """Return whether the elements from a place on reach the end of the file and no further.

    Parameters
    ----------
    file : binary file
    start : int, bytes
        Where an element or an item begins.
    size : int, bytes
        Of the file. Zeros after the last element do not count.
    implicit, little : bool
        Of the transfer syntax.
    depth : int, default=0
        Sequences of undefined length that are open at ``start``.
    """
    at = start
    while at + _HEAD_BYTES <= size:
        file.seek(at)
        head = file.read(_LONG_HEAD_BYTES)
        if not any(head):
            break
        n_head, length, step = _measure(head, implicit=implicit, order="<" if little else ">")
        depth += step
        at += n_head + length
    file.seek(min(at, size))
    return at <= size and depth == 0 and not any(file.read(size))


def _measure(head: bytes, *, implicit: bool, order: str) -> tuple[int, int, int]:
    group, element = struct.unpack_from(order + "HH", head)
    n_head = _HEAD_BYTES
    if group == _DELIMITING_GROUP or implicit or not head[4:6].isalpha():
        (length,) = struct.unpack_from(order + "I", head, 4)
    elif head[4:6] in _LONG:
        n_head = _LONG_HEAD_BYTES
        (length,) = struct.unpack_from(order + "I", head.ljust(n_head, b"\0"), 8)
    else:
        (length,) = struct.unpack_from(order + "H", head, 6)
    if group == _DELIMITING_GROUP and element != _ITEM:
        return n_head, 0, -1
    return (n_head, 0, 1) if length == UNDEFINED else (n_head, length, 0)
