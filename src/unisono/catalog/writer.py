"""The one writer: many small saves, each durable, that share their disk flush.

SQLite flushes at every commit and lets one connection write at a time; with a commit a save, eight writers
poll for the lock and the slowest waits for seconds. Here one thread owns the only write connection, takes
whatever is waiting (up to `BATCH`), runs each job in a savepoint of its own and commits once. A save is
answered after that commit. PostgreSQL groups commits itself and gets a transaction a job.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from unisono.base.errors import CatalogError

R = TypeVar("R")
BATCH = 256
"""Saves that may share a commit; bounds how long the first of them waits."""


class Writer(Protocol):
    """Something that runs a job in a transaction and resolves after its commit."""

    def submit(self, job: Callable[[sa.Connection], R]) -> "Future[R]":
        """Queue a job; the future resolves once its changes are durable, or with what it raised."""

    def close(self) -> None:
        """Finish what is queued, then stop."""


@dataclass(frozen=True, slots=True)
class _Job:
    run: Callable[[sa.Connection], Any]
    future: "Future[Any]"


class GroupCommitWriter:
    """One thread, one connection, one commit for all that waits; for SQLite."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="catalog-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[sa.Connection], R]) -> "Future[R]":
        """Queue a job.

        Raises
        ------
        CatalogError
            If the writer was closed.
        """
        future: Future[R] = Future()
        with self._lock:
            if self._closed:
                raise CatalogError("the catalog is closed; nothing was written")
            self._jobs.put(_Job(job, future))
        return future

    def close(self) -> None:
        """Finish what is queued, then stop the thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch, last = [first], False
            while len(batch) < BATCH and not last:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    last = True
                else:
                    batch.append(job)
            self._commit([j for j in batch if j.future.set_running_or_notify_cancel()])
            if last:
                return

    def _commit(self, batch: list[_Job]) -> None:
        done: list[tuple[_Job, Any]] = []
        try:
            with self._engine.connect() as connection, connection.begin():
                for job in batch:
                    _run_one(connection, job, done)
        except (sa.exc.SQLAlchemyError, OSError) as error:  # the commit itself: disk full, lock lost
            for job in batch:
                if not job.future.done():
                    job.future.set_exception(error)
            return
        for job, value in done:
            job.future.set_result(value)


def _run_one(connection: sa.Connection, job: _Job, done: list[tuple[_Job, Any]]) -> None:
    try:
        with connection.begin_nested():
            value = job.run(connection)
    except Exception as error:  # noqa: BLE001  # the job's own error goes to who asked; the rest goes on
        job.future.set_exception(error)
    else:
        done.append((job, value))


class PooledWriter:
    """A transaction a job, several at once; for a server that groups commits itself."""

    def __init__(self, engine: sa.Engine, threads: int = 8) -> None:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # not needed on SQLite

        self._engine = engine
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="catalog-writer")

    def submit(self, job: Callable[[sa.Connection], R]) -> "Future[R]":
        """Queue a job."""
        return self._pool.submit(self._run, job)

    def close(self) -> None:
        """Finish what is queued, then stop the threads."""
        self._pool.shutdown(wait=True)

    def _run(self, job: Callable[[sa.Connection], R]) -> R:
        with self._engine.begin() as connection:
            return job(connection)
