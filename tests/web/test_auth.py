import asyncio
import threading
from functools import partial

import httpx2
import pytest
from fastapi import HTTPException

from tests.make import Site, run_apart
from unisono.annotate import secrets
from unisono.annotate.run import people
from unisono.web.auth import Brake, is_cross_site

PASSWORD = "correct horse battery"


def with_password(site: Site, name: str) -> None:
    client = site.client(name)
    assert client.post("/api/me/password", json={"password": PASSWORD}).status_code == 204


def test_a_password_signs_in(site: Site) -> None:
    with_password(site, "Ada One")
    client = site.client()
    answer = client.post("/api/session/password", json={"name": "Ada One", "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.json()["name"] == "Ada One"
    assert client.get("/api/me").json()["has_password"]
    assert client.delete("/api/session").status_code == 204
    assert client.get("/api/me").status_code == 401


def test_a_wrong_password_and_an_unknown_name_look_the_same(site: Site) -> None:
    with_password(site, "Ada One")
    client = site.client()
    wrong = client.post("/api/session/password", json={"name": "Ada One", "password": "nope"})
    unknown = client.post("/api/session/password", json={"name": "Nobody", "password": "nope"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_guessing_is_braked_and_the_right_password_waits_too(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "is_password", lambda *_: False)
    client = site.client()
    body = {"name": "Ada One", "password": "guess"}
    codes = [client.post("/api/session/password", json=body).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]
    answer = client.post("/api/session/password", json=body)
    assert int(answer.headers["retry-after"]) > 0
    other = {"name": "Ben Two", "password": "guess"}
    assert client.post("/api/session/password", json=other).status_code == 401


def test_stale_links_opened_often_shut_nobody_out(site: Site) -> None:
    for _ in range(20):
        assert site.client().post("/api/session/link", json={"token": "x" * 30}).status_code == 403
    assert site.client("Ada One").get("/api/me").status_code == 200


def test_an_address_is_braked_at_a_rate_that_no_people_reach(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "is_password", lambda *_: False)
    client = site.client()
    bodies = [{"name": f"guess {k}", "password": "guess"} for k in range(61)]
    codes = [client.post("/api/session/password", json=body).status_code for body in bodies]
    assert codes == [401] * 60 + [429]


def test_guesses_that_are_sent_at_once_are_counted_before_they_are_looked_at(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = threading.Barrier(5)

    def wrong(*_: object) -> bool:
        room.wait(10)  # passes only when all that may guess are guessing
        return False

    monkeypatch.setattr(secrets, "is_password", wrong)
    body = {"name": "Ada One", "password": "guess"}

    async def scene() -> list[int]:
        transport = httpx2.ASGITransport(app=site.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answers = await asyncio.gather(
                *(client.post("/api/session/password", json=body) for _ in range(20))
            )
        return sorted(answer.status_code for answer in answers)

    assert run_apart(scene()) == [401] * 5 + [429] * 15


def test_a_right_password_is_no_failed_attempt(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "is_password", lambda *_: True)
    client = site.client()
    body = {"name": "Ada One", "password": "right"}
    assert {client.post("/api/session/password", json=body).status_code for _ in range(8)} == {200}
    assert not any(site.app.state.brake.attempts.values())


def test_the_brake_forgets() -> None:
    brake = Brake()
    brake.attempts["x"].extend([-1e6] * 9)
    at = brake.begin({"x": 5})
    assert list(brake.attempts["x"]) == [at]
    brake.take_back(["x", "y"], at)
    brake.take_back(["x"], at)
    assert not brake.attempts["x"]


def test_who_is_braked_is_not_counted_further() -> None:
    brake = Brake()
    for _ in range(2):
        brake.begin({"x": 2})
    for _ in range(3):
        with pytest.raises(HTTPException):
            brake.begin({"y": 9, "x": 2})
    assert (len(brake.attempts["x"]), len(brake.attempts["y"])) == (2, 0)


def test_a_used_link_is_refused(site: Site) -> None:
    token = site.catalog.write(partial(people.invite, name="Ada One"))
    assert site.client().post("/api/session/link", json={"token": token}).status_code == 200
    answer = site.client().post("/api/session/link", json={"token": token})
    assert answer.status_code == 403
    assert "used already" in answer.json()["detail"]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site: Site) -> None:
    token = site.catalog.write(partial(people.invite, name="Ada One"))
    cookie = site.client().post("/api/session/link", json={"token": token}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://evil.example", "host": "127.0.0.1:8000"}, True),
        ({"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"}, False),
        ({"host": "127.0.0.1:8000"}, False),
    ],
)
def test_which_requests_come_from_another_site(headers: dict[str, str], refused: bool) -> None:
    assert is_cross_site(headers) is refused


def test_another_sites_page_cannot_save(site: Site) -> None:
    client = site.client("Ada One")
    answer = client.delete("/api/session", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert client.get("/api/me").status_code == 200
