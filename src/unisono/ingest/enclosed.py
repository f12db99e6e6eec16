"""A cage inside the worker of a cluster: its jobs are done by a caged child that it keeps.

The workers of Dask are daemons of `multiprocessing`, which may not have children by it; a plain child on two
pipes they may. A job runs alone in its child, so a child that dies has died of that job.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from unisono.base.errors import IngestError
from unisono.base.orphans import end_with
from unisono.base.work import ONE_THREAD, uninterrupted
from unisono.ingest.children import Caged, cage
from unisono.ingest.limits import LIMITS

A = TypeVar("A")
R = TypeVar("R")
ENDED = frozenset({-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP})
"""Exit codes of a process that somebody ended; no decoder dies so."""
_END_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Enclosed(Generic[A, R]):
    """A function that runs in a caged child of the process that calls it.

    Children are kept for the next call, one for each call at the same time. `dismiss` ends those that are
    idle; all of them end with their parent. On Linux they end with the thread that started them, too, by a
    signal of `ENDED`: another call that is at work in one then goes on in the next.
    """

    fn: Callable[[A], R]

    def __call__(self, thing: A) -> R:
        """Run it.

        Raises
        ------
        IngestError
            ``E_DECODER_DIED``, ``E_LIMIT_TIME`` or ``E_LIMIT_MEM``, or what the function raises.
        InterruptedError
            If the child was ended from outside, twice.
        """
        for _ in range(2):
            child = _free_child()
            try:
                child.jobs.send((self.fn, thing))
                is_done, answer = child.done.recv()
            except (EOFError, BrokenPipeError, ConnectionResetError):
                code = child.end()
                if code not in ENDED:
                    raise death({code}) from None
            else:
                _IDLE.append(child)
                if is_done:
                    return answer  # type: ignore[no-any-return]  # what fn returned, over a pipe
                raise answer
        raise InterruptedError("the worker was ended from outside")


def death(codes: set[int]) -> IngestError:
    """Return the refusal of a recording whose worker ended with one of these codes."""
    if -signal.SIGXCPU in codes:
        return IngestError("E_LIMIT_TIME", f"a frame may take {LIMITS.child_cpu_s} s of CPU time to read")
    return IngestError("E_DECODER_DIED", "the process that read it died")


def dismiss() -> None:
    """End the children that have nothing to do."""
    while _IDLE:
        _IDLE.pop().end()


class _Child:
    """A caged process that takes one job after the other."""

    def __init__(self) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        numbers = map(str, (theirs_in, theirs_out, os.getpid()))
        command = [sys.executable, "-m", "unisono.ingest.enclosed", *numbers]
        with uninterrupted():
            self.process = subprocess.Popen(  # noqa: S603  # ourselves
                command,
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs_in, theirs_out),
                env=os.environ | ONE_THREAD,
            )
        os.close(theirs_in)
        os.close(theirs_out)
        self.jobs, self.done = Connection(ours_out, readable=False), Connection(ours_in, writable=False)
        self.jobs.send(sys.path)

    def end(self) -> int:
        """Let go of it, and return what it ended with."""
        self.jobs.close()
        self.done.close()
        try:
            return self.process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


_IDLE: list[_Child] = []


def _free_child() -> _Child:
    while _IDLE:
        child = _IDLE.pop()
        if child.process.poll() is None:
            return child
        child.end()
    return _Child()


def main() -> None:
    """Take jobs from one pipe and answer on another, until the first is closed."""
    *pipes, parent = map(int, sys.argv[1:])
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with(parent, signal.SIGTERM)
    jobs, done = (Connection(number) for number in pipes)
    sys.path[:] = jobs.recv()
    cage()
    waiting: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(jobs, waiting), daemon=True).start()
    while True:
        done.send(_answer(waiting.get()))


def _listen(jobs: Connection, waiting: "SimpleQueue[bytes]") -> None:
    try:
        while True:
            waiting.put(jobs.recv_bytes())
    except EOFError:
        os._exit(0)  # whoever asked is gone, and with him whoever would clear up after a job


def _answer(job: bytes) -> tuple[bool, Any]:
    try:
        fn, thing = ForkingPickler.loads(job)
        return True, Caged(fn)(thing)
    except IngestError as error:
        return False, error
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told by its kind alone
        message = f"reading it failed unforeseen ({type(error).__name__})"
        return False, IngestError("E_DECODER_DIED", message)


if __name__ == "__main__":
    main()
