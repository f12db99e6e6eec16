"""A worker that dies costs its own thing; the rest are done, in order."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unisono.base.errors import CatalogError, IngestError
from unisono.ingest.workers import Workers

SLEEP_S = 60.0


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


def test_a_decoder_that_never_ends_is_ended() -> None:
    with Workers(1, "") as pool:
        done = dict(pool.map(_spin, [0, 1]))
    assert isinstance(done[0], IngestError)
    assert done[0].code == "E_LIMIT_TIME"
    assert done[1] == "done"


def test_a_decoder_that_never_ends_is_tried_once_and_costs_no_other_its_time(tmp_path: Path) -> None:
    marks = [tmp_path / name for name in ("a", "slow", "b", "c")]
    with Workers(2, "") as pool:
        done = list(pool.map(_spin_slowly, marks))
    assert [mark for mark, _ in done] == marks
    for mark, result in done:
        tries = mark.read_text()
        if mark.name == "slow":
            assert isinstance(result, IngestError)
            assert (result.code, tries) == ("E_LIMIT_TIME", "x")
        else:
            assert result == mark.name


INTERRUPTED = """
import signal, sys, time
from tests.ingest.test_workers import slowly
from unisono.ingest.workers import Workers

if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda *_: None)
    with Workers(2, "") as pool:
        for thing, result in pool.map(slowly, range(8)):
            print(thing, result, flush=True)
"""


def test_an_interruption_of_all_processes_costs_no_recording(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(INTERRUPTED)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, tmp_path / "run.py"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        assert run.stderr is not None
        lines = [run.stdout.readline()]
        os.killpg(run.pid, signal.SIGINT)
        lines += run.stdout.readlines()
        said = run.stderr.read()
    assert lines == [f"{n} {n}\n" for n in range(8)]
    assert said == ""


def test_workers_that_are_ended_from_outside_end_the_run_and_blame_nothing() -> None:
    with Workers(2, "") as pool:
        done = pool.map(_end_of_thirty, range(40))
        assert next(done) == (0, 0)
        with pytest.raises(CatalogError, match="next run"):
            list(done)


def test_an_error_of_the_caller_ends_what_is_under_way_at_once() -> None:
    began_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        _interrupted_after_one()
    assert time.monotonic() - began_s < SLEEP_S


def _interrupted_after_one() -> None:
    with Workers(2, "") as pool:
        for _ in pool.map(_sleep_after_one, range(8)):
            raise KeyboardInterrupt


def slowly(thing: int) -> int:
    time.sleep(0.3)
    return thing


def _end_of_thirty(thing: int) -> int:
    if thing == 30:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SLEEP_S)
    return thing


def _sleep_after_one(thing: int) -> int:
    if thing:
        time.sleep(SLEEP_S)
    return thing


def _pid(_: int) -> int:
    return os.getpid()


def _spin_slowly(mark: Path) -> str:
    with mark.open("a") as file:
        file.write("x")
    return _spin(0) if mark.name == "slow" else mark.name


def _spin(thing: int) -> str:
    if thing == 1:
        return "done"
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (1 + int(time.process_time()), hard))  # the real limit is 120 s
    while True:
        pass
