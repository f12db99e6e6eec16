"""Map over sources with workers that may die: a decoder that crashes costs one file, not the batch.

A worker that is ended from outside, as when a machine shuts down, says nothing about what it was reading: the
run ends then, and that recording is left to the next one.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from unisono.base.errors import CatalogError, IngestError
from unisono.base.work import Processes, executor, slots
from unisono.ingest.children import Caged, cage, job_of
from unisono.ingest.enclosed import ENDED, Enclosed, death

A = TypeVar("A")
R = TypeVar("R")
AHEAD = 16


@dataclass(frozen=True, slots=True)
class _Call(Generic[A, R]):
    """A thing that is worked on, and where."""

    thing: A
    future: "Future[R]"
    pool: Executor
    number: int


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
        self._under_way: set[Future[Any]] = set()
        self._numbers = count()
        self._out_of_time: set[int] = set()

    def __enter__(self) -> Self:
        self._notes = Path(self._stack.enter_context(TemporaryDirectory(prefix="unisono-")))
        start = partial(cage, self._notes)
        opened = executor(self._workers, self._cluster, apart=self._isolated, start=start)
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
        window: deque[_Call[A, R]] = deque()
        ahead = max(AHEAD, 2 * self.slots)
        for thing in things:
            window.append(self._submit(fn, thing))
            if len(window) >= ahead:
                first = window.popleft()
                settled = self._settled(fn, first)
                yield first.thing, settled
        while window:
            first = window.popleft()
            settled = self._settled(fn, first)
            yield first.thing, settled

    def _settled(self, fn: Callable[[A], R], call: "_Call[A, R]") -> R | IngestError:
        if isinstance(call.future.exception(), BrokenExecutor):
            self._mend(call.pool)
            if call.number in self._out_of_time:
                return death({-signal.SIGXCPU})
            # It may have died of another's crash: once more, alone.
            wait(tuple(self._under_way))
            call = self._submit(fn, call.thing)
        error = call.future.exception()
        if error is None:
            return call.future.result()
        if isinstance(error, IngestError):
            return error
        if isinstance(error, BrokenExecutor):
            return death(self._mend(call.pool))
        if isinstance(error, InterruptedError) or not isinstance(error, Exception):
            raise _ended()
        return IngestError("E_DECODER_DIED", f"reading it failed unforeseen ({type(error).__name__})")

    def _mend(self, broken: Executor) -> set[int]:
        """Put a fresh pool in the place of one that broke, and return what its workers ended with."""
        exits = broken.exits() if isinstance(broken, Processes) else {}
        codes = set(exits.values())
        if codes and codes <= ENDED:
            raise _ended()
        if broken is self._pool:
            slow = [process for process, code in exits.items() if code == -signal.SIGXCPU]
            self._out_of_time |= {n for n in (job_of(self._notes, p) for p in slow) if n is not None}
            self._reopen()
        return codes

    def _submit(self, fn: Callable[[A], R], thing: A) -> "_Call[A, R]":
        number = next(self._numbers)
        task = fn if not self._isolated else Enclosed(fn) if self._cluster else Caged(fn, number)
        try:
            future = self._pool.submit(task, thing)
        except BrokenExecutor:
            self._mend(self._pool)
            future = self._pool.submit(task, thing)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return _Call(thing, future, self._pool, number)

    def _reopen(self) -> None:
        self._stack.close()
        self.__enter__()


def _ended() -> CatalogError:
    return CatalogError("the workers were ended from outside; what is not in waits for the next run")
