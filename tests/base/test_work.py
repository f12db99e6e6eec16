import os

import pytest

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


def test_a_cluster_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"unisono\[cluster\]"), executor(cluster="tcp://127.0.0.1:1"):
        pass
