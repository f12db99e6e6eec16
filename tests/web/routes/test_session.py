"""Signing in is in `tests/web/test_auth.py`; here is what the answers carry."""

from tests.make import Site


def test_me_names_the_projects_that_i_lead(site: Site) -> None:
    assert site.client("Lena Lead").get("/api/me").json()["leads"] == ["lv"]
    assert site.client("Ada One").get("/api/me").json()["leads"] == []


def test_signing_out_when_nobody_is_signed_in_does_nothing(site: Site) -> None:
    assert site.client().delete("/api/session").status_code == 204


def test_a_short_password_is_refused_with_the_limit(site: Site) -> None:
    answer = site.client("Ada One").post("/api/me/password", json={"password": "short"})
    assert answer.status_code == 422
    assert "at least 10 characters" in answer.json()["detail"]
