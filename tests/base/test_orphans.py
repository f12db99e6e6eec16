"""Whoever is killed takes the processes along that were started for its sake."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.families import descendants, is_alive, left_of, needs_proc
from unisono.base.orphans import end_with, end_with_pool
from unisono.base.work import executor
from unisono.ingest.children import cage
from unisono.ingest.enclosed import Enclosed, dismiss
from unisono.ingest.workers import Workers

ROOT = Path(__file__).parents[2]
N_JOBS = 2
POOL = """
import sys
from pathlib import Path
from tests.base.test_orphans import hang
from unisono.ingest.workers import Workers

if __name__ == "__main__":
    with Workers(2, "") as pool:
        list(pool.map(hang, [Path(sys.argv[1]) / str(n) for n in range(2)]))
"""
ENCLOSED = """
import sys
from pathlib import Path
from threading import Thread
from tests.base.test_orphans import hang
from unisono.ingest.enclosed import Enclosed

for number in range(2):
    Thread(target=Enclosed(hang), args=[Path(sys.argv[1]) / str(number)]).start()
"""
INTAKE = """
import asyncio, sys
from pathlib import Path
from types import SimpleNamespace
from tests.base.test_orphans import touch
from unisono.web.intake import Intake

async def main():
    intake = Intake(SimpleNamespace())
    await intake._aside(touch)
    for number in range(2):
        (Path(sys.argv[1]) / str(number)).touch()
    await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


@needs_proc
@pytest.mark.parametrize("script", [POOL, ENCLOSED, INTAKE], ids=["pool", "enclosed", "intake"])
def test_who_is_killed_takes_all_along_whatever_they_are_at(script: str, tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(script)
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, str(tmp_path / "parent.py"), str(tmp_path)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as parent:
        until = time.monotonic() + 60
        while not all((tmp_path / str(n)).exists() for n in range(N_JOBS)) and time.monotonic() < until:
            time.sleep(0.05)
        family = descendants(parent.pid)
        parent.send_signal(signal.SIGKILL)
    assert len(family) >= 1
    assert left_of(family) == []


@needs_proc
def test_the_signal_stands_in_a_cage_too() -> None:
    with Workers(1, "") as pool:
        assert next(iter(pool.map(_signal_of_death, [0]))) == (0, signal.SIGKILL)
    with executor(2, start=cage) as plain:
        assert plain.submit(_signal_of_death, 0).result() == signal.SIGKILL


@needs_proc
def test_who_finds_the_parent_gone_ends_at_once() -> None:
    pid = os.fork()
    if not pid:
        end_with(os.getpid())  # never one's own parent
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def test_a_process_without_a_pool_stays() -> None:
    n_threads = threading.active_count()
    end_with_pool()
    assert threading.active_count() == n_threads


@needs_proc
def test_a_thread_that_ends_costs_no_other_call_its_job() -> None:
    pids: list[int] = []
    starter = threading.Thread(target=lambda: pids.append(Enclosed(_pid)(0)))
    starter.start()
    starter.join()
    until = time.monotonic() + 20
    while is_alive(pids[0]) and time.monotonic() < until:
        time.sleep(0.05)
    try:
        assert Enclosed(_pid)(0) != pids[0]
    finally:
        dismiss()


def hang(mark: Path) -> None:
    """Do what no thread of the interpreter can interrupt."""
    mark.touch()
    re.match(r"(a+)+$", "a" * 64 + "b")


def touch() -> None:
    """Do nothing."""


def _signal_of_death(_: int) -> int:
    number = ctypes.c_int()
    ctypes.CDLL(None).prctl(2, ctypes.byref(number))  # PR_GET_PDEATHSIG
    return number.value


def _pid(_: int) -> int:
    return os.getpid()
