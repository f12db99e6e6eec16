"""A recording that is longer than a clip, through the whole room: refused, or cut into clips of their own."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.base.errors import CatalogError
from unisono.base.settings import Settings
from unisono.catalog.clips import clip_by_code, exclusions, frames_of
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest import looks, prepare
from unisono.ingest.files.sources import Source
from unisono.ingest.gate.verdict import Hit, Verdict
from unisono.ingest.limits import LIMITS
from unisono.ingest.readers.reading import fingerprint
from unisono.ingest.reports.report import IngestReport, RunStoppedError
from unisono.ingest.run import clips, ingest, redrawing, review, taking
from unisono.ingest.run.fsck import fsck

HIT = Hit(1, 2, 30, 40, 0.91, "text", "CANARY")
PASSED = Verdict("passed", (), "engine")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalog]:
    """Return a home where a clip has at most four frames, and the gate passes all."""
    monkeypatch.setattr(taking, "Job", partial(prepare.Job, limits=replace(LIMITS, frames=4)))
    monkeypatch.setattr(looks, "run_gate", lambda *_: PASSED)
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def long(tmp_path: Path) -> Path:
    return makers.write_dicom(tmp_path / "a.dcm", makers.loop(10))


def take(home: Catalog, *paths: Path, split: bool | None = True, policy: str = "person") -> IngestReport:
    return ingest(home, paths, "01", workers=1, policy=policy, isolated=False, split=split)


def in_order(home: Catalog) -> list[str]:
    return [c.code for c in sorted(clips(home), key=lambda c: c.part["number"] if c.part else 0)]


def test_unless_asked_it_is_refused(home: Catalog, long: Path) -> None:
    report = take(home, long, split=None)
    assert [w.code for w in report.withheld] == ["E_LIMIT_FRAMES"]
    assert clips(home) == []


def test_the_setting_asks_for_it_at_every_door(home: Catalog, long: Path, tmp_path: Path) -> None:
    willing = open_catalog(Settings(home=tmp_path / "home", split=1))
    assert len(take(willing, long, split=None).codes) == 3
    willing.close()


def test_each_part_is_a_clip_with_evidence_of_its_own(home: Catalog, long: Path) -> None:
    report = take(home, long)
    assert (len(report.codes), report.frames, report.known) == (3, 10, 0)
    found = {c.code: c for c in clips(home)}
    assert [found[code].n_frames for code in report.codes] == [4, 4, 2]
    assert len({c.subject for c in found.values()}) == 1
    assert len({c.source_key for c in found.values()}) == 3
    places = [found[code].part for code in report.codes]
    assert [p["number"] for p in places if p] == [1, 2, 3]
    befores = {review.evidence(home, code, "rita").before_png for code in report.codes}
    assert len(befores) == 3
    checked = fsck(home)
    assert checked.is_clean
    assert (checked.clips, checked.frames) == (3, 10)


@pytest.mark.parametrize("split", [True, False])
def test_again_it_is_known_and_read_no_more(
    home: Catalog, long: Path, monkeypatch: pytest.MonkeyPatch, split: bool
) -> None:
    take(home, long)
    monkeypatch.setattr(looks, "prepare_parts", None)
    again = take(home, long, split=split)
    assert (again.codes, again.known, again.withheld) == ((), 1, ())


def test_it_is_refused_no_more_once_it_is_cut(home: Catalog, long: Path) -> None:
    take(home, long, split=False)
    take(home, long)
    with home.read() as connection:
        assert exclusions(connection) == []


def test_the_source_is_hashed_no_more_often_than_one_that_is_not_cut(
    home: Catalog, long: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def noted(source: Source) -> str:
        hashed.append(source.label)
        return fingerprint(source)

    monkeypatch.setattr(prepare, "fingerprint", noted)
    short = makers.write_dicom(tmp_path / "b.dcm", makers.loop(3), SOPInstanceUID="1.2.826.7.2")
    take(home, long, short)
    assert hashed.count(str(long)) == hashed.count(str(short)) == 2  # before, to know it; after, to trust it


def test_a_part_that_the_gate_holds_is_held_alone(
    home: Catalog, long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = iter([PASSED, Verdict("text", (HIT,), "engine"), PASSED])
    monkeypatch.setattr(looks, "run_gate", lambda *_: next(verdicts))
    report = take(home, long)
    assert [w.code for w in report.withheld] == ["E_TEXT_RESIDUAL"]
    assert len(report.codes) == 2
    with home.read() as connection:
        states = [clip_by_code(connection, code).state for code in in_order(home)]
    assert states == ["gated", "quarantined", "gated"]
    again = take(home, long)
    assert ([w.code for w in again.withheld], again.known) == (["E_TEXT_RESIDUAL"], 0)


def test_a_mask_drawn_on_one_part_changes_that_part_alone(home: Catalog, long: Path) -> None:
    take(home, long)
    first, second, third = in_order(home)
    with home.read() as connection:
        before = {code: frames_of(connection, code) for code in (first, second, third)}
    polygon = [(100.0, 80.0), (220.0, 80.0), (220.0, 180.0), (100.0, 180.0)]
    found = redrawing.redraw(home, second, [polygon], "rita", isolated=False)
    assert (found.clip.mask_version, found.clip.n_frames) == (2, 4)
    redrawing.remask(home, third, "rita", isolated=False)
    with home.read() as connection:
        after = {code: frames_of(connection, code) for code in (first, second, third)}
    assert [f.pixel_sha256 for f in after[first]] == [f.pixel_sha256 for f in before[first]]
    assert [f.pixel_sha256 for f in after[third]] == [f.pixel_sha256 for f in before[third]]
    assert not {f.pixel_sha256 for f in after[second]} & {f.pixel_sha256 for f in before[second]}
    assert clips(home)[0].part is not None
    review.approve(home, second, "rita")
    assert fsck(home).is_clean


def test_all_parts_are_stored_or_none(home: Catalog, long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, put = home.files.put_clip, []

    def full(*given: object, **named: object) -> None:
        put.append(given)
        if len(put) == 3:
            raise CatalogError("the disk is full")
        real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(home.files, "put_clip", full)
    with pytest.raises((CatalogError, RunStoppedError)):
        take(home, long)
    assert clips(home) == []
    monkeypatch.setattr(home.files, "put_clip", real)
    assert len(take(home, long).codes) == 3
    assert fsck(home).is_clean


@pytest.mark.parametrize("first", ["whole", "cut"])
def test_the_same_uid_is_in_whole_or_cut_never_both(home: Catalog, tmp_path: Path, first: str) -> None:
    whole = makers.write_dicom(tmp_path / "w.dcm", makers.loop(4))
    cut = makers.write_dicom(tmp_path / "c.dcm", makers.loop(6))
    sources = [whole, cut] if first == "whole" else [cut, whole]
    take(home, sources[0])
    n_before = len(clips(home))
    report = take(home, sources[1])
    assert [w.code for w in report.withheld] == ["E_UID_CONFLICT"]
    assert len(clips(home)) == n_before


def test_another_length_under_the_same_uid_is_a_conflict(home: Catalog, tmp_path: Path) -> None:
    frames = makers.loop(12)
    take(home, makers.write_dicom(tmp_path / "a.dcm", frames[:8]))
    report = take(home, makers.write_dicom(tmp_path / "b.dcm", frames))
    assert [w.code for w in report.withheld] == ["E_UID_CONFLICT"]
    assert len(clips(home)) == 2


def test_the_same_pixels_from_other_bytes_are_known(home: Catalog, tmp_path: Path) -> None:
    take(home, makers.write_dicom(tmp_path / "a.dcm", makers.loop(10)))
    report = take(home, makers.write_dicom(tmp_path / "b.dcm", makers.loop(10), StudyDescription="x"))
    assert (report.known, report.withheld) == (1, ())
    assert len(clips(home)) == 3


def test_a_recording_cut_by_the_true_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "run_gate", lambda *_: PASSED)
    frames = makers.loop(6, 64, 80, text="")
    many = frames[[i % 6 for i in range(10_003)]]
    path = makers.write_dicom(tmp_path / "a.dcm", many)
    home = open_catalog(Settings(home=tmp_path / "home"))
    assert [w.code for w in take(home, path, split=None).withheld] == ["E_LIMIT_FRAMES"]
    report = take(home, path)
    found = sorted((c.n_frames, c.state) for c in clips(home))
    assert fsck(home).is_clean
    home.close()
    assert found == [(3, "gated"), (10_000, "gated")]
    assert report.frames == 10_003
