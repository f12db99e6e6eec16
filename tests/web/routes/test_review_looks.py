"""Looks over the web: what was fetched was not seen; what was approved and shows text is taken back."""

import pytest
from fastapi.testclient import TestClient

from tests.make import Site
from tests.web.routes.test_review import READ, held, looked, rita, routes, state
from unisono.ingest.gate.verdict import Hit, Verdict
from unisono.ingest.prepared import Prepared

__all__ = ["held", "rita"]


def test_pictures_that_were_only_fetched_were_not_seen(site: Site, held: str, rita: TestClient) -> None:
    for verb, address in routes(site, held):
        if verb == "GET":
            rita.get(address)
    refused = rita.post(f"/api/review/{held}/approval", json={"mask_version": 1})
    assert refused.status_code == 409
    assert "nobody of that name was shown it" in refused.json()["detail"]
    assert state(site, held) in ("written", "gated")
    assert rita.post(f"/api/review/{held}/look", json={"mask_version": 7}).status_code == 409
    looked(rita, held)
    assert rita.post(f"/api/review/{held}/approval", json={"mask_version": 1}).status_code == 200


def test_an_approved_clip_that_shows_text_is_withdrawn(
    site: Site, held: str, rita: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(rita, held).post(f"/api/review/{held}/approval", json={"mask_version": 1})
    assert rita.get(f"/api/review/{held}/before.png").status_code == 410
    seen, hit = Prepared.looked_at, Hit(1, 2, 30, 40, 0.9, "text", READ)
    monkeypatch.setattr(Prepared, "looked_at", lambda p, _: seen(p, Verdict("text", (hit,), "made")))
    again = rita.post(f"/api/review/{held}/recheck", json={"mask_version": 1}).json()
    assert (again["state"], again["verdict"], again["mask_version"]) == ("quarantined", "text", 1)
    assert [b["text"] for b in again["boxes"]] == [READ]
    assert [d["decision"] for d in again["decisions"]] == ["look", "approve", "recheck", "withdraw"]
    assert rita.get(f"/api/review/{held}/before.png").status_code == 200
    assert rita.get(f"/api/clips/{held}").status_code in (404, 409)
