import os
import re
import shutil
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from unisono.base.errors import CatalogError, IngestError, SettingsError
from unisono.ingest.doors import inbox as module
from unisono.ingest.doors.inbox import MOST_TRIES, RETRY_S, Inbox, drop_stale, quarantine
from unisono.ingest.limits import LIMITS


def test_a_file_is_seen_when_it_is_whole_and_not_before(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    arrival = inbox.begin()
    arrival.write(b"ultra")
    assert inbox.delivered() == []
    arrival.write(b"sound")
    path = inbox.deliver(arrival)
    arrival.close()
    assert inbox.delivered() == [path]
    assert path.read_bytes() == b"ultrasound"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(inbox.folder.stat().st_mode) == 0o700


def test_it_is_synchronised_before_it_is_renamed_and_its_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    sync, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda h: (calls.append("fsync"), sync(h))[1])
    monkeypatch.setattr(Path, "rename", lambda p, t: (calls.append("rename"), rename(p, t))[1])
    inbox = Inbox(tmp_path, "01")
    inbox.deliver(inbox.begin())
    assert calls == ["fsync", "rename", "fsync"]


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    arrival = inbox.begin()
    arrival.write(b"half")
    arrival.close()
    assert [p for p in inbox.folder.iterdir() if p.is_file()] == []
    with pytest.raises(IngestError, match="E_STORE_IO"):
        inbox.deliver(arrival)


def test_what_is_too_large_is_let_go_of_while_it_comes(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01", replace(LIMITS, file_bytes=10))
    arrival = inbox.begin()
    for _ in range(4):
        arrival.write(b"12345")
    assert list(inbox.folder.iterdir()) == []
    with pytest.raises(IngestError, match="E_LIMIT_SIZE"):
        inbox.deliver(arrival)


def test_nothing_is_taken_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: SimpleNamespace(total=100, free=4))
    inbox = Inbox(tmp_path, "01")
    arrival = inbox.begin()
    arrival.write(b"x")
    assert list(inbox.folder.iterdir()) == []
    with pytest.raises(IngestError, match="E_STORE_IO: less than 5%"):
        inbox.deliver(arrival)


def test_a_disk_that_fills_up_on_the_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path, "01")
    arrival = inbox.begin()

    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "write", refuse)
    arrival.write(b"x")
    assert list(inbox.folder.iterdir()) == []
    assert arrival.error is not None
    assert arrival.error.code == "E_STORE_IO"


def test_a_killed_receivers_file_is_swept_and_a_living_ones_is_not(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    program = (
        "import os, signal, sys; from pathlib import Path; from unisono.ingest.doors.inbox import Inbox;"
        "a = Inbox(Path(sys.argv[1]), '01').begin(); a.write(b'half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    alive = inbox.begin()
    assert len(list(inbox.folder.iterdir())) == 2
    assert inbox.sweep() == 1
    assert [str(p) for p in inbox.folder.iterdir()] == [alive.name]
    alive.close()


def test_one_process_at_a_time_settles_an_inbox(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    with inbox.alone(), pytest.raises(CatalogError, match="another process"), Inbox(tmp_path, "01").alone():
        pass
    with inbox.alone():
        assert inbox.delivered() == []


def test_the_quarantine_is_closed_and_says_what_it_holds(tmp_path: Path) -> None:
    for _ in range(2):
        path = tmp_path / "x.dcm"
        path.write_bytes(b"1")
        moved = quarantine(tmp_path, path)
        assert moved.read_bytes() == b"1"
    folder = tmp_path / "quarantine"
    assert len(list(folder.glob("*x.dcm"))) == 2
    assert "patient data" in (folder / "README.txt").read_text()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_only_what_is_a_day_old_is_stale(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f").write_bytes(b"1")
    os.utime(tmp_path / "old", (0, 0))
    drop_stale(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["new"]
    shutil.rmtree(tmp_path)


def test_a_class_is_two_digits(tmp_path: Path) -> None:
    for wrong in ("1", "../x", "001"):
        with pytest.raises(SettingsError, match="two digits"):
            Inbox(tmp_path, wrong)


def test_what_is_put_back_rests_and_has_so_many_tries(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    path = inbox.deliver(inbox.begin())
    for number in range(1, MOST_TRIES):
        again = inbox.put_back(path)
        assert again is not None
        assert again.name == f"{path.stem.partition('-')[0]}-try{number}.dcm"
        assert inbox.delivered() == []
        os.utime(again, (time.time() - RETRY_S - 1,) * 2)
        assert inbox.delivered() == [again]
        path = again
    assert inbox.put_back(path) is None
    os.utime(path)
    inbox.wake()
    assert inbox.delivered() == [path], "a machine that starts anew does not wait"


def test_the_readme_of_the_quarantine_names_commands_that_exist(tmp_path: Path) -> None:
    folder = tmp_path / "quarantine"
    folder.mkdir()
    (folder / "README.txt").write_text("old words")
    (tmp_path / "a.dcm").write_bytes(b"1")
    quarantine(tmp_path, tmp_path / "a.dcm")
    words = (folder / "README.txt").read_text()
    named = re.findall(r"`unisono (\w+) (\w+)", words)
    assert named == [("vault", "identify")]
    assert "home/reports" in words
