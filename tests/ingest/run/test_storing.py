"""What a clip's state is, and what happens to one that is in already (rules of identity)."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.settings import Settings
from unisono.catalog import evidence as rows
from unisono.catalog.clips import clip_by_code
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest import looks
from unisono.ingest.gate.verdict import Hit, Verdict
from unisono.ingest.reports.report import IngestReport
from unisono.ingest.run import ingest

HIT = Hit(1, 2, 30, 40, 0.91234, "text", "CANARY")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


def take(home: Catalog, path: Path, policy: str) -> IngestReport:
    return ingest(home, [path], "01", workers=1, policy=policy, isolated=False)


@pytest.mark.parametrize(
    ("verdict", "policy", "state", "by"),
    [
        ("passed", "person", "gated", None),
        ("passed", "gate", "approved", "policy:gate"),
        ("passed", "none", "approved", "policy:gate"),
        ("not run", "person", "written", None),
        ("not run", "gate", "written", None),
        ("not run", "none", "approved", "policy:none"),
        ("text", "person", "quarantined", None),
        ("text", "gate", "quarantined", None),
        ("text", "none", "quarantined", None),
        ("identifier", "none", "quarantined", None),
    ],
)
def test_the_state_follows_from_the_verdict_and_the_policy(
    home: Catalog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verdict: str,
    policy: str,
    state: str,
    by: str | None,
) -> None:
    hits = (HIT,) if verdict in ("text", "identifier") else ()
    monkeypatch.setattr(looks, "run_gate", lambda *_: Verdict(verdict, hits, "engine 1"))
    report = take(home, makers.write_dicom(tmp_path / "a.dcm", makers.loop(3)), policy)
    with home.read() as connection:
        code = next(iter(connection.exec_driver_sql("select code from clip")))[0]
        clip = clip_by_code(connection, code)
        seen = rows.verdict_of(connection, code, 1)
        assert rows.approvals(connection, [code]).get(code) == by
    assert clip.state == state
    assert seen is not None
    assert (seen.verdict, seen.engine) == (verdict, "engine 1")
    assert "CANARY" not in repr(seen)
    assert [w.code for w in report.withheld] == {
        "text": ["E_TEXT_RESIDUAL"],
        "identifier": ["E_PHI_RESIDUAL"],
    }.get(verdict, [])
    approved = home.files.frame_path(f"{code}-0000").exists()
    held = home.files.frame_path(f"{code}-0000", held=True).exists()
    assert (approved, held) == (state == "approved", state != "approved")


def test_the_same_pixels_under_another_uid_are_stored_as_a_duplicate(home: Catalog, tmp_path: Path) -> None:
    first = take(home, makers.write_dicom(tmp_path / "a.dcm", makers.loop(3)), "none")
    other = makers.write_dicom(tmp_path / "b.dcm", makers.loop(3), SOPInstanceUID="1.2.826.7.99")
    second = take(home, other, "none")
    with home.read() as connection:
        assert clip_by_code(connection, second.codes[0]).dup_of == first.codes[0]


def test_the_same_uid_from_other_bytes_is_known_and_said(home: Catalog, tmp_path: Path) -> None:
    take(home, makers.write_dicom(tmp_path / "a.dcm", makers.loop(3)), "none")
    again = take(home, makers.write_dicom(tmp_path / "b.dcm", makers.loop(3), makers.RLE), "none")
    assert (again.known, len(again.codes)) == (1, 0)
    assert [w.reason for w in again.warnings] == ["in already, from other bytes with the same pixels"]


@pytest.mark.parametrize("is_masked", [True, False], ids=["some kept", "nothing kept"])
def test_the_same_uid_with_other_pixels_outside_of_the_mask_is_a_conflict(
    home: Catalog, tmp_path: Path, is_masked: bool
) -> None:
    frames = makers.loop(3) if is_masked else np.zeros((3, 240, 320), np.uint8)
    other = frames.copy()
    other[:, 2:6, 300:310] = 200  # another name in the banner
    take(home, makers.write_dicom(tmp_path / "a.dcm", frames), "none")
    again = take(home, makers.write_dicom(tmp_path / "b.dcm", other), "none")
    assert (again.known, [w.code for w in again.withheld]) == (0, ["E_UID_CONFLICT"])
