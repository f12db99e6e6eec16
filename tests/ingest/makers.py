"""Recordings made from numbers and a seed: a speckled fan that moves, a name printed above it."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import av
import cv2
import imagecodecs
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID
from rle.utils import encode_array

US, US_MULTI = "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.3.1"
IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED, RLE = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5"
JPEG, SV1, JPEG_LS, J2K = (f"1.2.840.10008.1.2.4.{n}" for n in ("50", "70", "80", "90"))
NAME = "CANARY DOE"
Frames = NDArray[np.uint8]


def fan(rows: int = 240, columns: int = 320) -> NDArray[np.bool_]:
    """Return the true sector: apex above the frame's top middle, 35 degrees to each side."""
    y, x = np.mgrid[:rows, :columns]
    dx, dy = x - columns / 2, y + 10.0
    radius, angle = np.hypot(dx, dy), np.degrees(np.arctan2(dx, dy))
    return (np.abs(angle) < 35) & (radius > 40) & (radius < rows * 0.93)


def loop(
    n_frames: int = 6, rows: int = 240, columns: int = 320, *, text: str = NAME, seed: int = 0
) -> Frames:
    """Return grey frames, shape (n_frames, rows, columns): speckle in the fan, static words outside."""
    rng = np.random.default_rng(seed)
    frames = np.zeros((n_frames, rows, columns), np.uint8)
    frames[:] = cv2.putText(frames[0].copy(), text, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 230, 1)
    inside = fan(rows, columns)
    for frame in frames:
        frame[inside] = rng.integers(20, 180, int(inside.sum()), dtype=np.uint8)
    return frames


def in_colour(frames: Frames) -> Frames:
    """Return frames as RGB, grey but for a red and a blue patch in the fan."""
    rgb = np.repeat(frames[..., None], 3, axis=-1)
    rgb[:, 120:140, 140:160] = (200, 30, 30)
    rgb[:, 150:170, 160:180] = (30, 40, 210)
    return rgb


def region(x0: int = 0, y0: int = 24, x1: int = 319, y1: int = 239, **values: Any) -> Dataset:
    """Return a 2-D region of 0.03 cm a pixel."""
    item = Dataset()
    item.RegionLocationMinX0, item.RegionLocationMinY0 = x0, y0
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = x1, y1
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = 1, 1, 0
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3
    item.PhysicalDeltaX = item.PhysicalDeltaY = 0.03
    for name, value in values.items():
        setattr(item, name, value)
    return item


ENCODERS: dict[str, Callable[[Frames], bytes]] = {
    JPEG: lambda f: simplejpeg.encode_jpeg(
        np.ascontiguousarray(f if f.ndim == 3 else f[..., None]),
        95,
        *(("RGB", "422") if f.ndim == 3 else ("GRAY", "Gray")),
    ),
    SV1: lambda f: imagecodecs.ljpeg_encode(f) if f.ndim == 2 else imagecodecs.jpeg8_encode(f, lossless=True),
    JPEG_LS: imagecodecs.jpegls_encode,
    J2K: lambda f: imagecodecs.jpeg2k_encode(f, level=0, reversible=True, codecformat="j2k"),
}


def encoded(frames: Frames, syntax: str) -> bytes:
    """Return the value of Pixel Data."""
    if syntax in (IMPLICIT, EXPLICIT, BIG, DEFLATED):
        raw = frames.tobytes()
        return raw + b"\0" * (len(raw) % 2)
    if syntax == RLE:
        return encapsulate([rle_frame(f) for f in frames])
    return encapsulate([ENCODERS[syntax](f) for f in frames])


def rle_frame(frame: Frames) -> bytes:
    """Return one RLE frame: 1 or 3 planes of bytes."""
    n_samples = 1 if frame.ndim == 2 else 3
    return b"".join(
        encode_array(
            frame,
            rows=frame.shape[0],
            columns=frame.shape[1],
            samples_per_pixel=n_samples,
            bits_allocated=8,
            number_of_frames=1,
        )
    )


def dataset(frames: Frames, syntax: str = EXPLICIT, **values: Any) -> FileDataset:
    """Return an ultrasound data set; ``values`` set or (None) delete elements."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(US_MULTI), UID("1.2.826.7.1")
    data = FileDataset(
        "",
        {},
        file_meta=meta,
        preamble=b"\0" * 128,
        is_implicit_VR=syntax == IMPLICIT,
        is_little_endian=syntax != BIG,
    )
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = US_MULTI, "1.2.826.7.1", "US"
    data.PatientID, data.PatientName, data.StudyInstanceUID = "CANARY77", "CANARY^DOE", "1.2.826.7"
    data.NumberOfFrames, data.Rows, data.Columns = frames.shape[:3]
    data.SamplesPerPixel = 3 if frames.ndim == 4 else 1
    data.PhotometricInterpretation = "RGB" if frames.ndim == 4 else "MONOCHROME2"
    if frames.ndim == 4:
        data.PlanarConfiguration = 0
    data.BitsAllocated = data.BitsStored = 8 * frames.dtype.itemsize
    data.HighBit, data.PixelRepresentation, data.FrameTime = data.BitsStored - 1, 0, "40"
    data.PixelData = encoded(frames, syntax)
    data["PixelData"].VR = "OW" if frames.dtype.itemsize == 2 or syntax == IMPLICIT else "OB"
    data["PixelData"].is_undefined_length = syntax not in (IMPLICIT, EXPLICIT, BIG, DEFLATED)
    for name, value in values.items():
        if value is None:
            delattr(data, name)
        else:
            setattr(data, name, value)
    return data


def dicom_bytes(frames: Frames, syntax: str = EXPLICIT, **values: Any) -> bytes:
    """Return an ultrasound file."""
    data = dataset(frames, syntax, **values)
    out = io.BytesIO()
    data.save_as(out)
    return out.getvalue()


def write_dicom(path: Path, frames: Frames, syntax: str = EXPLICIT, **values: Any) -> Path:
    """Write an ultrasound file."""
    path.write_bytes(dicom_bytes(frames, syntax, **values))
    return path


def regions(*items: Dataset) -> Items:
    """Return a sequence of regions."""
    return Items(items)


def write_video(
    path: Path, frames: Sequence[Frames], *, codec: str, rate: int = 20, pixels: str = "yuv420p"
) -> Path:
    """Write RGB frames as a video."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pixels
        for frame in frames:
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24"))
            )
        container.mux(stream.encode())
    return path
