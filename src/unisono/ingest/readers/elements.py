"""Walk the elements of a DICOM file without reading a value, within limits on depth and number.

Parsers recurse: two hundred nested sequences end them, and an element that claims more bytes than the file
has makes them ask for that memory. This walk keeps its own stack, follows defined and undefined lengths, and
refuses what is too deep, too many or cut off before any parser sees it.

Source: DICOM PS3.5 7.1 (element headers), 7.5 (sequences and their delimiters), 6.2.2 (unknown VR).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS

UNDEFINED = 0xFFFFFFFF
PIXELS = 0x7FE00008
"""Tags from here on are pixels, in any of their forms, or come after them."""
_HEAD_BYTES, _LONG_HEAD_BYTES = 8, 12
_PIECE_BYTES = 1024 * 1024
_ZEROS = bytes(_PIECE_BYTES)
_DELIMITING, _ITEM, _END_OF_SEQUENCE = 0xFFFE, 0xE000, 0xE0DD
_ITEM_MARKS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_MAY_HOLD_ITEMS = (b"UN", b"OB", b"")


class Element(NamedTuple):
    """One element: its tag, VR (empty when implicit), where head and value lie, and how deep.

    ``length`` is `UNDEFINED` where the element ends by a delimiter.
    """

    tag: int
    vr: bytes
    head: int
    start: int
    length: int
    depth: int


@dataclass(slots=True)
class _Open:
    """A sequence or item that is open: where it ends (None: by delimiter) and how it is written."""

    end: int | None
    implicit: bool
    is_item: bool


def walk(
    file: BinaryIO, start: int, size: int, *, implicit: bool, little: bool, stop: int = PIXELS
) -> Iterator[Element]:
    """Yield all elements from a place on, those inside sequences too, up to the first pixel element.

    That one is the last to be yielded; its value is not entered.

    Parameters
    ----------
    file : binary file
    start, size : int, bytes
        Where the data set begins and where the file ends.
    implicit, little : bool
        Of the transfer syntax.
    stop : int
        The first top-level tag that ends the walk.

    Raises
    ------
    IngestError
        ``E_LIMIT_DEPTH`` beyond the limits, ``E_TRUNCATED`` if an element runs past the end.
    """
    order = "<" if little else ">"
    stack: list[_Open] = []
    at, count = start, 0
    while True:
        at = _close(stack, at)
        file.seek(at)
        head = file.read(_LONG_HEAD_BYTES)
        if len(head) < _HEAD_BYTES or not any(head):
            _check_closed(stack, head)
            return
        count += 1
        if count > LIMITS.elements:
            raise _too_many()
        is_implicit = stack[-1].implicit if stack else implicit
        group, number, vr, n_head, length = _measure(head, implicit=is_implicit, order=order)
        if group == _DELIMITING:
            at = _delimited(stack, at, number, length, implicit=is_implicit)
            continue
        element = Element(group << 16 | number, vr, at, at + n_head, length, _depth(stack))
        end = at + n_head + length
        bound = next((o.end for o in reversed(stack) if o.end is not None), None)
        if length != UNDEFINED and bound is not None and end > bound:
            at = _leave(stack, bound)  # no element of ours: the value only looked like items
            continue
        yield element
        if not stack and element.tag >= stop:
            return
        if length != UNDEFINED and end > size:
            raise IngestError("E_TRUNCATED", "the file ends inside one of its header elements")
        if length == UNDEFINED or _holds_items(file, element):
            # PS3.5 6.2.2: an unknown VR of undefined length is written implicitly.
            unknown = vr == b"UN" and length == UNDEFINED
            stack.append(_Open(None if length == UNDEFINED else end, is_implicit or unknown, is_item=False))
            _check_depth(stack)
            at = element.start
        else:
            at = end


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

    Raises
    ------
    IngestError
        ``E_LIMIT_DEPTH`` if there are more of them than a header may have.
    """
    order = "<" if little else ">"
    at, count = start, 0
    while at + _HEAD_BYTES <= size:
        count += 1
        if count > LIMITS.elements:
            raise _too_many()
        file.seek(at)
        head = file.read(_LONG_HEAD_BYTES)
        if not any(head):
            break
        group, number, _, n_head, length = _measure(head, implicit=implicit, order=order)
        is_end = group == _DELIMITING and number != _ITEM
        depth += -1 if is_end else int(length == UNDEFINED)
        at += n_head + (0 if is_end or length == UNDEFINED else length)
    file.seek(min(at, size))
    return at <= size and depth == 0 and is_padding(file)


def is_padding(file: BinaryIO) -> bool:
    """Return whether nothing but zeros follows the file's position."""
    while piece := file.read(_PIECE_BYTES):
        if piece != _ZEROS[: len(piece)]:
            return False
    return True


def _measure(head: bytes, *, implicit: bool, order: str) -> tuple[int, int, bytes, int, int]:
    group, number = struct.unpack_from(order + "HH", head)
    vr = head[4:6]
    if group == _DELIMITING or implicit or not vr.isalpha():
        return group, number, b"", _HEAD_BYTES, struct.unpack_from(order + "I", head, 4)[0]
    if vr in _LONG:
        padded = head.ljust(_LONG_HEAD_BYTES, b"\0")
        return group, number, vr, _LONG_HEAD_BYTES, struct.unpack_from(order + "I", padded, 8)[0]
    return group, number, vr, _HEAD_BYTES, struct.unpack_from(order + "H", head, 6)[0]


def _holds_items(file: BinaryIO, element: Element) -> bool:
    if element.vr == b"SQ":
        return True
    # Without a VR the dictionary would be asked; a value that begins with an item is followed in any case.
    if element.vr not in _MAY_HOLD_ITEMS or element.length < _HEAD_BYTES:
        return False
    file.seek(element.start)
    return file.read(4) in _ITEM_MARKS


def _delimited(stack: list[_Open], at: int, number: int, length: int, *, implicit: bool) -> int:
    if number == _ITEM and stack and not stack[-1].is_item:
        end = None if length == UNDEFINED else at + _HEAD_BYTES + length
        stack.append(_Open(end, implicit, is_item=True))
        _check_depth(stack)
    elif number != _ITEM and stack and (number != _END_OF_SEQUENCE) == stack[-1].is_item:
        stack.pop()
    # Anything else is a stray mark, as some scanners leave behind: it has no content.
    return at + _HEAD_BYTES


def _close(stack: list[_Open], at: int) -> int:
    while stack and (end := stack[-1].end) is not None and at >= end:
        stack.pop()
        at = end
    return at


def _leave(stack: list[_Open], bound: int) -> int:
    while stack and stack[-1].end != bound:
        stack.pop()
    return bound


def _depth(stack: list[_Open]) -> int:
    return sum(o.is_item for o in stack)


def _check_depth(stack: list[_Open]) -> None:
    if _depth(stack) > LIMITS.depth or len(stack) > 2 * LIMITS.depth + 1:
        raise IngestError("E_LIMIT_DEPTH", f"sequences are nested at most {LIMITS.depth} deep")


def _check_closed(stack: list[_Open], tail: bytes) -> None:
    if stack or any(tail):  # zeros may pad a file
        raise IngestError("E_TRUNCATED", "the file ends inside one of its sequences or elements")


def _too_many() -> IngestError:
    return IngestError(
        "E_LIMIT_DEPTH", f"a file has at most {LIMITS.elements} elements before its pixels, and as many after"
    )
