"""What lies in clear goes when its clip is decided on, and all of it before the vault does."""

from pathlib import Path

import pytest

from unisono.base.errors import SettingsError
from unisono.catalog.rows import now
from unisono.ingest.identity.in_clear import InClear, delete_in_clear, in_clear, take_off_sheets
from unisono.ingest.reports.contact import SheetRow, contact_sheet

FIRST, SECOND = "01-" + "ab" * 32, "01-" + "cd" * 32


def put_sheet(path: Path, *codes: str, is_kept: bool = False) -> Path:
    rows = [SheetRow(code, "gated", "passed", "", 9, 9, (), texts=(f"WORD {code}",)) for code in codes]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        contact_sheet(rows, title="t", made_at=now(), is_confidential=True, is_kept=is_kept), encoding="utf-8"
    )
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    put_sheet(home / "quarantine" / "sheet.html", FIRST, SECOND)
    put_sheet(home / "quarantine" / "more" / "s.html", FIRST)
    (home / "quarantine" / f"{FIRST}.png").write_bytes(b"picture")
    (home / "quarantine" / "README.txt").write_text("note")
    (home / "quarantine" / "refused.dcm").write_bytes(b"delivery")
    for name in "ab":
        (home / "quarantine" / "originals" / name).mkdir(parents=True)
        (home / "quarantine" / "originals" / name / "0").write_bytes(b"original")
    return home


def test_it_is_counted(home: Path, tmp_path: Path) -> None:
    assert in_clear(home) == InClear(originals=2, sheets=3, set_aside=1)
    assert str(in_clear(home)).startswith("2 delivered originals in home/quarantine/originals, 3 contact")
    assert not in_clear(tmp_path / "none")


def test_a_clip_that_is_decided_on_goes_from_every_sheet_and_empty_sheets_go(home: Path) -> None:
    sheet = home / "quarantine" / "sheet.html"
    size = sheet.stat().st_size
    take_off_sheets(home, FIRST)
    page = sheet.read_text(encoding="utf-8")
    assert FIRST not in page
    assert f"WORD {SECOND}" in page
    assert sheet.stat().st_size == size, "blanked where it stood"
    assert not (home / "quarantine" / "more" / "s.html").exists()
    assert not (home / "quarantine" / f"{FIRST}.png").exists()
    assert in_clear(home) == InClear(originals=2, sheets=1, set_aside=1)
    take_off_sheets(home, SECOND)
    assert not sheet.exists()


def test_a_sheet_that_was_made_to_be_kept_stays(home: Path) -> None:
    kept = put_sheet(home / "quarantine" / "kept.html", FIRST, is_kept=True)
    before = kept.read_bytes()
    take_off_sheets(home, FIRST)
    assert kept.read_bytes() == before


def test_what_is_no_sheet_is_left_alone(home: Path) -> None:
    for name, text in (("empty.html", ""), ("cut.html", f'<section class="clip" id="{FIRST}">')):
        (home / "quarantine" / name).write_text(text)
    (home / "quarantine" / "link.html").symlink_to(home / "elsewhere.html")
    put_sheet(home / "elsewhere.html", FIRST)
    take_off_sheets(home, FIRST)
    assert (home / "quarantine" / "cut.html").exists()
    assert FIRST in (home / "elsewhere.html").read_text(encoding="utf-8")


def test_all_of_it_is_overwritten_and_deleted_but_for_what_links_lead_to(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"not ours")
    (home / "quarantine" / "link").symlink_to(elsewhere)
    shared = home / "inbox"
    shared.hardlink_to(home / "quarantine" / "originals" / "a" / "0")
    with (home / "quarantine" / "originals" / "b" / "0").open("rb") as file:
        delete_in_clear(home)
        assert file.read() not in (b"original", b"")
    assert not (home / "quarantine").exists()
    assert elsewhere.read_bytes() == b"not ours"
    assert shared.read_bytes() == b"original"
    delete_in_clear(home)


def test_a_quarantine_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a").write_bytes(b"not ours")
    (tmp_path / "quarantine").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SettingsError, match="is a link"):
        delete_in_clear(tmp_path)
    assert not in_clear(tmp_path)
    assert (tmp_path / "elsewhere" / "a").exists()
