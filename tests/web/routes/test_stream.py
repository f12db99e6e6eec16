"""The stream over a real connection: leads hear that something moved, experts hear nothing."""

import http.client
import json
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from tests.make import Site, gesture
from tests.server import serve
from tests.web.test_kill import sign_in


def connect(port: int) -> "closing[http.client.HTTPConnection]":
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=3))


def listen(connection: http.client.HTTPConnection, cookie: str) -> http.client.HTTPResponse:
    connection.request("GET", "/api/events", headers={"Cookie": cookie})
    return connection.getresponse()


def read_some(answer: http.client.HTTPResponse) -> str:
    got = b""
    try:
        while b"project" not in got:
            got += answer.read1(4096)
    except TimeoutError:
        pass
    return got.decode()


def test_leads_hear_that_something_moved_and_experts_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    item = site.item(site.client("Ada One"))
    site.close()
    server = serve(tmp_path)
    try:
        with connect(server.port) as one, connect(server.port) as two:
            lead = listen(one, sign_in(tmp_path, "Lena Lead"))
            ben = listen(two, sign_in(tmp_path, "Ben Two"))
            assert lead.headers["content-type"].startswith("text/event-stream")
            submit(site, server.port, sign_in(tmp_path, "Ada One"), item)
            heard = read_some(lead)
            assert "event: progress" in heard
            assert '"project":"lv"' in heard.replace(" ", "")
            assert item not in heard
            assert "lv" not in read_some(ben)
            lead.close()
            ben.close()
    finally:
        server.stop()


def submit(site: Site, port: int, cookie: str, item: str) -> None:
    body = {
        "project": "lv",
        "item": item,
        "outcome": "unusable",
        "reason": "other",
        "protocol_version": 1,
        "gesture": gesture("unusable"),
    }
    headers = {"Cookie": cookie, "Content-Type": "application/json"}
    with connect(port) as connection:
        connection.request("PUT", f"/api/submissions/{uuid4()}", json.dumps(body), headers)
        with connection.getresponse() as reply:
            assert reply.status == 200


@pytest.mark.parametrize("cookie", ["", "unisono_session=forged"])
def test_a_stranger_hears_nothing(site: Site, cookie: str) -> None:
    assert site.client().get("/api/events", headers={"Cookie": cookie}).status_code == 401
