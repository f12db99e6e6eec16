from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.ingest.run import ingest
from unisono.ingest.run.fsck import Fault, fsck

pytestmark = pytest.mark.usefixtures("no_gate")


@pytest.mark.parametrize("policy", ["none", "person"])
def test_every_kind_of_fault_is_found(tmp_path: Path, policy: str) -> None:
    home = open_catalog(Settings(home=tmp_path / "home"))
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(4))
    (code,) = ingest(home, [path], "01", workers=1, policy=policy, isolated=False).codes
    checked = fsck(home)
    assert (checked.clips, checked.frames, checked.faults) == (1, 4, ())
    held = policy == "person"
    first, second = (home.files.frame_path(f"{code}-000{i}", held=held) for i in (0, 1))
    first.unlink()
    second.write_bytes(b"other")
    stray = tmp_path / "home" / "png-cache" / "01" / "ab" / "cd" / "stray.png"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    where = first.parent.relative_to(tmp_path / "home")
    assert set(fsck(home).faults) == {
        Fault("missing", str(where / first.name)),
        Fault("damaged", str(where / second.name)),
        Fault("stray", "png-cache/01/ab/cd/stray.png"),
    }
    home.close()


def test_leftovers_of_killed_work_are_swept_and_are_no_faults(tmp_path: Path) -> None:
    home = open_catalog(Settings(home=tmp_path / "home"))
    home.files.put_clip(f"01-{'a' * 64}", [b"frame"], b"pack", held=True)
    (tmp_path / "home" / "pending" / "dead").mkdir(parents=True)
    checked = fsck(home)
    assert checked.is_clean
    assert checked.swept == 3
    assert not [p for p in (tmp_path / "home" / "held").rglob("*") if p.is_file()]
    home.close()
