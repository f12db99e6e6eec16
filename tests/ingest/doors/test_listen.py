import os
import signal
from pathlib import Path

import pytest

from tests.ingest import dimse
from tests.ingest.makers import dataset, loop
from unisono.base.errors import SettingsError
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.listen import listening
from unisono.ingest.doors.receive import Terms

TERMS = Terms(("SENDER",), port=0, idle_s=5.0)


def test_the_listening_process_stores_and_ends_with_its_block(tmp_path: Path) -> None:
    with listening(tmp_path, "02", TERMS) as listener:
        association = dimse.connect(listener.port)
        assert association.send_c_store(dataset(loop(2))).Status == 0
        association.release()
        assert listener.is_up
    assert not listener.is_up
    assert listener.process.returncode == 0
    assert len(Inbox(tmp_path, "02").delivered()) == 1


def test_sigterm_ends_it_cleanly_and_leaves_nothing_half(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    with listening(tmp_path, "01", TERMS) as listener:
        connection = dimse.raw(listener.port)
        connection.sendall(dimse.pdv(3, dimse.store_command()) + dimse.pdv(0, b"half"))
        assert dimse.wait_until(lambda: dimse.files_in(inbox.folder) != [])
        os.kill(listener.process.pid, signal.SIGTERM)
        assert listener.process.wait(20) == 0
        connection.close()
    assert dimse.files_in(inbox.folder) == []


def test_a_killed_receiver_leaves_nothing_that_is_seen_and_the_next_one_sweeps(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    with listening(tmp_path, "01", TERMS) as listener:
        connection = dimse.raw(listener.port)
        connection.sendall(dimse.pdv(3, dimse.store_command()) + dimse.pdv(0, b"half"))
        assert dimse.wait_until(lambda: dimse.files_in(inbox.folder) != [])
        listener.process.kill()
        listener.process.wait()
        connection.close()
    assert inbox.delivered() == []
    with listening(tmp_path, "01", TERMS):
        assert dimse.files_in(inbox.folder) == []


def test_why_it_cannot_listen_is_said_here(tmp_path: Path) -> None:
    with listening(tmp_path, "01", TERMS) as first:
        taken = Terms(("SENDER",), port=first.port)
        with pytest.raises(SettingsError, match="cannot listen"), listening(tmp_path, "01", taken):
            pass
    no_files = Terms(("SENDER",), port=0, cert=tmp_path / "a", key=tmp_path / "b")
    with pytest.raises(SettingsError, match="cannot be used"), listening(tmp_path, "01", no_files):
        pass
