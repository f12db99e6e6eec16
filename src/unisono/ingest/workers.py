"""Map over sources with workers that may die: a decoder that crashes costs one file, not the batch."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeVar

from unisono.base.errors import IngestError
from unisono.base.work import executor

A = TypeVar("A")
R = TypeVar("R")
AHEAD = 16


class Workers:
    """A pool that is opened again when one of its processes dies.

    Parameters
    ----------
    workers : int
        Processes; 0 for one a core, 1 for this process itself.
    cluster : str
        Address of a Dask scheduler, or empty.
    """

    def __init__(self, workers: int, cluster: str) -> None:
        self._workers, self._cluster = workers, cluster
        self._stack = ExitStack()
        self._pool: Executor

    def __enter__(self) -> Self:
        self._pool = self._stack.enter_context(executor(self._workers, self._cluster))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def map(self, fn: Callable[[A], R], things: Iterable[A]) -> Iterator[tuple[A, R | IngestError]]:
        """Yield each thing, in order, with its result or the error that refuses it."""
        window: deque[tuple[A, Future[R]]] = deque()
        for thing in things:
            window.append((thing, self._submit(fn, thing)))
            if len(window) >= AHEAD:
                first, future = window.popleft()
                settled = self._settled(fn, first, future)
                yield first, settled
        while window:
            first, future = window.popleft()
            settled = self._settled(fn, first, future)
            yield first, settled

    def _settled(self, fn: Callable[[A], R], thing: A, future: "Future[R]") -> R | IngestError:
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
        return IngestError("E_DECODER_DIED", f"reading it failed unforeseen ({type(error).__name__})")

    def _submit(self, fn: Callable[[A], R], thing: A) -> "Future[R]":
        try:
            return self._pool.submit(fn, thing)
        except BrokenExecutor:
            self._reopen()
            return self._pool.submit(fn, thing)

    def _reopen(self) -> None:
        self._stack.close()
        self.__enter__()
