import os
import signal
import stat
from pathlib import Path

import pytest

from unisono.ingest.doors.copies import private_copies


def test_copies_are_private_and_gone_after(tmp_path: Path) -> None:
    with private_copies(tmp_path) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "scan").write_bytes(b"1")
    assert list((tmp_path / "fetched").iterdir()) == []
    with pytest.raises(KeyError), private_copies(tmp_path) as folder:
        raise KeyError
    assert not folder.exists()


def test_those_of_a_killed_process_go_at_the_next_start_and_those_of_a_live_one_stay(tmp_path: Path) -> None:
    pid = os.fork()
    if not pid:
        with private_copies(tmp_path) as folder:
            (folder / "DOE").write_bytes(b"1")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    assert len(list((tmp_path / "fetched").rglob("DOE"))) == 1
    with private_copies(tmp_path) as mine, private_copies(tmp_path) as another:
        assert {mine, another} == set((tmp_path / "fetched").iterdir())
