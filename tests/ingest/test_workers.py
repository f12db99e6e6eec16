"""A worker that dies costs its own thing; the rest are done, in order."""

import os
import resource
import time

import pytest

from unisono.base.errors import IngestError
from unisono.ingest.limits import Limits
from unisono.ingest.workers import Workers


def work(number: int) -> int:
    if number == 3:
        os._exit(9)
    if number == 5:
        raise IngestError("E_NO_MASK", "five")
    if number == 6:
        raise MemoryError
    return number * 10


@pytest.mark.parametrize("n_things", [8, 40])
def test_a_crash_costs_one_thing(n_things: int) -> None:
    with Workers(2, "") as pool:
        done = list(pool.map(work, range(n_things)))
    assert [thing for thing, _ in done] == list(range(n_things))
    codes = {t: r.code for t, r in done if isinstance(r, IngestError)}
    assert codes == {3: "E_DECODER_DIED", 5: "E_NO_MASK", 6: "E_LIMIT_MEM"}
    assert all(r == t * 10 for t, r in done if t not in codes)


def test_one_worker_is_apart_unless_the_caller_takes_the_risk() -> None:
    with Workers(1, "") as pool:
        assert list(pool.map(_pid, [0])) != [(0, os.getpid())]
    with Workers(1, "", isolated=False) as pool:
        assert list(pool.map(_pid, [0])) == [(0, os.getpid())]


def test_a_decoder_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unisono.ingest.workers.LIMITS", Limits(child_cpu_s=0))
    with Workers(1, "") as pool:
        done = dict(pool.map(_spin, [0, 1]))
    assert isinstance(done[0], IngestError)
    assert done[0].code == "E_LIMIT_TIME"
    assert done[1] == "done"


def _pid(_: int) -> int:
    return os.getpid()


def _spin(thing: int) -> str:
    if thing == 1:
        return "done"
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (1 + int(time.process_time()), hard))  # the real limit is 120 s
    while True:
        pass
