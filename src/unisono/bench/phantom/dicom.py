"""Write a phantom as a DICOM recording, so that it enters by the same door as a patient's.

Ultrasound Multi-frame Image (PS3.3 A.7), uncompressed MONOCHROME2. The calibration is a Sequence of
Ultrasound Regions (PS3.3 C.8.5.5), the timing a Frame Time (PS3.3 C.7.6.5). Every value says that
nobody was scanned.
"""

import hashlib
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, UltrasoundMultiFrameImageStorage, generate_uid

from unisono.bench.phantom.heart import Heart

UNIT_CM = 3
"""Code of the physical unit centimetre in an ultrasound region."""
TISSUE, TWO_D = 1, 1


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
    n_frames, rows, columns = heart.images.shape
    data.NumberOfFrames, data.Rows, data.Columns = n_frames, rows, columns
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    data.LossyImageCompression = "00"
    pixels = heart.images.tobytes()
    data.PixelData = pixels + b"\0" * (len(pixels) % 2)
    data["PixelData"].VR = "OB"
    data.save_as(path, enforce_file_format=True)
    return path


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
    data.FrameIncrementPointer = 0x00181063
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
