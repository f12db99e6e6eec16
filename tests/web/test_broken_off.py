"""A sender over HTTP that breaks off in the middle of an object; the server takes the next one."""

import http.client
import json
import socket
import struct
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.ingest.dimse import wait_until
from tests.ingest.doors.test_stow import body
from tests.ingest.makers import dicom_bytes, loop
from tests.make import Site
from tests.server import Running, serve
from unisono.annotate.run import people
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.tokens import issue
from unisono.ingest.run import clips

TYPE = 'multipart/related; type="application/dicom"; boundary=x'


def close(connection: socket.socket) -> None:
    connection.close()


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def half_close(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass
    connection.close()


LEAVES = (close, reset, half_close)
LEAVING = pytest.mark.parametrize("leave", LEAVES)
Leave = Callable[[socket.socket], None]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("broken") / "home")
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Running]:
    running = serve(site.home)
    yield running
    running.stop()


def request(
    server: Running, method: str, path: str, data: bytes, headers: dict[str, str]
) -> tuple[int, http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(method, path, data, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer, content


def half(server: Running, method: str, path: str, data: bytes, headers: dict[str, str]) -> socket.socket:
    """Send half of a request, and return its connection."""
    lines = {"Host": f"127.0.0.1:{server.port}", "Content-Length": str(len(data)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    connection = socket.create_connection(("127.0.0.1", server.port), 20)
    connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data[: len(data) // 2])
    return connection


@LEAVING
def test_stow(server: Running, site: Site, leave: Leave) -> None:
    headers = {"Authorization": f"Bearer {issue(site.home, leave.__name__, '01')}", "Content-Type": TYPE}
    inbox = Inbox(site.home, "01")
    sent = body(dicom_bytes(loop(60), SOPInstanceUID="1.2.3"))
    connection = half(server, "POST", "/dicomweb/studies", sent, headers)
    assert wait_until(lambda: any(inbox.folder.glob("*.tmp")))
    assert inbox.delivered() == []
    leave(connection)
    assert wait_until(lambda: not any(inbox.folder.glob("*.tmp")))
    assert inbox.delivered() == []
    number = LEAVES.index(leave)
    uid = f"1.2.{number}"
    n_before = len(clips(site.catalog))
    good = dicom_bytes(loop(3, seed=number), SOPInstanceUID=uid)
    status, _, answer = request(server, "POST", "/dicomweb/studies", body(good), headers)
    assert status == 200
    assert json.loads(answer)["00081199"]["Value"][0]["00081155"]["Value"] == [uid]
    assert wait_until(lambda: len(clips(site.catalog)) == n_before + 1, 60)
    assert wait_until(lambda: inbox.delivered() == [])


@LEAVING
def test_upload(server: Running, site: Site, leave: Leave) -> None:
    token = site.catalog.write(partial(people.invite, name="Lena Lead"))
    json_ = {"Content-Type": "application/json"}
    _, signed, _ = request(server, "POST", "/api/session/link", json.dumps({"token": token}).encode(), json_)
    cookie = {"Cookie": str(signed.headers["set-cookie"]).partition(";")[0]}
    terms = json.dumps({"dataset_class": "01", "origin": "", "licence": ""}).encode()
    _, _, begun = request(server, "POST", "/api/uploads", terms, json_ | cookie)
    path = f"/api/uploads/{json.loads(begun)['upload']}/files/0?group=0&ending=dcm"
    folder = site.home / "uploads"
    connection = half(server, "PUT", path, dicom_bytes(loop(60)), cookie)
    assert wait_until(lambda: any(folder.glob("*.tmp")))
    leave(connection)
    assert wait_until(lambda: not any(folder.glob("*.tmp")))
    before = files(folder)
    assert request(server, "PUT", path, dicom_bytes(loop(3)), cookie)[0] == 204
    (new,) = files(folder) - before
    assert new.read_bytes() == dicom_bytes(loop(3))


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
