from functools import partial

import pytest

from tests.make import Site
from unisono.annotate.run import access, people
from unisono.base.errors import NotFoundError
from unisono.catalog.clips import set_state
from unisono.catalog.experts import expert_by_name
from unisono.catalog.projects import items_of


def who(site: Site, name: str) -> str:
    with site.catalog.read() as connection:
        return expert_by_name(connection, name).id


def test_what_is_not_mine_looks_as_if_it_were_not_there(site: Site) -> None:
    stranger, ada = (
        site.catalog.write(partial(people.add_expert, name="Stranger")).id,
        who(site, "Ada One"),
    )
    code = site.clips[0].code
    with site.catalog.read() as connection:
        item = items_of(connection, "lv")[0].id
        for ask in (
            partial(access.clip_for, connection, code),
            partial(access.item_for, connection, item),
            partial(access.mine, connection, "lv"),
        ):
            with pytest.raises(NotFoundError, match="there is no"):
                ask(stranger)
        assert access.clip_for(connection, code, ada).code == code
        assert access.item_for(connection, item, ada)[1] == "expert"
        assert access.mine(connection, "lv", who(site, "Lena Lead"))[1] == "lead"


def test_a_withdrawn_clip_is_shown_to_nobody(site: Site) -> None:
    code = site.clips[0].code
    site.catalog.write(partial(set_state, code=code, state="quarantined"))
    for name in ("Ada One", "Lena Lead"):
        with site.catalog.read() as connection, pytest.raises(NotFoundError, match="was withdrawn"):
            access.clip_for(connection, code, who(site, name))
