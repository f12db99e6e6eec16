"""Write a phantom as a DICOM recording, so that it enters by the same door as a patient's.

Ultrasound Multi-frame Image (PS3.3 A.7), uncompressed MONOCHROME2. The calibration is a Sequence of
Ultrasound Regions (PS3.3 C.8.5.5), the timing a Frame Time (PS3.3 C.7.6.5). Every value says that
nobody was scanned.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, UltrasoundMultiFrameImageStorage, generate_uid

from unisono.bench.phantom.heart import Heart
from unisono.bench.phantom.strip import Strip

UNIT_CM = 3
"""Code of the physical unit centimetre in an ultrasound region."""
UNIT_S, UNIT_CM_S = 4, 7
TISSUE, TWO_D = 1, 1
PW_SPECTRAL, SPECTRAL = 3, 3
FRAME_TIME = 0x00181063
"""The attribute that frames are counted by."""


def write_dicom(heart: Heart, path: Path, name: str = "PHANTOM-01") -> Path:
    """Write the loop and return its path.

    Parameters
    ----------
    heart : Heart
    path : Path
        Is overwritten; its folder must exist.
    name : str, default="PHANTOM-01"
        Patient's name and id. Equal names and images give an equal file.
    """
    series = generate_uid(entropy_srcs=["unisono phantom", name])
    picture = generate_uid(
        entropy_srcs=["unisono phantom", name, hashlib.sha256(heart.images.tobytes()).hexdigest()]
    )
    data = FileDataset(str(path), {}, file_meta=_meta(picture), preamble=b"\0" * 128)
    _say_who(data, name, series, picture)
    _say_when(data, heart)
    data.SequenceOfUltrasoundRegions = Sequence([_region(heart)])
    _put_pixels(data, heart.images)
    data.save_as(path, enforce_file_format=True)
    return path


def write_strip(strip: Strip, path: Path, name: str = "STRIP-01") -> Path:
    """Write a Doppler strip as a single frame, with its calibrated region, and return its path.

    Parameters
    ----------
    strip : Strip
    path : Path
        Is overwritten; its folder must exist.
    name : str, default="STRIP-01"
        Patient's name and id. Equal names and images give an equal file.
    """
    digest = hashlib.sha256(strip.image.tobytes()).hexdigest()
    series = generate_uid(entropy_srcs=["unisono strip", name])
    picture = generate_uid(entropy_srcs=["unisono strip", name, digest])
    data = FileDataset(str(path), {}, file_meta=_meta(picture), preamble=b"\0" * 128)
    _say_who(data, name, series, picture)
    data.ManufacturerModelName, data.SeriesDescription = "Doppler phantom", "Synthetic mitral inflow"
    data.FrameTime, data.FrameIncrementPointer = "1000", FRAME_TIME
    data.SequenceOfUltrasoundRegions = Sequence([_strip_region(r) for r in strip.regions])
    _put_pixels(data, strip.image[np.newaxis])
    data.save_as(path, enforce_file_format=True)
    return path


def _put_pixels(data: Dataset, images: NDArray[np.uint8]) -> None:
    data.NumberOfFrames, data.Rows, data.Columns = images.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    data.LossyImageCompression = "00"
    pixels = images.tobytes()
    data.PixelData = pixels + b"\0" * (len(pixels) % 2)
    data["PixelData"].VR = "OB"


def _strip_region(given: dict[str, Any]) -> Dataset:
    region = Dataset()
    region.RegionSpatialFormat, region.RegionDataType, region.RegionFlags = SPECTRAL, PW_SPECTRAL, 0
    region.RegionLocationMinX0, region.RegionLocationMinY0 = given["x0"], given["y0"]
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = given["x1"], given["y1"]
    region.PhysicalUnitsXDirection, region.PhysicalUnitsYDirection = UNIT_S, UNIT_CM_S
    region.PhysicalDeltaX, region.PhysicalDeltaY = given["delta_x"], given["delta_y"]
    region.ReferencePixelX0 = round(given["zero_x"] - given["x0"])
    region.ReferencePixelY0 = round(given["zero_y"] - given["y0"])
    return region


def _meta(picture: UID) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage
    meta.MediaStorageSOPInstanceUID = picture
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return meta


def _say_who(data: Dataset, name: str, series: UID, picture: UID) -> None:
    data.SOPClassUID, data.SOPInstanceUID = UltrasoundMultiFrameImageStorage, picture
    data.SeriesInstanceUID = series
    data.StudyInstanceUID = generate_uid(entropy_srcs=["unisono phantom study", name])
    data.PatientName, data.PatientID = name, name
    data.PatientIdentityRemoved, data.DeidentificationMethod = "YES", "synthetic: nobody was scanned"
    data.PatientBirthDate, data.PatientSex, data.AccessionNumber = "", "", ""
    data.StudyID, data.ReferringPhysicianName = "", ""
    data.StudyDate, data.StudyTime = "", ""
    data.Modality, data.Manufacturer, data.ManufacturerModelName = "US", "unisono", "heart phantom"
    data.SeriesNumber, data.InstanceNumber, data.PatientOrientation = 1, 1, ""
    data.ImageType = ["DERIVED", "PRIMARY"]
    data.SeriesDescription = "Synthetic apical four-chamber view"


def _say_when(data: Dataset, heart: Heart) -> None:
    step_ms = 1000 * float(np.diff(heart.frame_times_s).mean())
    data.FrameTime = f"{step_ms:.10g}"
    data.FrameIncrementPointer = FRAME_TIME
    data.CineRate = round(1000 / step_ms)
    data.HeartRate = round(60_000 / (step_ms * len(heart.images)))


def _region(heart: Heart) -> Dataset:
    _, rows, columns = heart.images.shape
    lit = np.argwhere(heart.images.max(axis=0) > 0)
    (top, left), (bottom, right) = lit.min(axis=0), lit.max(axis=0)
    region = Dataset()
    region.RegionSpatialFormat, region.RegionDataType, region.RegionFlags = TWO_D, TISSUE, 0
    region.RegionLocationMinX0, region.RegionLocationMinY0 = int(left), int(top)
    region.RegionLocationMaxX1 = min(int(right), columns - 1)
    region.RegionLocationMaxY1 = min(int(bottom), rows - 1)
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = UNIT_CM
    region.PhysicalDeltaX, region.PhysicalDeltaY = (mm / 10 for mm in heart.spacing_mm)
    return region
