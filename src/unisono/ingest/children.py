"""The cage of a decoder: a child process with little memory and time, no network, low priority and no voice.

Source: setrlimit(2), unshare(2). Address space is what Linux can limit; resident memory it cannot.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS, MIB

A = TypeVar("A")
R = TypeVar("R")
POLITE = 5
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


@dataclass(slots=True)
class _Job:
    """When the time of the present job is over, in seconds of CPU of this process, and where it is noted."""

    ends_s: int = sys.maxsize
    note: int | None = None


_JOB = _Job()


def cage(notes: Path | None = None) -> None:
    """Shut the present process in; called once, when a worker starts.

    Parameters
    ----------
    notes : pathlib.Path, optional
        A folder in which the process notes the number of its present job; see `job_of`.
    """
    if notes is not None:
        with suppress(OSError):  # without a note a job that died is tried once more
            _JOB.note = os.open(notes / str(os.getpid()), os.O_WRONLY | os.O_CREAT, 0o600)
    os.nice(POLITE)
    # Ctrl-C reaches every process of a terminal. Who started this one ends it; a recording is not to blame.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _address_space_bytes() + LIMITS.child_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    _leave_network()
    _fall_silent()


def still_alive() -> None:
    """Give the present process its full time for a frame again, as one that gets on with its work.

    Does nothing outside of a cage.

    Raises
    ------
    IngestError
        ``E_LIMIT_TIME`` when the job as a whole has had its time.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft == resource.RLIM_INFINITY:
        return
    used_s = _cpu_s()
    if used_s >= _JOB.ends_s:
        raise IngestError("E_LIMIT_TIME", f"a clip may take {LIMITS.clip_cpu_s} s of CPU time to read")
    resource.setrlimit(resource.RLIMIT_CPU, (used_s + LIMITS.child_cpu_s, hard))


@dataclass(frozen=True, slots=True)
class Caged(Generic[A, R]):
    """A function that may take `LIMITS.child_cpu_s` of CPU time before its process is ended.

    `still_alive` gives it the same again, up to `LIMITS.clip_cpu_s` in all. Its ``number`` is noted.
    """

    fn: Callable[[A], R]
    number: int = 0

    def __call__(self, thing: A) -> R:
        """Run it.

        Raises
        ------
        IngestError
            ``E_LIMIT_MEM`` if it asks for more memory than a decoder gets.
        """
        if _JOB.note is not None:
            with suppress(OSError):
                os.pwrite(_JOB.note, b"%20d" % self.number, 0)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        used_s = _cpu_s()
        _JOB.ends_s = used_s + LIMITS.clip_cpu_s
        resource.setrlimit(resource.RLIMIT_CPU, (used_s + LIMITS.child_cpu_s, hard))
        try:
            return self.fn(thing)
        except MemoryError:
            raise IngestError(
                "E_LIMIT_MEM", f"reading it takes more than {LIMITS.child_bytes // MIB} MiB of memory"
            ) from None
        finally:
            resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


def job_of(notes: Path, process: int) -> int | None:
    """Return the number of the job that a process of `cage` was at last; None when it is not known."""
    try:
        return int((notes / str(process)).read_bytes())
    except (OSError, ValueError):
        return None


def _cpu_s() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return int(used.ru_utime + used.ru_stime) + 1


def _address_space_bytes() -> int:
    if not sys.platform.startswith("linux"):
        return 0
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # not a file of ours
        return int(file.read().split()[0]) * resource.getpagesize()


def _leave_network() -> None:
    # Where the kernel forbids it (containers without the right) the other walls stand.
    if sys.platform.startswith("linux"):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_NEW_NET) != 0:
            libc.unshare(_NEW_USER | _NEW_NET)


def _fall_silent() -> None:
    # Libraries of C print what a file says: libpng quotes the name of a profile, which may be a patient's.
    # The interpreter's own lines on a fatal fault go the same way. What a worker has to tell, it returns.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
