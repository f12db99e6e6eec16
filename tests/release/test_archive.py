"""Zip files that come out the same."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from unisono.base.errors import ReleaseError
from unisono.release.archive import Archive, hashes_of, sha256_of_file, write_zip

FILES = {"b/2.txt": b"two", "a.txt": b"one", "b/10.txt": b""}


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1.zip", tmp_path / "2.zip"
    write_zip(one, FILES, FILES.__getitem__)
    write_zip(two, reversed(FILES), FILES.__getitem__)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        members = archive.infolist()
    assert [m.filename for m in members] == sorted(FILES)
    assert {m.compress_type for m in members} == {zipfile.ZIP_STORED}
    assert {m.date_time for m in members} == {(1980, 1, 1, 0, 0, 0)}


def test_members_are_read_back(tmp_path: Path) -> None:
    write_zip(tmp_path / "x.zip", FILES, FILES.__getitem__)
    archive = Archive(tmp_path / "x.zip")
    assert {n: archive.read(n) for n in archive.names} == FILES
    with pytest.raises(ReleaseError, match=r"c\.txt is missing or broken"):
        archive.read("c.txt")


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    write_zip(path, FILES, FILES.__getitem__)
    path.write_bytes(path.read_bytes().replace(b"two", b"tow", 1))
    with pytest.raises(ReleaseError, match=r"b/2\.txt is missing or broken"):
        Archive(path).read("b/2.txt")


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a\\x"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(name, b"")
    with pytest.raises(ReleaseError, match="leads out of the folder"):
        Archive(tmp_path / "x.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_and_no_zip_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a", b"1")
        archive.writestr("a", b"2")
    with pytest.raises(ReleaseError, match="share a name"):
        Archive(tmp_path / "x.zip")
    (tmp_path / "y.zip").write_bytes(b"no zip")
    for name in ("y.zip", "z.zip"):
        with pytest.raises(ReleaseError, match="is missing or is no zip"):
            Archive(tmp_path / name)


def test_hashes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"one")
    digest = hashlib.sha256(b"one").hexdigest()
    assert sha256_of_file(tmp_path / "x") == digest
    assert hashes_of({"x": b"one"}) == [{"path": "x", "bytes": 3, "sha256": digest}]
