"""Reviewing over the web: who may, what comes, and what a decision does."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient

from tests.ingest import makers
from tests.make import Site
from unisono.annotate.run import people
from unisono.base.packs import decode_pack
from unisono.catalog import evidence as rows
from unisono.catalog.clips import clip_by_code, set_state
from unisono.catalog.rows import now
from unisono.ingest.gate.verdict import Verdict
from unisono.ingest.identity.confidential import forget_evidence
from unisono.ingest.prepared import NOT_RUN, Prepared
from unisono.ingest.run import ingest
from unisono.ingest.run.review import vault_of
from unisono.web.routes.review import Picture

READ = "SECRET^WORD"
BOX = [[60.0, 60.0], [200.0, 60.0], [200.0, 160.0], [60.0, 160.0]]


@pytest.fixture
def held(site: Site, tmp_path: Path) -> str:
    """Return the code of a clip that waits; the gate saw a word in it."""
    source = makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))
    (code,) = ingest(site.catalog, [source], "01", workers=1, policy="person", isolated=False).codes
    return code


@pytest.fixture
def suspect(site: Site, held: str) -> str:
    """Return a clip that lies in quarantine, because the gate read a word."""
    box = {"x0": 5.0, "y0": 6.0, "x1": 50.0, "y1": 20.0, "score": 0.9, "kind": "text"}
    verdict = rows.GateVerdict(held, 1, "text", (box,), "made", now())
    site.catalog.write(partial(rows.insert_verdict, verdict=verdict))
    site.catalog.write(partial(set_state, code=held, state="quarantined"))
    with vault_of(site.catalog) as vault:
        vault.put("evidence", f"seen|{held}", {"texts": [READ]})
    return held


@pytest.fixture
def rita(site: Site) -> Iterator[TestClient]:
    """Return a client of somebody who may review, and leads nothing."""
    site.catalog.write(partial(people.add_expert, name="Rita"))
    site.catalog.write(partial(people.set_reviewer, name="Rita"))
    return site.client("Rita")


def state(site: Site, code: str) -> str:
    with site.catalog.read() as connection:
        return clip_by_code(connection, code).state


def decisions(site: Site, code: str) -> list[tuple[str, str, str]]:
    with site.catalog.read() as connection:
        found = rows.inspections_of(connection, code)
    return [(d.by, d.decision, d.reason) for d in found if d.decision != "look"]


def looked(client: TestClient, code: str, mask_version: int = 1) -> TestClient:
    """Say for a client that the masked picture was on the screen."""
    answer = client.post(f"/api/review/{code}/look", json={"mask_version": mask_version})
    assert answer.status_code == 200
    return client


def image(png: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def routes(site: Site, code: str) -> list[tuple[str, str]]:
    """Return every review route of the API, as it is now, as verb and address."""
    found = []
    for path, verbs in site.app.openapi()["paths"].items():
        if path.startswith("/api/review/") or path == "/api/review":
            for what in get_args(Picture) if "{what}" in path else ("",):
                address = path.replace("{code}", code).replace("{what}", what)
                found += [(verb.upper(), address) for verb in verbs]
    return found


BODIES = {
    "approval": {"mask_version": 1, "reason": "harmless"},
    "rejection": {"reason": "a name"},
    "mask": {"mask_version": 1, "polygons": [BOX]},
    "remask": {"mask_version": 1},
    "recheck": {"mask_version": 1},
    "look": {"mask_version": 1},
}


def call(client: TestClient, verb: str, address: str) -> "tuple[int, bytes, str]":
    body = BODIES.get(address.rpartition("/")[2]) if verb == "POST" else None
    answer = client.request(verb, address, json=body)
    return answer.status_code, answer.content, str(answer.headers)


@pytest.mark.parametrize("who", ["", "Ada One", "Lena Lead", "Carl Stranger"])
def test_nobody_without_the_right_gets_a_byte(site: Site, suspect: str, who: str) -> None:
    site.catalog.write(partial(people.add_expert, name="Carl Stranger"))
    client = site.client(who)
    assert len(routes(site, suspect)) >= 12
    for verb, address in routes(site, suspect):
        there = call(client, verb, address)
        missing = call(client, verb, address.replace(suspect, f"01-{'0' * 64}"))
        assert there[0] == (403 if who else 401), (verb, address)
        assert there == missing
        assert suspect.encode() not in there[1]
        assert READ.encode() not in there[1]
    assert state(site, suspect) == "quarantined"
    assert decisions(site, suspect) == []


def test_a_right_that_is_taken_back_ends_at_once(site: Site, suspect: str, rita: TestClient) -> None:
    assert rita.get("/api/me").json()["reviewer"]
    assert rita.get(f"/api/review/{suspect}").status_code == 200
    site.catalog.write(partial(people.set_reviewer, name="Rita", may=False))
    assert not rita.get("/api/me").json()["reviewer"]
    assert {call(rita, verb, address)[0] for verb, address in routes(site, suspect)} == {403}


def test_a_reviewer_sees_what_waits_and_why(site: Site, suspect: str, rita: TestClient) -> None:
    listed = rita.get("/api/review").json()
    (row,) = listed["clips"]
    assert (row["code"], row["state"], row["verdict"], row["n_boxes"]) == (suspect, "quarantined", "text", 1)
    assert row["held"].startswith("E_TEXT_RESIDUAL")
    assert listed["counts"] == {
        "written": 0, "gated": 0, "quarantined": 1, "approved": len(site.clips), "rejected": 0
    }  # fmt: skip
    assert READ not in json.dumps(listed)
    shown = rita.get(f"/api/review/{suspect}").json()
    assert [(b["text"], b["x1"]) for b in shown["boxes"]] == [(READ, 50.0)]
    assert shown["needs_reason"]
    assert shown["has_evidence"]
    mask = image(rita.get(f"/api/review/{suspect}/mask.png").content) > 0
    drawn = np.zeros(mask.shape, np.uint8)
    for outline in shown["outline"]:
        cv2.fillPoly(drawn, [np.round(outline).astype(np.int32)], 1)
    assert (drawn.astype(bool) ^ mask).mean() < 0.01
    assert 3 <= len(shown["corners"][0]) < len(shown["outline"][0])


def test_before_shows_what_after_hides(site: Site, held: str, rita: TestClient) -> None:
    before, after, mask = (
        image(rita.get(f"/api/review/{held}/{what}.png").content) for what in ("before", "after", "mask")
    )
    outside = mask == 0
    assert before[outside].max() > 150
    assert after[outside].max() == 0
    assert np.array_equal(before[~outside].shape, after[~outside].shape)
    pack = rita.get(f"/api/review/{held}/pack").content
    assert len(decode_pack(pack)) == 3


def test_dark_words_are_seen_on_the_darkest_of_all_frames(
    site: Site, rita: TestClient, tmp_path: Path
) -> None:
    frames = makers.loop(3)
    frames[1, 100:110, 120:160] = 0
    source = makers.write_dicom(tmp_path / "a.dcm", frames)
    (held,) = ingest(site.catalog, [source], "01", workers=1, policy="person", isolated=False).codes
    before, after, mask = (
        image(rita.get(f"/api/review/{held}/{what}.png").content)
        for what in ("dark-before", "dark-after", "mask")
    )
    assert np.array_equal(before, frames.min(axis=0))
    assert np.array_equal(after, np.where(mask > 0, before, 0))


def test_a_still_has_no_darkest_picture(site: Site, rita: TestClient, tmp_path: Path) -> None:
    source = makers.write_dicom(tmp_path / "a.dcm", makers.loop(1))
    (held,) = ingest(site.catalog, [source], "01", workers=1, policy="person", isolated=False).codes
    answer = rita.get(f"/api/review/{held}/dark-after.png")
    assert (answer.status_code, "a still" in answer.text) == (410, True)


def test_nothing_of_it_is_kept_by_a_browser_and_every_look_is_on_record(
    site: Site, suspect: str, rita: TestClient
) -> None:
    gets = [address for verb, address in routes(site, suspect) if verb == "GET"]
    for address in gets:
        assert "no-store" in rita.get(address).headers["cache-control"], address
    with site.catalog.read() as connection:
        pseudonym = people.find(connection, "Rita").pseudonym
    with vault_of(site.catalog) as vault:
        log = vault.audit()
    assert {(e["by"], e["code"], e["action"]) for e in log} == {(pseudonym, suspect, "review")}
    assert sorted(e["what"] for e in log) == [
        "after", "before", "dark-after", "dark-before", "frames", "mask", "texts",
    ]  # fmt: skip
    assert READ not in json.dumps(log)
    assert {frozenset(e) for e in log} == {frozenset(("action", "what", "by", "code", "at"))}


def test_approving_lets_the_clip_out_in_the_reviewers_name(site: Site, held: str, rita: TestClient) -> None:
    answer = looked(rita, held).post(f"/api/review/{held}/approval", json={"mask_version": 1})
    assert answer.json() == {"code": held, "state": "approved"}
    with site.catalog.read() as connection:
        pseudonym = people.find(connection, "Rita").pseudonym
    assert decisions(site, held) == [(pseudonym, "approve", "")]
    assert site.catalog.files.read_frame(f"{held}-0000")
    assert rita.get("/api/review").json()["clips"] == []
    approved = rita.get("/api/review", params={"state": "approved"}).json()
    assert held in [row["code"] for row in approved["clips"]]


def test_what_the_gate_saw_needs_a_reason(site: Site, suspect: str, rita: TestClient) -> None:
    refused = looked(rita, suspect).post(
        f"/api/review/{suspect}/approval", json={"mask_version": 1, "reason": " "}
    )
    assert refused.status_code == 422
    assert state(site, suspect) == "quarantined"
    body = {"mask_version": 1, "reason": "depth scale"}
    assert rita.post(f"/api/review/{suspect}/approval", json=body).status_code == 200
    assert decisions(site, suspect)[0][1:] == ("approve", "depth scale")


def test_a_decision_on_a_mask_that_is_no_longer_there_is_a_conflict(
    site: Site, held: str, rita: TestClient
) -> None:
    redrawn = rita.post(f"/api/review/{held}/mask", json={"mask_version": 1, "polygons": [BOX]})
    assert redrawn.status_code == 200
    assert redrawn.json()["mask_version"] == 2
    for address, body in (
        ("approval", {"mask_version": 1}),
        ("mask", {"mask_version": 1, "polygons": [BOX]}),
    ):
        answer = rita.post(f"/api/review/{held}/{address}", json=body)
        assert answer.status_code == 409
        assert "drawn anew" in answer.json()["detail"]
    assert state(site, held) in ("written", "gated")
    looked(rita, held, 2)
    assert rita.post(f"/api/review/{held}/approval", json={"mask_version": 2}).status_code == 200
    png = image(site.catalog.files.read_frame(f"{held}-0000"))
    assert png[61:160, 61:200].any()
    assert not png[:59].any()


def test_a_mask_is_found_anew_after_a_wrong_one_was_drawn(site: Site, held: str, rita: TestClient) -> None:
    found = site.catalog.files.read_frame(f"{held}-0000", held=True)
    drawn = rita.post(f"/api/review/{held}/mask", json={"mask_version": 1, "polygons": [BOX]}).json()
    assert drawn["mask"]["source"] == "drawn"
    again = rita.post(f"/api/review/{held}/remask", json={"mask_version": 2})
    assert again.status_code == 200
    assert again.json()["mask_version"] == 3
    assert again.json()["mask"]["source"] != "drawn"
    assert site.catalog.files.read_frame(f"{held}-0000", held=True) == found
    reasons = [d["reason"] for d in again.json()["decisions"]]
    assert reasons == ["drawn by hand", "found by the rules in force"]
    for act in ("remask", "recheck"):
        late = rita.post(f"/api/review/{held}/{act}", json={"mask_version": 2})
        assert late.status_code == 409
        assert "drawn anew meanwhile" in late.json()["detail"]


def test_a_mask_cannot_be_found_without_the_original(
    site: Site, held: str, rita: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "a.dcm").unlink()
    gone = rita.post(f"/api/review/{held}/remask", json={"mask_version": 1})
    assert gone.status_code == 422
    assert "the original is gone" in gone.json()["detail"]
    assert str(tmp_path) not in gone.text
    assert decisions(site, held) == []


def test_the_text_check_looks_again(
    site: Site, suspect: str, rita: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Prepared.looked_at
    monkeypatch.setattr(Prepared, "looked_at", lambda p, _: seen(p, Verdict("passed", (), "made")))
    again = rita.post(f"/api/review/{suspect}/recheck", json={"mask_version": 1}).json()
    assert (again["state"], again["verdict"], again["boxes"]) == ("gated", "passed", [])
    assert again["mask_version"] == 2
    monkeypatch.setattr(Prepared, "looked_at", lambda p, _: seen(p, NOT_RUN))
    refused = rita.post(f"/api/review/{suspect}/recheck", json={"mask_version": 2})
    assert refused.status_code == 422
    assert "extra deid" in refused.json()["detail"]
    assert state(site, suspect) == "gated"


def test_of_two_who_decide_at_once_one_is_told(site: Site, held: str, rita: TestClient) -> None:
    site.catalog.write(partial(people.add_expert, name="Rob"))
    site.catalog.write(partial(people.set_reviewer, name="Rob"))
    rob = site.client("Rob")
    calls = [
        (rita, "approval", {"mask_version": 1}),
        (rob, "approval", {"mask_version": 1}),
    ]
    for client in (rita, rob):
        looked(client, held)
    with ThreadPoolExecutor(2) as pool:
        post = [pool.submit(c.post, f"/api/review/{held}/{a}", json=b) for c, a, b in calls]
        codes = sorted(p.result().status_code for p in post)
    assert codes == [200, 409]
    assert len(decisions(site, held)) == 1


def test_a_rejected_clip_loses_its_pictures(site: Site, held: str, rita: TestClient) -> None:
    assert rita.post(f"/api/review/{held}/rejection", json={"reason": ""}).status_code == 422
    answer = rita.post(f"/api/review/{held}/rejection", json={"reason": "a name on the tissue"})
    assert answer.json()["state"] == "rejected"
    for what in ("before.png", "after.png", "mask.png", "pack"):
        gone = rita.get(f"/api/review/{held}/{what}")
        assert gone.status_code == 410
        assert "gone" in gone.json()["detail"] or "deleted" in gone.json()["detail"]
    shown = rita.get(f"/api/review/{held}").json()
    assert (shown["state"], shown["has_evidence"]) == ("rejected", False)
    assert shown["decisions"][0]["reason"] == "a name on the tissue"
    assert rita.post(f"/api/review/{held}/rejection", json={"reason": "again"}).status_code == 409
    assert rita.post(f"/api/review/{held}/approval", json={"mask_version": 1}).status_code == 409


def test_an_approved_clip_can_be_taken_back(site: Site, held: str, rita: TestClient) -> None:
    looked(rita, held).post(f"/api/review/{held}/approval", json={"mask_version": 1})
    assert len(decode_pack(rita.get(f"/api/review/{held}/pack").content)) == 3
    assert rita.post(f"/api/review/{held}/rejection", json={"reason": "seen too late"}).status_code == 200
    assert state(site, held) == "rejected"


def test_evidence_that_is_gone_says_so(site: Site, suspect: str, rita: TestClient) -> None:
    with vault_of(site.catalog) as vault:
        forget_evidence(vault, suspect)
    assert rita.get(f"/api/review/{suspect}/before.png").status_code == 410
    shown = rita.get(f"/api/review/{suspect}").json()
    assert not shown["has_evidence"]
    assert [b["text"] for b in shown["boxes"]] == [""]


def test_a_clip_that_is_not_there(site: Site, rita: TestClient) -> None:
    missing = f"01-{'0' * 64}"
    for verb, address in routes(site, missing):
        if address != "/api/review":
            assert call(rita, verb, address)[0] == 404, (verb, address)


@pytest.mark.parametrize(
    "polygons",
    [
        [],
        [[]],
        [[[1, 1], [2, 2]]],
        [[[10, 10], [50, 50], [90, 90]]],
        [[[10, 10], [10.5, 10], [10.5, 10.5]]],
        [[[-900, -900], [-800, -900], [-800, -800]]],
        [[[10, 10], [50, 50], ["a", 90]]],
        [[[10, 10], [50, 50, 3], [90, 10]]],
        [[[10, 10], [1e300, 50], [90, 10]]],
        [BOX] * 21,
        [[[float(k), float(k % 7)] for k in range(201)]],
        "nonsense",
    ],
)
def test_polygons_that_are_none_change_nothing(
    site: Site, held: str, rita: TestClient, polygons: object
) -> None:
    body = json.dumps({"mask_version": 1, "polygons": polygons})
    answer = rita.post(f"/api/review/{held}/mask", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert re.search(r"polygon|corner|encloses|number|valid|at most|item", answer.json()["detail"])
    assert decisions(site, held) == []


def test_no_number_is_no_corner(site: Site, held: str, rita: TestClient) -> None:
    body = '{"mask_version": 1, "polygons": [[[NaN, 1], [50, 50], [90, 10]]]}'
    answer = rita.post(f"/api/review/{held}/mask", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
