"""Parse the header of a DICOM file: the transfer syntax, what kind of object it is, where its pixels lie.

pydicom parses, but only what the walk over the elements has found sound, and never the pixels, never a
private volume of a gigabyte, never a deflated data set at once.

Source: DICOM PS3.10 section 7 (files), PS3.6 table A-1 (SOP classes).
"""

import io
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError

from unisono.base.errors import IngestError
from unisono.ingest.files.inflated import Inflated
from unisono.ingest.files.pieces import joined
from unisono.ingest.identity.identifiers import Identifiers, read_identifiers
from unisono.ingest.limits import LIMITS
from unisono.ingest.readers.elements import PIXELS, UNDEFINED, is_whole, walk
from unisono.ingest.readers.fragments import PixelElement, find_pixels
from unisono.ingest.readers.syntaxes import Syntax, syntax_of

_CLASS = "1.2.840.10008.5.1.4.1.1"
ULTRASOUND = (f"{_CLASS}.3", f"{_CLASS}.3.1", f"{_CLASS}.6", f"{_CLASS}.6.1")
"""Ultrasound multi-frame and single-frame storage, each retired and present."""
CAPTURES = (f"{_CLASS}.7", *(f"{_CLASS}.7.{n}" for n in (1, 2, 3, 4)))
"""Secondary capture, single-frame and the four multi-frame kinds."""
_REPORTS = (f"{_CLASS}.88.", f"{_CLASS}.104.")
_VOLUME, _DIRECTORY = f"{_CLASS}.6.2", "1.2.840.10008.1.3.10"
PARSE_ERRORS = (
    BytesLengthException, InvalidDicomError, AttributeError, EOFError, IndexError, KeyError,
    NotImplementedError, OSError, OverflowError, RecursionError, TypeError, ValueError, struct.error,
)  # fmt: skip
_PREAMBLE_BYTES = 132
_META_GROUP = b"\x02\x00"
# A warning about a value would print the value, and it may name a patient.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE


@dataclass(frozen=True, slots=True)
class Peeked:
    """A parsed header and the place of the pixels.

    Parameters
    ----------
    file : binary file
        Where the data set lies: the file itself, or its inflated content.
    start, size : int, bytes
        Of the data set in ``file``.
    dataset : pydicom.dataset.Dataset
        Without pixels and without elements of more than a megabyte.
    syntax : Syntax
    pixels : PixelElement or None
        None when the file holds no standard Pixel Data.
    content : str
        ``image`` or ``capture``.
    """

    file: BinaryIO
    start: int
    size: int
    dataset: Dataset
    syntax: Syntax
    pixels: PixelElement | None
    content: str


def peek(file: BinaryIO, size: int) -> Peeked:
    """Parse the header up to the pixels and check that this is ultrasound.

    Raises
    ------
    IngestError
        ``E_NOT_DICOM``, ``E_TS_UNSUPPORTED``, ``E_MODALITY``, ``E_TRUNCATED``, or a limit.
    """
    meta, start = _read_meta(file, size)
    if str(meta.get("MediaStorageSOPClassUID", "")) == _DIRECTORY:
        raise IngestError("E_MODALITY", "a DICOMDIR lists files and holds no image; send the files")
    syntax = syntax_of(str(meta.get("TransferSyntaxUID", "")))
    if syntax.is_deflated:
        file = io.BufferedReader(Inflated(file, start, size - start))
        start, size = 0, file.seek(0, io.SEEK_END)
    dataset, at = _read_dataset(file, start, size, syntax)
    named = str(meta.get("MediaStorageSOPClassUID", "") or "")
    content = _content(dataset, named, is_at_end=at >= size)
    if at >= size:
        return Peeked(file, start, size, dataset, syntax, None, content)
    file.seek(at)
    pixels = find_pixels(file, implicit=syntax.implicit, little=syntax.little)
    if pixels is not None:
        _check_end(file, pixels, size, syntax)
    return Peeked(file, start, size, dataset, syntax, pixels, content)


def identifiers_of(dataset: Dataset) -> Identifiers:
    """Return whom the header names.

    Raises
    ------
    IngestError
        ``E_NOT_DICOM`` if one of its elements does not parse.
    """
    try:
        return read_identifiers(dataset)
    except PARSE_ERRORS as error:
        # What cannot be read cannot be searched for in the image: no evidence, no frame.
        raise IngestError("E_NOT_DICOM", f"the header does not parse ({type(error).__name__})") from None


def _read_meta(file: BinaryIO, size: int) -> tuple[Dataset, int]:
    # Read apart from the rest: dcmread would inflate a deflated data set before anybody could object.
    file.seek(_PREAMBLE_BYTES - 4)
    if file.read(4) != b"DICM":
        raise IngestError("E_NOT_DICOM", "the file has no DICOM preamble")
    if file.read(len(_META_GROUP)) not in (_META_GROUP, b""):
        raise IngestError("E_NOT_DICOM", "no file meta information follows the DICOM preamble")
    end = _meta_end(file, size)
    file.seek(_PREAMBLE_BYTES)
    try:
        meta = pydicom.filereader.read_dataset(
            io.BytesIO(file.read(end - _PREAMBLE_BYTES)), is_implicit_VR=False, is_little_endian=True
        )
        # Parsed here, where failing is foreseen.
        named, _ = (str(meta.get(k, "") or "") for k in ("TransferSyntaxUID", "MediaStorageSOPClassUID"))
    except PARSE_ERRORS as error:
        raise IngestError("E_NOT_DICOM", f"the file meta does not parse ({type(error).__name__})") from None
    if end >= size:
        raise IngestError("E_TRUNCATED", "the file ends before its data set")
    if not named:
        raise IngestError("E_NOT_DICOM", "the file meta names no transfer syntax")
    return meta, end


def _meta_end(file: BinaryIO, size: int) -> int:
    for element in walk(file, _PREAMBLE_BYTES, size, implicit=False, little=True):
        # The data set that follows may be deflated: its first bytes are no element.
        if element.depth == 0 and element.tag >> 16 != 2:  # noqa: PLR2004  # the meta group
            return element.head
        if element.start + element.length - _PREAMBLE_BYTES > LIMITS.element_bytes:
            raise IngestError("E_LIMIT_SIZE", "the file meta information is larger than is taken")
    return size


def _read_dataset(file: BinaryIO, start: int, size: int, syntax: Syntax) -> tuple[Dataset, int]:
    """Return what pydicom makes of the header's smaller elements, and where the pixels begin."""
    spans, at = _sound_spans(file, start, size, syntax)
    try:
        dataset = pydicom.filereader.read_dataset(
            io.BytesIO(joined(file, spans).read()), syntax.implicit, syntax.little
        )
        for keyword in ("Modality", "SOPClassUID", "ImageType"):  # parsed here, where failing is foreseen
            str(dataset.get(keyword, ""))
    except PARSE_ERRORS as error:
        raise IngestError("E_NOT_DICOM", f"the header does not parse ({type(error).__name__})") from None
    return dataset, at


def _sound_spans(file: BinaryIO, start: int, size: int, syntax: Syntax) -> tuple[list[tuple[int, int]], int]:
    heads: list[int] = []
    end = size
    for element in walk(file, start, size, implicit=syntax.implicit, little=syntax.little):
        if element.depth == 0:
            heads.append(element.head)
            if element.tag >= PIXELS:
                end = element.head
                break
    else:
        heads.append(_last_end(file, size))
    spans = [(a, b - a) for a, b in pairwise(heads)]
    small = [span for span in spans if span[1] <= LIMITS.element_bytes]
    if sum(length for _, length in small) > LIMITS.header_bytes:
        raise IngestError("E_LIMIT_SIZE", f"a header has at most {LIMITS.header_bytes} bytes")
    return small, end


def _last_end(file: BinaryIO, size: int) -> int:
    # The walk stops where nothing but zeros follow; they belong to no element.
    return min(file.tell(), size)


def _check_end(file: BinaryIO, pixels: PixelElement, size: int, syntax: Syntax) -> None:
    is_open = pixels.length == UNDEFINED
    start = pixels.start + (0 if is_open else pixels.length)
    if not is_whole(file, start, size, implicit=syntax.implicit, little=syntax.little, depth=int(is_open)):
        raise IngestError("E_TRUNCATED", "the file ends inside its pixels or inside a later element")


def _content(dataset: Dataset, named: str, *, is_at_end: bool) -> str:
    modality, sop_class = str(dataset.get("Modality", "")), str(dataset.get("SOPClassUID", "") or named)
    # A cut between two elements shows by what is missing; palettes and the like have no modality at all.
    is_cut = not len(dataset) or sop_class in ULTRASOUND + CAPTURES
    if is_at_end and not modality and is_cut:
        raise IngestError("E_TRUNCATED", "the file ends before it names its modality")
    if sop_class.startswith(_REPORTS):
        raise IngestError("E_MODALITY", "a structured or encapsulated report, not an image")
    if sop_class == _VOLUME:
        raise IngestError("E_MODALITY", "an ultrasound volume; frames of two dimensions are read")
    if modality != "US" or sop_class not in ULTRASOUND + CAPTURES:
        raise IngestError(
            "E_MODALITY", "not an ultrasound image; modality US and an ultrasound class are read"
        )
    if "INVALID" in str(dataset.get("ImageType", "")).upper():
        raise IngestError("E_MODALITY", "a report page: the image type says that it is no valid image")
    return "capture" if sop_class in CAPTURES else "image"
