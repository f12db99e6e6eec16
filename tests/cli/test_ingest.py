"""``unisono ingest`` and ``unisono clips`` as a user types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.ingest import makers
from unisono.base.errors import NotFoundError
from unisono.cli.main import app


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def test_json_then_known(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    makers.write_dicom(inbox / "a.dcm", makers.loop(3))
    (inbox / "notes.txt").write_text("hello")
    words = ("ingest", str(inbox), "--class", "01", "--workers", "1", "--json")
    first = run(tmp_path / "home", *words)
    assert first.exit_code == 0
    said = json.loads(first.stdout)
    assert (said["clips"], said["frames"], said["known"]) == (1, 3, 0)
    assert [w["path"] for w in said["withheld"]] == [str(inbox / "notes.txt")]
    second = json.loads(run(tmp_path / "home", *words).stdout)
    assert (second["clips"], second["frames"], second["known"]) == (0, 0, 1)
    listed = json.loads(run(tmp_path / "home", "clips", "--json").stdout)
    assert [(c["frames"], c["kind"]) for c in listed] == [(3, "dicom")]
    assert "1 clips" in run(tmp_path / "home", "clips").stdout


def test_nothing_taken_is_a_failure_with_one_line_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "b.dcm").write_text("x")
    done = run(tmp_path / "home", "ingest", str(tmp_path), "--workers", "1")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert "report.html" in lines[3]
    assert "E_NOT_RECORDING" in lines[0]
    assert "E_NOT_DICOM" in lines[1]


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "ingest", str(tmp_path / "missing"))
    assert done.exit_code == 1
    assert isinstance(done.exception, NotFoundError)


@pytest.mark.parametrize("flag", ["--class", "--workers"])
def test_options_are_checked(tmp_path: Path, flag: str) -> None:
    makers.write_dicom(tmp_path / "a.dcm", makers.loop(1))
    assert run(tmp_path / "home", "ingest", str(tmp_path), flag, "-1").exit_code != 0
