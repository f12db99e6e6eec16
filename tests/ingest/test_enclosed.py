"""A job in a child of its own: as caged as in a pool, and its death is told by what it was."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.test_children import grab, niceness, reach
from unisono.base.errors import IngestError
from unisono.ingest.children import POLITE
from unisono.ingest.enclosed import Enclosed, dismiss


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    dismiss()


def test_results_and_errors_come_back_and_the_child_is_kept() -> None:
    first, second = Enclosed(_pid)(0), Enclosed(_pid)(1)
    assert first == second != os.getpid()
    with pytest.raises(IngestError, match="five"):
        Enclosed(_refuse)("five")
    with pytest.raises(IngestError, match=r"E_DECODER_DIED.*\(ZeroDivisionError\)") as caught:
        Enclosed(_divide)(0)
    assert "CANARY" not in str(caught.value)
    assert Enclosed(_pid)(2) == first


def test_a_child_that_dies_costs_its_job_alone() -> None:
    with pytest.raises(IngestError, match="E_DECODER_DIED"):
        Enclosed(_die_by)(signal.SIGKILL)
    with pytest.raises(IngestError, match="E_LIMIT_TIME"):
        Enclosed(_die_by)(signal.SIGXCPU)
    assert Enclosed(_divide)(2) == 5


def test_a_job_that_is_ended_from_outside_is_tried_once_more_and_never_blamed(tmp_path: Path) -> None:
    assert Enclosed(_die_once)(tmp_path / "there") == "second time"
    with pytest.raises(InterruptedError):
        Enclosed(_die_by)(signal.SIGTERM)


def test_it_has_little_memory_low_priority_and_no_network() -> None:
    with pytest.raises(IngestError, match="E_LIMIT_MEM"):
        Enclosed(grab)(0)
    assert Enclosed(reach)(0) in ("no network", "not allowed to shut it")
    assert Enclosed(niceness)(0) == min(19, os.nice(0) + POLITE)


def test_a_child_at_work_ends_with_whoever_asked(tmp_path: Path) -> None:
    pid = os.fork()
    if not pid:
        Enclosed(_wait)(tmp_path / "pid")
        os._exit(0)
    until = time.monotonic() + 30
    while not (tmp_path / "pid").exists() and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    child = int((tmp_path / "pid").read_text())
    while _is_there(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_there(child)


def _pid(_: int) -> int:
    return os.getpid()


def _refuse(why: str) -> None:
    raise IngestError("E_NO_MASK", why)


def _divide(number: int) -> int:
    try:
        return 10 // number
    except ZeroDivisionError:
        raise ZeroDivisionError("CANARY DOE") from None


def _die_by(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(10)


def _die_once(mark: Path) -> str:
    if mark.exists():
        return "second time"
    mark.touch()
    os.kill(os.getpid(), signal.SIGTERM)
    return "never"


def _wait(mark: Path) -> None:
    mark.with_suffix(".tmp").write_text(str(os.getpid()))
    mark.with_suffix(".tmp").replace(mark)
    time.sleep(60)


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
