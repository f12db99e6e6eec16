"""What came over the web is taken in by a process beside the server, so that no expert's save waits."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TypeVar

from unisono.annotate.run import Catalog, open_catalog
from unisono.base.errors import CatalogError, UnisonoError
from unisono.base.orphans import end_with_pool
from unisono.base.settings import Settings
from unisono.ingest.doors.drain import Drained, drain, settle
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.reports.report import IngestReport, Withheld
from unisono.ingest.run import ingest
from unisono.ingest.run.doorway import Doorway

R = TypeVar("R")
NICE = 10
BUSY_WAIT_S = 5.0
TELL_EVERY_S = 0.5
PROGRESS = ".progress"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one upload came to: the figures, and for each file (its path inside) why it was withheld."""

    figures: Drained
    files: tuple[tuple[str, tuple[Withheld, ...]], ...]


@dataclass
class Intake:
    """One process for all that arrives over the web.

    Parameters
    ----------
    catalog : Catalog
        Whose settings the process opens a catalog of its own by.
    pool : concurrent.futures.ProcessPoolExecutor, optional
        The process; started at the first work.
    ending : multiprocessing.synchronize.Event
        Set when the server ends: the process finishes the clip at hand and leaves the rest in the inbox.
    waiting : set of str
        Dataset classes whose inbox is to be emptied.
    tasks : set of asyncio.Task
        Kept here for as long as they run.
    """

    catalog: Catalog
    pool: ProcessPoolExecutor | None = None
    ending: Event = field(default_factory=get_context("spawn").Event)
    waiting: set[str] = field(default_factory=set)
    tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    def drain_soon(self, dataset_class: str) -> None:
        """Empty an inbox; asking again while that waits to begin changes nothing."""
        if dataset_class not in self.waiting:
            self.waiting.add(dataset_class)
            task = asyncio.get_running_loop().create_task(self._drain(dataset_class))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def take(self, folder: Path, dataset_class: str, origin: str, licence: str) -> Taken:
        """Take in an upload's folder, and delete it."""
        job = partial(take_upload, self.catalog.settings, folder, dataset_class, origin, licence)
        return await self._aside(job)

    async def _drain(self, dataset_class: str) -> None:
        is_busy = True
        while is_busy:
            self.waiting.discard(dataset_class)  # what comes from now on asks again
            job = partial(drain_inbox, self.catalog.settings, dataset_class)
            try:
                found = await self._aside(job)
            except UnisonoError:
                return  # what waits is taken at the next delivery, when the site is mended
            is_busy = found.is_busy
            if is_busy:
                await asyncio.sleep(BUSY_WAIT_S)

    async def _aside(self, job: Callable[[], R]) -> R:
        if self.pool is None:
            self.pool = _process(self.ending)
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, job)
        except BrokenExecutor:
            self.pool = None
            raise CatalogError("the process that takes recordings in died; try again") from None

    def close(self) -> None:
        """End the process, dropping what has not begun: it waits in the inbox."""
        self.ending.set()
        for task in self.tasks:
            task.cancel()
        if self.pool is not None:
            self.pool.shutdown(wait=True, cancel_futures=True)


def drain_inbox(settings: Settings, dataset_class: str) -> Drained:
    """Empty one inbox; runs in the process beside the server."""
    catalog = open_catalog(settings)
    try:
        door = Doorway(catalog, "stow", dataset_class, is_ending=_TOLD.is_ending)
        return drain(Inbox(settings.home, dataset_class), door, _TOLD.is_ending)
    finally:
        catalog.close()


def take_upload(settings: Settings, folder: Path, dataset_class: str, origin: str, licence: str) -> Taken:
    """Take in an upload's folder, and delete it; runs in the process beside the server.

    Raises
    ------
    CatalogError
        If another run is taking recordings in; the folder stays.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    catalog = open_catalog(settings)
    try:
        report = _ingest(catalog, dataset_class, origin, licence, folder, [folder])
    finally:
        catalog.close()
    settled = settle(settings.home, folder, files, report)
    shutil.rmtree(folder)
    rows = tuple((p.relative_to(folder).as_posix(), tuple(why)) for p, why in settled)
    return Taken(Drained.of(report), rows)


def progress_of(folder: Path) -> tuple[int, int]:
    """Return how many recordings of an upload are settled, of how many; zeros when it has not begun."""
    try:
        done, total = json.loads(progress_path(folder).read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return 0, 0
    return int(done), int(total)


def progress_path(folder: Path) -> Path:
    """Return where an upload's progress is told: beside its folder, which holds recordings only."""
    return folder.with_name(folder.name + PROGRESS)


def _ingest(
    catalog: Catalog, dataset_class: str, origin: str, licence: str, told: Path | None, paths: Sequence[Path]
) -> IngestReport:
    settings = catalog.settings
    return ingest(
        catalog,
        paths,
        dataset_class,
        workers=settings.workers,
        cluster=settings.cluster,
        origin=origin,
        licence=licence,
        progress=_Tick(told) if told else None,
    )


class _Tick:
    def __init__(self, folder: Path) -> None:
        self._path, self._next_s = progress_path(folder), 0.0

    def __call__(self, done: int, total: int, _label: str) -> None:
        if time.monotonic() < self._next_s and done < total:
            return
        self._next_s = time.monotonic() + TELL_EVERY_S
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps([done, total]), encoding="ascii")
        draft.replace(self._path)


@dataclass
class _Told:
    """Whether the server ends, as the process beside it sees it."""

    is_ending: Callable[[], bool] = lambda: False


_TOLD = _Told()


def _process(ending: Event) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=_step_back, initargs=(ending,))


def _step_back(ending: Event) -> None:
    end_with_pool()
    _TOLD.is_ending = ending.is_set
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    os.nice(NICE)
