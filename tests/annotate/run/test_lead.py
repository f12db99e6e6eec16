from functools import partial
from uuid import uuid4

import pytest

from tests.make import Site
from unisono.annotate.run import lead, people
from unisono.base.errors import AccessError, NotFoundError
from unisono.catalog.answers import current_answers
from unisono.catalog.experts import expert_by_name


def who(site: Site, name: str) -> str:
    with site.catalog.read() as connection:
        return expert_by_name(connection, name).id


def test_only_a_lead_passes(site: Site) -> None:
    stranger = site.catalog.write(partial(people.add_expert, name="Stranger")).id
    with site.catalog.read() as connection:
        lead.require_lead(connection, "lv", who(site, "Lena Lead"))
        with pytest.raises(AccessError, match="only a lead"):
            lead.require_lead(connection, "lv", who(site, "Ada One"))
        with pytest.raises(NotFoundError, match="no project"):
            lead.require_lead(connection, "lv", stranger)


def test_an_item_has_enough_when_as_many_finished_as_the_protocol_wants(site: Site) -> None:
    site.new_project("few", "view")
    with site.catalog.read() as connection:
        progress = lead.progress(connection, "lv")
    assert (progress.experts_per_item, progress.n_enough) == (11, 0)
    assert [(i.n_done, i.n_unusable) for i in progress.items] == [(0, 0), (0, 0)]
    assert sorted(e.expert.name for e in progress.experts) == ["Ada One", "Ben Two"]


def test_the_latest_review_of_an_answer_stands(site: Site) -> None:
    client, lena = site.client("Ada One"), who(site, "Lena Lead")
    item = site.item(client)
    site.finish(client, item)
    with site.catalog.read() as connection:
        answer = current_answers(connection, "lv", item=item)[0].id
    for verdict in ("look-again", "ok"):
        review = lead.Review(str(uuid4()), answer, lena, verdict, "")
        site.catalog.write(partial(lead.save_review, review=review))
    with site.catalog.read() as connection:
        assert lead.reviews(connection, "lv", item) == {answer: "ok"}
        assert lead.clip_of_item(connection, item, lena).code in {c.code for c in site.clips}
