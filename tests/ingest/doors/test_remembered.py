import sqlite3
import stat
from pathlib import Path

import fsspec
import pytest

from unisono.base.errors import CatalogError
from unisono.ingest.doors.remembered import FILE_NAME, Remembered
from unisono.ingest.doors.stored import Place, Stored
from unisono.ingest.identity.codes import derive_keys, site_secret

PLACE = Place(fsspec.filesystem("memory"), "/DOE")
SCAN = Stored("/DOE/JANE-1957.dcm", 7, "v1")
DIGEST = "ab" * 32


def all_in(keys: object) -> set[str]:
    return set(keys)  # type: ignore[call-overload]


def test_an_object_is_known_by_address_size_and_version(tmp_path: Path) -> None:
    others = [Stored("/DOE/other.dcm", 7, "v1"), Stored(SCAN.name, 8, "v1"), Stored(SCAN.name, 7, "v2")]
    with Remembered(tmp_path, all_in) as remembered:
        remembered.keep(PLACE, (SCAN,), [DIGEST])
        groups = [(SCAN,), *((other,) for other in others), (SCAN, others[0])]
        assert [is_in for _, is_in in remembered.marked(PLACE, groups)] == [True, False, False, False, False]


def test_the_catalog_is_asked_for_the_content(tmp_path: Path) -> None:
    asked: list[str] = []

    def nothing_is_in(keys: object) -> set[str]:
        asked.extend(keys)  # type: ignore[arg-type]
        return set()

    with Remembered(tmp_path, nothing_is_in) as remembered:
        remembered.keep(PLACE, (SCAN,), [DIGEST])
        assert [is_in for _, is_in in remembered.marked(PLACE, [(SCAN,)])] == [False]
    assert asked == [derive_keys(site_secret(tmp_path)).source_key(DIGEST)]


def test_what_has_no_version_is_fetched_again(tmp_path: Path) -> None:
    bare = (Stored(SCAN.name, 7, ""),)
    with Remembered(tmp_path, all_in) as remembered:
        remembered.keep(PLACE, bare, [DIGEST])
        assert [is_in for _, is_in in remembered.marked(PLACE, [bare])] == [False]


def test_its_file_is_private_and_names_nobody(tmp_path: Path) -> None:
    with Remembered(tmp_path, all_in) as remembered:
        remembered.keep(PLACE, (SCAN,), [DIGEST])
    path = tmp_path / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    for name in (b"DOE", b"JANE", b"1957", DIGEST.encode()):
        assert name not in content


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    with pytest.raises(CatalogError, match=f"home/{FILE_NAME} cannot be used"):
        Remembered(tmp_path, all_in)
    (tmp_path / FILE_NAME).unlink()
    with Remembered(tmp_path, all_in) as remembered:
        remembered._rows.execute("drop table fetched")
        with pytest.raises(CatalogError):
            remembered.keep(PLACE, (SCAN,), [DIGEST])
        with pytest.raises(CatalogError):
            list(remembered.marked(PLACE, [(SCAN,)]))
    assert sqlite3.connect(tmp_path / FILE_NAME).close() is None
