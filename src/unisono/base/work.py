"""One way to run a function over many things: here, in processes, or on a Dask cluster.

Every backend is a `concurrent.futures.Executor`, so the code that maps is the same at every size. Send
batches, not single files: a Dask task costs 2 to 4 ms, a process-pool task 0.1 ms.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

from unisono.base.errors import SettingsError

A = TypeVar("A")
R = TypeVar("R")


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


def _one_thread() -> None:
    # Two BLAS threads a process on a shared box spin against each other: 10 to 200 times slower.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def _follow_parent() -> None:
    # A parent that is killed cannot say so, and a worker waits for its next task for good.
    parent = parent_process()
    if parent is not None:
        Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _start_worker(start: Callable[[], None]) -> None:
    _one_thread()
    start()
    _follow_parent()


def _nothing() -> None: ...


@contextmanager
def executor(
    workers: int = 0, cluster: str = "", *, apart: bool = False, start: Callable[[], None] = _nothing
) -> Iterator[Executor]:
    """Open the backend that the settings name.

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
        If a cluster is named and the extra ``cluster`` is not installed.
    """
    if cluster:
        try:
            from distributed import Client  # noqa: PLC0415  # optional and slow to import
        except ImportError:
            raise SettingsError("--cluster needs: pip install 'unisono[cluster]'") from None
        connect: Any = Client  # typed or not, as the extra is installed or not
        with connect(cluster) as client:
            # pure=False, or Dask merges calls with equal arguments into one.
            yield client.get_executor(pure=False)
        return
    count = workers or os.cpu_count() or 1
    if count == 1 and not apart:
        yield Inline()
        return
    spawn = get_context("spawn")
    with ProcessPoolExecutor(count, spawn, initializer=_start_worker, initargs=(start,)) as pool:
        yield pool


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
