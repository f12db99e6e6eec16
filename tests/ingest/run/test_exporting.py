"""A clip leaves as DICOM whole or not at all, and only when it is approved."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.ingest import makers
from unisono.base.errors import ConflictError, NotFoundError
from unisono.base.settings import Settings
from unisono.catalog.clips import clip_by_code
from unisono.catalog.db import open_catalog
from unisono.catalog.evidence import GateVerdict, Inspection, insert_verdict, verdict_of
from unisono.ingest.identity import custody
from unisono.ingest.identity.keys import create_secret
from unisono.ingest.run import ingest
from unisono.ingest.run.exporting import export_dicom, is_seen
from unisono.ingest.run.review import approve

CODE = "01-" + "ab" * 32
AT = datetime(2026, 11, 21, tzinfo=UTC)
PASSED = GateVerdict(CODE, 2, "passed", (), "made", AT)


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


def test_a_clip_keeps_its_uids_when_the_secret_is_destroyed_and_another_one_made(tmp_path: Path) -> None:
    home = open_catalog(Settings(home=tmp_path / "home"))
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))
    (code,) = ingest(home, [path], "01", workers=1, policy="none", isolated=False).codes
    uids = []
    for name in ("first.dcm", "without.dcm", "second.dcm"):
        export_dicom(home, code, tmp_path / name)
        data = dcmread(tmp_path / name, stop_before_pixels=True)
        uids.append((data.StudyInstanceUID, data.SeriesInstanceUID, data.SOPInstanceUID))
        if name == "first.dcm":
            custody.destroy(home.settings.home, custody.key_id(home.settings.home), by="lead")
        elif name == "without.dcm":
            create_secret(home.settings.home)
    home.close()
    assert len(set(uids)) == 1
    assert len(set(uids[0])) == 3


def exported(folder: Path, policy: str) -> tuple[list[str], bool]:
    """Return the codes of what was done to a clip, and whether its file says that nothing is burnt in."""
    home = open_catalog(Settings(home=folder / policy))
    path = makers.write_dicom(folder / "a.dcm", makers.loop(3))
    (code,) = ingest(home, [path], "01", workers=1, policy=policy, isolated=False).codes
    with home.read() as connection:
        ran = verdict_of(connection, code, clip_by_code(connection, code).mask_version)
    assert ran is not None
    if ran.verdict == "not run":  # the extra is not installed
        passed = GateVerdict(code, 1, "passed", (), "made", ran.at)
        home.write(partial(insert_verdict, verdict=passed))
    if policy == "person":
        approve(home, code, "rev-1")
    export_dicom(home, code, folder / f"{policy}.out.dcm")
    home.close()
    data = dcmread(folder / f"{policy}.out.dcm")
    done = [item.CodeValue for item in data.DeidentificationMethodCodeSequence]
    return done, data.get("BurnedInAnnotation") == "NO"


def test_only_a_person_makes_it_say_that_nothing_is_burnt_in(tmp_path: Path) -> None:
    by_person, is_said = exported(tmp_path, "person")
    assert "113101" in by_person
    assert is_said
    by_machine, is_said = exported(tmp_path, "none")
    assert "113101" not in by_machine
    assert not is_said


@pytest.mark.parametrize(
    ("by", "decision", "mask_version", "seconds", "expected"),
    [
        ("rev-1", "approve", 2, 1, True),
        ("important", "approve", 2, 0, True),
        ("policy:gate", "approve", 2, 1, False),
        ("policy:none", "approve", 2, 1, False),
        ("import", "approve", 2, 1, False),
        ("import:person", "approve", 2, 1, False),
        ("rev-1", "redraw", 2, 1, False),
        ("rev-1", "approve", 1, 1, False),
        ("rev-1", "approve", 2, -1, False),
    ],
)
def test_who_has_seen_the_pixels_as_they_are(
    by: str, decision: str, mask_version: int, seconds: int, *, expected: bool
) -> None:
    decided = Inspection(CODE, mask_version, by, decision, "", AT + timedelta(seconds=seconds))
    assert is_seen([decided], 2, PASSED) is expected


def test_the_last_approval_counts_and_a_gate_that_never_ran_hides_no_person() -> None:
    machine, person = (Inspection(CODE, 2, by, "approve", "", AT) for by in ("policy:gate", "rev-1"))
    assert is_seen([machine, person], 2, PASSED)
    assert not is_seen([person, machine], 2, PASSED)
    assert is_seen([person], 2, None)
    assert not is_seen([], 2, None)
