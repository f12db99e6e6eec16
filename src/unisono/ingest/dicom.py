"""Read one DICOM ultrasound file: header with limits, then frames one at a time.

pydicom parses the header and never sees the pixels: their bytes are found by `fragments` and decoded a frame
at a time, so that a clip of any length takes the memory of one frame.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.pixels.processing import apply_color_lut

from unisono.base.errors import IngestError
from unisono.ingest.colour import Layout
from unisono.ingest.dicom_frames import FrameReader
from unisono.ingest.elements import UNDEFINED, is_whole
from unisono.ingest.fragments import PixelElement, encapsulated_frames, find_pixels, native_frames
from unisono.ingest.header import read_header
from unisono.ingest.limits import LIMITS, check_size
from unisono.ingest.recording import Recording, spread
from unisono.ingest.regions import read_regions, spacing_mm
from unisono.ingest.syntaxes import Syntax, syntax_of
from unisono.ingest.timing import read_timing

ULTRASOUND = {
    "1.2.840.10008.5.1.4.1.1.3": "US multi-frame (retired)",
    "1.2.840.10008.5.1.4.1.1.3.1": "US multi-frame",
    "1.2.840.10008.5.1.4.1.1.6": "US image (retired)",
    "1.2.840.10008.5.1.4.1.1.6.1": "US image",
}
PARSE_ERRORS = (
    InvalidDicomError, AttributeError, EOFError, IndexError, KeyError, NotImplementedError, OSError,
    OverflowError, RecursionError, TypeError, ValueError, struct.error,
)  # fmt: skip
PREAMBLE_BYTES = 132
META_GROUP = b"\x02\x00"
# A warning about a value would print the value, and it may name a patient.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE


@dataclass(frozen=True, slots=True)
class Peeked:
    """A parsed header and the place of the pixels."""

    dataset: Dataset
    syntax: Syntax
    pixels: PixelElement


def open_dicom(file: BinaryIO, size: int) -> Recording:
    """Return a DICOM ultrasound clip.

    Parameters
    ----------
    file : binary file
        Stays open while frames are read.
    size : int, bytes

    Raises
    ------
    IngestError
        With the code of the rule that refused it.
    """
    peeked = peek(file, size)
    dataset = peeked.dataset
    rows, columns = _count(dataset, "Rows"), _count(dataset, "Columns")
    n_frames = _count(dataset, "NumberOfFrames", 1)
    check_size(rows, columns, n_frames)
    layout = read_layout(dataset)
    spans = _spans(file, size, peeked, layout, (rows, columns, n_frames))
    reader = FrameReader(file, spans, peeked.syntax, layout, rows, columns)
    sample = reader.settle(spread(n_frames))
    timing = read_timing(dataset, n_frames)
    regions = read_regions(dataset, rows, columns)

    def frames() -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
        return (reader.frame(i) for i in range(n_frames))

    return Recording(
        kind="dicom",
        rows=rows,
        columns=columns,
        n_frames=n_frames,
        frames=frames,
        sample=sample,
        frame_times_s=timing.times_s,
        timing=timing.rule,
        regions=regions,
        spacing_mm=spacing_mm(regions),
        header=read_header(dataset),
        decoder=reader.decoder,
        lossless=peeked.syntax.lossless,
        uid=_uid(dataset),
        patient=_patient(dataset),
    )


def peek(file: BinaryIO, size: int) -> Peeked:
    """Parse the header up to the pixels and check that this is ultrasound.

    Raises
    ------
    IngestError
        ``E_NOT_DICOM``, ``E_TS_UNSUPPORTED``, ``E_MODALITY``, ``E_TRUNCATED``, ``E_NO_PIXELS``.
    """
    syntax = syntax_of(_transfer_syntax(file, size))
    start = file.tell()
    try:
        file.seek(0)
        dataset = pydicom.dcmread(file, stop_before_pixels=True, defer_size=LIMITS.header_bytes)
        modality, sop_class = str(dataset.get("Modality", "")), str(dataset.get("SOPClassUID", ""))
    except PARSE_ERRORS as error:
        is_cut = isinstance(error, (EOFError, OSError)) or file.tell() >= size
        code = "E_TRUNCATED" if is_cut else "E_NOT_DICOM"
        raise IngestError(code, f"the header does not parse ({type(error).__name__})") from None
    at = file.tell()
    if at >= size:
        _check_end(file, start, size, syntax)
        if not modality:
            raise IngestError("E_TRUNCATED", "the file ends before it names its modality")
    _check_modality(modality, sop_class)
    file.seek(at)
    pixels = find_pixels(file, implicit=syntax.implicit, little=syntax.little)
    is_open = pixels.length == UNDEFINED
    _check_end(file, pixels.start + (0 if is_open else pixels.length), size, syntax, depth=int(is_open))
    return Peeked(dataset, syntax, pixels)


def read_layout(dataset: Dataset) -> Layout:
    """Return how the samples are stored.

    Raises
    ------
    IngestError
        ``E_DIM_MISMATCH`` or ``E_COLOUR_AMBIG`` for a combination that is not legal or not read.
    """
    n_samples = _count(dataset, "SamplesPerPixel", 1)
    allocated = _count(dataset, "BitsAllocated", 8)
    stored = _count(dataset, "BitsStored", allocated)
    high_bit = _count(dataset, "HighBit", stored - 1)
    photometric = str(dataset.get("PhotometricInterpretation", ""))
    if n_samples not in (1, 3) or allocated not in (8, 16) or not 0 < stored <= high_bit + 1 <= allocated:
        raise IngestError(
            "E_DIM_MISMATCH",
            f"{n_samples} samples of {stored} in {allocated} bits are not an ultrasound image",
        )
    if _count(dataset, "PixelRepresentation", 0) != 0:
        raise IngestError("E_COLOUR_AMBIG", "signed samples are no ultrasound brightness")
    palette = _palette(dataset, allocated) if photometric == "PALETTE COLOR" else None
    planar = _count(dataset, "PlanarConfiguration", 0) == 1
    return Layout(photometric, n_samples, allocated, stored, high_bit, planar, palette)


def _transfer_syntax(file: BinaryIO, size: int) -> str:
    # Read apart from the rest: dcmread would inflate a deflated data set before anybody could object.
    file.seek(PREAMBLE_BYTES - 4)
    if file.read(4) != b"DICM":
        raise IngestError("E_NOT_DICOM", "the file has no DICOM preamble")
    if file.read(len(META_GROUP)) not in (META_GROUP, b""):
        raise IngestError("E_NOT_DICOM", "no file meta information follows the DICOM preamble")
    file.seek(PREAMBLE_BYTES)
    try:
        meta = pydicom.filereader.read_dataset(
            file,
            is_implicit_VR=False,
            is_little_endian=True,
            stop_when=lambda tag, _vr, _n: tag.group != 2,  # noqa: PLR2004
        )
        if file.tell() >= size:
            raise IngestError("E_TRUNCATED", "the file ends before its data set")
        uid = str(meta.get("TransferSyntaxUID", ""))
    except PARSE_ERRORS as error:
        code = "E_TRUNCATED" if file.tell() >= size else "E_NOT_DICOM"
        raise IngestError(code, f"the file meta does not parse ({type(error).__name__})") from None
    if not uid:
        raise IngestError("E_NOT_DICOM", "the file meta names no transfer syntax")
    return uid


def _check_end(file: BinaryIO, start: int, size: int, syntax: Syntax, depth: int = 0) -> None:
    if not is_whole(file, start, size, implicit=syntax.implicit, little=syntax.little, depth=depth):
        raise IngestError("E_TRUNCATED", "the file ends inside its last data element")


def _check_modality(modality: str, sop_class: str) -> None:
    if modality != "US" or sop_class not in ULTRASOUND:
        raise IngestError(
            "E_MODALITY", "not an ultrasound image; modality US and an ultrasound class are read"
        )


def _spans(
    file: BinaryIO, size: int, peeked: Peeked, layout: Layout, shape: tuple[int, int, int]
) -> list[list[tuple[int, int]]]:
    rows, columns, n_frames = shape
    if peeked.syntax.family != "native":
        return encapsulated_frames(file, peeked.pixels, size, n_frames)
    # Native 4:2:2 has two samples a pixel, not three.
    n_samples = 2 if layout.photometric == "YBR_FULL_422" else layout.n_samples
    frame_bytes = rows * columns * n_samples * layout.bits_allocated // 8
    return [[span] for span in native_frames(peeked.pixels, size, frame_bytes, n_frames)]


def _palette(dataset: Dataset, bits: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    try:
        entries = np.arange(1 << bits, dtype=np.uint8 if bits == 8 else np.uint16)  # noqa: PLR2004
        table = np.asarray(apply_color_lut(entries[None, :], dataset))[0, :, :3]
    except PARSE_ERRORS as error:
        raise IngestError("E_COLOUR_AMBIG", f"the palette does not parse ({type(error).__name__})") from None
    if table.dtype == np.uint8:
        return table
    # Some scanners write 8-bit colours into 16-bit entries.
    return (table >> 8 if table.max() > 255 else table).astype(np.uint8)  # noqa: PLR2004


def _count(dataset: Dataset, keyword: str, default: int = 0) -> int:
    value = dataset.get(keyword)
    if value is None or value == "":
        return default
    if not isinstance(value, int):
        raise IngestError("E_DIM_MISMATCH", f"{keyword} must be one whole number")
    return int(value)


def _uid(dataset: Dataset) -> str:
    uid = str(dataset.get("SOPInstanceUID", "")).strip()
    if not uid:
        raise IngestError("E_UID_MISSING", "the file has no SOP Instance UID")
    return uid


def _patient(dataset: Dataset) -> str | None:
    number, issuer = (str(dataset.get(k, "") or "").strip() for k in ("PatientID", "IssuerOfPatientID"))
    if number:
        return f"{issuer}|{number}"
    study = str(dataset.get("StudyInstanceUID", "") or "").strip()
    return f"study|{study}" if study else None
