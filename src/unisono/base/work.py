"""One way to run a function over many things: here, in processes, or on a Dask cluster.

Every backend is a `concurrent.futures.Executor`, so the code that maps is the same at every size. Send
batches, not single files: a Dask task costs 2 to 4 ms, a process-pool task 0.1 ms.
"""

import os
import re
import signal
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from unisono.base.errors import SettingsError
from unisono.base.orphans import end_with_pool

CONNECT_S = 8.0
_SCHEDULER, _HIGHEST_PORT = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[^/:\s]+):([0-9]{1,5})"), 65_535
A = TypeVar("A")
R = TypeVar("R")
ONE_THREAD = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE",
}  # fmt: skip
"""Environment of a worker: two BLAS threads a process spin against each other, 10 to 200 times slower."""


class Inline(Executor):
    """Run each call at once in the caller's thread; for tests and for one worker."""

    def submit(self, fn: Callable[..., R], /, *args: object, **kwargs: object) -> "Future[R]":
        """Return a finished future with the result or the exception of the call."""
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # handed to the caller by future.result()
            future.set_exception(error)
        return future


def _start_worker(start: Callable[[], None]) -> None:
    end_with_pool()
    os.environ |= ONE_THREAD
    start()


def _nothing() -> None: ...


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Start processes that no Ctrl-C reaches: a child inherits the mask of the thread that starts it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Processes(ProcessPoolExecutor):
    """A pool of processes that can be ended at once, and that tells what ended its workers.

    Parameters
    ----------
    count : int
    start : callable
        Called in every process when it starts.
    """

    def __init__(self, count: int, start: Callable[[], None]) -> None:
        super().__init__(count, get_context("spawn"), initializer=_start_worker, initargs=(start,))
        self._all = self._processes  # the pool lets go of it when it is shut down

    def submit(self, fn: Callable[..., R], /, *args: object, **kwargs: object) -> "Future[R]":
        """Return the future of a call; a worker that is started for it knows no Ctrl-C."""
        with uninterrupted():
            return super().submit(fn, *args, **kwargs)

    def end(self) -> None:
        """End all workers at once, whatever they are at."""
        for process in list(self._all.values()):
            process.terminate()
        self.shutdown(cancel_futures=True)

    def exit_codes(self) -> set[int]:
        """Return what the workers of a pool that broke ended with; negative for a signal."""
        return set(self.exits().values())

    def exits(self) -> dict[int, int]:
        """Return the exit code of each worker of a pool that broke, by process id."""
        self.shutdown(cancel_futures=True)
        return {number: p.exitcode for number, p in list(self._all.items()) if p.exitcode is not None}


@contextmanager
def executor(
    workers: int = 0, cluster: str = "", *, apart: bool = False, start: Callable[[], None] = _nothing
) -> Iterator[Executor]:
    """Open the backend that the settings name; an exception that leaves the block ends its processes at once.

    Parameters
    ----------
    workers : int, default=0
        Processes to use; 0 means one for each core, 1 means this process itself.
    cluster : str, optional
        Address of a Dask scheduler, ``tcp://host:port``; wins over ``workers``.
    apart : bool, default=False
        Never run in this process, not even with one worker.
    start : callable, optional
        Called in every process of ours when it starts.

    Yields
    ------
    concurrent.futures.Executor

    Raises
    ------
    SettingsError
        If a cluster is named and the extra ``cluster`` is not installed, the address is none, or no scheduler
        answers there.
    """
    if cluster:
        try:
            from distributed import Client  # noqa: PLC0415  # optional and slow to import
        except ImportError:
            raise SettingsError("--cluster needs: pip install 'unisono[cluster]'") from None
        connect: Any = Client  # typed or not, as the extra is installed or not
        with _connected(connect, cluster) as client:
            # pure=False, or Dask merges calls with equal arguments into one.
            yield client.get_executor(pure=False)
        return
    count = workers or os.cpu_count() or 1
    if count == 1 and not apart:
        yield Inline()
        return
    with Processes(count, start) as pool:
        try:
            yield pool
        except BaseException:
            pool.end()
            raise


def _connected(connect: Any, cluster: str) -> Any:  # noqa: ANN401  # Dask's client
    match = _SCHEDULER.fullmatch(cluster)
    if match is None or int(match[3]) > _HIGHEST_PORT:
        raise SettingsError(f"a Dask scheduler's address is tcp://host:port; got {cluster!r}")
    try:
        # A client that finds nobody, or somebody who is silent, waits long; a scheduler speaks first.
        with socket.create_connection((match[2].strip("[]"), int(match[3])), CONNECT_S) as probe:
            if match[1] == "tcp" and not probe.recv(1):
                raise ConnectionError
        return connect(cluster, timeout=CONNECT_S)
    except (OSError, ValueError, RuntimeError, MemoryError):  # the last when another protocol is spoken there
        raise SettingsError(f"no Dask scheduler answers at {cluster} within {CONNECT_S:.0f} s") from None


def slots(pool: Executor) -> int:
    """Return how many calls a backend works on at once, at this moment."""
    client = getattr(pool, "_client", None)  # distributed tells it to its client alone
    if client is not None:
        return sum(client.nthreads().values())
    return getattr(pool, "_max_workers", 1)


def stream(
    pool: Executor, fn: Callable[[A], R], things: Iterable[A], *, ahead: int = 16
) -> Iterator[tuple[A, "Future[R]"]]:
    """Yield each thing with its finished future, in order, keeping at most ``ahead`` in flight.

    A million futures at once kill any scheduler; a window does not.
    """
    window: deque[tuple[A, Future[R]]] = deque()
    for thing in things:
        window.append((thing, pool.submit(fn, thing)))
        if len(window) >= ahead:
            first, future = window.popleft()
            future.exception()
            yield first, future
    while window:
        first, future = window.popleft()
        future.exception()
        yield first, future
