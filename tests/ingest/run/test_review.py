"""Nothing leaves the room before somebody approved it; whoever looks sees the evidence and is noted."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
import sqlalchemy as sa

from tests.ingest import makers
from tests.make import make_clip
from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.base.settings import Settings
from unisono.catalog import evidence as rows
from unisono.catalog.clips import approved_clip, clip_by_code, set_state
from unisono.catalog.db import Catalog, open_catalog
from unisono.catalog.rows import now
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.identity.vault import Vault
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.run import ingest
from unisono.ingest.run.fsck import fsck
from unisono.ingest.run.review import approve, evidence, one_waiting, pictures, reject, waiting

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
    dark_before = cv2.imdecode(np.frombuffer(seen.dark_before_png, np.uint8), cv2.IMREAD_UNCHANGED)
    dark_after = cv2.imdecode(np.frombuffer(seen.dark_after_png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (dark_before <= before).all()
    assert (dark_before < before).any()
    assert np.array_equal(dark_after, np.where(after > 0, np.minimum(dark_before, after), 0))
    held = pictures(home, code, "rev-1")
    approve(home, code, "rev-1")
    assert waiting(home) == []
    assert pictures(home, code, "rev-1") == held
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


def test_what_came_in_before_darkest_pictures_were_kept_can_be_reviewed(home: Catalog, code: str) -> None:
    with Vault(home.settings.home, derive_keys(site_secret(home.settings.home))) as vault:
        for what in ("dark-before", "dark-after"):
            vault.drop("evidence", f"{what}|{code}")
    seen = evidence(home, code, "rev-1")
    assert seen.before_png
    assert (seen.dark_before_png, seen.dark_after_png) == (b"", b"")


def log(home: Catalog) -> list[dict[str, str]]:
    """Return the audit log without the times, which are checked."""
    with Vault(home.settings.home, derive_keys(site_secret(home.settings.home))) as vault:
        entries = vault.audit()
    for entry in entries:
        assert datetime.fromisoformat(entry.pop("at")).utcoffset() == timedelta(0)
    return entries


def test_every_look_and_decision_is_in_the_audit_log_and_names_no_patient(home: Catalog, code: str) -> None:
    evidence(home, code, "rev-1")
    evidence(home, code, "rev-2", "before")
    pictures(home, code, "rev-2")
    approve(home, code, "rev-1", "not Mrs SMITH^J")
    pictures(home, code, "rev-2")
    reject(home, code, "rev-2", "Mr SMITH^J after all")
    with pytest.raises(NotFoundError):
        pictures(home, code, "rev-2")
    assert log(home) == [
        {"action": "review", "what": what, "by": by, "code": code}
        for what, by in [
            ("evidence", "rev-1"),
            ("before", "rev-2"),
            ("frames", "rev-2"),
            ("approve", "rev-1"),
            ("frames", "rev-2"),
            ("reject", "rev-2"),
            ("frames", "rev-2"),
        ]
    ]


def test_what_is_refused_is_no_deed(home: Catalog, code: str) -> None:
    with pytest.raises(ConflictError):
        approve(home, code, "rev-1", mask_version=7)
    with pytest.raises(SettingsError):
        reject(home, code, "rev-1", "")
    assert log(home) == []


def test_a_look_that_cannot_be_put_on_record_shows_nothing(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise ConflictError("the disk is full")

    monkeypatch.setattr(Vault, "append_audit", full)
    for act in (evidence, pictures, approve):
        with pytest.raises(ConflictError, match="disk is full"):
            act(home, code, "rev-1")
    with pytest.raises(ConflictError, match="disk is full"):
        reject(home, code, "rev-1", "a face")
    assert state(home, code) in ("written", "gated")


def test_the_list_asks_the_catalog_as_often_for_fifty_clips_as_for_five(home: Catalog) -> None:
    asked: list[int] = []
    statements: list[str] = []
    with home.read() as connection:
        engine = connection.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    for n_clips in (5, 50):
        for seed in range(len(waiting(home)), n_clips):
            clip = make_clip(home, seed=seed, n_frames=1)
            box = {"x0": 1.0, "y0": 1.0, "x1": 9.0, "y1": 9.0, "score": 0.9, "kind": "text"}
            for verdict in (("passed", ()), ("text", (box,)))[: 1 + seed % 2]:
                row = rows.GateVerdict(clip.code, clip.mask_version, *verdict, "made", now())
                home.write(partial(rows.insert_verdict, verdict=row))
            other = rows.GateVerdict(clip.code, clip.mask_version + 1, "identifier", (), "made", now())
            home.write(partial(rows.insert_verdict, verdict=other))
            home.write(partial(set_state, code=clip.code, state="quarantined" if seed % 2 else "gated"))
        statements.clear()
        found = waiting(home)
        asked.append(len(statements))
        assert len(found) == n_clips
        assert [one_waiting(home, w.clip.code) for w in found] == found
    assert asked[0] == asked[1] > 0
    assert [w.verdict for w in found] == ["text"] * 25 + ["passed"] * 25
    assert [w.clip.created_at for w in found[:25]] == sorted(w.clip.created_at for w in found[:25])


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
