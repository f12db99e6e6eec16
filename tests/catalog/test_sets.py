"""Members of sets: stored in order, and a set is withdrawn with any one of them."""

from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.catalog import projects
from unisono.catalog.clips import set_state
from unisono.catalog.rows import now
from unisono.catalog.sets import Member, insert_members, members_of

PROJECT = projects.Project("p", "P", "text", "proto", 1, "seed", simulated=False, created_at=now())


@pytest.fixture
def codes(catalog: Catalog) -> list[str]:
    found = [make_clip(catalog, seed=s).code for s in range(3)]
    first = projects.Item("i0", "p", 0, found[0], None)
    items = [first, replace(first, id="i1", position=1, repeat_of="i0")]
    members = [Member(i, place, found[place], 2 * place or None) for i in ("i0", "i1") for place in (0, 1)]

    def write(connection: sa.Connection) -> None:
        projects.insert_project(connection, PROJECT, items)
        insert_members(connection, members)

    catalog.write(write)
    return found


def test_members_come_back_in_order_under_their_codes(catalog: Catalog, codes: list[str]) -> None:
    with catalog.read() as connection:
        assert [m.code for m in members_of(connection, "i1")] == [codes[0], f"{codes[1]}-0002"]
        assert members_of(connection, "i2") == []
        assert [i.repeat_of for i in projects.items_of(connection, "p")] == [None, "i0"]


def test_a_clip_belongs_to_the_projects_whose_sets_show_it(catalog: Catalog, codes: list[str]) -> None:
    with catalog.read() as connection:
        assert [projects.projects_of_clip(connection, code) for code in codes] == [["p"], ["p"], []]


@pytest.mark.parametrize("withdrawn", [0, 1])
def test_a_set_goes_with_any_of_its_members(catalog: Catalog, codes: list[str], withdrawn: int) -> None:
    with catalog.read() as connection:
        assert [i.id for i in projects.shown_items_of(connection, "p")] == ["i0", "i1"]
    catalog.write(partial(set_state, code=codes[withdrawn], state="quarantined"))
    with catalog.read() as connection:
        assert projects.shown_items_of(connection, "p") == []


def test_another_clip_takes_nothing_away(catalog: Catalog, codes: list[str]) -> None:
    catalog.write(partial(set_state, code=codes[2], state="quarantined"))
    with catalog.read() as connection:
        assert len(projects.shown_items_of(connection, "p")) == 2


def test_a_member_is_of_an_item_that_is_there(catalog: Catalog, codes: list[str]) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        catalog.write(partial(insert_members, rows=[Member("nobody", 0, codes[0], None)]))
    with pytest.raises(sa.exc.IntegrityError):
        catalog.write(partial(insert_members, rows=[Member("i0", 0, codes[0], None)]))
