from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.make import curve_label, make_clip, point_label
from unisono.annotate.run import Catalog, people, projects
from unisono.annotate.run.projects import Target
from unisono.catalog.answers import (
    Answer,
    Review,
    Submission,
    current_answers,
    insert_answer,
    insert_review,
    insert_submission,
    submissions,
)
from unisono.catalog.clips import set_state
from unisono.catalog.projects import items_of, shown_items_of
from unisono.catalog.standing import complete, counted, done, open_requests

LABELS = {
    "curve-lv-endo": curve_label(),
    "lv-apex-endo": point_label(40, 8),
    "mv-ant-hinge": point_label(20, 50),
    "mv-post-hinge": {"visibility": "off", "instances": []},
}
UNASKED = {"visibility": "unasked", "instances": []}


class Scene:
    """A project of one item, and one expert who answered all of it and submitted."""

    def __init__(self, catalog: Catalog, protocol: str = "a4c-lv-border") -> None:
        self.catalog, self.clip = catalog, make_clip(catalog)
        text = projects.shipped_protocols()["a4c-lv-border"]
        if protocol == "optional":
            text = text.replace("    label:", "    required: false\n    label:")
        target = [Target(self.clip.code, 0)]
        catalog.write(partial(projects.create_project, slug="lv", protocol_text=text, targets=target))
        self.expert = catalog.write(partial(people.add_expert, name="Ada")).id
        with catalog.read() as connection:
            self.item = items_of(connection, "lv")[0].id

    def say(self, question: str, label: dict[str, Any]) -> Answer:
        answer = Answer(str(uuid4()), "lv", self.item, question, self.expert, label, None, 1, {}, {})
        self.catalog.write(partial(insert_answer, answer=answer))
        return answer

    def submit(self, outcome: str = "done") -> None:
        made = Submission(str(uuid4()), "lv", self.item, self.expert, outcome, "", "", 1, {})
        self.catalog.write(partial(insert_submission, submission=made))

    def finish(self) -> dict[str, Answer]:
        said = {question: self.say(question, label) for question, label in LABELS.items()}
        self.submit()
        return said

    def review(self, answer: Answer, verdict: str) -> None:
        review = Review(str(uuid4()), answer.id, self.expert, verdict, "why")
        self.catalog.write(partial(insert_review, review=review))


@pytest.fixture
def scene(catalog: Catalog) -> Scene:
    return Scene(catalog)


def test_done_and_complete_is_what_has_every_required_answer(scene: Scene) -> None:
    pair = (scene.item, scene.expert)
    scene.finish()
    with scene.catalog.read() as connection:
        assert complete(connection, "lv") == done(connection, "lv") == {pair}
        assert len(current_answers(connection, "lv")) == len(counted(connection, "lv")) == 4
    scene.say("lv-apex-endo", UNASKED)
    with scene.catalog.read() as connection:
        assert complete(connection, "lv") == done(connection, "lv") == set()
        assert current_answers(connection, "lv") == []
        assert submissions(connection, "lv") == []
        assert counted(connection, "lv") == set()
        assert [s.outcome for s in submissions(connection, "lv", in_force_only=False)] == ["done"]
    back = scene.say("lv-apex-endo", point_label(1, 2))
    with scene.catalog.read() as connection:
        assert done(connection, "lv", item=scene.item, expert=scene.expert) == {pair}
        assert (scene.item, back.id) in counted(connection, "lv")
        assert done(connection, "lv", item="other") == done(connection, "lv", expert="other") == set()


def test_unusable_needs_no_answers_and_counts_none(scene: Scene) -> None:
    scene.finish()
    scene.submit("unusable")
    with scene.catalog.read() as connection:
        assert done(connection, "lv") == counted(connection, "lv") == set()
        assert [s.outcome for s in submissions(connection, "lv")] == ["unusable"]


def test_where_nothing_is_required_every_submission_stands(catalog: Catalog) -> None:
    scene = Scene(catalog, "optional")
    scene.submit()
    with catalog.read() as connection:
        assert complete(connection, "lv") is None
        assert done(connection, "lv") == {(scene.item, scene.expert)}
        assert len(submissions(connection, "lv")) == 1


def test_a_request_hangs_on_the_question_until_the_item_is_submitted_anew(scene: Scene) -> None:
    said = scene.finish()
    scene.review(said["lv-apex-endo"], "look-again")
    for label in (point_label(1, 2), UNASKED, point_label(3, 4)):
        scene.say("lv-apex-endo", label)
        with scene.catalog.read() as connection:
            asked = open_requests(connection, "lv", item=scene.item, expert=scene.expert)
        assert [(r.item, r.question, r.comment) for r in asked] == [(scene.item, "lv-apex-endo", "why")]
    with scene.catalog.read() as connection:
        assert open_requests(connection, "lv", item="other") == []
        assert open_requests(connection, "lv", expert="other") == []
    scene.submit()
    with scene.catalog.read() as connection:
        assert open_requests(connection, "lv") == []
    scene.review(said["lv-apex-endo"], "look-again")
    with scene.catalog.read() as connection:
        assert len(open_requests(connection, "lv")) == 1


def test_the_latest_verdict_on_a_question_stands_whichever_answer_it_was_about(scene: Scene) -> None:
    said = scene.finish()
    scene.review(said["lv-apex-endo"], "look-again")
    scene.review(scene.say("lv-apex-endo", point_label(1, 2)), "ok")
    with scene.catalog.read() as connection:
        assert open_requests(connection, "lv") == []


def test_a_withdrawn_clip_takes_its_items_and_answers_out(scene: Scene) -> None:
    scene.finish()
    scene.catalog.write(partial(set_state, code=scene.clip.code, state="quarantined"))
    with scene.catalog.read() as connection:
        assert shown_items_of(connection, "lv") == []
        assert [i.id for i in items_of(connection, "lv")] == [scene.item]
        assert counted(connection, "lv") == set()
        assert len(current_answers(connection, "lv")) == 4
