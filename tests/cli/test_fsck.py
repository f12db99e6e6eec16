import errno
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.ingest import makers
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.cli.main import app
from unisono.ingest.run import ingest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    catalog = open_catalog(Settings(home=tmp_path / "home"))
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))
    ingest(catalog, [path], "01", workers=1, policy="none", isolated=False)
    catalog.close()
    return tmp_path / "home"


def test_a_clean_home(home: Path) -> None:
    said = CliRunner().invoke(app, ["fsck", "--home", str(home)])
    assert said.exit_code == 0
    assert said.output.startswith("1 clips, 3 frames")
    assert said.output.endswith("clean\n")


def test_faults_are_named_and_the_exit_status_tells(home: Path) -> None:
    (frame, *_) = sorted((home / "png-cache").rglob("*.png"))
    frame.write_bytes(b"other")
    said = CliRunner().invoke(app, ["fsck", "--home", str(home)])
    assert said.exit_code == 1
    assert f"damaged   {frame.relative_to(home)}" in said.output
    told = CliRunner().invoke(app, ["fsck", "--json", "--home", str(home)])
    assert told.exit_code == 1
    assert json.loads(told.output)["faults"] == [{"what": "damaged", "path": str(frame.relative_to(home))}]


def test_a_full_disk_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("unisono.ingest.run.fsck.sweep", full)
    said = CliRunner().invoke(app, ["fsck", "--home", str(home)])
    assert said.exit_code == 1
    assert str(said.exception) == "the check cannot be made: the disk is full"
