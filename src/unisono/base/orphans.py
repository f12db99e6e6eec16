"""No process outlives the one that started it for its sake, however that one ends.

A parent that is killed can say nothing. Linux tells its children by a signal, which reaches them inside of
any library; elsewhere a thread of theirs watches a pipe, which has to wait for the interpreter.

Source: PR_SET_PDEATHSIG(2const). The signal comes when the *thread* ends that started the child.
"""

import ctypes
import os
import signal
import sys
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread

_PR_SET_PDEATHSIG = 1


def end_with(parent: int, by: int = signal.SIGKILL) -> None:
    """Let the present process end with its parent, and end it now when that one is gone already.

    Parameters
    ----------
    parent : int
        The process that started this one.
    by : int, default=SIGKILL
        The signal on Linux; elsewhere nothing follows but the look at once.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:
        os._exit(1)


def end_with_pool() -> None:
    """Let a worker process end with the process that opened its pool; does nothing in any other."""
    parent = parent_process()
    if parent is not None and parent.pid is not None:
        end_with(parent.pid)
        Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
