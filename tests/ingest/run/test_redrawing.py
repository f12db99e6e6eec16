"""A mask that a person drew is applied to the original, or to what is left of it, and never shows more."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import ConflictError, IngestError, SettingsError
from unisono.base.settings import Settings
from unisono.catalog.clips import clip_by_code
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest import looks
from unisono.ingest.gate.verdict import Hit, Verdict
from unisono.ingest.identity.confidential import forget_evidence
from unisono.ingest.identity.identifiers import Identifiers
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.run import ingest, reading_again
from unisono.ingest.run.fsck import fsck
from unisono.ingest.run.rechecking import recheck
from unisono.ingest.run.redrawing import redraw, remask
from unisono.ingest.run.review import approve, evidence, one_waiting, reject, vault_of, waiting

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


def deeds(home: Catalog) -> list[str]:
    """Return what was done to clips, from the audit log, without the looks."""
    with vault_of(home) as vault:
        return [e["what"] for e in vault.audit() if e["what"] != "evidence"]


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
    assert seen.dark_before_png == evidence_before.dark_before_png
    assert seen.dark_after_png != evidence_before.dark_after_png
    assert [(d.decision, d.by, d.reason) for d in seen.decisions] == [("redraw", "rev-1", "drawn by hand")]
    assert deeds(home) == ["redraw"]
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


def test_what_was_delivered_and_is_gone_from_its_inbox_can_be_drawn_anew(home: Catalog) -> None:
    delivered = home.settings.home / "inbox" / "01" / "object"
    delivered.parent.mkdir(parents=True)
    makers.write_dicom(delivered, makers.loop(3))
    (code,) = ingest(home, [delivered], "01", workers=1, policy="person", isolated=False).codes
    delivered.unlink()
    redraw(home, code, (((0.0, 0.0), (319.0, 0.0), (319.0, 239.0), (0.0, 239.0)),), "rev-1", isolated=False)
    assert frame(home, code, held=True)[:20].any()
    approve(home, code, "rev-1", "text of the test")
    assert not list((home.settings.home / "quarantine" / "originals").iterdir())


def test_a_mask_is_found_anew_on_the_original_alone(home: Catalog, code: str, source: Path) -> None:
    found = frame(home, code, held=True)
    redraw(home, code, (BOX,), "rev-1", isolated=False)
    with pytest.raises(ConflictError, match="drawn anew meanwhile"):
        remask(home, code, "rev-1", mask_version=1, isolated=False)
    assert remask(home, code, "rev-1", mask_version=2, isolated=False).clip.mask_version == 3
    assert np.array_equal(frame(home, code, held=True), found)
    assert deeds(home) == ["redraw", "remask"]
    source.unlink()
    with pytest.raises(IngestError, match="no mask can be found"):
        remask(home, code, "rev-1", isolated=False)
    assert deeds(home) == ["redraw", "remask"]
    approve(home, code, "rev-1")
    with pytest.raises(ConflictError, match="approved already"):
        remask(home, code, "rev-1", isolated=False)


@pytest.mark.parametrize("decide", [approve, reject])
def test_who_decides_while_a_clip_is_read_again_has_the_last_word(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch, decide: Callable[..., object]
) -> None:
    read = reading_again.read_and_look

    def read_while_somebody_decides(*given: Any) -> Any:
        yield from read(*given)
        decide(home, code, "rev-2", "seen enough")

    monkeypatch.setattr(reading_again, "read_and_look", read_while_somebody_decides)
    decided = {approve: "approved", reject: "rejected"}[decide]
    with pytest.raises(ConflictError, match=f"{decided} already"):
        redraw(home, code, (BOX,), "rev-1", isolated=False)
    assert state(home, code) == decided
    assert deeds(home) == [decide.__name__]
    checked = fsck(home)
    assert (checked.is_clean, checked.swept) == (True, 0)


@pytest.mark.parametrize("has_original", [True, False])
def test_the_gate_can_recheck(
    home: Catalog, code: str, source: Path, monkeypatch: pytest.MonkeyPatch, *, has_original: bool
) -> None:
    before = frame(home, code, held=True)
    named = []

    def see(_: object, identifiers: Identifiers) -> Verdict:
        named.append(identifiers)
        return Verdict("identifier", (Hit(70, 70, 90, 80, 0.9, "identifier", "name"),), "new engine")

    monkeypatch.setattr(looks, "run_gate", see)
    if not has_original:
        source.unlink()
    again = recheck(home, code, "rev-1", isolated=False)
    assert (again.clip.state, again.verdict, len(again.boxes)) == ("quarantined", "identifier", 1)
    assert again.held.startswith("E_PHI_RESIDUAL")
    assert np.array_equal(frame(home, code, held=True), before)
    assert named[0].numbers
    (row,) = evidence(home, code, "rev-1").decisions
    assert (row.decision, row.reason) == ("recheck", "the same mask, searched for text again")
    assert deeds(home) == ["recheck"]
    assert evidence(home, code, "rev-1").texts == ("name",)


def test_a_gate_that_does_not_run_leaves_what_it_said(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def see(*_: object) -> Verdict:
        return Verdict("text", (Hit(70, 70, 90, 80, 0.9, "text", "name"),), "an engine")

    monkeypatch.setattr(looks, "run_gate", see)
    before = recheck(home, code, "rev-1", isolated=False)
    monkeypatch.setattr(looks, "run_gate", lambda *_: Verdict("not run", (), ""))
    with pytest.raises(SettingsError, match="needs the extra deid"):
        recheck(home, code, "rev-1", isolated=False)
    assert one_waiting(home, code) == before
    assert before.clip.state == "quarantined"
    assert deeds(home) == ["recheck"]
    assert not list((home.files.root / "drafts").rglob("*.png"))
    assert fsck(home).is_clean


def test_evidence_that_was_lost_comes_back_with_the_original(home: Catalog, code: str) -> None:
    before = evidence(home, code, "rev-1").before_png
    with vault_of(home) as vault:
        forget_evidence(vault, code)
    remask(home, code, "rev-1", isolated=False)
    assert evidence(home, code, "rev-1").before_png == before
