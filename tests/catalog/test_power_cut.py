"""What the files of a clip promise when they return holds after a power cut."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalog.power import Disk
from unisono.catalog import stores
from unisono.catalog.files import FrameFiles
from unisono.catalog.names import frame_code, frame_name, pack_name

CODE = "01-" + "ab12" + "0" * 60
PACK = b"pack"
SHA256 = hashlib.sha256(PACK).hexdigest()


def frames(n_frames: int, start: bytes = b"frame ") -> list[bytes]:
    return [start + b"%d" % index for index in range(n_frames)]


def whole(n_frames: int, start: bytes = b"frame ") -> dict[str, bytes]:
    """Return the names of a clip's files with what belongs in them."""
    names = [frame_name(frame_code(CODE, index)) for index in range(n_frames)]
    return dict(zip(names, frames(n_frames, start), strict=True)) | {pack_name(CODE, SHA256): PACK}


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk(monkeypatch)
    yield made
    made.close()


@pytest.mark.parametrize("n_frames", [1, 40])  # few files are synchronised one by one, many at once
@pytest.mark.parametrize("held", [False, True])
def test_a_clip_that_was_put_is_there_whole(tmp_path: Path, disk: Disk, n_frames: int, held: bool) -> None:
    files = FrameFiles(tmp_path)
    with files.alone():
        files.put_clip(CODE, frames(n_frames), PACK, held=held)
    where = "held/" if held else ""
    left = disk.survivors(tmp_path)
    assert {n: d for n, d in left.items() if n.startswith((f"{where}png", f"{where}packs"))} == {
        f"{where}{name}": data for name, data in whole(n_frames).items()
    }


def test_a_clip_that_was_admitted_is_there_whole(tmp_path: Path, disk: Disk) -> None:
    files = FrameFiles(tmp_path)
    files.put_clip(CODE, frames(3), PACK, held=True)
    files.admit_clip(CODE, 3, SHA256)
    assert whole(3).items() <= disk.survivors(tmp_path).items()


def test_a_clip_that_was_withdrawn_is_there_whole_on_the_other_side(tmp_path: Path, disk: Disk) -> None:
    files = FrameFiles(tmp_path)
    with files.alone():
        files.put_clip(CODE, frames(3), PACK)
        files.withdraw_clip(CODE)
    assert {f"held/{name}": data for name, data in whole(3).items()}.items() <= disk.survivors(
        tmp_path
    ).items()


def test_other_frames_are_there_whole_when_they_are_staged_and_when_they_took_their_place(
    tmp_path: Path, disk: Disk
) -> None:
    files = FrameFiles(tmp_path)
    with files.alone():
        files.put_clip(CODE, frames(3), b"the first", held=True)
        files.stage_clip(CODE, 2, frames(3, b"other "), PACK)
        staged = disk.survivors(tmp_path)
        folder = f"held/redrawn/{CODE}.2/"
        assert staged[f"{folder}pack"] == PACK
        assert [staged[f"{folder}{frame_code(CODE, i)}.png"] for i in range(3)] == frames(3, b"other ")
        files.unstage_clip(CODE, 2, SHA256)
    assert {f"held/{name}": data for name, data in whole(3, b"other ").items()}.items() <= disk.survivors(
        tmp_path
    ).items()


def test_the_mark_of_a_clip_is_there_before_its_first_file_moves(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, seen, place = FrameFiles(tmp_path), [], stores.place
    files.keep_marks()

    def place_and_look(source: Path, target: Path) -> None:
        marks = tmp_path / "changing"
        seen.append(disk._names.get(marks.stat().st_ino, {}).keys())
        place(source, target)

    monkeypatch.setattr(stores, "place", place_and_look)
    with files.alone():
        files.put_clip(CODE, frames(3), PACK)
    assert len(seen) == 4
    assert all(CODE in marks for marks in seen)
