from uuid import uuid4

from fastapi.testclient import TestClient

from tests.make import Site, curve_label, point_label


def test_a_lead_sees_who_did_what(site: Site) -> None:
    ada, lead = site.client("Ada One"), site.client("Lena Lead")
    item = site.item(ada)
    site.finish(ada, item)
    progress = lead.get("/api/projects/lv/progress").json()
    rows = {e["name"]: e for e in progress["experts"]}
    assert (rows["Ada One"]["n_done"], rows["Ada One"]["active_s"]) == (1, 3.5)
    assert rows["Ben Two"]["n_done"] == 0
    assert {i["item"]: i["n_done"] for i in progress["items"]}[item] == 1
    assert (progress["n_items"], progress["n_enough"]) == (2, 0)


def test_a_lead_reviews_an_answer_once(site: Site) -> None:
    ada, lead = site.client("Ada One"), site.client("Lena Lead")
    item = site.item(ada)
    site.finish(ada, item)
    answer = ada.get(f"/api/items/{item}").json()["answers"][0]["id"]
    address, body = f"/api/reviews/{uuid4()}", {"answer": answer, "verdict": "look-again", "comment": "apex?"}
    assert [lead.put(address, json=body).json()["known"] for _ in range(2)] == [False, True]
    other = {**body, "verdict": "ok"}
    assert lead.put(address, json=other).status_code == 409
    assert ada.put(f"/api/reviews/{uuid4()}", json=body).status_code == 403
    missing = {**body, "answer": str(uuid4())}
    assert lead.put(f"/api/reviews/{uuid4()}", json=missing).status_code == 404


def test_a_lead_agrees_and_sees_what_came_after(site: Site) -> None:
    ada, ben, lead = (site.client(name) for name in ("Ada One", "Ben Two", "Lena Lead"))
    item = site.item(ada)
    site.finish(ada, item)
    before = lead.get("/api/projects/lv/progress").json()
    assert (before["agreed_at"], before["n_since_agreed"]) == (None, 1)
    agreed = lead.post("/api/projects/lv/agreement").json()
    assert agreed["agreed_at"] is not None
    assert agreed["n_since_agreed"] == 0
    site.finish(ben, item, shift=2.0)
    assert lead.get("/api/projects/lv/progress").json()["n_since_agreed"] == 1
    spread = {i["item"]: i for i in lead.post("/api/projects/lv/agreement").json()["items"]}[item]
    assert spread["unit"] == "mm"
    assert spread["spread"] > 0


def test_an_answer_to_look_at_again_comes_back_to_its_expert_and_to_no_other(site: Site) -> None:
    ada, ben, lead = (site.client(name) for name in ("Ada One", "Ben Two", "Lena Lead"))
    item = site.item(ada)
    for client in (ada, ben):
        for entry in client.get("/api/projects/lv/queue").json():
            site.finish(client, entry["item"])
    answers = ada.get(f"/api/items/{item}").json()["answers"]
    apex = next(a for a in answers if a["question"] == "lv-apex-endo")
    body = {"answer": apex["id"], "verdict": "look-again", "comment": "higher?"}
    assert lead.put(f"/api/reviews/{uuid4()}", json=body).status_code == 200
    states = {e["item"]: e["state"] for e in ada.get("/api/projects/lv/queue").json()}
    assert states[item] == "look-again"
    assert ada.get("/api/projects/lv").json()["next_item"] == item
    assert ada.get(f"/api/items/{item}").json()["look_again"] == [
        {"question": "lv-apex-endo", "comment": "higher?"}
    ]
    assert ben.get(f"/api/items/{item}").json()["look_again"] == []
    assert ben.get("/api/projects/lv").json()["next_item"] is None
    site.finish(ada, item)
    assert ada.get(f"/api/items/{item}").json()["look_again"] == []
    assert ada.get("/api/projects/lv").json()["next_item"] is None


def asked_again(site: Site, ada: TestClient, lead: TestClient, item: str) -> None:
    """Let Ada have finished an item, and the lead ask about her apex."""
    site.finish(ada, item)
    answers = ada.get(f"/api/items/{item}").json()["answers"]
    apex = next(a["id"] for a in answers if a["question"] == "lv-apex-endo")
    body = {"answer": apex, "verdict": "look-again", "comment": "higher?"}
    assert lead.put(f"/api/reviews/{uuid4()}", json=body).status_code == 200


def states(client: TestClient) -> dict[str, str]:
    return {e["item"]: e["state"] for e in client.get("/api/projects/lv/queue").json()}


def test_a_request_holds_through_every_gesture_until_the_item_is_submitted_anew(site: Site) -> None:
    ada, lead = site.client("Ada One"), site.client("Lena Lead")
    item = site.item(ada)
    asked_again(site, ada, lead, item)
    note = [{"question": "lv-apex-endo", "comment": "higher?"}]
    for label in (point_label(41, 9), {"visibility": "unasked", "instances": []}, point_label(42, 9)):
        site.save(ada, item, "lv-apex-endo", label)
        assert states(ada)[item] == "look-again"
        assert ada.get(f"/api/items/{item}").json()["look_again"] == note
        mine = ada.get("/api/projects/lv").json()
        assert mine["n_mine_finished"] == 0
    site.finish(ada, item)
    assert states(ada)[item] == "done"
    assert ada.get(f"/api/items/{item}").json()["look_again"] == []


def test_a_lead_sees_a_request_that_still_holds_on_the_answer_that_stands_now(site: Site) -> None:
    ada, lead = site.client("Ada One"), site.client("Lena Lead")
    item = site.item(ada)
    asked_again(site, ada, lead, item)
    site.save(ada, item, "lv-apex-endo", point_label(41, 9))

    def verdicts() -> dict[str, str | None]:
        shown = lead.get(f"/api/items/{item}/consensus").json()["questions"]
        return {q["question"]: e["review"] for q in shown for e in q["experts"]}

    assert verdicts()["lv-apex-endo"] == "look-again"
    assert verdicts()["curve-lv-endo"] is None
    site.finish(ada, item)
    assert verdicts()["lv-apex-endo"] is None


def test_a_lead_takes_a_request_back_though_the_answer_changed_meanwhile(site: Site) -> None:
    ada, lead = site.client("Ada One"), site.client("Lena Lead")
    item = site.item(ada)
    asked_again(site, ada, lead, item)
    changed = site.save(ada, item, "lv-apex-endo", point_label(41, 9))["id"]
    assert lead.put(f"/api/reviews/{uuid4()}", json={"answer": changed, "verdict": "ok"}).status_code == 200
    assert states(ada)[item] == "done"


def test_an_item_is_done_only_while_every_required_answer_is_there(site: Site) -> None:
    ada, ben, lead = (site.client(name) for name in ("Ada One", "Ben Two", "Lena Lead"))
    item = site.item(ada)
    for client in (ada, ben):
        site.finish(client, item)
    assert lead.post("/api/projects/lv/agreement").json()["n_since_agreed"] == 0

    site.save(ada, item, "curve-lv-endo", {"visibility": "unasked", "instances": []})
    mine = ada.get("/api/projects/lv").json()
    assert (states(ada)[item], mine["n_mine_finished"], mine["active_s_mine"]) == ("started", 0, 3.5)
    assert ada.get(f"/api/items/{item}").json()["submission"] is None
    progress = lead.get("/api/projects/lv/progress").json()
    assert {i["item"]: i["n_done"] for i in progress["items"]}[item] == 1
    assert {e["name"]: e["n_done"] for e in progress["experts"]} == {"Ada One": 0, "Ben Two": 1}
    assert progress["n_since_agreed"] == 1
    shown = lead.get(f"/api/items/{item}/consensus").json()
    assert [q["n_experts"] for q in shown["questions"]] == [1, 1, 1, 1]

    site.save(ada, item, "curve-lv-endo", curve_label())
    assert states(ada)[item] == "done"


def test_a_cleared_item_is_where_its_expert_goes_on(site: Site) -> None:
    ada = site.client("Ada One")
    first, second = states(ada)
    site.finish(ada, first)
    assert site.finish(ada, second)["next_item"] is None
    site.save(ada, first, "mv-ant-hinge", {"visibility": "unasked", "instances": []})
    assert ada.get("/api/projects/lv").json()["next_item"] == first
    assert site.finish(ada, second)["next_item"] == first


def test_a_changed_answer_counts_as_new_until_the_next_agreement(site: Site) -> None:
    ada, lead = site.client("Ada One"), site.client("Lena Lead")
    for item in states(ada):
        site.finish(ada, item)
    assert lead.post("/api/projects/lv/agreement").json()["n_since_agreed"] == 0
    site.save(ada, item, "lv-apex-endo", point_label(44, 9))
    assert lead.get("/api/projects/lv/progress").json()["n_since_agreed"] == 1
    assert lead.post("/api/projects/lv/agreement").json()["n_since_agreed"] == 0
