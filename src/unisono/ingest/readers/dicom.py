"""Read one DICOM ultrasound file: header with limits, then frames one at a time.

Pixels are never parsed: their bytes are found by `fragments` and decoded a frame at a time, so that a clip of
any length takes the memory of one frame.
"""

import struct
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, TypeVar

from pydicom.dataset import Dataset

from unisono.base.errors import IngestError
from unisono.ingest.identity.header import read_header
from unisono.ingest.identity.own_numbers import take_out_repeats
from unisono.ingest.limits import LIMITS, Limits, check_size
from unisono.ingest.readers.colour import Layout
from unisono.ingest.readers.dicom_frames import FrameReader
from unisono.ingest.readers.fragments import (
    PixelElement,
    Span,
    encapsulated_frames,
    native_frames,
    stream_pieces,
)
from unisono.ingest.readers.layout import read_count, read_layout
from unisono.ingest.readers.movie import MovieReader
from unisono.ingest.readers.overlay import read_overlay
from unisono.ingest.readers.peek import PARSE_ERRORS, Peeked, identifiers_of, peek
from unisono.ingest.readers.private_data import open_private
from unisono.ingest.readers.recording import Pixels, Recording, spread
from unisono.ingest.readers.regions import read_regions, spacing_mm
from unisono.ingest.readers.timing import Timing, read_timing

T = TypeVar("T")
Shape = tuple[int, int, int]
Opened = tuple[list[Pixels], Callable[[], Iterator[Pixels]], Callable[[int], Pixels] | None, str]
"""A sample, what opens a pass over all frames, what decodes one alone, and the decoder's line."""


def open_dicom(file: BinaryIO, size: int, limits: Limits = LIMITS) -> Recording:
    """Return a DICOM ultrasound clip.

    Parameters
    ----------
    file : binary file
        Stays open while frames are read.
    size : int, bytes
    limits : Limits

    Raises
    ------
    IngestError
        With the code of the rule that refused it.
    """
    with warnings.catch_warnings():
        # The parser's own lines would go to the terminal unasked; what matters of them is a refusal here.
        warnings.filterwarnings("ignore", module="pydicom")
        return _open(file, size, limits)


def _open(file: BinaryIO, size: int, limits: Limits) -> Recording:
    peeked = peek(file, size)
    dataset = peeked.dataset
    uid, patient = _uid(dataset), _patient(dataset)
    nothing: tuple[str, ...] = ()
    out = _parsed(lambda: take_out_repeats(dataset), nothing)
    warning = f"left out, as it repeats a number of the header: {', '.join(out)}" if out else ""
    if peeked.pixels is None:
        recording = open_private(peeked, uid, patient)
        return replace(recording, identifiers=identifiers_of(dataset), warning=warning)
    rows, columns = read_count(dataset, "Rows"), read_count(dataset, "Columns")
    n_frames = read_count(dataset, "NumberOfFrames", 1)
    check_size(rows, columns, n_frames, limits)
    layout = read_layout(dataset)
    opener = _open_movie if peeked.syntax.family == "movie" else _open_frames
    sample, frames, frame, decoder = opener(peeked, peeked.pixels, layout, (rows, columns, n_frames))
    timing = _parsed(lambda: read_timing(dataset, n_frames), Timing(None, "frame times do not parse"))
    nowhere: tuple[dict[str, Any], ...] = ()
    regions = _parsed(lambda: read_regions(dataset, rows, columns), nowhere)
    return Recording(
        kind="dicom",
        rows=rows,
        columns=columns,
        n_frames=n_frames,
        frames=frames,
        frame=frame,
        sample=sample,
        frame_times_s=timing.times_s,
        timing=timing.rule,
        regions=regions,
        spacing_mm=spacing_mm(regions),
        header=_parsed(lambda: read_header(dataset), {}),
        decoder=decoder,
        lossless=peeked.syntax.lossless,
        uid=uid,
        patient=patient,
        identifiers=identifiers_of(dataset),
        overlay=read_overlay(dataset, rows, columns),
        content=peeked.content,
        warning=warning,
    )


def _parsed(read: Callable[[], T], otherwise: T) -> T:
    # Values are parsed when they are asked for; one that no parser takes is one that is not there.
    try:
        return read()
    except PARSE_ERRORS:
        return otherwise


def _open_frames(peeked: Peeked, pixels: PixelElement, layout: Layout, shape: Shape) -> Opened:
    rows, columns, n_frames = shape
    spans = _spans(peeked, pixels, layout, shape)
    reader = FrameReader(peeked.file, spans, peeked.syntax, layout, rows, columns)
    sample = reader.settle(spread(n_frames))
    known = dict(zip(spread(n_frames), sample, strict=True))  # held for the mask anyway: not decoded twice

    def frames() -> Iterator[Pixels]:
        for i in range(n_frames):
            frame = known.pop(i, None)  # nor held longer than it is needed
            yield reader.frame(i) if frame is None else frame

    return sample, frames, reader.frame, reader.decoder


def _open_movie(peeked: Peeked, pixels: PixelElement, layout: Layout, shape: Shape) -> Opened:
    spans = stream_pieces(peeked.file, pixels, peeked.size)
    reader = MovieReader(peeked.file, spans, peeked.syntax, layout, shape)
    sample = reader.settle()
    return sample, reader.frames, None, reader.decoder


def _spans(peeked: Peeked, pixels: PixelElement, layout: Layout, shape: Shape) -> list[list[Span]]:
    rows, columns, n_frames = shape
    if peeked.syntax.family != "native":
        table = _extended_offsets(peeked.dataset)
        return encapsulated_frames(peeked.file, pixels, peeked.size, n_frames, table)
    # Native 4:2:2 has two samples a pixel, not three.
    n_samples = 2 if layout.photometric == "YBR_FULL_422" else layout.n_samples
    frame_bytes = rows * columns * n_samples * layout.bits_allocated // 8
    return [[span] for span in native_frames(pixels, peeked.size, frame_bytes, n_frames)]


def _extended_offsets(dataset: Dataset) -> tuple[int, ...]:
    table = dataset.get("ExtendedOffsetTable", b"")
    data = table if isinstance(table, bytes) else b""
    return struct.unpack(f"<{len(data) // 8}Q", data[: len(data) // 8 * 8])


def _uid(dataset: Dataset) -> str:
    uid = _text(dataset, "SOPInstanceUID")
    if not uid:
        raise IngestError("E_UID_MISSING", "the file has no SOP Instance UID")
    return uid


def _patient(dataset: Dataset) -> str | None:
    number, issuer = (_text(dataset, k) for k in ("PatientID", "IssuerOfPatientID"))
    if number:
        return f"{issuer}|{number}"
    study = _text(dataset, "StudyInstanceUID")
    return f"study|{study}" if study else None


def _text(dataset: Dataset, keyword: str) -> str:
    return _parsed(lambda: str(dataset.get(keyword, "") or "").strip(), "")
