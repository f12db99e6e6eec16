"""Reports on the disk; `tests/cli/test_review.py` reads one that a command wrote."""

import json
import stat
from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.annotate.run import Catalog
from unisono.base.errors import CatalogError
from unisono.ingest.report import IngestReport, Warned
from unisono.ingest.run import ingest
from unisono.ingest.run.reporting import write_report

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
