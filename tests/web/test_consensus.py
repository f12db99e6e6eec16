import numpy as np

from tests.make import Site


def test_a_lead_sees_both_experts_and_what_they_come_to(site: Site) -> None:
    ada, ben, lena = site.client("Ada One"), site.client("Ben Two"), site.client("Lena Lead")
    item = site.item(ada)
    site.finish(ada, item, shift=-1.0)
    site.finish(ben, item, shift=1.0)
    answer = ada.get(f"/api/items/{item}").json()["answers"][0]["id"]
    lena.put(
        "/api/reviews/00000000-0000-4000-8000-000000000000", json={"answer": answer, "verdict": "look-again"}
    )
    shown = lena.get(f"/api/items/{item}/consensus").json()
    by_key = {q["question"]: q for q in shown["questions"]}
    assert list(by_key) == ["curve-lv-endo", "lv-apex-endo", "mv-ant-hinge", "mv-post-hinge"]
    for question in by_key.values():
        assert (question["n_experts"], question["unit"], question["visibility"]) == (2, "mm", "seen")
    apex = by_key["lv-apex-endo"]
    assert np.allclose(apex["path"], [[40.0, 8.0]], atol=1e-6)
    assert len(apex["ellipse"]) > 10
    curve = by_key["curve-lv-endo"]
    assert len(curve["path"]) == len(curve["band_low"]) == len(curve["band_high"]) > 50
    assert [e["review"] for e in curve["experts"] if e["answer"] == answer] == ["look-again"]
    offsets = sorted(e["offset"] for e in curve["experts"])
    assert offsets[0] < 0 < offsets[1] or np.allclose(offsets, 0, atol=0.3)


def test_an_item_that_nobody_finished_is_shown_empty(site: Site) -> None:
    lena = site.client("Lena Lead")
    item = site.item(lena)
    for question in lena.get(f"/api/items/{item}/consensus").json()["questions"]:
        assert (question["n_experts"], question["path"], question["visibility"]) == (0, [], "unasked")
