"""Only what stood before somebody's eyes is approved in that name: not what was sent, nor an older mask."""

from functools import partial
from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError, NotFoundError
from unisono.catalog import evidence as rows
from unisono.catalog.clips import clip_by_code, set_state
from unisono.catalog.rows import now
from unisono.ingest.run import ingest, redrawing
from unisono.ingest.run.review import approve, evidence, pictures, reject, vault_of
from unisono.ingest.run.sheets import quarantine_folder, read_sheet, sheet
from unisono.ingest.run.shown import approve_passed, approve_seen, approve_shown, look_at

BOX = ((60.0, 60.0), (200.0, 60.0), (200.0, 160.0), (60.0, 160.0))


@pytest.fixture
def code(catalog: Catalog, tmp_path: Path) -> str:
    """Return a clip whose gate passed."""
    source = makers.write_dicom(tmp_path / "a.dcm", makers.loop(2))
    (made,) = ingest(catalog, [source], "01", workers=1, policy="person", isolated=False).codes
    passed(catalog, made, 1)
    return made


def passed(catalog: Catalog, code: str, mask_version: int) -> None:
    verdict = rows.GateVerdict(code, mask_version, "passed", (), "made", now())
    catalog.write(partial(rows.insert_verdict, verdict=verdict))
    catalog.write(partial(set_state, code=code, state="gated"))


def state(catalog: Catalog, code: str) -> str:
    with catalog.read() as connection:
        return clip_by_code(connection, code).state


def test_all_that_was_sent_is_no_look(catalog: Catalog, code: str) -> None:
    for what in ("evidence", "before", "after", "dark-before", "dark-after", "mask", "texts"):
        evidence(catalog, code, "rev-1", what)
    pictures(catalog, code, "rev-1")
    assert approve_passed(catalog, "rev-1").done == ()
    with pytest.raises(ConflictError, match="nobody of that name"):
        approve_seen(catalog, code, "rev-1", mask_version=1)
    assert state(catalog, code) == "gated"


def test_a_look_is_on_record_and_counts_for_who_took_it(catalog: Catalog, code: str) -> None:
    look_at(catalog, code, "rev-1", 1)
    look_at(catalog, code, "rev-1", 1)
    with vault_of(catalog) as vault:
        assert [(e["what"], e["by"], e["code"]) for e in vault.audit()] == [("look", "rev-1", code)] * 2
    with catalog.read() as connection:
        looks = [(d.decision, d.by, d.mask_version) for d in rows.inspections_of(connection, code)]
    assert looks == [("look", "rev-1", 1)]  # once for a mask, however often
    assert approve_shown(catalog, [code], "rev-2").done == ()
    assert approve_shown(catalog, [code], "rev-1").done == (code,)


def test_a_look_at_an_older_mask_does_not_count(catalog: Catalog, code: str) -> None:
    look_at(catalog, code, "rev-1", 1)
    redrawing.redraw(catalog, code, (BOX,), "rev-2", isolated=False)
    with pytest.raises(ConflictError, match="drawn anew"):
        look_at(catalog, code, "rev-1", 1)
    for version in (1, 2):
        with pytest.raises(ConflictError):
            approve_seen(catalog, code, "rev-1", "harmless", mask_version=version)
    look_at(catalog, code, "rev-1", 2)
    approve_seen(catalog, code, "rev-1", "harmless", mask_version=2)
    assert state(catalog, code) == "approved"


@pytest.mark.parametrize("inside", [True, False])
def test_a_sheet_that_was_written_is_a_look_only_for_who_names_it(
    catalog: Catalog, code: str, tmp_path: Path, *, inside: bool
) -> None:
    folder = quarantine_folder(catalog.settings.home) if inside else tmp_path
    made = sheet(catalog, folder / "s.html", "rev-1").path
    with catalog.read() as connection:
        assert rows.inspections_of(connection, code) == []
    swept = approve_passed(catalog, "rev-1")
    assert swept.done == ()
    assert [(c, "--sheet FILE" in why) for c, why in swept.left] == [(code, True)]
    assert state(catalog, code) == "gated"
    assert approve_passed(catalog, "rev-1", sheet=read_sheet(made)).done == (code,)
    with catalog.read() as connection:
        deeds = [(d.decision, d.by, d.reason) for d in rows.inspections_of(connection, code)]
    assert deeds == [("look", "rev-1", "on a sheet"), ("approve", "rev-1", "")]
    with vault_of(catalog) as vault:
        assert [e["what"] for e in vault.audit()][-2:] == ["look", "approve"]


def left_why(catalog: Catalog, code: str, path: Path) -> str:
    swept = approve_shown(catalog, [code], "rev-1", "harmless", sheet=read_sheet(path))
    assert swept.done == ()
    ((_, why),) = swept.left
    with catalog.read() as connection:
        assert not rows.has_looked(connection, code, "rev-1", clip_by_code(connection, code).mask_version)
    return why


def test_a_sheet_counts_for_the_masks_that_it_shows(catalog: Catalog, code: str, tmp_path: Path) -> None:
    made = sheet(catalog, tmp_path / "s.html", "rev-1").path
    redrawing.redraw(catalog, code, (BOX,), "rev-2", isolated=False)
    passed(catalog, code, 2)
    assert "drawn anew" in left_why(catalog, code, made)
    made = sheet(catalog, tmp_path / "s.html", "rev-1").path
    assert approve_shown(catalog, [code], "rev-1", sheet=read_sheet(made)).done == (code,)
    assert "approved already" in left_why_of_decided(catalog, code, made)


def left_why_of_decided(catalog: Catalog, code: str, path: Path) -> str:
    ((_, why),) = approve_shown(catalog, [code], "rev-9", sheet=read_sheet(path)).left
    return why


def test_a_sheet_from_before_the_newest_search_does_not_count(
    catalog: Catalog, code: str, tmp_path: Path
) -> None:
    made = sheet(catalog, tmp_path / "s.html", "rev-1").path
    verdict = rows.GateVerdict(code, 1, "text", (), "made", now())
    catalog.write(partial(rows.insert_verdict, verdict=verdict))
    assert "older" in left_why(catalog, code, made)


def test_a_sheet_without_the_masked_picture_does_not_count(
    catalog: Catalog, code: str, tmp_path: Path
) -> None:
    verdict = rows.GateVerdict(code, 1, "text", (), "made", now())
    catalog.write(partial(rows.insert_verdict, verdict=verdict))
    outside = sheet(catalog, tmp_path / "s.html", "rev-1").path
    assert code in outside.read_text(encoding="utf-8")
    assert "not on that sheet" in left_why(catalog, code, outside)
    inside = sheet(catalog, quarantine_folder(catalog.settings.home) / "s.html", "rev-1").path
    assert approve_shown(catalog, [code], "rev-1", "harmless", sheet=read_sheet(inside)).done == (code,)


def test_there_is_no_look_at_what_is_gone(catalog: Catalog, code: str) -> None:
    with pytest.raises(NotFoundError):
        look_at(catalog, f"01-{'0' * 64}", "rev-1", 1)
    reject(catalog, code, "rev-1", "no image")
    with pytest.raises(ConflictError, match="rejected already"):
        look_at(catalog, code, "rev-1", 1)


def test_a_look_is_neither_an_approval_nor_a_decision(catalog: Catalog, code: str) -> None:
    look_at(catalog, code, "rev-1", 1)
    with catalog.read() as connection:
        assert rows.approvals(connection, [code]) == {}
    approve(catalog, code, "rev-2")
    with catalog.read() as connection:
        assert rows.approvals(connection, [code]) == {code: "rev-2"}
