"""Reports on the disk; `tests/cli/test_review.py` reads one that a command wrote."""

import json
import re
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.annotate.run import Catalog
from unisono.base.errors import CatalogError
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.identity.vault import Vault
from unisono.ingest.reports.report import IngestReport, Warned, Withheld
from unisono.ingest.run import ingest
from unisono.ingest.run.reporting import add_to_daily, write_report

NOTHING = IngestReport((), 0, 0, ())


def test_two_reports_of_one_second_lie_side_by_side(catalog: Catalog) -> None:
    folders = {write_report(catalog, NOTHING, seconds=1.0, policy="person") for _ in range(3)}
    assert len(folders) == 3
    assert all(stat.S_IMODE(f.stat().st_mode) == 0o700 for f in folders)


def test_a_source_that_is_worth_a_look_is_named_by_its_key_alone(catalog: Catalog) -> None:
    found = IngestReport((), 0, 0, (), (Warned("/wards/DOE^JANE/1.dcm", "a trace is missing"),))
    folder = write_report(catalog, found, seconds=1.0, policy="person")
    text = (folder / "report.json").read_text() + (folder / "report.html").read_text()
    assert "DOE" not in text
    (warned,) = json.loads((folder / "report.json").read_text())["warnings"]
    assert warned["file"].startswith("file-")


@pytest.mark.parametrize(("policy", "is_shown"), [("none", True), ("person", False)])
def test_a_clip_is_pictured_once_it_may_be_seen(
    catalog: Catalog, tmp_path: Path, policy: str, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unisono.ingest.run.reporting.rows.verdict_of", lambda *_: None)
    source = makers.write_dicom(tmp_path / "a.dcm", makers.loop(2))
    found = ingest(catalog, [source], "01", workers=1, policy=policy, isolated=False)
    folder = write_report(catalog, found, seconds=1.0, policy=policy)
    assert ("data:image" in (folder / "report.html").read_text()) is is_shown


def test_a_place_that_cannot_be_written_is_said(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CatalogError, match="report cannot be written"):
        write_report(catalog, NOTHING, seconds=1.0, policy="person", folder=tmp_path / "file")


def test_a_door_keeps_one_report_a_day_to_which_each_batch_adds(catalog: Catalog, tmp_path: Path) -> None:
    sources = [
        makers.write_dicom(tmp_path / f"DOE{i}.dcm", makers.loop(2, seed=i), SOPInstanceUID=f"1.2.{i + 1}")
        for i in range(2)
    ]
    keys = derive_keys(site_secret(catalog.settings.home))
    lost = Withheld(str(tmp_path / "DOE^JANE.dcm"), "E_DECODER_DIED", "killed")
    folders = set()
    for number, source in enumerate(sources):
        found = ingest(catalog, [source], "01", workers=1, policy="none", isolated=False)
        held = (lost, replace(lost, path=f"other{number}", code="E_MODALITY"))
        folders.add(
            add_to_daily(
                catalog,
                replace(found, known=number, withheld=held),
                door="watch-01",
                seconds=1.5,
                place=lambda label: f"quarantine/{Path(label).name}",
            )
        )
    (folder,) = folders
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-watch-01", folder.name)
    assert {stat.S_IMODE(f.stat().st_mode) for f in (folder, folder.parent)} == {0o700}
    assert {stat.S_IMODE(f.stat().st_mode) for f in folder.glob("report.*")} == {0o600}
    said = json.loads((folder / "report.json").read_text())
    assert (len(said["clips"]), said["frames"], said["known"], said["seconds"]) == (2, 4, 1, 3.0)
    assert said["codes"] == {"E_DECODER_DIED": 1, "E_MODALITY": 2}, "a file that failed twice is one file"
    assert "DOE" not in (folder / "report.json").read_text() + (folder / "report.html").read_text()
    (name,) = [t["file"] for t in said["withheld"] if t["code"] == "E_DECODER_DIED"]
    assert name == keys.file_name(lost.path)
    with Vault(catalog.settings.home, keys) as vault:
        assert vault.get_dict("path", keys.path_key(lost.path)) == {"path": "quarantine/DOE^JANE.dcm"}


def test_a_run_that_ended_early_says_so_on_its_page(catalog: Catalog) -> None:
    found = replace(NOTHING, stopped="the disk is full", left=7)
    folder = write_report(catalog, found, seconds=1.0, policy="person")
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert json.loads((folder / "report.json").read_text())["left"] == 7
    assert "the disk is full" in (folder / "report.html").read_text()


def test_a_vault_that_is_full_is_said(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Vault, "put_all", full)
    with pytest.raises(CatalogError, match="report cannot be written: the disk is full"):
        write_report(catalog, NOTHING, seconds=1.0, policy="person")
