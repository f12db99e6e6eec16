from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest

from tests.make import make_clip
from unisono.annotate.run import Catalog, notes, people, projects, saving, work
from unisono.annotate.run.projects import Target
from unisono.base.errors import LabelError, NotFoundError
from unisono.catalog.answers import Review, Submission, insert_review
from unisono.catalog.standing import done, open_requests


class Scene:
    """A project that grades one clip, and two experts."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        clip = make_clip(catalog)
        text = projects.shipped_protocols()["quality-grade"]
        targets = [Target(clip.code)]
        catalog.write(partial(projects.create_project, slug="q", protocol_text=text, targets=targets))
        for name in ("Ada", "Ben"):
            catalog.write(partial(people.add_expert, name=name))
            catalog.write(partial(people.set_role, project="q", name=name, role="expert"))
        with catalog.read() as connection:
            self.ada, self.ben = (people.find(connection, n).id for n in ("Ada", "Ben"))
            self.item = projects.items(connection, "q")[0].id

    def note(self, text: str = "look", kind: str = "flag") -> Submission:
        return Submission(str(uuid4()), "q", self.item, self.ada, "done", kind, text, 1, {"active_s": 3.0})

    def grade(self) -> saving.Answer:
        label = {"visibility": "seen", "instances": [{"key": "4"}]}
        answer = saving.Answer(str(uuid4()), "q", self.item, "quality", self.ada, label, None, 1, {}, {})
        self.catalog.write(partial(saving.save_answer, answer=answer))
        return answer

    def submit(self, outcome: str, reason: str) -> None:
        made = replace(self.note(""), id=str(uuid4()), outcome=outcome, reason=reason)
        self.catalog.write(partial(saving.save_submission, submission=made))


@pytest.fixture
def scene(catalog: Catalog) -> Scene:
    return Scene(catalog)


def test_a_note_says_nothing_of_how_the_item_stands(scene: Scene) -> None:
    answer = scene.grade()
    scene.catalog.write(partial(notes.save_note, note=scene.note()))
    with scene.catalog.read() as connection:
        assert done(connection, "q") == set()
        assert work.my_queue(connection, "q", scene.ada)[0].state == "started"
        assert work.my_project(connection, "q", scene.ada).active_s == 0
        assert not saving.is_submitted(connection, answer)
    scene.submit("done", "")
    scene.catalog.write(partial(notes.save_note, note=scene.note("again")))
    with scene.catalog.read() as connection:
        assert done(connection, "q") == {(scene.item, scene.ada)}
        assert work.my_item(connection, scene.item, scene.ada).submission is not None


def test_a_note_does_not_settle_a_request_to_look_again(scene: Scene) -> None:
    answer = scene.grade()
    scene.submit("done", "")
    scene.catalog.write(
        partial(insert_review, review=Review(str(uuid4()), answer.id, scene.ben, "look-again", ""))
    )
    scene.catalog.write(partial(notes.save_note, note=scene.note()))
    with scene.catalog.read() as connection:
        assert len(open_requests(connection, "q")) == 1


def test_the_lead_hears_everything_and_an_expert_only_himself(scene: Scene) -> None:
    scene.catalog.write(partial(notes.save_note, note=scene.note("upside down")))
    scene.submit("unusable", "wrong-view")
    with scene.catalog.read() as connection:
        told = notes.told(connection, "q")
        assert [(n.kind, n.reason, n.text) for n in told] == [
            ("unusable", "wrong-view", "wrong view"),
            ("flag", "flag", "upside down"),
        ]
        assert [n.text for n in notes.my_notes(connection, "q", scene.item, scene.ada)] == ["upside down"]
        assert notes.my_notes(connection, "q", scene.item, scene.ben) == []


def test_the_same_note_twice_is_one_note(scene: Scene) -> None:
    note = scene.note()
    first, second = (scene.catalog.write(partial(notes.save_note, note=note)) for _ in range(2))
    assert (first.known, second.known) == (False, True)


def test_what_is_no_note_is_refused(scene: Scene) -> None:
    for wrong, says in (
        (scene.note(kind="praise"), "a note is one of flag, comment, feedback; got 'praise'"),
        (scene.note("  "), "a note wants a text"),
    ):
        with pytest.raises(LabelError, match=says):
            scene.catalog.write(partial(notes.save_note, note=wrong))
    with pytest.raises(NotFoundError):
        scene.catalog.write(partial(notes.save_note, note=replace(scene.note(), project="other")))
    scene.grade()
    with pytest.raises(LabelError, match="what is done needs no reason; got 'flag'"):
        scene.submit("done", "flag")


def test_only_what_is_asked_is_missing(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    text = projects.shipped_protocols()["diagnosis-review"]
    catalog.write(
        partial(projects.create_project, slug="dx", protocol_text=text, targets=[Target(clip.code)])
    )
    catalog.write(partial(people.add_expert, name="Cleo"))
    catalog.write(partial(people.set_role, project="dx", name="Cleo", role="expert"))
    with catalog.read() as connection:
        expert, item = people.find(connection, "Cleo").id, projects.items(connection, "dx")[0].id

    def say(question: str, key: str) -> None:
        label = {"visibility": "seen", "instances": [{"key": key}]}
        answer = saving.Answer(str(uuid4()), "dx", item, question, expert, label, None, 1, {}, {})
        catalog.write(partial(saving.save_answer, answer=answer))

    made = Submission(str(uuid4()), "dx", item, expert, "done", "", "", 1, {})
    say("valuable", "yes")
    say("findings", "cyst")
    with pytest.raises(LabelError, match=r"not answered yet: Which organ\?$"):
        catalog.write(partial(saving.save_submission, submission=made))
    say("organ", "liver")
    catalog.write(partial(saving.save_submission, submission=made))
    with catalog.read() as connection:
        assert done(connection, "dx") == {(item, expert)}
    say("valuable", "no")
    with catalog.read() as connection:
        assert done(connection, "dx") == set()
    say("excluded", "unreadable")
    with catalog.read() as connection:
        assert done(connection, "dx") == {(item, expert)}
