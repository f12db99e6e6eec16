"""A file that was cut is not taken for a shorter one."""

import io
from pathlib import Path

import av
import numpy as np
import pytest

from tests.ingest import makers
from tests.ingest.known_secret import KEYS
from unisono.base.errors import IngestError
from unisono.ingest.files.sources import scan
from unisono.ingest.files.wholeness import Whole, check_whole
from unisono.ingest.prepare import Job, prepare
from unisono.ingest.readers.video import UNMEASURED, open_video

KINDS = [
    ("gif", "gif", "rgb8"),
    ("mkv", "h264", "yuv420p"),
    ("webm", "libvpx", "yuv420p"),
    ("mp4", "h264", "yuv420p"),
    ("avi", "mpeg4", "yuv420p"),
    ("wmv", "wmv2", "yuv420p"),
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
    assert (open_video(io.BytesIO(data)).n_frames, open_video(io.BytesIO(data)).warning) == (20, "")
    for cut in (len(data) - 1, int(len(data) * 0.9), int(len(data) * 0.6)):
        assert code_of(data[:cut]) == "E_TRUNCATED", cut


def test_a_gif_may_be_padded_with_zeros_and_with_nothing_else(tmp_path: Path) -> None:
    data = video(tmp_path, *KINDS[0])
    assert check_whole(io.BytesIO(data + bytes(7))) == Whole(states_end=True, n_images=20)
    assert code_of(data + b"more") == "E_TRUNCATED"


def test_a_live_stream_of_unknown_size_is_measured_by_its_duration(tmp_path: Path) -> None:
    data = video(tmp_path, *KINDS[1])
    at = data.index(b"\x18S\x80g") + 4
    live = data[:at] + b"\x01" + b"\xff" * 7 + data[at + 8 :]
    assert open_video(io.BytesIO(live)).n_frames == 20
    assert code_of(live[: int(len(live) * 0.6)]) == "E_TRUNCATED"


@pytest.mark.parametrize(("suffix", "codec", "pixels"), [k for k in KINDS if k[0] not in ("webm", "wmv")])
def test_rubbish_in_the_middle_is_refused(
    tmp_path: Path, rng: np.random.Generator, suffix: str, codec: str, pixels: str
) -> None:
    data = bytearray(video(tmp_path, suffix, codec, pixels))
    middle = len(data) // 2
    data[middle : middle + 3000] = rng.bytes(3000)
    assert code_of(bytes(data)) in ("E_FRAME_DECODE", "E_TRUNCATED")


def live(tmp_path: Path, suffix: str, options: dict[str, str]) -> bytes:
    path = tmp_path / f"live.{suffix}"
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("h264", rate=20)
        stream.height, stream.width, stream.pix_fmt, stream.gop_size = 240, 320, "yuv420p", 5
        for frame in makers.in_colour(makers.loop(20)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path.read_bytes()


def test_a_head_that_claims_more_than_any_file_holds_is_truncated() -> None:
    head = b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 6 + b"\xfe"
    with pytest.raises(IngestError, match="E_TRUNCATED"):
        check_whole(io.BytesIO(head + bytes(100)))
    with pytest.raises(IngestError, match="E_TRUNCATED"):
        check_whole(io.BytesIO(b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff\xec\x01" + b"\xff" * 6 + b"\xfe"))


def test_a_box_of_boxes_may_end_with_a_null_and_reach_too_far(tmp_path: Path) -> None:
    data = video(tmp_path, "mp4", "h264", "yuv420p")
    first = int.from_bytes(data[:4], "big")
    for odd in (bytes(8), b"\0\0\0\x04free", b"\x7f\xff\xff\xfffree"):
        box = (8 + len(odd)).to_bytes(4, "big") + b"edts" + odd
        assert check_whole(io.BytesIO(data + box)) == Whole(states_end=True)
        for cut in (1, 2000):
            with pytest.raises(IngestError, match="E_TRUNCATED"):
                check_whole(io.BytesIO(data[:first] + box + data[first:-cut]))


LIVE = [("mkv", {"live": "1"}), ("mp4", {"movflags": "frag_keyframe+empty_moov+skip_trailer"})]


@pytest.mark.parametrize(("suffix", "options"), LIVE)
def test_a_live_video_is_taken_with_a_warning_and_refused_when_it_breaks_off_inside(
    tmp_path: Path, suffix: str, options: dict[str, str]
) -> None:
    data = live(tmp_path, suffix, options)
    recording = open_video(io.BytesIO(data))
    assert (recording.n_frames, recording.warning) == (20, UNMEASURED)
    for cut in (len(data) - 1, int(len(data) * 0.5)):
        assert code_of(data[:cut]) == "E_TRUNCATED"
    between = data.rindex(b"\x1f\x43\xb6\x75" if suffix == "mkv" else b"moof") - (4 if suffix == "mp4" else 0)
    shorter = open_video(io.BytesIO(data[:between]))  # nothing tells this from a shorter video
    assert shorter.n_frames < 20
    assert shorter.warning == UNMEASURED


def test_an_avi_whose_writer_died_warns(tmp_path: Path) -> None:
    data = bytearray(video(tmp_path, *KINDS[4]))
    data[4:8] = bytes(4)
    assert check_whole(io.BytesIO(bytes(data))) == Whole(states_end=False)


def test_the_warning_reaches_the_mask_record(tmp_path: Path) -> None:
    path = tmp_path / "live.mkv"
    path.write_bytes(live(tmp_path, *LIVE[0]))
    (source,) = scan([path])
    prepared = prepare(Job(source, "01", KEYS, tmp_path / "drafts"))
    assert UNMEASURED in prepared.facts["mask"]["warning"]
