"""Make the load of the ingest benchmarks: ultrasound-like clips as JPEG in DICOM files.

Speckle in a fan with a box of colour, 800 x 600, 4:2:2, quality 90: 70 kB a frame. Decoding it and deflating
its masters cost what a real colour Doppler clip of that size costs, within a tenth.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pydicom
import simplejpeg
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.sequence import Sequence as Items
from pydicom.uid import JPEGBaseline8Bit

ROWS, COLUMNS = 600, 800
US_MULTI = "1.2.840.10008.5.1.4.1.1.3.1"


def make_jpegs(rng: np.random.Generator, n_frames: int) -> list[bytes]:
    """Return encoded frames."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    dx, dy = x - COLUMNS / 2, y + 20.0
    inside = (np.abs(np.arctan2(dx, dy)) < 0.65) & (np.hypot(dx, dy) > 60) & (np.hypot(dx, dy) < 590)
    return [simplejpeg.encode_jpeg(_frame(rng, inside), 90, "RGB", "422") for _ in range(n_frames)]


def _frame(rng: np.random.Generator, inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    noise = cv2.GaussianBlur(rng.integers(0, 256, (ROWS, COLUMNS), dtype=np.uint8), (0, 0), 2)
    speckle = cv2.convertScaleAbs(noise, alpha=2.5, beta=-200)
    frame: NDArray[np.uint8] = np.repeat((speckle * inside)[..., None], 3, axis=2).astype(np.uint8)
    frame[300:360, 380:440] = frame[300:360, 380:440] // 2 + np.array([100, 20, 10], np.uint8)
    return frame


def write_clip(path: Path, jpegs: Sequence[bytes], uid: str) -> None:
    """Write encoded frames as an ultrasound file."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = JPEGBaseline8Bit
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = US_MULTI, uid, "US"
    data.NumberOfFrames, data.Rows, data.Columns, data.SamplesPerPixel = len(jpegs), ROWS, COLUMNS, 3
    data.PhotometricInterpretation, data.PlanarConfiguration, data.FrameTime = "YBR_FULL_422", 0, "20"
    data.PixelRepresentation, data.BitsAllocated, data.BitsStored, data.HighBit = 0, 8, 8, 7
    region = Dataset()
    region.RegionSpatialFormat, region.RegionLocationMinX0, region.RegionLocationMinY0 = 1, 0, 20
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = COLUMNS - 1, ROWS - 1
    data.SequenceOfUltrasoundRegions = Items([region])
    data.PixelData = encapsulate(list(jpegs))
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = True
    data.save_as(path)


def jpegs_of(path: Path) -> list[bytes]:
    """Return the encoded frames of a clip."""
    data = pydicom.dcmread(path)
    return list(generate_frames(data.PixelData, number_of_frames=int(data.NumberOfFrames)))
