"""One contract for every store: the home's folder, a folder of another disk, an object store."""

import errno
import os
from pathlib import Path

import fsspec
import pytest

from unisono.base.errors import CatalogError, NotFoundError, SettingsError
from unisono.catalog.stores import AT_ONCE, LocalStore, RemoteStore, Store, open_store

BRANCH = "png-cache/01/ab/12"


@pytest.fixture(params=["home", "file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    address = {"home": "", "file": f"file://{tmp_path}/elsewhere", "memory": f"memory://{tmp_path.name}/a"}
    return open_store(address[request.param], tmp_path / "home")


def put(store: Store, tmp_path: Path, **files: bytes) -> None:
    moves = []
    for name, data in files.items():
        source = tmp_path / f"draft-{name}"
        source.write_bytes(data)
        moves.append((source, f"{BRANCH}/{name}"))
    store.put(moves)


def test_what_is_put_is_read_listed_and_deleted(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, a=b"one", b=b"two")
    assert store.read(f"{BRANCH}/a") == b"one"
    assert list(store.read_each([f"{BRANCH}/b", f"{BRANCH}/x", f"{BRANCH}/a"])) == [b"two", None, b"one"]
    assert store.beside(BRANCH) == [f"{BRANCH}/a", f"{BRANCH}/b"]
    assert [names for names in store.listing() if names] == [[f"{BRANCH}/a", f"{BRANCH}/b"]]
    store.delete([f"{BRANCH}/x", f"{BRANCH}/a"])
    assert store.beside(BRANCH) == [f"{BRANCH}/b"]
    with pytest.raises(NotFoundError):
        store.read(f"{BRANCH}/a")


def test_putting_again_replaces(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, a=b"one")
    put(store, tmp_path, a=b"another")
    assert store.read(f"{BRANCH}/a") == b"another"


def test_a_large_file_comes_in_pieces(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unisono.catalog.stores.PIECE_BYTES", 7)
    data = bytes(range(50))
    put(store, tmp_path, a=data)
    pieces = list(store.pieces(f"{BRANCH}/a", len(data)))
    assert len(pieces) == 8
    assert b"".join(pieces) == data


def test_more_files_than_go_at_once(store: Store, tmp_path: Path) -> None:
    names = [f"f{i:04d}" for i in range(2 * AT_ONCE + 3)]
    put(store, tmp_path, **{name: name.encode() for name in names})
    got = list(store.read_each([f"{BRANCH}/{name}" for name in names]))
    assert got == [name.encode() for name in names]
    store.delete([f"{BRANCH}/{name}" for name in names])
    assert store.beside(BRANCH) == []


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert store.beside(BRANCH) == []
    assert [names for names in store.listing() if names] == []
    store.delete([f"{BRANCH}/a"])


def test_another_disk_takes_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", no_link)
    store = LocalStore(tmp_path / "disk")
    put(store, tmp_path, a=b"one")
    assert [p.name for p in (tmp_path / "disk").rglob("*") if p.is_file()] == ["a"]
    assert store.read(f"{BRANCH}/a") == b"one"


def test_a_full_disk_is_not_taken_for_another_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="No space"):
        put(LocalStore(tmp_path / "disk"), tmp_path, a=b"one")


class Silent:
    """A file system that does not answer, in words that name a bucket."""

    def __getattr__(self, name: str) -> object:
        def fail(*_: object, **__: object) -> None:
            raise OSError("bucket-of-mary: access denied")

        return fail


def test_a_store_that_does_not_answer_is_an_error_without_its_words(tmp_path: Path) -> None:
    store = RemoteStore(Silent(), "bucket/prefix")
    calls = (
        lambda: store.read("a"),
        lambda: list(store.read_each(["a"])),
        lambda: list(store.pieces("a", 5)),
        lambda: store.delete(["a"]),
        lambda: store.beside("a"),
        lambda: list(store.listing()),
        lambda: put(store, tmp_path, a=b"one"),
    )
    for call in calls:
        with pytest.raises(CatalogError, match="does not answer") as caught:
            call()
        assert "mary" not in str(caught.value)


def test_a_failed_read_among_many_is_not_taken_for_a_missing_file() -> None:
    class Flaky:
        def cat(self, places: list[str], **_: object) -> dict[str, object]:
            return dict.fromkeys(places, TimeoutError("slow"))

    with pytest.raises(CatalogError, match="does not answer"):
        list(RemoteStore(Flaky(), "bucket").read_each(["a"]))


def test_a_folder_that_may_not_be_read_is_not_taken_for_an_empty_one() -> None:
    def shut(*_: object, **__: object) -> None:
        raise PermissionError("no")

    system = fsspec.AbstractFileSystem()
    system.ls = shut
    with pytest.raises(CatalogError, match="does not answer"):
        list(RemoteStore(system, "bucket").listing())


def test_an_address_that_nobody_understands_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not understood"):
        open_store("nonsense://bucket", tmp_path)


def test_an_object_store_needs_no_folder_here(tmp_path: Path) -> None:
    assert open_store("memory://x", tmp_path).folder is None
    assert open_store("", tmp_path).folder == tmp_path
