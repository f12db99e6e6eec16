"""Whoever connects and says nothing, or little, keeps nobody else out."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.ingest import dimse
from tests.ingest.makers import dataset, loop
from unisono.ingest.doors.connections import IN_ALL, OF_ONE_ADDRESS
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.receive import Receiver, Terms

REQUEST_S, N_SENDERS = 3.0, 2
LONG_S = 60.0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    terms = Terms(("SENDER",), port=0, idle_s=LONG_S, associations=N_SENDERS, request_s=REQUEST_S)
    receiver = Receiver(Inbox(tmp_path, "01"), terms)
    yield receiver.port
    receiver.close()


def connected(port: int, n_connections: int, host: str = "127.0.0.1") -> list[socket.socket]:
    return [
        socket.create_connection(("127.0.0.1", port), 10, source_address=(host, 0))
        for _ in range(n_connections)
    ]


def n_open(connections: list[socket.socket]) -> int:
    found = 0
    for connection in connections:
        connection.setblocking(False)
        try:
            found += bool(connection.recv(1))
        except BlockingIOError:
            found += 1
        except ConnectionError:
            pass
    return found


def close_all(connections: list[socket.socket]) -> None:
    for connection in connections:
        connection.close()


def test_silent_connections_have_few_places_and_those_for_a_short_time(port: int) -> None:
    silent = connected(port, 60)
    of_one, in_all = OF_ONE_ADDRESS * N_SENDERS, IN_ALL * N_SENDERS
    assert dimse.wait_until(lambda: n_open(silent[of_one:]) == 0)
    assert n_open(silent[:of_one]) == of_one
    other = connected(port, 5, "127.0.0.2")
    assert dimse.wait_until(lambda: n_open(other[in_all - of_one :]) == 0)
    assert n_open(other[: in_all - of_one]) == in_all - of_one
    assert dimse.wait_until(lambda: n_open(silent + other) == 0, LONG_S / 4)
    association = dimse.connect(port)
    assert association.send_c_store(dataset(loop(1))).Status == 0
    association.release()
    close_all(silent + other)


def test_silent_connections_are_no_senders(port: int) -> None:
    silent = connected(port, N_SENDERS)
    both = [dimse.connect(port) for _ in range(N_SENDERS)]
    assert all(a.is_established for a in both)
    close_all(silent)
    for association in both:
        association.release()


def test_a_request_that_comes_by_bytes_is_not_waited_for(port: int) -> None:
    (slow,) = connected(port, 1)
    began_s = time.monotonic()
    n_sent = 0
    with suppress(ConnectionError):
        for byte in dimse.request_bytes():
            slow.sendall(bytes([byte]))
            n_sent += 1
            time.sleep(0.1)
    assert n_sent < len(dimse.request_bytes())
    assert time.monotonic() - began_s < LONG_S / 4
    close_all([slow])


def test_who_was_let_in_has_his_own_time(port: int) -> None:
    association = dimse.connect(port)
    time.sleep(2 * REQUEST_S)
    assert association.send_c_store(dataset(loop(1))).Status == 0
    association.release()
