"""A run on a Dask cluster: the same catalog as with processes; a worker that dies costs nothing."""

import os
import pickle
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ingest import makers
from tests.ingest.test_children import grab, reach
from unisono.base.settings import Settings
from unisono.catalog.clips import all_clips, frames_of
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.reports.report import IngestReport
from unisono.ingest.run import ingest
from unisono.ingest.run.fsck import fsck
from unisono.ingest.workers import Workers

distributed = pytest.importorskip("distributed")
N_CLIPS, N_FRAMES = 6, 3
# tornado and distributed leave sockets of killed workers to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options, silence_logs=50) as opened:
        yield opened


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for i in range(N_CLIPS):
        makers.write_dicom(
            folder / f"{i}.dcm", makers.loop(N_FRAMES, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}"
        )
    (folder / "notes.txt").write_text("no recording")
    return folder


def opened(home: Path, secret: bytes) -> Catalog:
    home.mkdir()
    (home / "site-secret").write_bytes(secret)
    (home / "site-secret").chmod(0o600)
    return open_catalog(Settings(home=home))


def rows(catalog: Catalog) -> list[tuple[object, ...]]:
    with catalog.read() as connection:
        return [
            (
                clip.code,
                clip.subject,
                clip.state,
                clip.pack_sha256,
                clip.mask,
                frames_of(connection, clip.code),
            )
            for clip in all_clips(connection)
        ]


def take(catalog: Catalog, inbox: Path, **options: Any) -> IngestReport:
    return ingest(catalog, [inbox], "01", policy="none", **options)


def test_a_cluster_gives_the_same_catalog_as_processes(cluster: Any, inbox: Path, tmp_path: Path) -> None:
    secret, found, reports = os.urandom(32), [], []
    for name, options in (("one", {"workers": 2}), ("two", {"cluster": cluster.scheduler_address})):
        catalog = opened(tmp_path / name, secret)
        reports.append(take(catalog, inbox, **options).to_json())
        found.append(rows(catalog))
        assert fsck(catalog).is_clean
        catalog.close()
    assert len(found[0]) == N_CLIPS
    assert found[0] == found[1]
    assert reports[0] == reports[1]
    assert [w["reason"][:15] for w in reports[0]["withheld"]] == ["E_NOT_RECORDING"]


def test_a_worker_that_is_killed_costs_nothing(cluster: Any, inbox: Path, tmp_path: Path) -> None:
    catalog = opened(tmp_path / "home", os.urandom(32))
    killed = []

    def kill_one(n_done: int, n_sources: int, label: str) -> None:
        if not killed:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    report = take(catalog, inbox, cluster=cluster.scheduler_address, progress=kill_one)
    assert killed
    assert (len(report.codes), len(report.withheld)) == (N_CLIPS, 1)
    assert fsck(catalog).is_clean
    assert list((tmp_path / "home" / "pending").glob("*")) == []
    assert take(catalog, inbox, cluster=cluster.scheduler_address).known == N_CLIPS
    catalog.close()


def test_a_thing_that_kills_its_reader_is_refused_and_the_rest_go_on(cluster: Any) -> None:
    with Workers(0, cluster.scheduler_address) as pool:
        done = dict(pool.map(_die_of_three, range(6)))
    assert {thing: result for thing, result in done.items() if thing != 3} == {0: 0, 1: 1, 2: 4, 4: 16, 5: 25}
    assert done[3].code == "E_DECODER_DIED"


def test_a_worker_of_a_cluster_reads_in_a_cage(cluster: Any) -> None:
    with Workers(0, cluster.scheduler_address) as pool:
        ((_, grabbed),) = pool.map(grab, [0])
        ((_, reached),) = pool.map(reach, [0])
        parents = {pid for _, pid in pool.map(_parent, range(4))}
    assert grabbed.code == "E_LIMIT_MEM"
    assert reached in ("no network", "not allowed to shut it")
    assert parents <= {worker.process.pid for worker in cluster.workers.values()}


def test_what_is_sent_to_a_worker_cannot_open_the_vault(tmp_path: Path, monkeypatch: Any) -> None:
    catalog = opened(tmp_path / "home", os.urandom(32))
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(2))
    sent = []

    def see(_: Workers, fn: Any, things: Any) -> Iterator[Any]:
        for thing in things:
            sent.append(pickle.dumps((fn, thing)))
            yield thing, fn(thing)

    monkeypatch.setattr(Workers, "map", see)
    ingest(catalog, [path], "01", workers=1, policy="none", isolated=False)
    keys = derive_keys(site_secret(tmp_path / "home"))
    assert len(sent) == 3
    assert any(keys.code in data for data in sent)
    assert not any(keys.vault in data or site_secret(tmp_path / "home") in data for data in sent)
    catalog.close()


def _parent(_: int) -> int:
    return os.getppid()


def _die_of_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number * number
