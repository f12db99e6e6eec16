"""The real recordings that tests know: what must come out of each, and a second decoder for its colours.

``examples_*`` and the like lie in pydicom's wheel; ``dicom/`` and ``video/`` in the sample data, where it is.
"""

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pydicom.data
from numpy.typing import NDArray
from PIL import Image, ImageSequence
from pydicom.encaps import generate_frames
from pydicom.pixels import apply_color_lut, pixel_array

Frames = list[NDArray[np.uint8]]
SAMPLES = Path(__file__).parents[3] / "shared" / "data"
WHEEL = Path(os.path.dirname(pydicom.data.__file__))  # noqa: PTH120  # a module may have no Path


def by_pydicom(data: bytes) -> Frames:
    dataset = pydicom.dcmread(io.BytesIO(data))
    array = pixel_array(dataset)
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        array = apply_color_lut(array, dataset) >> 8
    return list(array if "NumberOfFrames" in dataset else array[None])


def by_pydicom_planes(data: bytes) -> Frames:
    frames = by_pydicom(data)
    rows, columns, _ = frames[0].shape
    return [f.reshape(3, rows, columns).transpose(1, 2, 0) for f in frames]


def by_pillow(data: bytes) -> Frames:
    streams = generate_frames(pydicom.dcmread(io.BytesIO(data)).PixelData, number_of_frames=30)
    return [np.asarray(Image.open(io.BytesIO(s)).convert("RGB")) for s in streams]


def by_openjpeg(data: bytes) -> Frames:
    from openjpeg import decode  # noqa: PLC0415  # a test extra

    (stream,) = generate_frames(pydicom.dcmread(io.BytesIO(data)).PixelData, number_of_frames=1)
    return [decode(io.BytesIO(stream))]


def by_pillow_gif(data: bytes) -> Frames:
    pictures = ImageSequence.Iterator(Image.open(io.BytesIO(data)))
    return [np.asarray(picture.convert("RGB")) for picture in pictures]


def by_opencv(data: bytes, folder: Path) -> Frames:
    path = folder / "video"
    path.write_bytes(data)
    capture, found = cv2.VideoCapture(str(path)), []
    while (read := capture.read())[0]:
        found.append(read[1][..., ::-1])
    return found


SECOND: dict[str, Callable[[bytes], Frames]] = {
    "pydicom": by_pydicom,
    "pydicom, planes put in order": by_pydicom_planes,
    "Pillow": by_pillow,
    "OpenJPEG": by_openjpeg,
    "Pillow, GIF": by_pillow_gif,
}


@dataclass(frozen=True)
class Sample:
    """One file, what must come out of it, and how it ends under the policy ``person``."""

    name: str
    shape: tuple[int, int, int]
    timing: str
    last_s: float
    spacing_mm: float | None
    second: str
    answer: str

    @property
    def path(self) -> Path:
        if self.name.startswith(("dicom/", "video/")):
            return SAMPLES / self.name
        return WHEEL / "test_files" / self.name

    def content(self) -> bytes:
        if self.path.suffix != ".zip":
            return self.path.read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            (member,) = [m for m in archive.infolist() if not m.is_dir()]
            return archive.read(member)

    def row(self) -> str:
        frames, rows, columns = self.shape
        times = "one frame" if frames == 1 else f"{self.timing}, last at {self.last_s:.3f} s"
        spacing = "unknown" if self.spacing_mm is None else f"{self.spacing_mm:.4f}"
        return (
            f"| {self.name} | {frames} of {columns} x {rows} | {times} | {spacing} | {self.second} "
            f"| {self.answer} |\n"
        )


_ONE, _CLOCK, _TEXT = "single frame", "presentation times", "E_TEXT_RESIDUAL"
TABLE = [
    Sample("ExplVR_BigEnd.dcm", (1, 60, 80), _ONE, 0.0, None, "pydicom", "E_NO_MASK"),
    Sample("examples_jpeg2k.dcm", (1, 480, 640), _ONE, 0.0, None, "OpenJPEG", _TEXT),
    Sample("examples_palette.dcm", (1, 350, 800), _ONE, 0.0, None, "pydicom", "gated"),
    Sample("examples_rgb_color.dcm", (1, 240, 320), _ONE, 0.0, None, "pydicom", _TEXT),
    Sample("examples_ybr_color.dcm", (30, 240, 320), "FrameTime", 0.966657, None, "Pillow", "gated"),
    Sample("dicom/US1_J2KR.dcm", (1, 480, 640), _ONE, 0.0, None, "OpenJPEG", _TEXT),
    Sample("dicom/US1_UNCR.dcm", (1, 480, 640), _ONE, 0.0, None, "pydicom", _TEXT),
    Sample(
        "dicom/echo_a4c_sonosite_30f_jpeg_ybr422.dcm",
        (30, 240, 320), "FrameTime", 0.966657, None, "Pillow", "gated",
    ),
    Sample(
        "dicom/echo_plax_colour_affiniti70g_30f_rle.dcm",
        (30, 600, 800), "FrameTime", 1.572989, 0.307597, "pydicom, planes put in order", "gated",
    ),
    Sample("dicom/gdcm-US-ALOKA-16.dcm", (1, 480, 640), _ONE, 0.0, 0.382653, "pydicom", _TEXT),
    Sample(
        "dicom/us_linear_cine_epiq5g_fakephi.zip",
        (27, 600, 800), "FrameTime", 0.866658, 0.083078, "pydicom", _TEXT,
    ),
    Sample(
        "dicom/us_renal_s2000_rgb_fakephi.dcm", (1, 768, 1024), _ONE, 0.0, 0.237872, "pydicom", "gated"
    ),
    Sample("video/a4c_handheld_01.mp4", (255, 450, 800), _CLOCK, 9.9934, None, "OpenCV", "gated"),
    Sample("video/a4c_handheld_02.mp4", (159, 450, 800), _CLOCK, 6.0, None, "OpenCV", "gated"),
    Sample("video/a4c_handheld_03.mp4", (239, 450, 800), _CLOCK, 9.986, None, "OpenCV", "gated"),
    Sample("video/a4c_sonosite_heavy_borders.mp4", (180, 480, 640), _CLOCK, 5.9667, None, "OpenCV", "gated"),
    Sample(
        "video/colour_doppler_philips_ecg_lowframes.mov",
        (20, 600, 800), _CLOCK, 1.5833, None, "OpenCV", "gated",
    ),
    Sample(
        "video/echo_icu_background_vs_4cv_figure.gif",
        (151, 360, 1080), _CLOCK, 4.5, None, "Pillow, GIF", "gated",
    ),
    Sample("video/lung_sonosite_dim.mp4", (120, 480, 640), _CLOCK, 3.9667, None, "OpenCV", "gated"),
    Sample("video/ocular_clarius_50f.mp4", (50, 960, 1280), _CLOCK, 1.96, None, "OpenCV", "gated"),
    Sample("video/ruq_gallbladder_handheld.mp4", (201, 450, 800), _CLOCK, 10.0, None, "OpenCV", "gated"),
    Sample("video/tdi_pw_ge_venue_ecg.mov", (120, 492, 800), _CLOCK, 3.9667, None, "OpenCV", "gated"),
]  # fmt: skip
HEADING = "| file | frames, px | times | mm a pixel | colours as | then |\n|---|---|---|---|---|---|\n"
