from uuid import uuid4

from tests.make import Site, gesture


def test_a_note_is_told_to_the_lead_and_read_back_by_its_author_alone(site: Site) -> None:
    ada, ben, lena = (site.client(name) for name in ("Ada One", "Ben Two", "Lena Lead"))
    item, note = site.item(ada), str(uuid4())
    body = {
        "project": "lv",
        "item": item,
        "kind": "comment",
        "text": "a very large left atrium",
        "protocol_version": 1,
        "gesture": gesture("note"),
    }
    saved = ada.put(f"/api/notes/{note}", json=body).json()
    again = ada.put(f"/api/notes/{note}", json=body).json()
    assert (saved["known"], again["known"], again["seq"]) == (False, True, saved["seq"])
    assert [n["text"] for n in ada.get(f"/api/items/{item}/notes").json()] == [body["text"]]
    assert ben.get(f"/api/items/{item}/notes").json() == []
    assert [(n["name"], n["kind"], n["item"]) for n in lena.get("/api/projects/lv/notes").json()] == [
        ("Ada One", "comment", item)
    ]
    assert ada.get("/api/projects/lv/notes").status_code == 403
    assert ada.get(f"/api/items/{item}").json()["submission"] is None
    other = ada.put(f"/api/notes/{note}", json={**body, "text": "something else"})
    assert other.status_code == 409
