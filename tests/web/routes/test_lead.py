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
