"""Processes and what came of them, by Linux's own list."""

import os
import signal
import time
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see processes")


def is_alive(process: int) -> bool:
    """Return whether a process is there and no zombie."""
    return _stat(process)[0] not in ("", "Z")


def descendants(process: int) -> list[int]:
    """Return the processes that a process started, and those that they did."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    children = [number for number in numbers if _stat(number)[1] == str(process)]
    return children + [deeper for child in children for deeper in descendants(child)]


def left_of(family: list[int], within_s: float = 20.0) -> list[int]:
    """Return who of a family is alive after some time; they are killed then."""
    until = time.monotonic() + within_s
    while any(map(is_alive, family)) and time.monotonic() < until:
        time.sleep(0.05)
    left = [process for process in family if is_alive(process)]
    for process in left:
        os.kill(process, signal.SIGKILL)
    return left


def _stat(process: int) -> tuple[str, str]:
    try:
        state, parent, *_ = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return "", ""
    return state, parent
