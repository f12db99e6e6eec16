from functools import partial

import pytest

from tests.make import Site
from unisono.annotate.run import people, work
from unisono.base.errors import NotFoundError
from unisono.catalog.experts import expert_by_name


def who(site: Site, name: str) -> str:
    with site.catalog.read() as connection:
        return expert_by_name(connection, name).id


def test_an_expert_sees_his_own_projects_with_his_own_numbers(site: Site) -> None:
    ada, ben = who(site, "Ada One"), who(site, "Ben Two")
    client = site.client("Ada One")
    site.finish(client, site.item(client))
    with site.catalog.read() as connection:
        mine, his = work.my_projects(connection, ada), work.my_projects(connection, ben)
    assert [(p.n_items, p.n_finished, p.active_s, p.role) for p in mine] == [(2, 1, 3.5, "expert")]
    assert [(p.n_finished, p.active_s) for p in his] == [(0, 0)]


def test_the_queue_says_what_is_open_started_and_done(site: Site) -> None:
    client = site.client("Ada One")
    order = [e["item"] for e in client.get("/api/projects/lv/queue").json()]
    site.finish(client, order[0])
    site.save(client, order[1], "lv-apex-endo", {"visibility": "blurred", "instances": []})
    with site.catalog.read() as connection:
        states = [e.state for e in work.my_queue(connection, "lv", who(site, "Ada One"))]
        others = [e.state for e in work.my_queue(connection, "lv", who(site, "Ben Two"))]
    assert states == ["done", "started"]
    assert others == ["open", "open"]


def test_an_item_knows_its_neighbours_in_the_own_order(site: Site) -> None:
    ada = who(site, "Ada One")
    with site.catalog.read() as connection:
        first, last = (e.item for e in work.my_queue(connection, "lv", ada))
        one, two = work.my_item(connection, first, ada), work.my_item(connection, last, ada)
    assert (one.previous, one.next, one.place) == (None, last, 0)
    assert (two.previous, two.next, two.place) == (first, None, 1)


def test_what_is_not_mine_looks_as_if_it_were_not_there(site: Site) -> None:
    stranger = site.catalog.write(partial(people.add_expert, name="Stranger")).id
    with site.catalog.read() as connection:
        item = work.my_queue(connection, "lv", who(site, "Ada One"))[0].item
        for call in (
            partial(work.my_project, slug="lv"),
            partial(work.my_queue, slug="lv"),
            partial(work.my_item, item_id=item),
        ):
            with pytest.raises(NotFoundError, match="there is no"):
                call(connection, expert=stranger)
        assert work.my_projects(connection, stranger) == []
