"""A sender that breaks off in the middle of an object, in every way there is; the receiver takes the next."""

import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ingest import dimse
from tests.ingest.doors.test_receive import encoded
from tests.ingest.makers import dataset, loop
from unisono.ingest.doors.drain import drain
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.listen import listening
from unisono.ingest.doors.receive import Terms
from unisono.ingest.reports.report import IngestReport

ROOT = Path(__file__).parents[2]
ABORT = struct.pack(">BBIBBBB", 7, 0, 4, 0, 0, 0, 0)
RELEASE = struct.pack(">BBII", 5, 0, 4, 0)
HALF = 100_000
SENDER = """
import sys
from tests.ingest import dimse
from tests.ingest.makers import dataset, loop
from tests.ingest.doors.test_receive import encoded

connection = dimse.raw(int(sys.argv[1]))
connection.sendall(dimse.pdv(3, dimse.store_command()) + dimse.pdv(0, encoded(dataset(loop(3)))[:100_000]))
print("half", flush=True)
sys.stdin.read()
"""


def abort(connection: socket.socket) -> None:
    connection.sendall(ABORT)
    while connection.recv(4096):
        pass
    connection.close()


def release(connection: socket.socket) -> None:
    connection.sendall(RELEASE)
    connection.close()


def reset(connection: socket.socket) -> None:
    # Without lingering, closing sends a reset instead of an end.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def half_close(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass
    connection.close()


def cut_inside_a_pdu(connection: socket.socket) -> None:
    connection.sendall(dimse.pdv(0, b"\0" * 60_000)[:30_000])
    connection.close()


def abort_after_the_last_byte(connection: socket.socket) -> None:
    # The last fragment is announced and is short by one byte: the object is never whole.
    connection.sendall(dimse.pdv(2, b"\0" * 1000)[:-1])
    reset(connection)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path, "01")


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    with listening(inbox.home, "01", Terms(("SENDER",), port=0, idle_s=20.0)) as listener:
        yield listener.port
        assert listener.is_up


def nothing_waits(inbox: Inbox) -> None:
    """Assert that whoever empties the inbox finds nothing in it."""

    def take(paths: object) -> IngestReport:
        raise AssertionError(f"{paths} were handed on")

    assert not drain(inbox, take)


def takes_the_next(port: int, inbox: Inbox) -> None:
    assert dimse.wait_until(lambda: dimse.files_in(inbox.folder) == [])
    association = dimse.connect(port)
    assert association.send_c_store(dataset(loop(2))).Status == 0
    association.release()
    assert len(inbox.delivered()) == len(dimse.files_in(inbox.folder)) == 1


@pytest.mark.parametrize(
    "leave", [abort, release, reset, half_close, cut_inside_a_pdu, abort_after_the_last_byte]
)
def test_an_object_that_is_broken_off_was_never_there(
    port: int, inbox: Inbox, leave: Callable[[socket.socket], None]
) -> None:
    connection = dimse.raw(port)
    data = encoded(dataset(loop(3)))
    connection.sendall(dimse.pdv(3, dimse.store_command()) + dimse.pdv(0, data[:HALF]))
    assert dimse.wait_until(lambda: n_bytes(inbox) >= HALF)
    nothing_waits(inbox)
    leave(connection)
    nothing_waits(inbox)
    takes_the_next(port, inbox)


def test_a_sender_that_is_killed(port: int, inbox: Inbox) -> None:
    command = [sys.executable, "-c", SENDER, str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as sender:
        assert sender.stdout is not None
        assert sender.stdout.readline() == "half\n"
        assert dimse.wait_until(lambda: n_bytes(inbox) >= HALF)
        nothing_waits(inbox)
        sender.kill()
    takes_the_next(port, inbox)


def test_of_several_objects_those_before_the_break_stay(port: int, inbox: Inbox) -> None:
    association = dimse.connect(port)
    for i in range(2):
        sent = dataset(loop(2, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}")
        assert association.send_c_store(sent).Status == 0
    association.abort()
    assert len(inbox.delivered()) == len(dimse.files_in(inbox.folder)) == 2


def n_bytes(inbox: Inbox) -> int:
    return sum(path.stat().st_size for path in inbox.folder.glob("*.tmp"))
