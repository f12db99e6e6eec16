"""A recording that is cut: every frame in one part, in order, with its own time; codes that differ."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest import makers
from tests.ingest.known_secret import SECRET
from unisono.base.errors import IngestError
from unisono.ingest.files.sources import Source
from unisono.ingest.identity.codes import derive_keys
from unisono.ingest.limits import LIMITS
from unisono.ingest.parts import MOST_PARTS, Part, larger, part_of, parts_of
from unisono.ingest.prepare import Job, prepare, prepare_parts
from unisono.ingest.readers.dicom_frames import FrameReader
from unisono.ingest.readers.recording import Pixels

KEYS = derive_keys(SECRET)
SMALL = replace(LIMITS, frames=4)


def job(path: Path, kind: str = "dicom", *, part: Part | None = None) -> Job:
    source = Source(str(path), kind, (str(path),))
    return Job(source, "01", KEYS, path.parent / "drafts", limits=SMALL, is_split=True, part=part)


@given(st.integers(1, 1_000_000), st.integers(1, 4096), st.integers(1, 4096))
def test_parts_are_a_cover_in_order_and_each_is_a_legal_clip(n_frames: int, rows: int, columns: int) -> None:
    parts = parts_of(n_frames, rows, columns)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert {part.of for part in parts} == {len(parts)}
    place = 0
    for part in parts:
        assert part.first_frame == place
        place += part.n_frames
        assert 1 <= part.n_frames <= LIMITS.frames
        assert part.n_frames * rows * columns <= LIMITS.clip_px
    assert place == n_frames
    assert len({part.n_frames for part in parts[:-1]}) <= 1


def test_a_recording_that_fits_is_not_cut() -> None:
    (whole,) = parts_of(10_000, 600, 800)
    assert whole.is_whole
    assert whole.identity("1.2.3") == "1.2.3"
    assert whole.record((0.0,)) is None


def test_the_identity_of_a_part_is_the_one_of_the_design() -> None:
    parts = parts_of(25_000, 600, 800)
    assert [part.identity("1.2.3") for part in parts] == [f"1.2.3|part={k}" for k in (1, 2, 3)]


def test_times_of_a_part_begin_at_zero_and_its_record_says_when_that_is() -> None:
    times_s = tuple(0.04 * i for i in range(10_001))
    last = parts_of(10_001, 600, 800)[1]
    assert last.times_s(times_s) == (0.0,)
    assert last.record(times_s) == {
        "number": 2, "of": 2, "first_frame": 10_000, "n_frames": 1, "start_s": pytest.approx(400.0),
    }  # fmt: skip
    assert last.times_s(None) is None


def test_a_long_recording_becomes_clips_of_all_its_frames(tmp_path: Path) -> None:
    frames = makers.loop(10)
    parts = prepare_parts(job(makers.write_dicom(tmp_path / "a.dcm", frames)))
    whole = prepare(replace(job(tmp_path / "a.dcm"), limits=LIMITS, is_split=False))
    assert [len(part.frames) for part in parts] == [4, 4, 2]
    assert [f.pixel_sha256 for part in parts for f in part.frames] == [f.pixel_sha256 for f in whole.frames]
    assert {part.mask_png for part in parts} == {whole.mask_png}
    assert len({part.code for part in parts} | {whole.code}) == 4
    assert [part.code for part in parts] == [KEYS.clip_code("01", f"1.2.826.7.1|part={k}") for k in (1, 2, 3)]
    assert {part.subject for part in parts} == {whole.subject}
    assert {part.rival for part in parts} == {whole.code}
    assert whole.rival == parts[0].code
    assert [part.facts["frame_times_s"] for part in parts] == [
        pytest.approx([0.04 * i for i in range(n)]) for n in (4, 4, 2)
    ]
    assert [part.facts["part"]["start_s"] for part in parts] == pytest.approx([0.0, 0.16, 0.32])
    assert len({part.private.extremes_sha256 for part in parts}) == 3
    for part in (*parts, whole):
        part.drop()
    assert not list((tmp_path / "drafts").iterdir())


@pytest.mark.parametrize("syntax", [makers.EXPLICIT, makers.JPEG, makers.RLE])
def test_one_part_alone_is_the_same_as_among_the_others(tmp_path: Path, syntax: str) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(10), syntax)
    every = prepare_parts(job(path))
    alone = prepare(job(path, part=part_of(every[1].facts["part"])))
    assert (alone.code, alone.frames, alone.facts) == (every[1].code, every[1].frames, every[1].facts)
    assert np.array_equal(alone.shown.median, every[1].shown.median)


def test_reading_a_part_again_decodes_no_frame_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(60))
    asked: list[int] = []
    real = FrameReader.frame

    def noted(self: FrameReader, index: int) -> Pixels:
        asked.append(index)
        return real(self, index)

    monkeypatch.setattr(FrameReader, "frame", noted)
    prepare(job(path, part=Part(15, 15, 56, 4))).drop()
    assert [i for i in asked if i >= 56][-4:] == [56, 57, 58, 59]
    assert len(asked) < 40  # 4 of the part, and those by which the mask is found


def test_a_video_is_cut_too(tmp_path: Path) -> None:
    path = makers.write_video(tmp_path / "a.mp4", list(makers.in_colour(makers.loop(10))), codec="libx264")
    parts = prepare_parts(job(path, "video"))
    assert [len(part.frames) for part in parts] == [4, 4, 2]
    assert prepare(job(path, "video", part=Part(3, 3, 8, 2))).frames == parts[2].frames


def test_without_the_wish_it_is_refused(tmp_path: Path) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(10))
    with pytest.raises(IngestError, match="E_LIMIT_FRAMES"):
        prepare_parts(replace(job(path), is_split=False))
    assert not (tmp_path / "drafts").exists()


def test_parts_have_a_limit_of_their_number(tmp_path: Path) -> None:
    assert larger().frames == MOST_PARTS * LIMITS.frames
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(1), NumberOfFrames=str(MOST_PARTS * 4 + 1))
    with pytest.raises(IngestError, match="E_LIMIT_FRAMES"):
        prepare_parts(job(path))


def test_a_part_that_is_not_there_any_more_is_refused(tmp_path: Path) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(6))
    with pytest.raises(IngestError, match="E_FRAME_COUNT"):
        prepare(job(path, part=Part(3, 3, 8, 4)))
