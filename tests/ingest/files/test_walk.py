"""Nothing in a folder is lost: each entry is a file to read, or named with why it is none."""

import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from unisono.ingest.files.sources import scan
from unisono.ingest.files.walk import Left, walk

NOBODY_ID = 65_534


def walked(*tops: Path) -> dict[str, str]:
    found = [entry for entries in walk(tops, lambda _: False) for entry in entries]
    return {
        os.path.relpath(entry.path if isinstance(entry, Left) else entry, tops[0]): (
            entry.code if isinstance(entry, Left) else ""
        )
        for entry in found
    }


@contextmanager
def without_rights() -> Iterator[None]:
    """Give up the rights of root, who may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY_ID)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    # pytest's own folder is closed to other users.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY_ID, NOBODY_ID)
        yield folder


def test_files_come_in_order_and_before_the_folders_beside_them(tmp_path: Path) -> None:
    for name in ("b/z", "b/a/y", "c", "a", "d/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1")
    assert list(walked(tmp_path)) == ["a", "c", "b/z", "b/a/y", "d/x"]


def test_folders_that_may_not_be_read_are_named_and_the_rest_is_walked(open_folder: Path) -> None:
    for name in ("shut", "listed", "open"):
        (open_folder / name).mkdir()
        (open_folder / name / "a.dcm").write_bytes(b"1")
        if os.geteuid() == 0:
            os.chown(open_folder / name, NOBODY_ID, NOBODY_ID)
    (open_folder / "listed").chmod(stat.S_IRUSR)
    (open_folder / "shut").chmod(0)
    with without_rights():
        assert walked(open_folder) == {"listed/a.dcm": "", "open/a.dcm": "", "shut": "E_STORE_IO"}
        said = {
            Path(s.label).name: s.refusal[:1] for s in scan([open_folder / "listed", open_folder / "shut"])
        }
    assert said == {"a.dcm": ("E_STORE_IO",), "shut": ("E_STORE_IO",)}
    for name in ("shut", "listed"):
        (open_folder / name).chmod(0o700)


def test_what_is_no_file_is_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.dcm")
    (tmp_path / "empty").mkdir()
    (tmp_path / "nowhere.dcm").symlink_to(tmp_path / "missing")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "link.dcm").symlink_to(tmp_path / "real.dcm")
    (tmp_path / "real.dcm").write_bytes(b"1")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket has 108 bytes at most
        listener.bind("socket.dcm")
        os.chdir(here)
    assert walked(tmp_path) == {
        "link.dcm": "",
        "nowhere.dcm": "E_STORE_IO",
        "one": "E_STORE_IO",
        "pipe.dcm": "E_NOT_RECORDING",
        "real.dcm": "",
        "socket.dcm": "E_NOT_RECORDING",
        "two": "E_STORE_IO",
        "empty": "E_NOT_RECORDING",
    }


@pytest.mark.parametrize("name", ["pipe", "/dev/zero"])
def test_what_is_no_file_is_refused_by_name_without_waiting(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (only,) = scan([tmp_path / name])
    assert only.refusal[0] == "E_NOT_RECORDING"
    assert "a pipe, a socket or a device" in only.refusal[1]


def test_a_link_to_a_folder_outside_is_followed_once(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside / "sub", outside / "deep"):
        folder.mkdir(parents=True)
        (folder / "a.dcm").write_bytes(b"1")
    (inside / "first").symlink_to(outside)
    (inside / "second").symlink_to(outside / "deep")
    (inside / "self").symlink_to(".")
    (inside / "above").symlink_to("..")
    (inside / "twice").symlink_to("sub")
    (outside / "back").symlink_to(inside)
    assert walked(inside) == {
        "above": "E_NOT_RECORDING",
        "second": "E_NOT_RECORDING",
        "self": "E_NOT_RECORDING",
        "twice": "E_NOT_RECORDING",
        "first/back": "E_NOT_RECORDING",
        "first/deep/a.dcm": "",
        "sub/a.dcm": "",
    }


def test_what_is_skipped_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "x").write_bytes(b"1")
    (tmp_path / "link").symlink_to("home")
    (tmp_path / "a").write_bytes(b"1")
    real = tmp_path.resolve() / "home"
    assert list(walk([tmp_path], lambda path: path == real)) == [[tmp_path / "a"]]


def test_a_folder_that_is_deeper_than_the_stack_is_walked(tmp_path: Path) -> None:
    here = Path.cwd()
    os.chdir(tmp_path)
    for _ in range(300):
        Path("d").mkdir()
        os.chdir("d")
    Path("a").write_bytes(b"1")
    os.chdir(here)
    (path,) = [entry for entries in walk([tmp_path], lambda _: False) for entry in entries]
    assert isinstance(path, Path)
    assert len(path.relative_to(tmp_path).parts) == 301
