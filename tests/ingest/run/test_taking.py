"""What one run does with each source: taken, known or withheld, and nothing lost when it stops."""

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import CatalogError, IngestError
from unisono.base.settings import Settings
from unisono.catalog.clips import all_clips, exclusions
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest import drafting, prepare
from unisono.ingest.reports.report import IngestReport, RunStoppedError
from unisono.ingest.run import clips, ingest
from unisono.ingest.run.fsck import fsck

pytestmark = pytest.mark.usefixtures("no_gate")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def take(catalog: Catalog, *paths: Path, dataset_class: str = "01", policy: str = "none") -> IngestReport:
    return ingest(catalog, paths, dataset_class, workers=1, policy=policy, isolated=False)


def tree(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".sqlite" not in p.name
    }


@pytest.mark.parametrize(
    "error", [RuntimeError(), IngestError("E_LIMIT_MEM", "m"), IngestError("E_STORE_IO", "s")]
)
def test_what_may_be_the_machines_fault_is_taken_by_the_next_run(
    home: Catalog, inbox: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    makers.write_dicom(inbox / "a.dcm", makers.loop(3))

    def die(_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("unisono.ingest.looks.prepare_parts", die)
        report = take(home, inbox)
    assert report.n_passing == len(report.withheld) == 1
    assert report.withheld[0].code in ("E_DECODER_DIED", "E_LIMIT_MEM", "E_STORE_IO")
    assert len(take(home, inbox).codes) == 1
    with home.read() as connection:
        assert exclusions(connection) == []


def test_a_file_that_changes_between_two_looks_is_refused_and_taken_later(
    home: Catalog, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = makers.write_dicom(inbox / "a.dcm", makers.loop(3))
    identify = prepare.identify

    def identify_and_change(job: prepare.Job) -> str:
        key = identify(job)
        makers.write_dicom(path, makers.loop(3, seed=5))
        return key

    with monkeypatch.context() as patch:
        patch.setattr("unisono.ingest.run.taking.identify", identify_and_change)
        (held,) = take(home, inbox).withheld
    assert (held.code, held.reason) == (
        "E_STORE_IO",
        "the file changed while it was read; it is taken when it rests",
    )
    assert len(take(home, inbox).codes) == 1


def test_an_interruption_says_what_is_in_and_loses_nothing(home: Catalog, inbox: Path) -> None:
    for i in range(3):
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(3, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}")

    @contextmanager
    def interrupted() -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    with pytest.raises(RunStoppedError, match="interrupted") as stopped:
        ingest(home, [inbox], "01", workers=1, policy="none", isolated=False, undisturbed=interrupted)
    report = stopped.value.report
    assert (len(report.codes), report.frames, report.withheld, report.left) == (1, 3, (), 2)
    again = take(home, inbox)
    assert (len(again.codes), again.known) == (2, 1)


def test_databases_that_refuse_end_the_run_in_words(
    home: Catalog, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "bad.txt").write_text("x")

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("unisono.ingest.identity.vault.Vault.put", full)
    with pytest.raises(RunStoppedError, match=r"^the disk is full$"):
        take(home, inbox)


def test_a_folder_that_cannot_be_looked_into_is_told_and_not_kept_in_mind(home: Catalog, inbox: Path) -> None:
    (inbox / "empty").mkdir()
    assert [w.code for w in take(home, inbox).withheld] == ["E_NOT_RECORDING"]
    with home.read() as connection:
        assert exclusions(connection) == []


def test_same_uid_same_pixels_is_known_and_other_pixels_conflict(home: Catalog, inbox: Path) -> None:
    frames = makers.loop(3)
    take(home, makers.write_dicom(inbox / "a.dcm", frames))
    before = tree(home.settings.home)
    again = take(home, makers.write_dicom(inbox / "b.dcm", frames, makers.RLE))
    assert (len(again.codes), again.known) == (0, 1)
    other = take(home, makers.write_dicom(inbox / "c.dcm", makers.loop(3, seed=9)))
    assert [w.code for w in other.withheld] == ["E_UID_CONFLICT"]
    assert not other.is_success
    assert tree(home.settings.home) == before


def test_the_same_file_twice_in_one_run_is_one_clip(home: Catalog, inbox: Path) -> None:
    data = makers.write_dicom(inbox / "a.dcm", makers.loop(3)).read_bytes()
    (inbox / "b.dcm").write_bytes(data)
    report = take(home, inbox)
    assert (len(report.codes), report.known) == (1, 1)


def test_a_subject_has_one_class_and_one_name(home: Catalog, inbox: Path) -> None:
    first = makers.write_dicom(inbox / "a.dcm", makers.loop(3))
    second = makers.write_dicom(inbox / "b.dcm", makers.loop(3, seed=2), SOPInstanceUID="1.2.826.7.2")
    take(home, first)
    assert [w.code for w in take(home, first, second, dataset_class="02").withheld] == [
        "E_CLASS_CONFLICT"
    ] * 2
    take(home, second)
    assert len({clip.subject for clip in clips(home)}) == 1
    assert len({clip.code for clip in clips(home)}) == 2


def test_an_interrupted_commit_leaves_no_row_and_is_made_good(
    home: Catalog, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.write_dicom(inbox / "a.dcm", makers.loop(3))

    def fail(*_: object) -> None:
        raise CatalogError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("unisono.ingest.run.storing.insert_clip", fail)
        with pytest.raises(CatalogError):
            take(home, inbox)
    with home.read() as connection:
        assert all_clips(connection) == []
    assert list((home.settings.home / "pending").glob("*")) == []
    assert len(take(home, inbox).codes) == 1


@pytest.mark.parametrize("n_before", [0, 1, 3, 5, 10])  # of the twelve files of three clips
def test_a_full_disk_leaves_nothing_partial(
    home: Catalog, inbox: Path, monkeypatch: pytest.MonkeyPatch, n_before: int
) -> None:
    for i in range(3):
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(3, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}")
    take(home, makers.write_dicom(inbox / "first.dcm", makers.loop(3, seed=9), SOPInstanceUID="1.2.826.7.9"))
    link, left = os.link, n_before

    def link_until_full(source: Path, target: Path) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        link(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("unisono.catalog.stores.os.link", link_until_full)
        with pytest.raises(CatalogError, match="cannot be stored"):
            take(home, inbox)
    assert fsck(home).is_clean
    assert fsck(home).swept == 0
    report = take(home, inbox)
    assert len(report.codes) + report.known == 4
    assert fsck(home).frames == 12


def test_a_disk_that_is_full_for_drafts_names_the_file_and_goes_on(
    home: Catalog, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(2):
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(3, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}")
    encode, seen = drafting.encode_png, []

    def encode_until_full(frame: np.ndarray) -> bytes:
        seen.append(frame)
        if len(seen) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return encode(frame)

    with monkeypatch.context() as patch:
        patch.setattr(drafting, "encode_png", encode_until_full)
        report = take(home, inbox)
    assert [(w.code, w.reason) for w in report.withheld] == [
        ("E_STORE_IO", "its frames cannot be written (No space left on device)")
    ]
    assert len(report.codes) == 1
    assert len(take(home, inbox).codes) == 1
