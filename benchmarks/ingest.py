"""Time DICOM to PNG frames: ours beside the naive way, in frames per CPU-second, on a clip made here.

Naive is ``pydicom.pixel_array`` of the whole clip, masked, and PNG files by OpenCV. pydicom needs a plug-in
for JPEG that this project does not install, so both read the same clip uncompressed; ours also reads it as
JPEG.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pydicom
import simplejpeg
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit

from unisono.ingest.identity import derive_keys
from unisono.ingest.mask import plan_mask
from unisono.ingest.prepare import Job, prepare
from unisono.ingest.sources import Source

ROWS, COLUMNS, N_FRAMES, ROUNDS = 600, 800, 60, 3
US_MULTI = "1.2.840.10008.5.1.4.1.1.3.1"


def make_frames(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return speckle in a fan, shape (n_frames, rows, columns, 3)."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    dx, dy = x - COLUMNS / 2, y + 20.0
    inside = (np.abs(np.arctan2(dx, dy)) < 0.65) & (np.hypot(dx, dy) > 60) & (np.hypot(dx, dy) < 590)
    frames = np.zeros((N_FRAMES, ROWS, COLUMNS, 3), np.uint8)
    for frame in frames:
        noise = cv2.GaussianBlur(rng.integers(0, 256, (ROWS, COLUMNS), dtype=np.uint8), (0, 0), 2)
        speckle = cv2.convertScaleAbs(noise, alpha=2.5, beta=-200)
        frame[:] = (speckle * inside)[..., None]
        frame[300:360, 380:440] = frame[300:360, 380:440] // 2 + np.array([100, 20, 10], np.uint8)
    return frames


def write_clip(path: Path, frames: NDArray[np.uint8], syntax: UID) -> None:
    """Write the frames as an ultrasound file."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = US_MULTI, "1.2.826.1", "US"
    data.NumberOfFrames, data.Rows, data.Columns, data.SamplesPerPixel = *frames.shape[:3], 3
    is_jpeg = syntax == JPEGBaseline8Bit
    data.PhotometricInterpretation = "YBR_FULL_422" if is_jpeg else "RGB"
    data.PlanarConfiguration, data.PixelRepresentation, data.FrameTime = 0, 0, "20"
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit = 7
    region = Dataset()
    region.RegionSpatialFormat, region.RegionLocationMinX0, region.RegionLocationMinY0 = 1, 0, 20
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = COLUMNS - 1, ROWS - 1
    data.SequenceOfUltrasoundRegions = Sequence([region])
    data.PixelData = (
        encapsulate([simplejpeg.encode_jpeg(f, 90, "RGB", "422") for f in frames])
        if is_jpeg
        else frames.tobytes()
    )
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = is_jpeg
    data.save_as(path)


def naive(path: Path, out: Path) -> None:
    """Convert a whole clip the usual way."""
    frames = pydicom.dcmread(path).pixel_array
    keep = plan_mask(list(frames[:: N_FRAMES // 24 + 1]), (), lossless=True).keep
    for i, frame in enumerate(frames * keep[..., None]):
        cv2.imwrite(str(out / f"{i:04d}.png"), frame[..., ::-1])


def ours(path: Path, out: Path) -> None:
    """Convert a clip by the ingest room: masters, page images and hashes."""
    job = Job(Source(str(path), "dicom", (str(path),)), "01", derive_keys(bytes(range(32))), out)
    prepare(job).drop()


def frames_per_cpu_second(convert: Callable[[Path, Path], None], path: Path) -> float:
    """Return the best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            start = time.process_time()
            convert(path, Path(folder))
            best = max(best, N_FRAMES / (time.process_time() - start))
    return best


def main() -> None:
    """Print the table."""
    frames = make_frames(np.random.default_rng(1))
    with tempfile.TemporaryDirectory() as folder:
        native, jpeg = Path(folder, "native.dcm"), Path(folder, "jpeg.dcm")
        write_clip(native, frames, ExplicitVRLittleEndian)
        write_clip(jpeg, frames, JPEGBaseline8Bit)
        usual = frames_per_cpu_second(naive, native)
        rows = [
            ("naive: pixel_array + OpenCV PNG, uncompressed", usual),
            ("ours, uncompressed", frames_per_cpu_second(ours, native)),
            ("ours, JPEG baseline", frames_per_cpu_second(ours, jpeg)),
        ]
    print(
        f"{N_FRAMES} frames of {COLUMNS} x {ROWS} RGB, frames per CPU-second (masters, page images, hashes)"
    )
    for name, rate in rows:
        print(f"  {name:48} {rate:7.1f}   {rate / usual:5.1f}x")


if __name__ == "__main__":
    main()
