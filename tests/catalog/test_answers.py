from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.make import curve_label, make_clip, point_label
from unisono.annotate.run import Catalog, people, projects
from unisono.annotate.run.projects import Target
from unisono.base.errors import ConflictError
from unisono.catalog import tables
from unisono.catalog.answers import (
    Answer,
    Submission,
    current_answers,
    insert_answer,
    insert_submission,
    submissions,
)
from unisono.catalog.projects import items_of


@pytest.fixture
def answer(catalog: Catalog) -> Answer:
    """Return an answer that fits a project in the catalog."""
    clip = make_clip(catalog)
    text = projects.shipped_protocols()["a4c-lv-border"]
    target = [Target(clip.code, 0)]
    catalog.write(partial(projects.create_project, slug="lv", protocol_text=text, targets=target))
    expert = catalog.write(partial(people.add_expert, name="Ada"))
    with catalog.read() as connection:
        item = items_of(connection, "lv")[0].id
    return Answer(
        str(uuid4()), "lv", item, "curve-lv-endo", expert.id, curve_label(), None, 1, {"active_s": 1.5}, {}
    )


def submission(answer: Answer, outcome: str = "done") -> Submission:
    return Submission(str(uuid4()), "lv", answer.item, answer.expert, outcome, "", "", 1, {"active_s": 2.0})


def test_the_same_save_twice_is_one_save(catalog: Catalog, answer: Answer) -> None:
    first = catalog.write(partial(insert_answer, answer=answer))
    second = catalog.write(partial(insert_answer, answer=answer))
    assert (first.known, second.known) == (False, True)
    assert first.seq == second.seq
    assert first.at == second.at
    with catalog.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.answer)) == 1


def test_the_same_id_with_another_content_is_refused(catalog: Catalog, answer: Answer) -> None:
    catalog.write(partial(insert_answer, answer=answer))
    other = replace(answer, label=curve_label(1.0))
    with pytest.raises(ConflictError, match="says something else"):
        catalog.write(partial(insert_answer, answer=other))


def test_a_correction_supersedes_and_nothing_is_lost(catalog: Catalog, answer: Answer) -> None:
    correction = replace(answer, id=str(uuid4()), label=curve_label(2.5), supersedes=answer.id)
    catalog.write(partial(insert_answer, answer=answer))
    assert not catalog.write(partial(insert_answer, answer=correction)).forked
    with catalog.read() as connection:
        standing = current_answers(connection, "lv", finished_only=False)
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.answer)) == 2
    assert [a.id for a in standing] == [correction.id]
    assert standing[0].label == curve_label(2.5)


def test_a_second_window_is_told_that_the_history_forked(catalog: Catalog, answer: Answer) -> None:
    catalog.write(partial(insert_answer, answer=answer))
    other = replace(answer, id=str(uuid4()), label=curve_label(9.0), supersedes=None)
    assert catalog.write(partial(insert_answer, answer=other)).forked


def test_only_answers_of_items_submitted_as_done_count_as_finished(catalog: Catalog, answer: Answer) -> None:
    catalog.write(partial(insert_answer, answer=answer))
    with catalog.read() as connection:
        assert current_answers(connection, "lv") == []
    for question in ("lv-apex-endo", "mv-ant-hinge", "mv-post-hinge"):
        other = replace(answer, id=str(uuid4()), question=question, label=point_label(1, 2))
        catalog.write(partial(insert_answer, answer=other))
    catalog.write(partial(insert_submission, submission=submission(answer)))
    with catalog.read() as connection:
        assert [a.finished for a in current_answers(connection, "lv")] == [True] * 4
    catalog.write(partial(insert_submission, submission=submission(answer, "unusable")))
    with catalog.read() as connection:
        assert current_answers(connection, "lv") == []
        assert [s.outcome for s in submissions(connection, "lv")] == ["unusable"]


@pytest.mark.parametrize("table", tables.APPEND_ONLY)
def test_rows_are_never_changed_or_deleted(catalog: Catalog, answer: Answer, table: str) -> None:
    catalog.write(partial(insert_answer, answer=answer))
    catalog.write(partial(insert_submission, submission=submission(answer)))
    if table == "review":
        row = {"id": "r", "answer": answer.id, "lead": answer.expert, "verdict": "ok", "comment": ""}
        catalog.write(lambda c: c.execute(tables.review.insert().values(**row, at=sa.func.now())))
    for statement in (f"delete from {table}", f"update {table} set id = 'x'"):  # noqa: S608  # our own names
        with pytest.raises(sa.exc.DBAPIError, match="never changed or deleted"):
            catalog.write(lambda c, s=statement: c.exec_driver_sql(s))


def test_instants_come_back_with_their_zone(catalog: Catalog, answer: Answer) -> None:
    saved = catalog.write(partial(insert_answer, answer=answer))
    with catalog.read() as connection:
        at = current_answers(connection, "lv", finished_only=False)[0].at
    assert at.tzinfo is not None
    assert at == saved.at


def test_a_label_survives_to_the_last_bit(catalog: Catalog, answer: Answer) -> None:
    label = point_label(0.1 + 0.2, 1e-7)
    point = replace(answer, id=str(uuid4()), question="lv-apex-endo", label=label)
    catalog.write(partial(insert_answer, answer=point))
    with catalog.read() as connection:
        back = current_answers(connection, "lv", finished_only=False)[0].label
    assert back["instances"][0] == {"x": 0.1 + 0.2, "y": 1e-7}
