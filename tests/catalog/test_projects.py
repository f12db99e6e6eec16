from functools import partial

import pytest

from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError, NotFoundError
from unisono.catalog import projects
from unisono.catalog.experts import Expert, insert_expert
from unisono.catalog.rows import now

PROJECT = projects.Project("p", "P", "text", "proto", 1, "seed", simulated=False, created_at=now())


@pytest.fixture
def clip(catalog: Catalog) -> str:
    code = make_clip(catalog).code
    items = [projects.Item(f"i{k}", "p", k, code, k) for k in range(3)]
    catalog.write(partial(projects.insert_project, project=PROJECT, items=items))
    return code


def test_a_project_comes_back_with_its_items_in_order(catalog: Catalog, clip: str) -> None:
    with catalog.read() as connection:
        assert projects.project_by_slug(connection, "p") == PROJECT
        assert [i.id for i in projects.items_of(connection, "p")] == ["i0", "i1", "i2"]
        assert projects.item_by_id(connection, "i1").frame == 1
        assert projects.projects_of_clip(connection, clip) == ["p"]
        with pytest.raises(NotFoundError, match="no item 'x'"):
            projects.item_by_id(connection, "x")


def test_a_slug_is_given_once_and_nothing_of_the_second_is_kept(catalog: Catalog, clip: str) -> None:
    extra = [projects.Item("i9", "p", 9, clip, 0)]
    with pytest.raises(ConflictError, match="'p'"):
        catalog.write(partial(projects.insert_project, project=PROJECT, items=extra))
    with catalog.read() as connection:
        assert len(projects.items_of(connection, "p")) == 3


def test_a_role_replaces_the_former(catalog: Catalog, clip: str) -> None:
    ada = Expert("a", "Ada", "expert-1", simulated=False, active=True, created_at=now())
    catalog.write(partial(insert_expert, expert=ada))
    for role in ("expert", "lead"):
        catalog.write(partial(projects.add_member, project="p", expert="a", role=role))
    with catalog.read() as connection:
        assert projects.role_in(connection, "p", "a") == "lead"
        assert projects.role_in(connection, "p", "b") is None
        assert projects.members(connection, "p") == projects.memberships(connection, "a")
