"""Nothing leaves the room before somebody approved it; whoever looks sees the evidence and is noted."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import ConflictError, IngestError, NotFoundError, SettingsError
from unisono.base.settings import Settings
from unisono.catalog import evidence as rows
from unisono.catalog.clips import approved_clip, clip_by_code
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.drawn import decode_mask
from unisono.ingest.identity import derive_keys, site_secret
from unisono.ingest.run import ingest
from unisono.ingest.run.fsck import fsck
from unisono.ingest.run.redrawing import redraw
from unisono.ingest.run.review import approve, evidence, one_waiting, pictures, reject, waiting
from unisono.ingest.vault import Vault

BOX = ((60.0, 60.0), (200.0, 60.0), (200.0, 160.0), (60.0, 160.0))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))


@pytest.fixture
def code(home: Catalog, source: Path) -> str:
    """Return a clip that waits for a person."""
    (code,) = ingest(home, [source], "01", workers=1, policy="person", isolated=False).codes
    return code


def state(home: Catalog, code: str) -> str:
    with home.read() as connection:
        return clip_by_code(connection, code).state


def frame(home: Catalog, code: str, *, held: bool) -> np.ndarray:
    png = home.files.read_frame(f"{code}-0000", held=held)
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def test_nothing_is_usable_before_a_person_approved_it(home: Catalog, code: str) -> None:
    assert [w.clip.code for w in waiting(home)] == [code]
    with home.read() as connection, pytest.raises(ConflictError, match="not approved"):
        approved_clip(connection, code)
    with pytest.raises(NotFoundError):
        home.files.read_frame(f"{code}-0000")
    seen = evidence(home, code, "rev-1")
    before = cv2.imdecode(np.frombuffer(seen.before_png, np.uint8), cv2.IMREAD_UNCHANGED)
    after = cv2.imdecode(np.frombuffer(seen.after_png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert before.shape[:2] == after.shape[:2] == decode_mask(seen.mask_png).shape
    assert not after[~decode_mask(seen.mask_png)].any()
    held = pictures(home, code)
    approve(home, code, "rev-1")
    assert waiting(home) == []
    assert pictures(home, code) == held
    assert home.files.read_frame(f"{code}-0002")
    assert not [p for p in (home.files.root / "held").rglob("*") if p.is_file()]
    with home.read() as connection:
        assert approved_clip(connection, code).code == code
        assert rows.approvals(connection, [code]) == {code: "rev-1"}
    with pytest.raises(NotFoundError):
        evidence(home, code, "rev-1")
    with pytest.raises(ConflictError, match="approved already"):
        approve(home, code, "rev-2")
    assert fsck(home).is_clean


def test_every_look_is_in_the_audit_log(home: Catalog, code: str) -> None:
    evidence(home, code, "rev-1")
    with Vault(home.settings.home, derive_keys(site_secret(home.settings.home))) as vault:
        (entry,) = vault.audit()
    assert (entry["action"], entry["by"], entry["code"]) == ("review", "rev-1", code)


def test_a_rejected_clip_loses_its_pixels_and_stays_out(home: Catalog, code: str, source: Path) -> None:
    with pytest.raises(SettingsError, match="needs a reason"):
        reject(home, code, "rev-1", " ")
    reject(home, code, "rev-1", "a name on the tissue")
    assert not [p for p in home.files.root.rglob("*.p*") if p.suffix in (".png", ".pack")]
    again = ingest(home, [source], "01", workers=1, policy="none", isolated=False)
    assert [w.code for w in again.withheld] == ["E_REJECTED"]
    with pytest.raises(ConflictError, match="rejected already"):
        approve(home, code, "rev-1")
    assert fsck(home).is_clean


def test_an_approved_clip_can_be_taken_back(home: Catalog, code: str) -> None:
    approve(home, code, "rev-1")
    reject(home, code, "rev-2", "seen too late")
    assert state(home, code) == "rejected"
    with pytest.raises(NotFoundError):
        home.files.read_frame(f"{code}-0000")


def test_a_clip_without_a_mask_is_drawn_black_and_waits_for_one(home: Catalog, tmp_path: Path) -> None:
    still = np.zeros((1, 240, 320), np.uint8)
    still[:, 100:104, 100:104] = 200
    path = makers.write_dicom(tmp_path / "dark.dcm", still)
    report = ingest(home, [path], "01", workers=1, policy="none", isolated=False)
    assert [w.code for w in report.withheld] == ["E_NO_MASK"]
    (held,) = waiting(home)
    code = held.clip.code
    assert (held.clip.state, held.held[:9]) == ("quarantined", "E_NO_MASK")
    assert not frame(home, code, held=True).any()
    with pytest.raises(ConflictError, match="draw its mask first"):
        approve(home, code, "rev-1", "harmless")
    redrawn = redraw(home, code, (BOX,), "rev-1")
    assert redrawn.clip.state in ("written", "gated")
    assert redrawn.clip.mask_version == 2
    assert frame(home, code, held=True)[102, 102] == 200
    approve(home, code, "rev-1")
    assert [w.code for w in ingest(home, [path], "01", workers=1, isolated=False).withheld] == []
    assert fsck(home).is_clean


def test_a_redrawn_mask_is_applied_to_the_original(home: Catalog, code: str) -> None:
    evidence_before = evidence(home, code, "rev-1")
    redraw(home, code, (BOX,), "rev-1")
    shown = frame(home, code, held=True)
    assert shown[61:160, 61:200].any()
    assert not shown[:59].any()
    assert not shown[:, 202:].any()
    seen = evidence(home, code, "rev-1")
    assert seen.before_png == evidence_before.before_png
    assert [d.decision for d in seen.decisions] == ["redraw"]
    assert one_waiting(home, code).clip.mask["source"] == "drawn"
    assert fsck(home).is_clean


def test_without_the_original_a_mask_can_only_shrink(home: Catalog, code: str, source: Path) -> None:
    source.unlink()
    kept = decode_mask(evidence(home, code, "rev-1").mask_png)
    y, x = np.argwhere(kept).mean(axis=0)
    small = ((x - 9, y - 9), (x + 9, y - 9), (x + 9, y + 9), (x - 9, y + 9))
    redraw(home, code, (small,), "rev-1")
    shown = frame(home, code, held=True)
    assert shown.any()
    assert np.count_nonzero(shown.reshape(*kept.shape, -1).any(axis=-1)) <= 19 * 19
    whole = ((0.0, 0.0), (319.0, 0.0), (319.0, 239.0), (0.0, 239.0))
    with pytest.raises(IngestError, match="the original is gone"):
        redraw(home, code, (whole,), "rev-1")


def test_frames_that_nobody_looked_at_are_not_approved(home: Catalog, code: str) -> None:
    path = home.files.frame_path(f"{code}-0001", held=True)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ConflictError, match="not those looked at"):
        approve(home, code, "rev-1")
    assert state(home, code) in ("written", "gated")


def test_an_approval_that_was_killed_half_way_shows_nothing(home: Catalog, code: str) -> None:
    clip = one_waiting(home, code).clip
    home.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
    checked = fsck(home)
    assert checked.is_clean
    assert checked.swept > 0
    with pytest.raises(NotFoundError):
        home.files.read_frame(f"{code}-0000")
    approve(home, code, "rev-1")
    assert home.files.read_frame(f"{code}-0000")


def test_a_clip_of_before_reviews_is_held_and_not_lost(home: Catalog, code: str) -> None:
    clip = one_waiting(home, code).clip
    home.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
    home.files.drop_clip(code, clip.n_frames, clip.pack_sha256, held=True)
    assert fsck(home).is_clean
    assert home.files.read_frame(f"{code}-0000", held=True)
    with pytest.raises(NotFoundError):
        home.files.read_frame(f"{code}-0000")
