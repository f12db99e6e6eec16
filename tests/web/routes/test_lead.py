from uuid import uuid4

from tests.make import Site


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
