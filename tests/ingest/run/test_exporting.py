"""A clip leaves as DICOM whole or not at all, and only when it is approved."""

from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.base.errors import ConflictError, NotFoundError
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.ingest.run import ingest
from unisono.ingest.run.exporting import export_dicom


def test_a_frame_that_is_missing_leaves_no_half_file(tmp_path: Path) -> None:
    home = open_catalog(Settings(home=tmp_path / "home"))
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))
    (code,) = ingest(home, [path], "01", workers=1, policy="none", isolated=False).codes
    out = tmp_path / "out"
    out.mkdir()
    assert export_dicom(home, code, out / "whole.dcm") == (out / "whole.dcm").stat().st_size
    home.files.frame_path(f"{code}-0002").write_bytes(b"damaged")
    with pytest.raises(ConflictError, match=r"frame 2 of clip .* does not decode"):
        export_dicom(home, code, out / "half.dcm")
    home.files.frame_path(f"{code}-0002").unlink()
    with pytest.raises(NotFoundError):
        export_dicom(home, code, out / "half.dcm")
    assert [p.name for p in out.iterdir()] == ["whole.dcm"]
    home.close()
