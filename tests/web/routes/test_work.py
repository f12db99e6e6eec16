from tests.make import Site


def test_two_experts_have_orders_of_their_own(site: Site) -> None:
    site.new_project("views", "view")
    orders = {
        name: [e["item"] for e in site.client(name).get("/api/projects/lv/queue").json()]
        for name in ("Ada One", "Ben Two", "Lena Lead")
    }
    assert all(sorted(order) == sorted(orders["Ada One"]) for order in orders.values())
    places = [e["place"] for e in site.client("Ada One").get("/api/projects/lv/queue").json()]
    assert places == [0, 1]


def test_my_projects_are_those_where_i_work(site: Site) -> None:
    site.new_project("views", "view")
    assert [p["slug"] for p in site.client("Ada One").get("/api/projects").json()] == ["lv"]


def test_an_item_carries_my_answers_and_my_submission(site: Site) -> None:
    client = site.client("Ada One")
    item = site.item(client)
    assert client.get(f"/api/items/{item}").json()["submission"] is None
    site.finish(client, item)
    shown = client.get(f"/api/items/{item}").json()
    assert len(shown["answers"]) == 4
    assert shown["submission"]["outcome"] == "done"
    assert shown["frame"] == 1
