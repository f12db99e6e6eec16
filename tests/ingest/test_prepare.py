"""A worker's draft: frames on disk in order, facts without a name, nothing left after a refusal."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from tests.ingest.known_secret import KEYS
from unisono.base.errors import IngestError
from unisono.base.packs import decode_pack
from unisono.ingest import drafting
from unisono.ingest import prepare as room
from unisono.ingest.files.sources import Source
from unisono.ingest.identity.codes import sha256_hex
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.prepare import Job, identify, prepare
from unisono.ingest.readers.reading import opened
from unisono.ingest.readers.recording import spread


def job(path: Path, kind: str = "dicom", **names: str) -> Job:
    return Job(Source(str(path), kind, (str(path),), **names), "01", KEYS, path.parent / "drafts")


def test_a_draft_holds_every_frame_and_can_be_dropped(tmp_path: Path) -> None:
    frames = makers.loop(4)
    prepared = prepare(job(makers.write_dicom(tmp_path / "a.dcm", frames)))
    pngs = [path.read_bytes() for path in prepared.pngs()]
    assert [sha256_hex(p) for p in pngs] == [f.png_sha256 for f in prepared.frames]
    assert len(decode_pack(prepared.pack.read_bytes())) == 4
    assert prepared.pack_sha256 == sha256_hex(prepared.pack.read_bytes())
    stored = cv2.imdecode(np.frombuffer(pngs[3], np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(stored[stored > 0], frames[3][stored > 0])
    assert prepared.facts["n_frames"] == 4
    assert "CANARY" not in repr(prepared)
    assert "1.2.826" not in repr(prepared)
    before, after = (
        cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
        for png in (prepared.private.before_png, prepared.private.after_png)
    )
    assert np.array_equal(before, frames.max(axis=0))
    keep = decode_mask(prepared.mask_png)
    assert not keep.all()
    assert np.array_equal(after, np.where(keep, before, 0))
    dark_before, dark_after = (
        cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
        for png in (prepared.private.dark_before_png, prepared.private.dark_after_png)
    )
    assert np.array_equal(dark_before, frames.min(axis=0))
    assert np.array_equal(dark_after, np.where(keep, dark_before, 0))
    prepared.drop()
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_still_has_no_darkest_picture_of_its_own(tmp_path: Path) -> None:
    private = prepare(job(makers.write_dicom(tmp_path / "a.dcm", makers.loop(1)))).private
    assert private.before_png
    assert (private.dark_before_png, private.dark_after_png) == (b"", b"")


def test_a_refusal_half_way_leaves_no_draft(tmp_path: Path) -> None:
    frames = makers.loop(40)
    data = bytearray(makers.dicom_bytes(frames, makers.RLE))
    at = -1
    for _ in range(3):  # the offset table, frame 0, frame 1: not among the sampled ones
        at = data.index(b"\xfe\xff\x00\xe0", at + 1)
    data[at + 12 : at + 16] = b"\xff\xff\xff\x7f"
    assert 1 not in spread(40)
    (tmp_path / "a.dcm").write_bytes(bytes(data))
    with pytest.raises(IngestError):
        prepare(job(tmp_path / "a.dcm"))
    assert not list((tmp_path / "drafts").glob("*"))


def test_videos_and_images_are_named_by_their_content(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(tmp_path / name), makers.loop(1, seed=1)[0])
    cv2.imwrite(str(tmp_path / "c.png"), makers.loop(1, seed=2)[0])
    a, b, c = (prepare(job(tmp_path / f"{n}.png", "images")) for n in "abc")
    assert a.code == b.code != c.code
    assert a.subject == b.subject != c.subject
    assert a.facts["kind"] == "images"


def test_identify_is_keyed(tmp_path: Path) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(1))
    key = identify(job(path))
    assert key == KEYS.source_key(sha256_hex(path.read_bytes()))
    assert key != sha256_hex(path.read_bytes())


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(bytes(1000))


def overwritten(path: Path) -> None:
    # As a writer that keeps size and time, or a network disk that tells neither in time.
    facts, data = path.stat(), bytearray(path.read_bytes())
    data[-9:-1] = b"\7" * 8
    path.write_bytes(bytes(data))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def replaced(path: Path) -> None:
    facts = path.stat()
    path.rename(path.with_suffix(".old"))
    path.write_bytes(path.with_suffix(".old").read_bytes())
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


@pytest.mark.parametrize("change", [grown, overwritten, replaced, os.unlink])
@pytest.mark.parametrize("is_known", [False, True])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], is_known: bool
) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(4))
    wanted, encode, seen = job(path), drafting.encode_png, []
    if is_known:
        wanted = replace(wanted, source_key=identify(wanted))

    def encode_and_change(frame: np.ndarray) -> bytes:
        seen.append(frame)
        if len(seen) == 2:
            change(path)
        return encode(frame)

    monkeypatch.setattr(drafting, "encode_png", encode_and_change)
    with pytest.raises(IngestError, match="E_STORE_IO"):
        prepare(wanted)
    assert not list((tmp_path / "drafts").glob("*"))


def test_a_file_that_changed_since_it_was_identified_is_refused(tmp_path: Path) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(4))
    wanted = replace(job(path), source_key=identify(job(path)))
    overwritten(path)
    with pytest.raises(IngestError, match="changed while it was read"):
        prepare(wanted)


def test_what_breaks_a_growing_file_is_that_it_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(4))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    known = identify(job(path))
    open_now = room.opened

    def opened_late(source: Source, *_: object) -> object:
        grown(path)
        return open_now(source)

    monkeypatch.setattr(room, "opened", opened_late)
    with pytest.raises(IngestError, match="changed while it was read"):
        prepare(replace(job(path), source_key=known))


def test_the_sample_is_let_go_of_and_every_pass_is_of_all_frames(tmp_path: Path) -> None:
    frames = makers.loop(30)
    path = makers.write_dicom(tmp_path / "a.dcm", frames)
    with opened(Source(str(path), "dicom", (str(path),))) as recording:
        assert len(recording.sample) == 24
        recording.let_go()
        assert [np.array_equal(frame, frames[0]) for frame in recording.sample] == [True]
        for _ in range(2):
            assert np.array_equal(list(recording.frames()), frames)
        assert np.array_equal(list(recording.frames_from(7)), frames[7:])
