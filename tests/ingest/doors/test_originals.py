"""Delivered originals outlive their landing folder until somebody decided on the clip."""

from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.ingest.doors.originals import drop_original, keep_original
from unisono.ingest.files.sources import LANDINGS, Source
from unisono.ingest.run import ingest
from unisono.ingest.run.review import approve
from unisono.ingest.run.sheets import quarantine_folder, sheet


@pytest.mark.parametrize("landing", LANDINGS)
def test_what_was_delivered_stays_until_it_is_dropped(tmp_path: Path, landing: str) -> None:
    delivered = tmp_path / landing / "01" / "object"
    delivered.parent.mkdir(parents=True)
    delivered.write_bytes(b"original")
    source = Source(str(delivered), "dicom", (str(delivered),), "member")
    kept = keep_original(tmp_path, source, "01-c")
    assert keep_original(tmp_path, source, "01-c") == kept
    delivered.unlink()
    assert Path(kept.files[0]).read_bytes() == b"original"
    assert (kept.kind, kept.member) == ("dicom", "member")
    assert (tmp_path / "quarantine").stat().st_mode & 0o077 == 0
    assert "01-c" not in kept.files[0]
    drop_original(tmp_path, "01-c")
    drop_original(tmp_path, "01-c")
    assert not Path(kept.files[0]).exists()


def test_the_name_of_an_original_leads_nowhere_without_the_secret(tmp_path: Path) -> None:
    code, names = "01-" + "ab" * 32, []
    for home in (tmp_path / "a", tmp_path / "b"):
        delivered = home / "inbox" / "object"
        delivered.parent.mkdir(parents=True)
        delivered.write_bytes(b"original")
        keep_original(home, Source("x", "dicom", (str(delivered),)), code)
        (folder,) = (home / "quarantine" / "originals").iterdir()
        names.append(folder.name)
    assert len(set(names)) == 2
    assert all(len(name) == 32 and name not in code for name in names)


def test_an_original_of_an_earlier_version_goes_too(tmp_path: Path) -> None:
    old = tmp_path / "quarantine" / "originals" / "01-c"
    old.mkdir(parents=True)
    drop_original(tmp_path, "01-c")
    assert not old.exists()


def test_what_lies_on_the_sites_own_disks_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "pacs" / "a.dcm"
    path.parent.mkdir()
    path.write_bytes(b"x")
    source = Source(str(path), "dicom", (str(path),))
    assert keep_original(tmp_path / "home", source, "01-c") is source
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("keep", [False, True])
def test_a_decision_takes_a_clip_from_its_sheet_and_its_original_away(tmp_path: Path, *, keep: bool) -> None:
    catalog = open_catalog(Settings(home=tmp_path / "home"))
    delivered = tmp_path / "home" / "inbox" / "01" / "object"
    delivered.parent.mkdir(parents=True)
    makers.write_dicom(delivered, makers.loop(2))
    (code,) = ingest(catalog, [delivered], "01", workers=1, policy="person", isolated=False).codes
    page = quarantine_folder(catalog.settings.home) / "s.html"
    sheet(catalog, page, "rev-1", keep=keep)
    assert code in page.read_text(encoding="utf-8")
    assert len(list((page.parent / "originals").iterdir())) == 1
    approve(catalog, code, "rev-1", "text of the test")
    assert page.exists() == keep
    assert not list((page.parent / "originals").iterdir())
    catalog.close()
