import gc
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.families import is_alive, left_of, needs_proc
from unisono.base.errors import SettingsError
from unisono.base.work import Inline, executor, stream


def double(n: int) -> int:
    if n == 3:
        raise ValueError("three")
    return 2 * n


def threads(_: int) -> str | None:
    return os.environ.get("OMP_NUM_THREADS")


@pytest.mark.parametrize("workers", [1, 2])
def test_results_and_errors_come_back_with_their_thing_in_order(workers: int) -> None:
    with executor(workers) as pool:
        pairs = list(stream(pool, double, range(6), ahead=2))
    assert [n for n, _ in pairs] == list(range(6))
    assert [f.result() for n, f in pairs if n != 3] == [0, 2, 4, 8, 10]
    with pytest.raises(ValueError, match="three"):
        pairs[3][1].result()


def test_no_more_than_the_window_is_in_flight() -> None:
    submitted = []

    class Counting(Inline):
        def submit(self, fn, /, *args, **kwargs):  # noqa: ANN001, ANN002, ANN003, ANN202
            submitted.append(args)
            return super().submit(fn, *args, **kwargs)

    for done, _ in enumerate(stream(Counting(), double, [0] * 50, ahead=4)):
        assert len(submitted) <= done + 5


def test_worker_processes_keep_to_one_thread() -> None:
    with executor(2) as pool:
        assert pool.submit(threads, 0).result() == "1"


@pytest.mark.parametrize(
    "address", ["nonsense", "tcp://", "host:port", "ftp://x:1", "tcp://x:99999", "tcp://x:1/y"]
)
def test_an_address_that_is_none_is_said_at_once(address: str) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(SettingsError, match="tcp://host:port; got"), executor(cluster=address):
        pass


def test_where_no_scheduler_answers_nobody_waits(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with (
        pytest.raises(SettingsError, match=f"no Dask scheduler answers at tcp://127.0.0.1:{port}"),
        executor(cluster=f"tcp://127.0.0.1:{port}"),
    ):
        pass
    monkeypatch.setattr("unisono.base.work.CONNECT_S", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(SettingsError, match="no Dask scheduler answers"),
        executor(cluster=f"tcp://127.0.0.1:{silent.getsockname()[1]}"),
    ):
        pass
    gc.collect()
    assert capfd.readouterr().err == ""


def test_a_cluster_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"unisono\[cluster\]"), executor(cluster="tcp://127.0.0.1:1"):
        pass


PARENT = """
import os, time
from unisono.base.work import executor

if __name__ == "__main__":
    with executor(2) as pool:
        jobs = [pool.submit(time.sleep, 0.3) for _ in range(2)]
        [job.result() for job in jobs]
        print(*pool._processes, flush=True)
        time.sleep(60)
"""


@needs_proc
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    with subprocess.Popen([sys.executable, tmp_path / "parent.py"], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        workers = [int(word) for word in parent.stdout.readline().split()]
        assert len(workers) == 2
        assert all(map(is_alive, workers))
        parent.send_signal(signal.SIGKILL)
    assert left_of(workers) == []
