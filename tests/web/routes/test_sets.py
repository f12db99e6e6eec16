"""Sets over HTTP: what an expert receives of them, and what becomes of an answer."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from tests.make import Site, gesture, make_clip
from unisono.agree.run import agree
from unisono.annotate.run import people, projects
from unisono.annotate.run.projects import SetPlan, Target
from unisono.base.errors import LabelError, ReleaseError
from unisono.release.package import compose
from unisono.release.run.gather import contents_of

QUESTION = "a4c-rotation"


@pytest.fixture
def ranked(site: Site) -> Site:
    codes = [make_clip(site.catalog, seed=s).code for s in range(10, 15)]
    job = partial(
        projects.create_project,
        slug="order",
        protocol_text=projects.shipped_protocols()["rank-a4c-rotation"],
        targets=[Target(c) for c in codes],
        seed="seed",
        plan=SetPlan(size=3, repeats=0.2),
    )
    site.catalog.write(job)
    for name, role in (("Lena Lead", "lead"), ("Ada One", "expert")):
        site.catalog.write(partial(people.set_role, project="order", name=name, role=role))
    return site


def put_in_order(site: Site, client: TestClient, item: str) -> dict[str, Any]:
    shown = [m["code"] for m in client.get(f"/api/items/{item}").json()["members"]]
    instance = {"groups": [[shown[2]], shown[:2]], "aside": [], "shown": shown}
    label = {"visibility": "seen", "instances": [instance]}
    site.save(client, item, QUESTION, label, project="order")
    body = {
        "project": "order",
        "item": item,
        "outcome": "done",
        "protocol_version": 1,
        "gesture": gesture("done"),
    }
    client.put(f"/api/submissions/{uuid4()}", json=body).raise_for_status()
    return label


def test_an_expert_receives_the_members_and_may_play_each(ranked: Site) -> None:
    ada = ranked.client("Ada One")
    view = ada.get(f"/api/items/{ranked.item(ada, 'order')}").json()
    assert ada.get("/api/projects/order").json()["protocol"]["item"] == "set"
    assert len({m["code"] for m in view["members"]}) == 3
    assert view["clip"] == view["members"][0]["clip"]
    for member in view["members"]:
        assert member["code"] == member["clip"]["code"]
        assert ada.get(f"/{member['clip']['pack_url']}").status_code == 200


def test_nothing_says_which_sets_are_repeats(ranked: Site) -> None:
    ada = ranked.client("Ada One")
    for entry in ada.get("/api/projects/order/queue").json():
        received = ada.get(f"/api/items/{entry['item']}").text
        assert "repeat" not in received
        assert "mirror" not in received


def test_who_is_not_asked_sees_no_member(ranked: Site) -> None:
    ada, ben = ranked.client("Ada One"), ranked.client("Ben Two")
    view = ada.get(f"/api/items/{ranked.item(ada, 'order')}").json()
    assert ben.get(f"/api/items/{view['item']}").status_code == 404
    assert [ben.get(f"/{m['clip']['pack_url']}").status_code for m in view["members"]] == [404] * 3


def test_an_order_comes_back_as_it_was_said(ranked: Site) -> None:
    ada = ranked.client("Ada One")
    item = ranked.item(ada, "order")
    label = put_in_order(ranked, ada, item)
    view = ada.get(f"/api/items/{item}").json()
    assert view["answers"][0]["label"] == label
    assert view["submission"]["outcome"] == "done"
    progress = ranked.client("Lena Lead").get("/api/projects/order/progress").json()
    assert [i["n_done"] for i in progress["items"] if i["item"] == item] == [1]


def test_an_order_of_something_else_is_refused(ranked: Site) -> None:
    ada = ranked.client("Ada One")
    item = ranked.item(ada, "order")
    shown = [m["code"] for m in ada.get(f"/api/items/{item}").json()["members"]][::-1]
    instance = {"groups": [shown], "aside": [], "shown": shown}
    body = ranked.answer_body(
        item, QUESTION, {"visibility": "seen", "instances": [instance]}, project="order"
    )
    answer = ada.put(f"/api/answers/{uuid4()}", json=body)
    assert answer.status_code == 422
    assert "as they stood first" in answer.json()["detail"]


def test_a_consensus_and_a_release_refuse_an_order_by_name(ranked: Site) -> None:
    ada = ranked.client("Ada One")
    put_in_order(ranked, ada, ranked.item(ada, "order"))
    with pytest.raises(LabelError, match=r"no consensus.*order"):
        agree(ranked.catalog, "order")
    with ranked.catalog.read() as connection:
        contents = contents_of(
            connection, "order", version="1.0.0", fmt="unity", policy="last", date="2026-01-01"
        )
    with pytest.raises(ReleaseError, match=r"nothing to write: .*question 'a4c-rotation' has form order"):
        compose(contents)
