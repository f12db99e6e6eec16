import threading
from pathlib import Path

import pytest

from unisono.base.locks import locked


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    seen, is_waiting = [], threading.Event()

    def second() -> None:
        is_waiting.set()
        with locked(tmp_path / "lock"):
            seen.append("second")

    thread = threading.Thread(target=second)
    with locked(tmp_path / "lock"):
        thread.start()
        is_waiting.wait(10)
        thread.join(0.1)
        seen.append("first")
    thread.join(10)
    assert seen == ["first", "second"]


def test_it_is_let_go_of_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "lock"):
        raise KeyError
    with locked(tmp_path / "lock"):
        pass
