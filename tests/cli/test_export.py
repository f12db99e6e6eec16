import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from typer.testing import CliRunner

from tests.ingest import makers
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.cli.main import app
from unisono.ingest.run import ingest


def taken(tmp_path: Path, policy: str) -> tuple[Path, str]:
    catalog = open_catalog(Settings(home=tmp_path / "home"))
    path = makers.write_dicom(tmp_path / "a.dcm", makers.in_colour(makers.loop(3)), PatientName="CANARY^A")
    (code,) = ingest(catalog, [path], "01", workers=1, policy=policy, isolated=False).codes
    catalog.close()
    return tmp_path / "home", code


def test_a_clip_comes_out_as_clean_dicom(tmp_path: Path) -> None:
    home, code = taken(tmp_path, "none")
    out = tmp_path / "out.dcm"
    told = CliRunner().invoke(
        app, ["export", "dicom", code, "--out", str(out), "--home", str(home), "--json"]
    )
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["bytes"] == out.stat().st_size
    assert b"CANARY" not in out.read_bytes()
    data = pydicom.dcmread(out)
    assert (data.NumberOfFrames, data.PhotometricInterpretation, data.PatientIdentityRemoved) == (
        3,
        "RGB",
        "YES",
    )
    source = pydicom.dcmread(tmp_path / "a.dcm")
    kept = data.pixel_array.any(axis=-1)
    assert kept.any()
    assert np.array_equal(data.pixel_array[kept], source.pixel_array[kept])
    again = CliRunner().invoke(app, ["export", "dicom", code, "--out", str(out), "--home", str(home)])
    assert "exists already" in str(again.exception)


@pytest.mark.parametrize("policy", ["person"])
def test_a_clip_that_nobody_approved_stays_in(tmp_path: Path, policy: str) -> None:
    home, code = taken(tmp_path, policy)
    out = tmp_path / "out.dcm"
    told = CliRunner().invoke(app, ["export", "dicom", code, "--out", str(out), "--home", str(home)])
    assert "not approved" in str(told.exception)
    assert not list(tmp_path.glob("out*"))
