"""Map over sources with workers that may die: a decoder that crashes costs one file, not the batch."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeVar

from unisono.base.errors import IngestError
from unisono.base.work import executor, slots
from unisono.ingest.children import Caged, cage
from unisono.ingest.limits import LIMITS

A = TypeVar("A")
R = TypeVar("R")
AHEAD = 16


class Workers:
    """A pool of caged processes that is opened again when one of them dies.

    Parameters
    ----------
    workers : int
        Processes; 0 for one a core.
    cluster : str
        Address of a Dask scheduler, or empty; its workers have the limits of their own site.
    isolated : bool, default=True
        In processes even if it is one; else one worker is this process itself.
    """

    def __init__(self, workers: int, cluster: str, *, isolated: bool = True) -> None:
        self._workers, self._cluster, self._isolated = workers, cluster, isolated
        self._stack = ExitStack()
        self._pool: Executor

    def __enter__(self) -> Self:
        opened = executor(self._workers, self._cluster, apart=self._isolated, start=cage)
        self._pool = self._stack.enter_context(opened)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def slots(self) -> int:
        """How many things are worked on at once, at this moment; a cluster may grow."""
        return slots(self._pool)

    def map(self, fn: Callable[[A], R], things: Iterable[A]) -> Iterator[tuple[A, R | IngestError]]:
        """Yield each thing, in order, with its result or the error that refuses it."""
        window: deque[tuple[A, Future[R]]] = deque()
        ahead = max(AHEAD, 2 * self.slots)
        for thing in things:
            window.append((thing, self._submit(fn, thing)))
            if len(window) >= ahead:
                first, future = window.popleft()
                settled = self._settled(fn, first, future)
                yield first, settled
        while window:
            first, future = window.popleft()
            settled = self._settled(fn, first, future)
            yield first, settled

    def _settled(self, fn: Callable[[A], R], thing: A, future: "Future[R]") -> R | IngestError:
        began_s = time.monotonic()
        if isinstance(future.exception(), BrokenExecutor):
            # It may have died of another's crash: once more, alone in a fresh pool.
            self._reopen()
            future = self._submit(fn, thing)
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, IngestError):
            return error
        if isinstance(error, BrokenExecutor):
            self._reopen()
            if time.monotonic() - began_s >= LIMITS.child_cpu_s:
                return IngestError("E_LIMIT_TIME", f"a frame takes more than {LIMITS.child_cpu_s} s to read")
        return IngestError("E_DECODER_DIED", f"reading it failed unforeseen ({type(error).__name__})")

    def _submit(self, fn: Callable[[A], R], thing: A) -> "Future[R]":
        task = Caged(fn) if self._isolated and not self._cluster else fn
        try:
            return self._pool.submit(task, thing)
        except BrokenExecutor:
            self._reopen()
            return self._pool.submit(task, thing)

    def _reopen(self) -> None:
        self._stack.close()
        self.__enter__()
