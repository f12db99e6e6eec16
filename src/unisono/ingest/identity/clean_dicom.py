"""A de-identified clip as a DICOM file, for sites that need DICOM out.

A fresh data set, built from the catalog's facts alone: nothing is copied from the original, so nothing of it
can be forgotten there. UIDs follow from codes alone, which are keyed hashes: a clip has the same in every
export, after the site's secret was destroyed too. The file says what was done to it, and no more than that.

Source: DICOM PS3.3 A.6 and A.7 (ultrasound IODs), C.7.6.5 (cine), C.7.6.6 (multi-frame), C.8.5.5 (regions),
C.12.1.1.7 (de-identification); PS3.5 B.2 and RFC 9562 section 5.8 (UIDs); PS3.15 annex E; PS3.16 CID 7050.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence as Items
from pydicom.tag import Tag
from pydicom.uid import UID, ExplicitVRLittleEndian

from unisono import __version__
from unisono.base.errors import IngestError
from unisono.ingest.identity.view_codes import STAGES, VIEWS
from unisono.ingest.readers.recording import Pixels
from unisono.ingest.readers.regions import KINDS, UNITS

ONE_FRAME, MULTI_FRAME = UID("1.2.840.10008.5.1.4.1.1.6.1"), UID("1.2.840.10008.5.1.4.1.1.3.1")
BASIC = ("113100", "Basic Application Confidentiality Profile")
CLEAN_PIXELS = ("113101", "Clean Pixel Data Option")
PATIENT_KEPT = ("113108", "Retain Patient Characteristics Option")
MOST_PIXEL_BYTES = 2**32 - 2
LONGEST_DS = 65_534
TISSUE, NO_DATA_TYPE = 1, 0
_PIXEL_HEAD = b"\xe0\x7f\x10\x00OB\x00\x00"
_STEADY_S = 1e-6


@dataclass(frozen=True, slots=True)
class CleanClip:
    """What the catalog knows of a clip, as far as a DICOM file says it.

    Parameters
    ----------
    code, subject : str
        Its code and its subject's pseudonym.
    rows, columns, n_frames : int
    is_colour : bool
        Frames are RGB rather than grey.
    frame_times_s : sequence of float or None, s
        None when unknown; the file then counts its frames and gives them no time.
    regions : sequence of dict
        As `read_regions` returns them.
    header : dict
        As `read_header` returns it.
    is_lossless : bool
        The original was stored without a lossy codec.
    is_searched : bool
        The gate has read the masked pixels and found no text.
    is_seen : bool
        A person looked at them after that and approved them. Without both the file does not claim that
        nothing identifying is burnt in; what only a machine did it says in words.
    """

    code: str
    subject: str
    rows: int
    columns: int
    n_frames: int
    is_colour: bool
    frame_times_s: Sequence[float] | None
    regions: Sequence[dict[str, Any]]
    header: dict[str, Any]
    is_lossless: bool
    is_searched: bool
    is_seen: bool


def write_clean(clip: CleanClip, frames: Iterable[Pixels], file: BinaryIO) -> None:
    """Write a clip as a DICOM Part 10 file, explicit little endian, one frame in memory at a time.

    Parameters
    ----------
    clip : CleanClip
    frames : iterable of Pixels
        The masked frames in order.
    file : binary file

    Raises
    ------
    IngestError
        ``E_LIMIT_SIZE`` if uncompressed pixels do not fit one element, ``E_DIM_MISMATCH`` or
        ``E_FRAME_COUNT`` if the frames are others than the clip's.
    """
    shape = (clip.rows, clip.columns, 3) if clip.is_colour else (clip.rows, clip.columns)
    n_bytes = clip.n_frames * int(np.prod(shape))
    if n_bytes > MOST_PIXEL_BYTES:
        raise IngestError("E_LIMIT_SIZE", f"a DICOM file holds at most {MOST_PIXEL_BYTES} bytes of pixels")
    dcmwrite(file, clean_header(clip), enforce_file_format=True)
    file.write(_PIXEL_HEAD + (n_bytes + n_bytes % 2).to_bytes(4, "little"))
    count = 0
    for frame in frames:
        if frame.shape != shape or frame.dtype != np.uint8:
            raise IngestError("E_DIM_MISMATCH", f"frame {count} has the shape {frame.shape}, not {shape}")
        count += 1
        file.write(np.ascontiguousarray(frame).data)
    if count != clip.n_frames:
        raise IngestError("E_FRAME_COUNT", f"{clip.n_frames} frames were announced; got {count}")
    file.write(b"\0" * (n_bytes % 2))


def clean_header(clip: CleanClip) -> FileDataset:
    """Return the data set without its pixels."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ONE_FRAME if clip.n_frames == 1 else MULTI_FRAME
    meta.MediaStorageSOPInstanceUID = UID(clean_uid("instance", clip.code))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    data.StudyInstanceUID = clean_uid("study", clip.subject)
    data.SeriesInstanceUID = clean_uid("series", clip.code)
    for keyword in (
        "AccessionNumber", "Laterality", "PatientBirthDate", "PatientOrientation", "PatientSex",
        "ReferringPhysicianName", "StudyDate", "StudyID", "StudyTime", "Manufacturer", "ContentDate",
        "ContentTime",
    ):  # fmt: skip
        setattr(data, keyword, None)
    data.Modality, data.ImageType = "US", ["DERIVED", "PRIMARY"]
    data.PatientID, data.PatientName = clip.subject, f"{clip.subject}^"
    data.SeriesNumber = data.InstanceNumber = 1
    _add_image(data, clip)
    _add_timing(data, clip)
    _add_kept(data, clip.header)
    _add_statement(data, clip)
    if clip.regions:
        data.SequenceOfUltrasoundRegions = Items([_region(region, clip) for region in clip.regions])
    return data


def clean_uid(what: str, code: str) -> str:
    """Return a DICOM UID, the same each time: ``2.25.`` and 128 bits as a version-8 UUID.

    Parameters
    ----------
    what : str
        ``study``, ``series`` or ``instance``.
    code : str
        A clip's code, or a subject's pseudonym. It leads nowhere without the site's secret, and so does what
        follows from it; whoever holds codes can tell whose UID it is, as he can by the pixels.
    """
    digest = hashlib.sha256(f"unisono|uid|v1|{what}|{code}".encode()).digest()
    number = int.from_bytes(digest[:16], "big")
    number = (number & ~(0xF << 76)) | (8 << 76)
    return f"2.25.{(number & ~(3 << 62)) | (2 << 62)}"


def _add_image(data: Dataset, clip: CleanClip) -> None:
    data.Rows, data.Columns = clip.rows, clip.columns
    data.SamplesPerPixel = 3 if clip.is_colour else 1
    data.PhotometricInterpretation = "RGB" if clip.is_colour else "MONOCHROME2"
    if clip.is_colour:
        data.PlanarConfiguration = 0
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    data.LossyImageCompression = "00" if clip.is_lossless else "01"


def _add_timing(data: Dataset, clip: CleanClip) -> None:
    if clip.n_frames == 1:
        return
    data.NumberOfFrames = clip.n_frames
    if clip.frame_times_s is None:  # pages in order: the only pointer that claims no time
        data.PageNumberVector = list(range(1, clip.n_frames + 1))
        data.FrameIncrementPointer = Tag("PageNumberVector")
        return
    steps_s = [b - a for a, b in pairwise(clip.frame_times_s)]
    if max(steps_s) - min(steps_s) <= _STEADY_S:
        data.FrameTime = _decimal(1000 * clip.frame_times_s[-1] / len(steps_s), 6)
        data.FrameIncrementPointer = Tag("FrameTime")
        return
    vector = _vector(clip.frame_times_s, 3)
    if sum(len(text) + 1 for text in vector) > LONGEST_DS:  # the length of a DS has 16 bits
        vector = _vector(clip.frame_times_s, 1)
    data.FrameTimeVector = vector
    data.FrameIncrementPointer = Tag("FrameTimeVector")


def _add_kept(data: Dataset, header: dict[str, Any]) -> None:
    for key, keyword in (
        ("manufacturer", "Manufacturer"), ("model", "ManufacturerModelName"), ("sex", "PatientSex"),
        ("age", "PatientAge"), ("transducer_type", "TransducerType"),
    ):  # fmt: skip
        if key in header:
            setattr(data, keyword, header[key])
    if "heart_rate" in header:
        data.HeartRate = round(header["heart_rate"])
    for key, keyword, meanings in (
        ("view_codes", "ViewCodeSequence", VIEWS),
        ("stage_codes", "StageCodeSequence", STAGES),
    ):
        codes = [code for code in header.get(key, ()) if code in meanings]
        if codes:
            setattr(data, keyword, Items([_standard(codes[0], meanings)]))


def _add_statement(data: Dataset, clip: CleanClip) -> None:
    done = [BASIC]
    # PS3.3 C.7.6.1.1.5: absent, it is unknown whether the image shows who the patient is.
    if clip.is_searched and clip.is_seen:
        done.append(CLEAN_PIXELS)
        data.BurnedInAnnotation = "NO"
    if {"sex", "age"} & set(clip.header):
        done.append(PATIENT_KEPT)
    data.PatientIdentityRemoved = "YES"
    data.LongitudinalTemporalInformationModified = "REMOVED"
    data.DeidentificationMethod = [f"unisono {__version__}: allow-list, masked pixels", _looked_at(clip)]
    data.DeidentificationMethodCodeSequence = Items([_code("DCM", *code) for code in done])


def _looked_at(clip: CleanClip) -> str:
    """Return who looked at the pixels, in the 64 characters of one value."""
    searched = "no words found by machine" if clip.is_searched else "not found free of words by machine"
    return f"{searched}; {'approved by a person' if clip.is_seen else 'seen by no person'}"


def _region(region: dict[str, Any], clip: CleanClip) -> Dataset:
    item = Dataset()
    item.RegionLocationMinX0, item.RegionLocationMinY0 = max(region["x0"], 0), max(region["y0"], 0)
    item.RegionLocationMaxX1 = min(region["x1"], clip.columns - 1)
    item.RegionLocationMaxY1 = min(region["y1"], clip.rows - 1)
    item.RegionSpatialFormat = _number_of(KINDS, region["kind"])
    is_tissue = region["kind"] in {"2d", "m-mode"} and not clip.is_colour
    item.RegionDataType = TISSUE if is_tissue else NO_DATA_TYPE
    item.RegionFlags = 0
    item.PhysicalUnitsXDirection = _number_of(UNITS, region["unit_x"])
    item.PhysicalUnitsYDirection = _number_of(UNITS, region["unit_y"])
    item.PhysicalDeltaX, item.PhysicalDeltaY = float(region["delta_x"]), float(region["delta_y"])
    for axis in ("x", "y"):
        _reference(item, region, axis)
    return item


def _reference(item: Dataset, region: dict[str, Any], axis: str) -> None:
    """Say where an axis is 0: the nearest whole pixel, counted from the box, and the value there."""
    zero = region.get(f"zero_{axis}")
    if zero is None:
        return
    offset = zero - region[f"{axis}0"]
    setattr(item, f"ReferencePixel{axis.upper()}0", round(offset))
    value = (round(offset) - offset) * region[f"delta_{axis}"]
    setattr(item, f"ReferencePixelPhysicalValue{axis.upper()}", float(value))


def _number_of(names: dict[int, str], name: str) -> int:
    return next((number for number, known in names.items() if known == name), 0)


def _code(scheme: str, value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def _standard(code: str, meanings: dict[str, str]) -> Dataset:
    scheme, _, value = code.partition(":")
    return _code(scheme, value, meanings[code])


def _vector(times_s: Sequence[float], places: int) -> list[str]:
    # Times are rounded, not steps: errors of 10 000 steps would add up.
    ms = [round(1000 * (t - times_s[0]), places) for t in times_s]
    return [_decimal(b - a, places) for a, b in pairwise((0.0, *ms))]


def _decimal(number: float, places: int) -> str:
    return f"{number:.{places}f}".rstrip("0").rstrip(".") or "0"
