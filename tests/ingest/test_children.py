"""A decoder sits in a cage: little memory, low priority, no network, and time only while it gets on."""

import faulthandler
import os
import resource
import socket
import time

import pytest

from unisono.base.errors import IngestError
from unisono.ingest.children import Caged, still_alive
from unisono.ingest.limits import LIMITS, Limits
from unisono.ingest.workers import Workers


def test_a_worker_has_little_memory_low_priority_and_no_network() -> None:
    with Workers(1, "") as pool:
        (_, grabbed), (_, nice), (_, reached) = (
            next(iter(pool.map(fn, [0]))) for fn in (grab, niceness, reach)
        )
    assert isinstance(grabbed, IngestError)
    assert grabbed.code == "E_LIMIT_MEM", grabbed.message
    assert nice == min(19, os.nice(0) + 5)
    assert reached in ("no network", "not allowed to shut it")


def test_a_child_that_gets_on_has_its_time_again() -> None:
    with Workers(1, "") as pool:
        ((_, limits),) = pool.map(_limits, [0])
    assert not isinstance(limits, IngestError)
    before, after, used = limits
    assert before < after
    assert used <= after - LIMITS.child_cpu_s <= used + 2


def test_a_clip_as_a_whole_has_its_time_and_no_more() -> None:
    with Workers(1, "") as pool:
        (_, slow), (_, after) = pool.map(_get_on, [50, 1])
    assert isinstance(slow, IngestError)
    assert slow.code == "E_LIMIT_TIME"
    assert after == "done"


def test_what_a_library_prints_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    with Workers(1, "") as pool:
        done = dict(pool.map(_speak, ["CANARY DOE", "die"]))
    assert done["CANARY DOE"] == "said"
    assert isinstance(done["die"], IngestError)
    assert capfd.readouterr() == ("", "")


def test_outside_of_a_cage_time_is_not_limited() -> None:
    before = resource.getrlimit(resource.RLIMIT_CPU)
    still_alive()
    assert resource.getrlimit(resource.RLIMIT_CPU) == before


def grab(_: int) -> int:
    return len(bytearray(2 * LIMITS.child_bytes))


def niceness(_: int) -> int:
    return os.nice(0)


def reach(_: int) -> str:
    with socket.socket() as server:
        try:
            server.bind(("127.0.0.1", 0))
            server.settimeout(1)
            server.connect(server.getsockname())
        except OSError:
            return "no network"
    return "not allowed to shut it"


def _limits(_: int) -> tuple[int, int, int]:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (60, hard))
    before, _ = resource.getrlimit(resource.RLIMIT_CPU)
    still_alive()
    after, _ = resource.getrlimit(resource.RLIMIT_CPU)
    return before, after, int(time.process_time())


def _get_on(n_frames: int) -> str:
    pytest.MonkeyPatch().setattr("unisono.ingest.children.LIMITS", Limits(clip_cpu_s=1))
    Caged(_frames)(n_frames)
    return "done"


def _frames(n_frames: int) -> None:
    for _ in range(n_frames):
        still_alive()
        until_s = time.process_time() + 0.1
        while time.process_time() < until_s:
            pass


def _speak(what: str) -> str:
    for stream in (1, 2):
        os.write(stream, what.encode())
    if what == "die":
        faulthandler.enable()
        os.abort()
    return "said"
