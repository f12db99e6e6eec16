"""A file that was cut is not taken for a shorter one."""

import io
from pathlib import Path

import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.video import open_video
from unisono.ingest.wholeness import check_whole

KINDS = [
    ("gif", "gif", "rgb8"),
    ("mkv", "h264", "yuv420p"),
    ("webm", "libvpx", "yuv420p"),
    ("mp4", "h264", "yuv420p"),
    ("avi", "mpeg4", "yuv420p"),
]


def video(tmp_path: Path, suffix: str, codec: str, pixels: str) -> bytes:
    frames = list(makers.in_colour(makers.loop(20)))
    return makers.write_video(tmp_path / f"a.{suffix}", frames, codec=codec, pixels=pixels).read_bytes()


def code_of(data: bytes) -> str:
    with pytest.raises(IngestError) as caught:
        open_video(io.BytesIO(data))
    return caught.value.code


@pytest.mark.parametrize(("suffix", "codec", "pixels"), KINDS)
def test_whole_files_pass_and_cut_ones_are_truncated(
    tmp_path: Path, suffix: str, codec: str, pixels: str
) -> None:
    data = video(tmp_path, suffix, codec, pixels)
    assert open_video(io.BytesIO(data)).n_frames == 20
    for cut in (len(data) - 1, int(len(data) * 0.9), int(len(data) * 0.6)):
        assert code_of(data[:cut]) == "E_TRUNCATED", cut


def test_a_gif_may_be_padded_with_zeros_and_with_nothing_else(tmp_path: Path) -> None:
    data = video(tmp_path, *KINDS[0])
    assert check_whole(io.BytesIO(data + bytes(7))) == 20
    assert code_of(data + b"more") == "E_TRUNCATED"


def test_a_live_stream_of_unknown_size_is_measured_by_its_duration(tmp_path: Path) -> None:
    data = video(tmp_path, *KINDS[1])
    at = data.index(b"\x18S\x80g") + 4
    live = data[:at] + b"\x01" + b"\xff" * 7 + data[at + 8 :]
    assert open_video(io.BytesIO(live)).n_frames == 20
    assert code_of(live[: int(len(live) * 0.6)]) == "E_TRUNCATED"


@pytest.mark.parametrize(("suffix", "codec", "pixels"), [k for k in KINDS if k[0] != "webm"])
def test_rubbish_in_the_middle_is_refused(
    tmp_path: Path, rng: np.random.Generator, suffix: str, codec: str, pixels: str
) -> None:
    data = bytearray(video(tmp_path, suffix, codec, pixels))
    middle = len(data) // 2
    data[middle : middle + 3000] = rng.bytes(3000)
    assert code_of(bytes(data)) in ("E_FRAME_DECODE", "E_TRUNCATED")
