"""What a sender is told at once: whether the object is one we read, and is what it was announced as.

Only the first group of a header is looked at, with nothing but `struct` and within limits; whether the rest
can be read is found out behind the door, in a process of its own. This file loads no decoder: the process
that listens to the network stays small.

Sources: DICOM PS3.6 table A-1 (UIDs); PS3.5 section 7 (data elements).
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from unisono.base.errors import IngestError
from unisono.ingest.elements import UNDEFINED, is_whole

CLASSES = tuple(
    f"1.2.840.10008.5.1.4.1.1.{end}" for end in ("3", "3.1", "6", "6.1", "7", "7.1", "7.2", "7.3", "7.4")
)
"""Ultrasound images, the retired classes among them, and secondary captures (of ultrasound)."""
_UID = "1.2.840.10008.1.2"
_FRAGMENTABLE = (100, 101, 102, 103, 104, 105, 106)
_CODED = (
    50, 51, 57, 70, 80, 81, 90, 91, 201, 202, 203, 110, 111, 112, *_FRAGMENTABLE, 107, 108,
)  # fmt: skip
IMPLICIT, BIG, DEFLATED = _UID, f"{_UID}.2", f"{_UID}.1.99"
TRANSFER_SYNTAXES = (
    f"{_UID}.1", IMPLICIT, BIG, DEFLATED, f"{_UID}.5", *(f"{_UID}.4.{n}" for n in _CODED),
    *(f"{_UID}.4.{n}.1" for n in _FRAGMENTABLE),
)  # fmt: skip
"""All that are read; `unisono.ingest.syntaxes` says how."""
_SOP_CLASS, _SOP_UID, _MODALITY = (8, 0x16), (8, 0x18), (8, 0x60)
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_MOST_BYTES = 256
"""Of a value that is looked at; none of the three has more than 64."""
_PREAMBLE_BYTES = 132
Tag = tuple[int, int]


def check_object(path: Path, sop_class: str = "", uid: str = "") -> str:
    """Refuse an object that is no ultrasound, breaks off, or is another than was announced.

    Parameters
    ----------
    path : pathlib.Path
        A DICOM file.
    sop_class, uid : str, optional
        What the sender announced.

    Returns
    -------
    str
        Its SOP Instance UID; it identifies a patient and stays in memory.

    Raises
    ------
    IngestError
        ``E_MODALITY`` when it is of another kind, ``E_TS_UNSUPPORTED``, ``E_TRUNCATED``, ``E_UID_MISSING``,
        ``E_NOT_DICOM``.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        syntax = _syntax(file)
        if syntax == DEFLATED:
            return uid  # to look inside is to inflate it: that is done behind the door, with a cap
        start = file.tell()
        implicit, order = syntax == IMPLICIT, ">" if syntax == BIG else "<"
        found = dict(_values(file, implicit=implicit, order=order, last=_MODALITY))
        if not is_whole(file, start, size, implicit=implicit, little=syntax != BIG):
            raise IngestError("E_TRUNCATED", "the object ends inside a data element")
    _check_kind(found, sop_class)
    return _uid(found, uid)


def _syntax(file: BinaryIO) -> str:
    file.seek(_PREAMBLE_BYTES - 4)
    if file.read(4) != b"DICM":
        raise IngestError("E_NOT_DICOM", "the object has no DICOM preamble")
    meta = dict(_values(file, implicit=False, order="<", last=(2, 0xFFFF)))
    syntax = meta.get((2, 0x10), "")
    if syntax not in TRANSFER_SYNTAXES:
        raise IngestError("E_TS_UNSUPPORTED", "this transfer syntax is not read; docs/reading.md lists all")
    return syntax


def _values(file: BinaryIO, *, implicit: bool, order: str, last: Tag) -> Iterator[tuple[Tag, str]]:
    """Yield the short values up to a tag, and leave the file after them."""
    while True:
        at = file.tell()
        head = file.read(12)
        if len(head) < 8:  # noqa: PLR2004  # the shortest head of an element
            return
        tag: Tag = struct.unpack_from(order + "HH", head)
        if tag > last:
            file.seek(at)
            return
        n_head, length = _measure(head, implicit=implicit, order=order)
        if length == UNDEFINED:
            raise IngestError("E_NOT_DICOM", "a sequence stands before the object says what it is")
        file.seek(at + n_head)
        if length <= _MOST_BYTES:
            yield tag, file.read(length).rstrip(b"\0 ").decode("ascii", "replace")
        file.seek(at + n_head + length)


def _measure(head: bytes, *, implicit: bool, order: str) -> tuple[int, int]:
    if implicit:
        return 8, struct.unpack_from(order + "I", head, 4)[0]
    if head[4:6] in _LONG:
        return 12, struct.unpack_from(order + "I", head.ljust(12, b"\0"), 8)[0]
    return 8, struct.unpack_from(order + "H", head, 6)[0]


def _check_kind(found: dict[Tag, str], sop_class: str) -> None:
    actual = found.get(_SOP_CLASS, "")
    if actual not in CLASSES or found.get(_MODALITY) != "US":
        raise IngestError(
            "E_MODALITY", "not an ultrasound image; modality US and an ultrasound class are read"
        )
    if sop_class and actual != sop_class:
        raise IngestError("E_MODALITY", "the object is of another class than was announced")


def _uid(found: dict[Tag, str], announced: str) -> str:
    uid = found.get(_SOP_UID, "")
    if not uid:
        raise IngestError("E_UID_MISSING", "the object has no SOP Instance UID")
    if announced and uid != announced:
        raise IngestError("E_MODALITY", "the object has another UID than was announced")
    return uid
