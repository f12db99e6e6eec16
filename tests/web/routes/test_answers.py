from uuid import uuid4

import pytest

from tests.make import Site, curve_label, gesture, point_label
from unisono.base.canonical import sha256_of


def test_a_saved_curve_comes_back_to_the_last_bit(site: Site) -> None:
    client = site.client("Ada One")
    item = site.item(client)
    label = curve_label(1 / 3)
    saved = site.save(client, item, "curve-lv-endo", label)
    assert saved["label_sha256"] == sha256_of(label)
    assert not saved["known"]
    assert not saved["forked"]
    answers = client.get(f"/api/items/{item}").json()["answers"]
    assert [a["label"] for a in answers] == [label]


def test_sending_a_save_again_changes_nothing(site: Site) -> None:
    client = site.client("Ada One")
    item = site.item(client)
    body, address = site.answer_body(item, "lv-apex-endo", point_label(1, 2)), f"/api/answers/{uuid4()}"
    first, second = client.put(address, json=body).json(), client.put(address, json=body).json()
    assert second == {**first, "known": True}


def test_an_id_with_another_content_is_a_conflict(site: Site) -> None:
    client = site.client("Ada One")
    item, address = site.item(client), f"/api/answers/{uuid4()}"
    client.put(address, json=site.answer_body(item, "lv-apex-endo", point_label(1, 2)))
    answer = client.put(address, json=site.answer_body(item, "lv-apex-endo", point_label(3, 4)))
    assert answer.status_code == 409


def test_two_windows_both_keep_their_work_and_are_told(site: Site) -> None:
    client = site.client("Ada One")
    item = site.item(client)
    first = site.save(client, item, "lv-apex-endo", point_label(1, 2))
    assert not site.save(client, item, "lv-apex-endo", point_label(2, 2), supersedes=first["id"])["forked"]
    assert site.save(client, item, "lv-apex-endo", point_label(3, 2), supersedes=first["id"])["forked"]
    standing = client.get(f"/api/items/{item}").json()["answers"]
    assert standing[0]["label"]["instances"] == [{"x": 3, "y": 2}]


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ({"visibility": "gone", "instances": []}, "visibility"),
        ({"visibility": "seen", "instances": []}, "needs at least one"),
        ({"visibility": "off", "instances": [{"x": 1, "y": 2}]}, "every other visibility none"),
        ({"visibility": "seen", "instances": [{"x": 1, "y": "2"}]}, "y must be a finite number"),
        ({"visibility": "seen", "instances": [{"x": 1}]}, "missing y"),
        ({"visibility": "seen", "instances": [{"x": 1, "y": 2, "z": 3}]}, "unknown z"),
        ({"visibility": "seen", "instances": [{"x": 1, "y": 2}] * 2}, "2 instances where"),
        ({"visibility": "seen", "instances": [], "extra": 1}, "extra"),
    ],
)
def test_a_label_that_is_none_is_refused_with_its_reason(
    site: Site, label: dict[str, object], says: str
) -> None:
    client = site.client("Ada One")
    body = site.answer_body(site.item(client), "lv-apex-endo", label)
    answer = client.put(f"/api/answers/{uuid4()}", json=body)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


def test_a_finished_item_leads_on_to_the_next_and_can_be_corrected(site: Site) -> None:
    client = site.client("Ada One")
    order = [e["item"] for e in client.get("/api/projects/lv/queue").json()]
    assert site.finish(client, order[0])["next_item"] == order[1]
    assert site.finish(client, order[1])["next_item"] is None
    assert [e["state"] for e in client.get("/api/projects/lv/queue").json()] == ["done", "done"]
    head = next(
        a for a in client.get(f"/api/items/{order[0]}").json()["answers"] if a["question"] == "lv-apex-endo"
    )
    assert not site.save(client, order[0], "lv-apex-endo", point_label(9, 9), supersedes=head["id"])["forked"]
    mine = client.get("/api/projects/lv").json()
    assert (mine["n_mine_finished"], mine["next_item"], mine["active_s_mine"]) == (2, None, 7.0)


def test_the_next_item_skips_none_that_was_left_open(site: Site) -> None:
    client = site.client("Ada One")
    order = [e["item"] for e in client.get("/api/projects/lv/queue").json()]
    assert site.finish(client, order[1])["next_item"] == order[0]


def test_an_unusable_item_needs_no_answers(site: Site) -> None:
    client = site.client("Ada One")
    item = site.item(client)
    body = {
        "project": "lv",
        "item": item,
        "outcome": "unusable",
        "reason": "image quality",
        "protocol_version": 1,
        "gesture": gesture("unusable"),
    }
    assert client.put(f"/api/submissions/{uuid4()}", json=body).status_code == 200
    assert client.get(f"/api/items/{item}").json()["submission"]["outcome"] == "unusable"
