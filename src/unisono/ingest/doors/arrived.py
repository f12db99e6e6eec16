"""What a sender is told at once: whether the object is one we read, and is what it was announced as.

Only the first group of a header is looked at, with nothing but `struct` and within limits; whether the rest
can be read is found out behind the door, in a process of its own. This file loads no decoder: the process
that listens to the network stays small.

Sources: DICOM PS3.6 table A-1 (UIDs); PS3.5 section 7 (data elements).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from unisono.base.errors import IngestError
from unisono.ingest.readers.elements import UNDEFINED, is_whole, walk

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
"""All that are read; `unisono.ingest.readers.syntaxes` says how."""
META = 2
_SOP_CLASS, _SOP_UID, _MODALITY = (8, 0x16), (8, 0x18), (8, 0x60)
_STUDY = 0x0020000D
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_MOST_BYTES = 256
"""Of a value that is looked at; none of the three has more than 64."""
_PREAMBLE_BYTES = 132
Tag = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """What an object says it is.

    Parameters
    ----------
    sop_class, modality : str
    uid : str
        Its SOP Instance UID; it identifies a patient and stays in memory.
    is_sealed : bool
        The data set is deflated: to look inside is to inflate it, and that is done behind the door.
    """

    sop_class: str
    uid: str = field(repr=False)
    modality: str
    is_sealed: bool = False


def read_facts(path: Path) -> Facts:
    """Return what a DICOM file says it is, when it is whole.

    Raises
    ------
    IngestError
        ``E_TS_UNSUPPORTED``, ``E_TRUNCATED``, ``E_UID_MISSING``, ``E_NOT_DICOM``.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        meta = _meta(file)
        syntax = meta.get((2, 0x10), "")
        if syntax not in TRANSFER_SYNTAXES:
            raise IngestError(
                "E_TS_UNSUPPORTED", "this transfer syntax is not read; docs/reading.md lists all"
            )
        if syntax == DEFLATED:
            return Facts(meta.get((2, 2), ""), meta.get((2, 3), ""), "", is_sealed=True)
        start = file.tell()
        implicit, order = syntax == IMPLICIT, ">" if syntax == BIG else "<"
        found = dict(_values(file, implicit=implicit, order=order, last=_MODALITY))
        if not is_whole(file, start, size, implicit=implicit, little=syntax != BIG):
            raise IngestError("E_TRUNCATED", "the object ends inside a data element")
    if not found.get(_SOP_UID):
        raise IngestError("E_UID_MISSING", "the object has no SOP Instance UID")
    return Facts(found.get(_SOP_CLASS, ""), found[_SOP_UID], found.get(_MODALITY, ""))


def read_study(path: Path) -> str:
    """Return the Study Instance UID of a DICOM file that `read_facts` took; empty when it has none.

    Raises
    ------
    IngestError
        ``E_NOT_DICOM`` when the data set is deflated, ``E_TRUNCATED`` or a limit.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        syntax = _meta(file).get((2, 0x10), "")
        if syntax == DEFLATED:
            raise IngestError("E_NOT_DICOM", "a deflated object does not show its study; send it without one")
        options = {"implicit": syntax == IMPLICIT, "little": syntax != BIG}
        for element in walk(file, file.tell(), size, **options, stop=_STUDY):
            if element.tag == _STUDY and element.depth == 0 and element.length <= _MOST_BYTES:
                file.seek(element.start)
                return file.read(element.length).rstrip(b"\0 ").decode("ascii", "replace")
    return ""


def check_facts(facts: Facts, sop_class: str = "", uid: str = "") -> None:
    """Refuse an object that is no ultrasound, or is another than was announced.

    Parameters
    ----------
    facts : Facts
    sop_class, uid : str, optional
        What the sender announced.

    Raises
    ------
    IngestError
        ``E_MODALITY``.
    """
    if facts.sop_class not in CLASSES or not (facts.is_sealed or facts.modality == "US"):
        raise IngestError(
            "E_MODALITY", "not an ultrasound image; modality US and an ultrasound class are read"
        )
    if sop_class not in ("", facts.sop_class) or uid not in ("", facts.uid):
        raise IngestError("E_MODALITY", "the object is of another class or UID than was announced")


def _meta(file: BinaryIO) -> dict[Tag, str]:
    file.seek(_PREAMBLE_BYTES - 4)
    if file.read(4) != b"DICM":
        raise IngestError("E_NOT_DICOM", "the object has no DICOM preamble")
    return dict(_values(file, implicit=False, order="<", last=(META, 0xFFFF)))


def _values(file: BinaryIO, *, implicit: bool, order: str, last: Tag) -> Iterator[tuple[Tag, str]]:
    """Yield the short values up to a tag, and leave the file after them."""
    while True:
        at = file.tell()
        head = file.read(12)
        if len(head) < 8:  # noqa: PLR2004  # the shortest head of an element
            return
        tag: Tag = struct.unpack_from(order + "HH", head)
        if tag > last or (last[0] == META and tag[0] != META):
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
