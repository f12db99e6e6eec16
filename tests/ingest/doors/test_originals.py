"""Delivered originals outlive their landing folder until somebody decided on the clip."""

from pathlib import Path

import pytest

from unisono.ingest.doors.originals import drop_original, keep_original
from unisono.ingest.files.sources import LANDINGS, Source


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
    drop_original(tmp_path, "01-c")
    drop_original(tmp_path, "01-c")
    assert not Path(kept.files[0]).exists()


def test_what_lies_on_the_sites_own_disks_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "pacs" / "a.dcm"
    path.parent.mkdir()
    path.write_bytes(b"x")
    source = Source(str(path), "dicom", (str(path),))
    assert keep_original(tmp_path / "home", source, "01-c") is source
    assert not (tmp_path / "home").exists()
