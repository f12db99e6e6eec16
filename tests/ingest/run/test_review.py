"""Nothing leaves the room before somebody approved it; whoever looks sees the evidence and is noted."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.base.settings import Settings
from unisono.catalog import evidence as rows
from unisono.catalog.clips import approved_clip, clip_by_code
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.drawn import decode_mask
from unisono.ingest.identity import derive_keys, site_secret
from unisono.ingest.run import ingest
from unisono.ingest.run.fsck import fsck
from unisono.ingest.run.review import approve, evidence, pictures, reject, waiting
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


def test_frames_that_nobody_looked_at_are_not_approved(home: Catalog, code: str) -> None:
    path = home.files.frame_path(f"{code}-0001", held=True)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ConflictError, match="not those looked at"):
        approve(home, code, "rev-1")
    assert state(home, code) in ("written", "gated")
