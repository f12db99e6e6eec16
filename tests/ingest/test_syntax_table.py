"""Every transfer syntax with every photometric interpretation: right colours, or the right refusal.

The table in ``docs/reading.md`` is what comes out here, word for word. A cell is ``exact`` when the frames
are the source's bit for bit, ``close`` when each value is within 3 levels of the source, ``as NAME`` when it
is within 3 levels of what a second decoder makes of the same file, or the code of the refusal.
"""

import io
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.encaps import generate_frames
from pydicom.pixels import pixel_array

from tests.ingest.codings import BASE, CASES, COLUMNS, MOVIES, N_FRAMES, NATIVE, ROWS, Case, dicom, truth
from unisono.base.errors import IngestError
from unisono.ingest.readers.colour import ycc_to_rgb
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.readers.syntaxes import SYNTAXES

Frames = NDArray[np.uint8]
PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
LEVELS = 3


def _streams(data: bytes) -> list[bytes]:
    dataset = pydicom.dcmread(io.BytesIO(data))
    return list(generate_frames(dataset.PixelData, number_of_frames=N_FRAMES))


def by_pillow(data: bytes, _case: Case, _folder: Path) -> Frames:
    return np.stack([np.asarray(Image.open(io.BytesIO(s)).convert("RGB")) for s in _streams(data)])


def by_pillow_of_jpegxl(data: bytes, _case: Case, _folder: Path) -> Frames:
    jpegs = [bytes(imagecodecs.jpegxl_decode_jpeg(s)) for s in _streams(data)]
    return np.stack([np.asarray(Image.open(io.BytesIO(s)).convert("RGB")) for s in jpegs])


def by_charls(data: bytes, case: Case, _folder: Path) -> Frames:
    import jpeg_ls  # noqa: PLC0415  # a test extra

    frames = np.stack([jpeg_ls.decode(np.frombuffer(s, np.uint8)) for s in _streams(data)])
    return _from_ycc(frames.reshape(N_FRAMES, ROWS, COLUMNS, 3), case)


def by_openjpeg(data: bytes, case: Case, _folder: Path) -> Frames:
    from openjpeg import decode  # noqa: PLC0415  # a test extra

    return _from_ycc(np.stack([decode(io.BytesIO(s)) for s in _streams(data)]), case)


def by_pydicom(data: bytes, _case: Case, _folder: Path) -> Frames:
    return np.asarray(pixel_array(pydicom.dcmread(io.BytesIO(data))), dtype=np.uint8)


def by_opencv(data: bytes, case: Case, folder: Path) -> Frames:
    dataset = pydicom.dcmread(io.BytesIO(data))
    codec = MOVIES[str(dataset.file_meta.TransferSyntaxUID)]
    path = folder / ("stream." + {"mpeg2video": "m2v", "libx264": "h264", "libx265": "hevc"}[codec])
    path.write_bytes(b"".join(generate_frames(dataset.PixelData, number_of_frames=1)))
    capture = cv2.VideoCapture(str(path))
    frames = []
    while (read := capture.read())[0]:
        frames.append(read[1][..., ::-1])
    return np.stack(frames)


def _from_ycc(frames: Frames, case: Case) -> Frames:
    if case.photometric.startswith("YBR_FULL"):
        return np.stack([ycc_to_rgb(np.ascontiguousarray(f, dtype=np.uint8)) for f in frames])
    return frames


SECOND: dict[str, tuple[str, Callable[[bytes, Case, Path], Frames]]] = {
    **dict.fromkeys(NATIVE, ("pydicom", by_pydicom)),
    f"{BASE}.4.50": ("Pillow", by_pillow),
    f"{BASE}.4.51": ("Pillow", by_pillow),
    f"{BASE}.4.81": ("CharLS", by_charls),
    f"{BASE}.4.91": ("OpenJPEG", by_openjpeg),
    f"{BASE}.4.203": ("OpenJPEG", by_openjpeg),
    f"{BASE}.4.111": ("Pillow", by_pillow_of_jpegxl),
    **dict.fromkeys(MOVIES, ("OpenCV", by_opencv)),
}


def cell(syntax: str, case: Case, folder: Path) -> str:
    data = dicom(syntax, case)
    try:
        recording = open_dicom(io.BytesIO(data), len(data))
        frames = np.stack(list(recording.frames()))
    except IngestError as error:
        return error.code
    assert recording.frame_times_s == (0.0, 0.04, 0.08)
    assert recording.spacing_mm == pytest.approx((0.3, 0.3))
    assert SYNTAXES[syntax].name in recording.decoder
    source = truth(case)
    assert frames.shape == source.shape
    if np.array_equal(frames, source):
        return "exact"
    if _apart(frames, source) <= LEVELS:
        return "close"
    name, decode = SECOND[syntax]
    assert _apart(frames, decode(data, case, folder)) <= LEVELS
    # The two decoders may share a mistake that the source does not: gross errors show in the mean.
    assert np.abs(frames.astype(int) - source).mean() <= LEVELS
    return f"as {name}"


def _apart(a: Frames, b: Frames) -> int:
    return int(np.abs(a.astype(int) - b).max())


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_colours_times_and_calibration(syntax: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="pydicom")
        cells = [cell(syntax, case, tmp_path) for case in CASES]
    assert row(syntax, cells) in PAGE.read_text(encoding="utf-8"), row(syntax, cells)


@cache
def heading() -> str:
    names = " | ".join(case.name for case in CASES)
    return f"| transfer syntax | {names} |\n|---|{'---|' * len(CASES)}\n"


def row(syntax: str, cells: list[str]) -> str:
    return f"| {SYNTAXES[syntax].name} `{syntax}` | {' | '.join(cells)} |\n"


def test_the_page_has_the_columns_and_every_syntax() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert heading() in page
    assert page.count("| `1.2") + page.count(" `1.2.840") == len(SYNTAXES)
