"""The cage of a decoder: a child process with little memory, little time, no network and low priority.

Source: setrlimit(2), unshare(2). Address space is what Linux can limit; resident memory it cannot.
"""

import ctypes
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS, MIB

A = TypeVar("A")
R = TypeVar("R")
POLITE = 5
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


def cage() -> None:
    """Shut the present process in; called once, when a worker starts."""
    os.nice(POLITE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _address_space_bytes() + LIMITS.child_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    _leave_network()


def still_alive() -> None:
    """Give the present process its full time again, as one that gets on with its work.

    Does nothing outside of a cage.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_CPU, (_cpu_s() + LIMITS.child_cpu_s, hard))


@dataclass(frozen=True, slots=True)
class Caged(Generic[A, R]):
    """A function that may take `LIMITS.child_cpu_s` of CPU time before its process is ended."""

    fn: Callable[[A], R]

    def __call__(self, thing: A) -> R:
        """Run it.

        Raises
        ------
        IngestError
            ``E_LIMIT_MEM`` if it asks for more memory than a decoder gets.
        """
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (_cpu_s() + LIMITS.child_cpu_s, hard))
        try:
            return self.fn(thing)
        except MemoryError:
            raise IngestError(
                "E_LIMIT_MEM", f"reading it takes more than {LIMITS.child_bytes // MIB} MiB of memory"
            ) from None
        finally:
            resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


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
