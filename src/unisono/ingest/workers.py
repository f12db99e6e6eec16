"""Map over sources with workers that may die: a decoder that crashes costs one file, not the batch.

A worker that is ended from outside, as when a machine shuts down, says nothing about what it was reading: the
run ends then, and that recording is left to the next one.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeVar

from unisono.base.errors import CatalogError, IngestError
from unisono.base.work import Processes, executor, slots
from unisono.ingest.children import Caged, cage
from unisono.ingest.enclosed import ENDED, Enclosed, death

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
        Address of a Dask scheduler, or empty. Each of its workers keeps caged children of its own.
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
        self._stack.__exit__(kind, error, trace)

    @property
    def slots(self) -> int:
        """How many things are worked on at once, at this moment; a cluster may grow."""
        return slots(self._pool)

    def map(self, fn: Callable[[A], R], things: Iterable[A]) -> Iterator[tuple[A, R | IngestError]]:
        """Yield each thing, in order, with its result or the error that refuses it.

        Raises
        ------
        CatalogError
            If workers are ended from outside; what is not yielded by then is not done.
        """
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
            return self._death()
        if isinstance(error, InterruptedError) or not isinstance(error, Exception):
            raise _ended()
        return IngestError("E_DECODER_DIED", f"reading it failed unforeseen ({type(error).__name__})")

    def _death(self) -> IngestError:
        """Open the pool again, and return what its end says of the one thing that was in it."""
        codes = self._pool.exit_codes() if isinstance(self._pool, Processes) else set()
        self._reopen()
        if codes and codes <= ENDED:
            raise _ended()
        return death(codes)

    def _submit(self, fn: Callable[[A], R], thing: A) -> "Future[R]":
        task = fn if not self._isolated else Enclosed(fn) if self._cluster else Caged(fn)
        try:
            return self._pool.submit(task, thing)
        except BrokenExecutor:
            self._reopen()
            return self._pool.submit(task, thing)

    def _reopen(self) -> None:
        self._stack.close()
        self.__enter__()


def _ended() -> CatalogError:
    return CatalogError("the workers were ended from outside; what is not in waits for the next run")
