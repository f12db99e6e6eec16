"""A clip that is no longer approved leaves the queues, shows no pixel, and is counted for the lead."""

from functools import partial

import pytest
from fastapi.testclient import TestClient

from tests.make import Site, point_label
from unisono.catalog.clips import Clip, set_state
from unisono.catalog.projects import items_of

STATES = ("written", "gated", "quarantined", "rejected")


def withdraw(site: Site, clip: Clip, state: str = "quarantined") -> str:
    """Withdraw a clip and return its item."""
    site.catalog.write(partial(set_state, code=clip.code, state=state))
    with site.catalog.read() as connection:
        return next(i.id for i in items_of(connection, "lv") if i.clip == clip.code)


def queue(client: TestClient) -> list[str]:
    return [e["item"] for e in client.get("/api/projects/lv/queue").json()]


@pytest.mark.parametrize("state", STATES)
def test_its_items_leave_the_queues(site: Site, state: str) -> None:
    ada = site.client("Ada One")
    before = queue(ada)
    gone = withdraw(site, site.clips[0], state)
    (left,) = queue(ada)
    assert {gone, left} == set(before)
    mine = ada.get("/api/projects/lv").json()
    assert (mine["n_items"], mine["next_item"]) == (1, left)
    assert site.clips[0].code not in mine["thumbnail"]
    shown = ada.get(f"/api/items/{left}").json()
    assert (shown["place"], shown["n_items"], shown["previous"], shown["next"]) == (0, 1, None, None)
    assert site.finish(ada, left)["next_item"] is None


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ["Ada One", "Lena Lead"])
def test_nothing_of_it_is_shown_any_more(site: Site, state: str, who: str) -> None:
    client, clip = site.client(who), site.clips[0]
    gone = withdraw(site, clip, state)
    clips = f"/api/clips/{clip.code}"
    for address in (
        f"{clips}/pack/{clip.pack_sha256}",
        f"{clips}/frames/1.png",
        f"{clips}/thumbnail.jpg",
        f"/api/items/{gone}",
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "was withdrawn" in answer.json()["detail"]
        assert "no-store" in answer.headers["cache-control"]


def test_a_stranger_does_not_hear_that_it_was_withdrawn(site: Site) -> None:
    site.new_project("views", "view")
    with site.catalog.read() as connection:
        foreign = items_of(connection, "views")[0].id
    withdraw(site, site.clips[0])
    assert "withdrawn" not in site.client("Ada One").get(f"/api/items/{foreign}").text


def test_a_lead_sees_how_many_and_no_consensus_of_them(site: Site) -> None:
    ada, lead = site.client("Ada One"), site.client("Lena Lead")
    for item in queue(ada):
        site.finish(ada, item)
    assert lead.post("/api/projects/lv/agreement").json()["n_withdrawn"] == 0
    gone = withdraw(site, site.clips[0])
    progress = lead.get("/api/projects/lv/progress").json()
    assert (progress["n_items"], progress["n_withdrawn"], progress["n_since_agreed"]) == (1, 1, 1)
    assert [e["n_done"] for e in progress["experts"] if e["name"] == "Ada One"] == [1]
    assert "was withdrawn" in lead.get(f"/api/items/{gone}/consensus").json()["detail"]
    (left,) = (i["item"] for i in progress["items"])
    shown = lead.get(f"/api/items/{left}/consensus").json()
    assert (shown["previous"], shown["next"]) == (None, None)
    assert lead.post("/api/projects/lv/agreement").json()["n_since_agreed"] == 0


def test_what_was_drawn_before_the_word_arrived_is_kept(site: Site) -> None:
    ada = site.client("Ada One")
    gone = withdraw(site, site.clips[0])
    site.save(ada, gone, "lv-apex-endo", point_label(41, 9))
    site.catalog.write(partial(set_state, code=site.clips[0].code, state="approved"))
    assert [a["question"] for a in ada.get(f"/api/items/{gone}").json()["answers"]] == ["lv-apex-endo"]
    assert gone in queue(ada)
