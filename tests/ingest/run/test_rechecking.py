"""The text gate looks again at what was approved: what passes stays, what shows text is withdrawn."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.ingest import makers
from tests.make import make_clip
from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.base.settings import Settings
from unisono.catalog import evidence as rows
from unisono.catalog.clips import approved_clip, clip_by_code, frames_of, set_state
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest import looks
from unisono.ingest.gate.verdict import Hit, Verdict
from unisono.ingest.identity.identifiers import Identifiers
from unisono.ingest.prepared import NOT_RUN
from unisono.ingest.run import ingest, rechecking
from unisono.ingest.run.accepted import accepted_boxes
from unisono.ingest.run.exporting import is_seen
from unisono.ingest.run.fsck import fsck
from unisono.ingest.run.reading_again import Readers
from unisono.ingest.run.rechecking import recheck
from unisono.ingest.run.redrawing import redraw
from unisono.ingest.run.review import approve, evidence, reject, vault_of
from unisono.ingest.run.shown import approve_seen, look_at
from unisono.ingest.run.sweeping import sweep

BOX = ((60.0, 60.0), (200.0, 60.0), (200.0, 160.0), (60.0, 160.0))
TEXT = Verdict("identifier", (Hit(70, 70, 90, 80, 0.9, "identifier", "name"),), "new engine")
PASSED = Verdict("passed", (), "new engine")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalog]:
    monkeypatch.setattr(looks, "run_gate", lambda *_: Verdict("passed", (), "old engine"))
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))


@pytest.fixture
def code(home: Catalog, source: Path) -> str:
    """Return a clip that a person approved."""
    (code,) = ingest(home, [source], "01", workers=1, policy="person", isolated=False).codes
    approve(home, code, "rev-1")
    return code


def state(home: Catalog, code: str) -> str:
    with home.read() as connection:
        return clip_by_code(connection, code).state


def history(home: Catalog, code: str) -> list[tuple[str, str, int]]:
    with home.read() as connection:
        return [(d.decision, d.by, d.mask_version) for d in rows.inspections_of(connection, code)]


def deeds(home: Catalog) -> list[tuple[str, str]]:
    with vault_of(home) as vault:
        return [(e["what"], e["by"]) for e in vault.audit()]


def files(home: Catalog) -> tuple[int, int]:
    """Return how many frames are where everybody reads, and how many are held."""
    held = list((home.files.root / "held" / "png-cache").rglob("*.png"))
    return len(list((home.files.root / "png-cache").rglob("*.png"))), len(held)


@pytest.mark.parametrize("has_original", [True, False])
def test_what_passes_stays_as_it_is(
    home: Catalog, code: str, source: Path, monkeypatch: pytest.MonkeyPatch, *, has_original: bool
) -> None:
    if not has_original:
        source.unlink()
    with home.read() as connection:
        before = (clip_by_code(connection, code), frames_of(connection, code))
    monkeypatch.setattr(looks, "run_gate", lambda *_: PASSED)
    found = recheck(home, code, "rev-2", isolated=False)
    assert (found.clip.state, found.verdict) == ("approved", "passed")
    with home.read() as connection:
        assert (clip_by_code(connection, code), frames_of(connection, code)) == before
        verdict = rows.verdict_of(connection, code, 1)
        decisions = rows.inspections_of(connection, code)
    assert verdict is not None
    assert verdict.engine == "new engine"
    assert history(home, code) == [("approve", "rev-1", 1), ("recheck", "rev-2", 1)]
    assert decisions[-1].reason == rechecking.STAYS
    assert is_seen(decisions, 1, verdict)
    assert deeds(home)[-1] == ("recheck", "rev-2")
    assert fsck(home).is_clean


@pytest.mark.parametrize("has_original", [True, False])
def test_what_shows_text_goes_back_to_quarantine(
    home: Catalog, code: str, source: Path, monkeypatch: pytest.MonkeyPatch, *, has_original: bool
) -> None:
    named: list[Identifiers] = []

    def see(_: object, identifiers: Identifiers) -> Verdict:
        named.append(identifiers)
        return TEXT

    monkeypatch.setattr(looks, "run_gate", see)
    if not has_original:
        source.unlink()
    assert files(home) == (3, 0)
    found = recheck(home, code, "rev-2", isolated=False)
    assert (found.clip.state, found.verdict, len(found.boxes)) == ("quarantined", "identifier", 1)
    assert found.held.startswith("E_PHI_RESIDUAL")
    assert named[0].numbers  # the header's own, though the frames name nobody
    assert files(home) == (0, 3)
    with home.read() as connection, pytest.raises(ConflictError, match="not approved"):
        approved_clip(connection, code)
    assert history(home, code)[1:] == [("recheck", "rev-2", 1), ("withdraw", "rev-2", 1)]
    assert deeds(home)[-2:] == [("recheck", "rev-2"), ("withdraw", "rev-2")]
    seen = evidence(home, code, "rev-1")
    assert seen.texts == ("name",)
    assert seen.after_png
    assert bool(seen.before_png) == has_original
    assert fsck(home).is_clean
    approve(home, code, "rev-1", "a depth scale")
    assert (state(home, code), files(home)) == ("approved", (3, 0))
    assert fsck(home).is_clean


def told(*hits: Hit) -> Verdict:
    return Verdict("identifier" if any(h.kind == "identifier" for h in hits) else "text", hits, "engine")


SCALE = Hit(70, 70, 130, 90, 0.9, "text", "PWR 12")


def accepted(home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch, *hits: Hit) -> None:
    """Let the gate see words in a clip, and a person approve it for all that."""
    monkeypatch.setattr(looks, "run_gate", lambda *_: told(*hits))
    recheck(home, code, "rev-2", isolated=False)
    approve(home, code, "rev-1", "a setting of the scanner")


def test_words_that_a_person_accepted_do_not_withdraw_it(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(home, code, monkeypatch, SCALE)
    for _ in range(2):  # what an earlier search said is not what was accepted, and takes nothing of it
        monkeypatch.setattr(looks, "run_gate", lambda *_: told(replace(SCALE, x0=69, y1=91)))
        found = recheck(home, code, "rev-2", isolated=False)
        assert (found.clip.state, found.verdict) == ("approved", "text")
    with home.read() as connection:
        last = rows.inspections_of(connection, code)[-1]
    assert (last.decision, last.reason) == ("recheck", rechecking.KNOWN)
    assert files(home) == (3, 0)
    assert fsck(home).is_clean
    new = told(SCALE, replace(SCALE, y0=120, y1=140))
    monkeypatch.setattr(looks, "run_gate", lambda *_: new)
    assert recheck(home, code, "rev-2", isolated=False).clip.state == "quarantined"
    approve(home, code, "rev-1", "that, too")
    assert recheck(home, code, "rev-2", isolated=False).clip.state == "approved"


@pytest.mark.parametrize(
    "now_seen",
    [
        replace(SCALE, kind="identifier"),
        replace(SCALE, x1=150),
        replace(SCALE, y0=100, y1=120),
    ],
)
def test_a_worse_kind_or_another_place_withdraws_it(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch, now_seen: Hit
) -> None:
    accepted(home, code, monkeypatch, SCALE)
    monkeypatch.setattr(looks, "run_gate", lambda *_: told(now_seen))
    assert recheck(home, code, "rev-2", isolated=False).clip.state == "quarantined"


def test_what_a_search_found_and_nobody_accepted_is_not_accepted_by_searching_again(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.read() as connection:
        clip = clip_by_code(connection, code)
        assert accepted_boxes(connection, clip) == ()
    accepted(home, code, monkeypatch, SCALE)
    monkeypatch.setattr(looks, "run_gate", lambda *_: told(replace(SCALE, x0=75)))
    recheck(home, code, "rev-2", isolated=False)
    with home.read() as connection:
        assert [box["x0"] for box in accepted_boxes(connection, clip)] == [SCALE.x0]
        assert accepted_boxes(connection, replace(clip, mask_version=2)) == ()


def test_its_mask_can_be_drawn_then(home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "run_gate", lambda *_: TEXT)
    recheck(home, code, "rev-2", isolated=False)
    monkeypatch.setattr(looks, "run_gate", lambda *_: PASSED)
    assert redraw(home, code, (BOX,), "rev-2", isolated=False).clip.mask_version == 2
    approve(home, code, "rev-2")
    assert fsck(home).is_clean


def test_a_gate_that_does_not_run_changes_nothing(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "run_gate", lambda *_: NOT_RUN)
    with pytest.raises(SettingsError, match="needs the extra deid"):
        recheck(home, code, "rev-2", isolated=False)
    assert state(home, code) == "approved"
    assert history(home, code) == [("approve", "rev-1", 1)]


def test_a_run_that_dies_between_row_and_files_is_put_in_order(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "run_gate", lambda *_: TEXT)
    monkeypatch.setattr(home.files, "withdraw_clip", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        recheck(home, code, "rev-2", isolated=False)
    monkeypatch.undo()
    assert state(home, code) == "quarantined"
    sweep(home)
    assert files(home) == (0, 3)
    assert fsck(home).is_clean


def test_pixels_that_the_original_gives_no_more_are_taken_from_the_frames(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.read() as connection:
        frames = frames_of(connection, code)
    real = Readers.read
    calls: list[bool] = []

    def as_another_decoder(self: Readers, *given: object, is_original: bool) -> object:
        calls.append(is_original)
        prepared = real(self, *given, is_original=is_original)  # type: ignore[arg-type]
        object.__setattr__(prepared, "frames", frames[:1] if is_original else prepared.frames)
        return prepared

    monkeypatch.setattr(Readers, "read", as_another_decoder)
    monkeypatch.setattr(looks, "run_gate", lambda *_: PASSED)
    recheck(home, code, "rev-2", isolated=False)
    assert calls == [True, False]


def test_frames_that_are_not_its_rows_are_no_evidence(home: Catalog, code: str, source: Path) -> None:
    source.unlink()
    (first, second) = (home.files.frame_path(f"{code}-000{i}") for i in (0, 1))
    first.write_bytes(second.read_bytes())
    with pytest.raises(ConflictError, match="fsck"):
        recheck(home, code, "rev-2", isolated=False)
    assert state(home, code) == "approved"


def test_rejected_and_imported_clips_are_left(home: Catalog, code: str) -> None:
    imported = make_clip(home).code
    home.write(partial(set_state, code=imported, state="approved"))
    with pytest.raises(NotFoundError, match="mask"):
        recheck(home, imported, "rev-2", isolated=False)
    reject(home, code, "rev-1", "no image")
    with pytest.raises(ConflictError, match="rejected already"):
        recheck(home, code, "rev-2", isolated=False)


def test_who_looked_before_it_was_withdrawn_has_to_look_again(
    home: Catalog, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = ingest(home, [source], "01", workers=1, policy="person", isolated=False).codes
    look_at(home, code, "rev-1", 1)
    approve_seen(home, code, "rev-1", mask_version=1)
    monkeypatch.setattr(looks, "run_gate", lambda *_: TEXT)
    recheck(home, code, "rev-2", isolated=False)
    assert state(home, code) == "quarantined"
    with pytest.raises(ConflictError, match="nobody of that name was shown it as it is now"):
        approve_seen(home, code, "rev-1", "harmless", mask_version=1)
    look_at(home, code, "rev-1", 1)
    approve_seen(home, code, "rev-1", "harmless", mask_version=1)
    assert state(home, code) == "approved"
