"""A project with known answers, for the tests of the room's door."""

from functools import partial
from uuid import uuid4

from tests.make import DISPLAY, curve_label, gesture, make_clip, point_label
from unisono.annotate.run import Catalog, projects
from unisono.annotate.run.projects import Target
from unisono.catalog.answers import Answer, Submission, insert_answer, insert_submission
from unisono.catalog.experts import Expert, insert_expert
from unisono.catalog.projects import items_of
from unisono.catalog.rows import now

SHIFTS = (0.0, 0.4, -0.4, 0.2, 0.6)


class Panel:
    """A project of two items, answered by experts whose borders are shifted by known amounts."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        clips = [make_clip(catalog, seed=7), make_clip(catalog, seed=8, spacing_mm=None)]
        text = projects.shipped_protocols()["a4c-lv-border"]
        targets = [Target(c.code, 1) for c in clips]
        job = partial(projects.create_project, slug="lv5", protocol_text=text, targets=targets, seed="s")
        catalog.write(job)
        with catalog.read() as connection:
            self.items = [i.id for i in items_of(connection, "lv5")]
        self.experts = [Expert(str(uuid4()), f"Name {k}", f"P{k}", k > 2, True, now()) for k in range(5)]
        for expert in self.experts:
            catalog.write(partial(insert_expert, expert=expert))

    def answer(self, k: int, item: str, question: str, label: dict) -> str:
        answer = Answer(
            str(uuid4()), "lv5", item, question, self.experts[k].id, label, None, 1, gesture(), DISPLAY
        )
        self.catalog.write(partial(insert_answer, answer=answer))
        return answer.id

    def finish(self, k: int, item: str, outcome: str = "done") -> None:
        done = Submission(str(uuid4()), "lv5", item, self.experts[k].id, outcome, "", "", 1, gesture())
        self.catalog.write(partial(insert_submission, submission=done))

    def fill(self) -> None:
        for item in self.items:
            for k, shift in enumerate(SHIFTS):
                self.answer(k, item, "curve-lv-endo", curve_label(shift))
                self.answer(k, item, "lv-apex-endo", point_label(40 + shift, 8))
                self.answer(k, item, "mv-ant-hinge", point_label(20 + shift, 50.5))
                off = {"visibility": "off", "instances": []}
                self.answer(k, item, "mv-post-hinge", off if k != 1 else point_label(60, 51))
                self.finish(k, item)
