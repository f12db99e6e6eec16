"""Videos: frames and times as written, text masked, rubbish refused."""

import io
import struct
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.masks.mask import plan_mask
from unisono.ingest.readers.recording import Recording
from unisono.ingest.readers.video import described, open_video


@pytest.fixture
def frames() -> list[NDArray[np.uint8]]:
    return list(makers.in_colour(makers.loop(12)))


def opened(path: Path) -> Recording:
    return open_video(io.BytesIO(path.read_bytes()))


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [("mp4", "h264"), ("mov", "h264"), ("avi", "mpeg4"), ("mkv", "h264"), ("mp4", "mpeg4")],
)
def test_containers(tmp_path: Path, frames: list[NDArray[np.uint8]], suffix: str, codec: str) -> None:
    path = makers.write_video(tmp_path / f"a.{suffix}", frames, codec=codec)
    recording = opened(path)
    assert (recording.n_frames, recording.rows, recording.columns) == (12, 240, 320)
    assert recording.frame_times_s == pytest.approx([i / 20 for i in range(12)], abs=1e-3)
    out = list(recording.frames())
    assert len(out) == 12
    assert np.abs(out[5][130, 150].astype(int) - (200, 30, 30)).max() < 60
    mask = plan_mask(recording.sample, (), lossless=recording.lossless)
    assert not mask.apply(out[0])[:20, :120].any()  # where the name was


def test_lossless_video_is_exact(tmp_path: Path, frames: list[NDArray[np.uint8]]) -> None:
    path = makers.write_video(tmp_path / "a.mkv", frames, codec="ffv1", pixels="bgr0")
    recording = opened(path)
    assert np.array_equal(np.stack(list(recording.frames())), np.stack(frames))
    assert recording.lossless


def test_gif_frames_keep_their_own_delays(tmp_path: Path) -> None:
    grey = makers.loop(4) & 0xE0
    path = tmp_path / "a.gif"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=100)
        stream.height, stream.width, stream.pix_fmt = 240, 320, "gray"
        for i, frame in enumerate(grey):
            picture = av.VideoFrame.from_ndarray(frame, format="gray")
            picture.pts = (0, 10, 30, 60)[i]
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    recording = opened(path)
    assert recording.n_frames == 4
    assert recording.frame_times_s == pytest.approx((0.0, 0.1, 0.3, 0.6))


def test_long_videos_are_sampled_over_their_whole_length(tmp_path: Path) -> None:
    still = makers.in_colour(makers.loop(1))[0]
    frames = [np.full_like(still, i) for i in range(120)]
    recording = opened(makers.write_video(tmp_path / "a.mkv", frames, codec="ffv1", pixels="bgr0"))
    levels = [int(f.max()) for f in recording.sample]
    assert len(levels) == 24
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert levels[-1] >= 100


@pytest.mark.parametrize("share", [0.2, 0.6])
def test_cut_videos_are_refused(tmp_path: Path, frames: list[NDArray[np.uint8]], share: float) -> None:
    for suffix in ("mp4", "avi"):
        data = makers.write_video(tmp_path / f"a.{suffix}", frames * 4, codec="mpeg4").read_bytes()
        with pytest.raises(IngestError, match=r"E_TRUNCATED|E_FRAME_DECODE|E_NO_PIXELS"):
            open_video(io.BytesIO(data[: int(len(data) * share)]))


def test_rubbish_is_refused(rng: np.random.Generator) -> None:
    for data in (b"", rng.bytes(3000), b"GIF89a" + rng.bytes(300)):
        with pytest.raises(IngestError):
            open_video(io.BytesIO(data))


def test_metadata_of_the_container_is_not_kept(tmp_path: Path, frames: list[NDArray[np.uint8]]) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = makers.NAME
        stream = container.add_stream("mpeg4", rate=20)
        stream.height, stream.width, stream.pix_fmt = 240, 320, "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    recording = opened(path)
    assert recording.header == {}
    assert "CANARY" not in repr((recording.decoder, recording.timing, recording.uid, recording.patient))


def write_irregular(path: Path, frames: list[NDArray[np.uint8]], codec: str, stamps_ms: list[int]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.height, stream.width, stream.pix_fmt = 240, 320, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for frame, stamp in zip(frames, stamps_ms, strict=True):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            picture.pts, picture.time_base = stamp, Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [("mp4", "h264"), ("mov", "h264"), ("mkv", "h264"), ("webm", "libvpx-vp9"), ("webm", "libvpx")],
)
def test_irregular_times_are_kept(
    tmp_path: Path, frames: list[NDArray[np.uint8]], suffix: str, codec: str
) -> None:
    stamps = [0, 30, 75, 90, 200, 233, 300, 310, 400, 500, 640, 700]
    recording = opened(write_irregular(tmp_path / f"a.{suffix}", frames, codec, stamps))
    assert recording.n_frames == 12
    assert recording.frame_times_s == pytest.approx([s / 1000 for s in stamps], abs=1e-3)


MATRICES = {  # QuickTime: (x, y) -> (a x + c y, b x + d y), y down; each with the turn that it asks for
    "quarter to the right": ((0, 1, -1, 0), lambda f: np.rot90(f, -1)),
    "half": ((-1, 0, 0, -1), lambda f: np.rot90(f, 2)),
    "quarter to the left": ((0, -1, 1, 0), lambda f: np.rot90(f, 1)),
}


@pytest.mark.parametrize("turn", MATRICES)
def test_the_display_matrix_is_honoured(tmp_path: Path, frames: list[NDArray[np.uint8]], turn: str) -> None:
    (a, b, c, d), upright = MATRICES[turn]
    path = makers.write_video(tmp_path / "a.mp4", frames, codec="h264")
    plain = list(opened(path).frames())
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    one = 1 << 16
    data[at : at + 36] = struct.pack(">9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
    path.write_bytes(bytes(data))
    recording = opened(path)
    found = list(recording.frames())
    assert np.array_equal(found[3], upright(plain[3]))
    assert (recording.rows, recording.columns) == found[0].shape[:2]
    capture = cv2.VideoCapture(str(path))  # OpenCV turns frames by itself
    other = capture.read()[1][..., ::-1]
    assert other.shape == found[0].shape
    assert np.abs(other.astype(int) - found[0]).mean() < 3


def test_what_videos_say_of_their_colours(tmp_path: Path, frames: list[NDArray[np.uint8]]) -> None:
    path = makers.write_video(tmp_path / "a.mp4", frames, codec="h264")
    with path.open("rb") as file:
        assert described(file) == ("h264", "yuv420p BT.601 unless stated limited range")


def test_an_unknown_codec_is_refused(tmp_path: Path, frames: list[NDArray[np.uint8]]) -> None:
    data = makers.write_video(tmp_path / "a.mp4", frames, codec="h264").read_bytes()
    assert data.count(b"avc1") >= 1
    with pytest.raises(IngestError, match=r"E_TS_UNSUPPORTED|E_FRAME_DECODE"):
        opened_bytes(data.replace(b"avc1", b"zzzz"))


def opened_bytes(data: bytes) -> Recording:
    return open_video(io.BytesIO(data))
