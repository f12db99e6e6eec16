"""Videos: frames and times as written, text masked, rubbish refused."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.mask import plan_mask
from unisono.ingest.recording import Recording
from unisono.ingest.video import open_video


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
