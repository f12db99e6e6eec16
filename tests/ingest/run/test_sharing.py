"""What another run holds under a lease is not read; what it let go of is."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.ingest import makers
from unisono.base.settings import Settings
from unisono.catalog import intake
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.reports.report import IngestReport
from unisono.ingest.run import ingest, taking
from unisono.ingest.run.fsck import fsck

pytestmark = pytest.mark.usefixtures("no_gate")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return [
        makers.write_dicom(folder / f"{i}.dcm", makers.loop(3, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}")
        for i in range(3)
    ]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of what is read, as it is read."""
    names: list[str] = []
    really = taking.read_and_look

    def note(pool: Any, gates: Any, jobs: list[Any]) -> Any:
        names.extend(Path(job.source.label).name for job in jobs)
        return really(pool, gates, jobs)

    monkeypatch.setattr(taking, "read_and_look", note)
    return names


def take(catalog: Catalog, paths: list[Path]) -> IngestReport:
    return ingest(catalog, paths, "01", workers=1, policy="none", isolated=False)


def key_of(catalog: Catalog, path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return derive_keys(site_secret(catalog.settings.home)).source_key(digest)


def at_first_wait(monkeypatch: pytest.MonkeyPatch, do: Callable[[], None]) -> list[float]:
    """Do something when the run waits for the first time; return the waits, as they come."""
    waits: list[float] = []

    def wait(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 1:
            do()

    monkeypatch.setattr(taking.time, "sleep", wait)
    return waits


def test_a_source_that_a_living_run_holds_is_left_to_it_until_it_lets_go(
    home: Catalog, sources: list[Path], read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, before = key_of(home, sources[1]), []
    with home.files.pending() as other:
        assert home.write(partial(intake.claim, source_keys=[key], run=other.name)) == {key}

        def let_go() -> None:
            before.extend(read)
            home.write(lambda c: intake.give_back(c, other.name))

        waits = at_first_wait(monkeypatch, let_go)
        report = take(home, sources)
    assert before == ["0.dcm", "2.dcm"]
    assert waits == [taking.WAIT_S]
    assert read == ["0.dcm", "2.dcm", "1.dcm"]
    assert len(report.codes) == 3
    with home.read() as connection:
        assert intake.intake_of(connection, key).attempts == 2


def test_what_the_other_run_finished_is_known_and_never_read_here(
    home: Catalog, sources: list[Path], read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, theirs = [key_of(home, path) for path in sources], []
    with home.files.pending() as other:
        home.write(partial(intake.claim, source_keys=keys, run=other.name))

        def finish() -> None:
            home.write(lambda c: intake.give_back(c, other.name))
            theirs.append(take(home, sources))
            read.clear()

        at_first_wait(monkeypatch, finish)
        report = take(home, sources)
    assert [len(one.codes) for one in theirs] == [3]
    assert (report.codes, report.known, report.withheld) == ((), 3, ())
    assert read == []
    assert fsck(home).is_clean


def test_every_source_is_claimed_once_and_settled(home: Catalog, sources: list[Path]) -> None:
    sources[2].write_bytes(sources[2].read_bytes()[:-99])
    take(home, sources)
    with home.read() as connection:
        rows = [intake.intake_of(connection, key_of(home, path)) for path in sources]
        assert intake.holders(connection) == set()
    assert [(row.state, row.attempts) for row in rows] == [("stored", 1), ("stored", 1), ("withheld", 1)]
