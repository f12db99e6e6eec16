from collections.abc import Iterator

import fsspec
import pytest

from unisono.base.errors import NotFoundError, SettingsError
from unisono.ingest.doors.stored import BATCH_BYTES, BATCH_OBJECTS, Stored, batched, groups_under, place_of
from unisono.ingest.reports.report import Withheld


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    found = fsspec.filesystem("memory")
    for name in (
        "b/x-01.png",
        "b/x-00.png",
        "b/y.dcm",
        "b/deep/er/z.dcm",
        "b/x-00.jpg",
        "b/x-002.png",
        "b/deep/x-01.png",
    ):
        found.pipe(f"/{name}", name.encode())
    yield found
    found.rm("/b", recursive=True)


def test_numbered_images_of_a_folder_are_one_group_and_all_else_is_alone(
    store: fsspec.AbstractFileSystem,
) -> None:
    place = place_of("memory://b")
    found = [tuple(s.name for s in group) for group in groups_under(place)]
    assert found == [
        ("/b/x-00.jpg",), ("/b/x-00.png", "/b/x-01.png"), ("/b/x-002.png",), ("/b/y.dcm",),
        ("/b/deep/x-01.png",), ("/b/deep/er/z.dcm",),
    ]  # fmt: skip


def test_a_listing_is_read_when_it_is_come_to(
    store: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    listed = type(store).ls

    def counted(self: object, path: str, *args: object, **rest: object) -> object:
        asked.append(path)
        if path.endswith("/er"):
            raise PermissionError("DOE")
        return listed(self, path, *args, **rest)

    monkeypatch.setattr(type(store), "ls", counted)
    groups = groups_under(place_of("memory://b"))
    next(groups)
    assert len(asked) == 1
    last = list(groups)[-1]
    assert last == Withheld(
        "memory:///b/deep/er", "E_STORE_IO", "the folder cannot be listed (PermissionError)"
    )


def test_one_object_is_a_place_too(store: fsspec.AbstractFileSystem) -> None:
    ((only,),) = groups_under(place_of("memory://b/y.dcm"))
    assert (only.name, only.n_bytes) == ("/b/y.dcm", 7)
    assert only.version
    assert "y.dcm" not in repr(only)
    with pytest.raises(NotFoundError):
        list(groups_under(place_of("memory://b/none")))


def test_a_store_that_does_not_answer_is_said(
    store: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise PermissionError("secret")

    monkeypatch.setattr(type(store), "ls", broken)
    with pytest.raises(SettingsError, match=r"cannot be read \(PermissionError\)$"):
        list(groups_under(place_of("memory://b")))


def test_batches_are_bounded_by_number_and_bytes_and_never_part_a_group() -> None:
    singles = [(Stored(str(i), 1, ""),) for i in range(BATCH_OBJECTS + 1)]
    assert [len(b) for b in batched(singles)] == [BATCH_OBJECTS, 1]
    large = [(Stored(str(i), BATCH_BYTES // 2, ""),) for i in range(5)]
    assert [len(b) for b in batched(large)] == [2, 2, 1]
    loop = tuple(Stored(str(i), BATCH_BYTES, "") for i in range(3))
    assert list(batched([singles[0], loop, singles[1]])) == [[singles[0]], [loop], [singles[1]]]
    assert list(batched([])) == []
