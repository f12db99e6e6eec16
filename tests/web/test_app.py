import re

import pytest

from tests.make import Site
from unisono.web import app as module


def test_every_answer_carries_the_safety_headers(site: Site) -> None:
    for path in ("/", "/healthz", "/api/site", "/api/me", "/nowhere"):
        headers = site.client().get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_what_the_api_says_is_not_kept_by_anybody(site: Site) -> None:
    assert site.client("Ada One").get("/api/me").headers["cache-control"] == "private, no-store"


def test_every_error_says_what_came_and_of_which_kind(site: Site) -> None:
    client = site.client("Ada One")
    for path in ("/api/items/none", "/api/projects/none", "/api/clips/none/thumbnail.jpg", "/api/none"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert set(answer.json()) == {"detail", "kind"}
    answer = client.put("/api/answers/not-a-uuid", json={})
    assert answer.status_code == 422
    assert "answer_id" in answer.json()["detail"]


def test_a_body_past_the_limit_is_refused_unread(site: Site) -> None:
    answer = site.client("Ada One").put("/api/answers/x", content=b" " * (module.MAX_BODY + 1))
    assert answer.status_code == 413


def test_a_body_without_a_length_is_refused(site: Site) -> None:
    answer = site.client("Ada One").put("/api/answers/x", content=iter([b"{}"]))
    assert answer.status_code == 411


def test_without_the_built_page_the_server_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.site, "is_page_built", lambda: False)
    site.app = module.make_app(site.catalog)
    answer = site.client().get("/")
    assert answer.status_code == 503
    assert "make page" in answer.text


def test_the_server_is_well(site: Site) -> None:
    assert site.client().get("/healthz").json() == {"status": "ok"}
    assert site.client().get("/readyz").json() == {"status": "ok"}


def test_bodies_are_typed_everywhere(site: Site) -> None:
    """An untyped body is one that nobody validates."""
    schema = site.app.openapi()
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            body = operation.get("requestBody")
            if body:
                assert "$ref" in body["content"]["application/json"]["schema"], f"{verb} {path}"
    assert re.fullmatch(r"3\.1\.\d", schema["openapi"])
