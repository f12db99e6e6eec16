"""Approved clips may lie elsewhere: the ways in, out and back are the same, and so are the crash rules."""

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from tests.ingest import makers
from unisono.base.errors import CatalogError, NotFoundError
from unisono.base.settings import Settings
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.prepared import NOT_RUN
from unisono.ingest.run import ingest
from unisono.ingest.run.exporting import export_dicom
from unisono.ingest.run.fsck import Fault, fsck
from unisono.ingest.run.review import approve, one_waiting, pictures, reject

N_FRAMES = 4


@pytest.fixture(params=["file", "memory"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"file://{tmp_path}/disk" if request.param == "file" else f"memory://{tmp_path.name}/frames"


@pytest.fixture
def home(address: str, tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home", frames=address))
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return makers.write_dicom(tmp_path / "a.dcm", makers.loop(N_FRAMES))


def taken(home: Catalog, path: Path, policy: str = "person") -> str:
    (code,) = ingest(home, [path], "01", workers=1, policy=policy, isolated=False).codes
    return code


def there(address: str) -> list[str]:
    system, root = fsspec.core.url_to_fs(address)
    return sorted(Path(name).name for name in system.find(root))


def held(home: Catalog) -> list[Path]:
    return [p for p in (home.files.root / "held").rglob("*") if p.is_file()]


@pytest.fixture(autouse=True)
def _no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unisono.ingest.looks.run_gate", lambda *_: NOT_RUN)


def test_only_approved_clips_are_in_the_store(home: Catalog, path: Path, address: str) -> None:
    code = taken(home, path)
    assert there(address) == []
    assert fsck(home).is_clean
    approve(home, code, "rev-1")
    assert len(there(address)) == N_FRAMES + 1
    assert held(home) == []
    assert not (home.files.root / "png-cache").exists()
    checked = fsck(home)
    assert (checked.clips, checked.frames, checked.faults, checked.swept) == (1, N_FRAMES, (), 0)
    assert checked.bytes > 0
    assert pictures(home, code, "rev-1") == home.files.read_pack(
        code, one_waiting(home, code).clip.pack_sha256
    )
    assert export_dicom(home, code, path.with_name("out.dcm")) > 0


def test_a_policy_that_approves_writes_to_the_store_at_once(home: Catalog, path: Path, address: str) -> None:
    taken(home, path, "none")
    assert len(there(address)) == N_FRAMES + 1
    assert fsck(home).is_clean


def test_a_clip_that_is_taken_back_leaves_the_store(home: Catalog, path: Path, address: str) -> None:
    code = taken(home, path, "none")
    reject(home, code, "rev-1", "for the test")
    assert there(address) == held(home) == []
    with pytest.raises(NotFoundError):
        pictures(home, code, "rev-1")


def test_faults_in_the_store_are_found(home: Catalog, path: Path, address: str) -> None:
    code = taken(home, path, "none")
    system, root = fsspec.core.url_to_fs(address)
    branch = f"png-cache/01/{code[3:5]}/{code[5:7]}"
    system.rm_file(f"{root}/{branch}/{code}-0000.png")
    system.pipe_file(f"{root}/{branch}/{code}-0001.png", b"other")
    system.pipe_file(f"{root}/png-cache/01/stray.png", b"x")
    assert set(fsck(home).faults) == {
        Fault("missing", f"{branch}/{code}-0000.png"),
        Fault("damaged", f"{branch}/{code}-0001.png"),
        Fault("stray", "png-cache/01/stray.png"),
    }


def test_an_approval_that_stops_before_its_row_leaves_nothing_in_the_store(
    home: Catalog, path: Path, address: str
) -> None:
    code = taken(home, path)
    clip = one_waiting(home, code).clip
    home.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
    assert there(address)
    checked = fsck(home)
    assert checked.is_clean
    assert checked.swept == N_FRAMES + 1
    assert there(address) == []
    assert len(held(home)) == N_FRAMES + 1
    approve(home, code, "rev-1")
    assert fsck(home).is_clean


@pytest.mark.parametrize("n_before", range(1, N_FRAMES + 1))
@pytest.mark.parametrize("policy", ["none", "person"])
def test_a_store_that_breaks_off_leaves_nothing_half_told(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch, policy: str, n_before: int
) -> None:
    address = f"memory://{tmp_path.name}/breaks"
    home = open_catalog(Settings(home=tmp_path / "home", frames=address))
    system = fsspec.filesystem("memory")

    def pipe(_: object, objects: dict[str, bytes]) -> None:
        for place, data in list(objects.items())[:n_before]:
            system.pipe_file(place, data)
        raise OSError("the line is cut")

    def do() -> None:
        if policy == "none":
            taken(home, path, "none")
        else:
            approve(home, code, "rev-1")

    code = taken(home, path) if policy == "person" else ""
    with monkeypatch.context() as patch:
        patch.setattr(type(system), "pipe", pipe)
        with pytest.raises(CatalogError):
            do()
    assert len(there(address)) == n_before
    checked = fsck(home)
    assert (checked.is_clean, checked.swept) == (True, n_before)
    assert there(address) == []
    do()
    assert fsck(home).is_clean
    assert len(there(address)) == N_FRAMES + 1
    home.close()


def test_a_clip_that_nobody_approved_comes_back_from_the_store(
    home: Catalog, path: Path, address: str
) -> None:
    code = taken(home, path)
    clip = one_waiting(home, code).clip
    home.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
    home.files.drop_clip(code, clip.n_frames, clip.pack_sha256, held=True)
    assert fsck(home).is_clean
    assert there(address) == []
    assert home.files.read_frame(f"{code}-0000", held=True)


def test_a_rejection_that_stops_after_its_row_keeps_no_pixels(
    home: Catalog, path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = taken(home, path, "none")

    def stop(*_: object, **__: object) -> None:
        raise CatalogError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(home.files, "drop_clip", stop)
        with pytest.raises(CatalogError):
            reject(home, code, "rev-1", "for the test")
    assert there(address)
    assert fsck(home).is_clean
    assert there(address) == held(home) == []


def test_a_home_of_before_marks_is_looked_through_once(home: Catalog, path: Path, address: str) -> None:
    code = taken(home, path)
    clip = one_waiting(home, code).clip
    home.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
    for mark in (home.files.root / "changing").iterdir():
        mark.unlink()
    assert fsck(home).swept == N_FRAMES + 1
    assert there(address) == []
    home.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
    home.files.settle([code])
    assert [fault.what for fault in fsck(home).faults] == ["stray"] * (N_FRAMES + 1)
