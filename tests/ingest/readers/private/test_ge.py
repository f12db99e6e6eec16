"""GE movies: beams of a known picture come back as that picture, at their times; lies are refused."""

import io
import struct
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.readers.private.ge import CREATOR
from unisono.ingest.readers.recording import Recording

SAMPLES, BEAMS = 180, 90
STAMPS = (5.0, 5.02, 5.05, 5.06, 5.1)


def beams(n_frames: int = 5) -> np.ndarray:
    """Return frames of beams: brightness grows with depth, and by frame at the right-hand half."""
    depth = np.linspace(20, 200, SAMPLES)
    frames = np.tile(depth, (n_frames, BEAMS, 1))
    frames[:, : BEAMS // 2] += np.arange(n_frames)[:, None, None] * 5  # beam 0 lies at the right
    return frames.astype(np.uint8)


def block(**values: Any) -> Dataset:
    item = Dataset()
    item.add_new((0x7FE1, 0x0010), "LO", CREATOR.decode())
    for name, (vr, value) in values.items():
        item.add_new((0x7FE1, int(name.removeprefix("e"), 16)), vr, value)
    return item


def movie_file(frames: np.ndarray, stamps: tuple[float, ...] = STAMPS, **changed: Any) -> bytes:
    segments = [
        block(
            e1037=("UL", len(part)),
            e1043=("OB", struct.pack(f"<{len(part)}d", *times)),
            e1060=("OB", part.tobytes() + b"\0" * (part.size % 2)),
        )
        for part, times in ((frames[:3], stamps[:3]), (frames[3:], stamps[3:]))
    ]
    shape = block(e1057=("LT", "CurvedSurface"), e1086=("SL", [SAMPLES, BEAMS, 0, 2]))
    inner = block(e1026=("SQ", Items([shape])), e1036=("SQ", Items(segments)))
    root = block(e1010=("SQ", Items([block(e1020=("SQ", Items([inner])))])))
    boxes = makers.regions(makers.region(40, 30, 279, 209, PhysicalDeltaX=0.05, PhysicalDeltaY=0.05))
    header = {"PixelData": None, "Rows": None, "Columns": None, "NumberOfFrames": None}
    data = makers.dataset(makers.loop(1), **header | {"SequenceOfUltrasoundRegions": boxes} | changed)
    data.add_new((0x7FE1, 0x0010), "LO", CREATOR.decode())
    data.add_new((0x7FE1, 0x1001), "SQ", Items([root]))
    out = io.BytesIO()
    data.save_as(out)
    return out.getvalue()


def opened(data: bytes) -> Recording:
    return open_dicom(io.BytesIO(data), len(data))


def code_of(data: bytes) -> str:
    with pytest.raises(IngestError) as caught:
        opened(data)
    return caught.value.code


def test_beams_become_the_sector_they_were_taken_in() -> None:
    recording = opened(movie_file(beams()))
    frames = np.stack(list(recording.frames()))
    assert frames.shape == (5, 180, 240)
    apex_x, depth = 119.5, 179.0
    half_angle = np.arcsin(119.5 / depth)
    y, x = np.mgrid[:180, :240]
    radius, angle = np.hypot(x - apex_x, y), np.arctan2(x - apex_x, y)
    inside = (radius < depth - 1) & (np.abs(angle) < half_angle - 0.02) & (radius > 3)
    truth = 20 + 180 * radius / depth
    left = inside & (angle < -0.05)
    assert np.abs(frames[4][left] - truth[left]).max() < 2
    right = inside & (angle > 0.05)
    assert np.abs(frames[4][right] - truth[right] - 20).max() < 2
    assert not frames[:, (radius > depth + 1) | (np.abs(angle) > half_angle + 0.02)].any()


def test_times_calibration_and_decoder() -> None:
    recording = opened(movie_file(beams()))
    assert recording.frame_times_s == pytest.approx((0, 0.02, 0.05, 0.06, 0.1))
    assert recording.timing == "GE movie time stamps"
    assert recording.spacing_mm == pytest.approx((0.5, 0.5))
    assert "90 beams as a sector" in recording.decoder
    assert recording.uid == "1.2.826.7.1"
    assert any("CANARY" in name.upper() for name in recording.identifiers.names)


def test_stamps_that_do_not_rise_are_no_times() -> None:
    assert opened(movie_file(beams(), (5.0, 5.2, 5.1, 5.3, 5.4))).frame_times_s is None


def test_missing_geometry_and_wrong_counts_are_refused() -> None:
    assert code_of(movie_file(beams(), SequenceOfUltrasoundRegions=Items([]))) == "E_NO_PIXELS"
    lying = movie_file(beams()).replace(
        struct.pack("<I", 3) + b"\xe1\x7f\x43", struct.pack("<I", 4) + b"\xe1\x7f\x43"
    )
    assert code_of(lying) == "E_FRAME_COUNT"
    size = struct.pack("<4i", SAMPLES, BEAMS, 0, 2)
    huge = movie_file(beams()).replace(size, struct.pack("<4i", 2**30, 2**30, 0, 2))
    assert code_of(huge) == "E_LIMIT_DIM"


def test_a_cut_movie_is_truncated() -> None:
    data = movie_file(beams())
    assert code_of(data[: int(len(data) * 0.7)]) == "E_TRUNCATED"
