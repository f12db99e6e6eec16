"""Saving through the door itself; `tests/web/test_answers.py` does it over HTTP."""

from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest

from tests.make import Site, curve_label, gesture, point_label
from unisono.annotate.run import saving
from unisono.base.errors import LabelError, NotFoundError
from unisono.catalog.experts import expert_by_name
from unisono.catalog.projects import items_of


@pytest.fixture
def answer(site: Site) -> saving.Answer:
    with site.catalog.read() as connection:
        item = items_of(connection, "lv")[0].id
        expert = expert_by_name(connection, "Ada One").id
    return saving.Answer(
        str(uuid4()), "lv", item, "curve-lv-endo", expert, curve_label(), None, 1, gesture(), {}
    )


def save(site: Site, answer: saving.Answer) -> saving.Saved:
    return site.catalog.write(partial(saving.save_answer, answer=answer))


def test_a_label_of_the_wrong_form_is_refused(site: Site, answer: saving.Answer) -> None:
    with pytest.raises(LabelError, match="curve-lv-endo: a curve: missing nodes"):
        save(site, replace(answer, label=point_label(1, 2)))


def test_an_unknown_question_is_refused(site: Site, answer: saving.Answer) -> None:
    with pytest.raises(LabelError, match="no question 'rv'"):
        save(site, replace(answer, question="rv"))


def test_another_version_of_the_protocol_is_refused(site: Site, answer: saving.Answer) -> None:
    with pytest.raises(LabelError, match="asks by version 1"):
        save(site, replace(answer, protocol_version=2))


def test_a_stranger_cannot_save(site: Site, answer: saving.Answer) -> None:
    with pytest.raises(NotFoundError, match="no project"):
        save(site, replace(answer, expert="somebody"))


def test_an_item_of_another_project_is_refused(site: Site, answer: saving.Answer) -> None:
    site.new_project("views", "view")
    with site.catalog.read() as connection:
        foreign = items_of(connection, "views")[0].id
    with pytest.raises(NotFoundError, match="no item"):
        save(site, replace(answer, item=foreign))


def test_an_item_is_finished_only_with_every_required_answer(site: Site, answer: saving.Answer) -> None:
    save(site, answer)
    submission = saving.Submission(
        str(uuid4()), "lv", answer.item, answer.expert, "done", "", "", 1, gesture("done")
    )
    with pytest.raises(LabelError, match="not answered yet: Apex, Hinge, septal, Hinge, lateral"):
        site.catalog.write(partial(saving.save_submission, submission=submission))


def test_unusable_needs_a_reason_of_the_protocol(site: Site, answer: saving.Answer) -> None:
    submission = saving.Submission(
        str(uuid4()), "lv", answer.item, answer.expert, "unusable", "boring", "", 1, gesture("done")
    )
    with pytest.raises(LabelError, match="'boring' is not one of: wrong view"):
        site.catalog.write(partial(saving.save_submission, submission=submission))
    fine = replace(submission, reason="wrong view")
    saved, following = site.catalog.write(partial(saving.save_submission, submission=fine))
    assert not saved.known
    assert following not in (None, answer.item)
