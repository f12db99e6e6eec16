from functools import partial

import pytest

from tests.make import Site
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


def test_the_brake_forgets() -> None:
    brake = Brake()
    brake.failures["x"].extend([-1e6] * 9)
    brake.check({"x": 5})


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
