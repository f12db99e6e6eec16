import json
from functools import partial
from uuid import uuid4

import numpy as np
import pytest

from tests.make import DISPLAY, curve_label, gesture, make_clip, point_label
from unisono.agree import run
from unisono.annotate.run import Catalog, projects
from unisono.annotate.run.projects import Target
from unisono.base.errors import LabelError, NotFoundError, PluginError
from unisono.catalog.answers import Answer, Submission, insert_answer, insert_submission
from unisono.catalog.clips import set_state
from unisono.catalog.experts import Expert, insert_expert
from unisono.catalog.projects import items_of
from unisono.catalog.results import latest_result
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


@pytest.fixture
def panel(catalog: Catalog) -> Panel:
    return Panel(catalog)


def test_a_project_is_settled_and_the_result_is_stored(panel: Panel) -> None:
    panel.fill()
    report = run.agree(panel.catalog, "lv5")
    with panel.catalog.read() as connection:
        stored = latest_result(connection, "lv5", run.KIND)
    assert stored.input_sha256 == report.input_sha256
    assert stored.method == "curve-normals, point-biweight"
    assert stored.parameters["curve-normals"]["n_positions"] == 101
    curve = stored.body["questions"]["curve-lv-endo"]["items"][panel.items[0]]
    assert (curve["visibility"], curve["unit"], len(curve["path"])) == ("seen", "mm", 101)
    np.testing.assert_allclose(curve["path"][0], [20.16, 50.5], atol=0.2)
    assert stored.body["questions"]["mv-post-hinge"]["items"][panel.items[0]]["visibility"] == "off"
    assert stored.body["questions"]["curve-lv-endo"]["items"][panel.items[1]]["unit"] == "px"


def test_experts_appear_by_pseudonym_only(panel: Panel) -> None:
    panel.fill()
    text = json.dumps(run.agree(panel.catalog, "lv5").to_json())
    assert "P0" in text
    assert not any(e.name in text or e.id in text for e in panel.experts)


def test_the_input_hash_follows_the_answers(panel: Panel) -> None:
    panel.fill()
    first, again = (run.agree(panel.catalog, "lv5").input_sha256 for _ in "ab")
    assert first == again
    panel.answer(0, panel.items[0], "lv-apex-endo", point_label(41, 8))
    assert run.agree(panel.catalog, "lv5").input_sha256 != first


def test_the_same_answers_give_the_same_body(panel: Panel) -> None:
    panel.fill()
    first, again = (run.agree(panel.catalog, "lv5").body for _ in "ab")
    assert first == again


def test_only_finished_items_count(panel: Panel) -> None:
    panel.answer(0, panel.items[0], "lv-apex-endo", point_label(41, 8))
    with pytest.raises(NotFoundError, match="no finished answers"):
        run.agree(panel.catalog, "lv5")
    panel.finish(0, panel.items[0], "unusable")
    with pytest.raises(NotFoundError, match="no finished answers"):
        run.agree(panel.catalog, "lv5")
    panel.finish(0, panel.items[0])
    with pytest.raises(NotFoundError, match="no finished answers"):
        run.agree(panel.catalog, "lv5")  # three required answers are missing
    for question in ("curve-lv-endo", "mv-ant-hinge", "mv-post-hinge"):
        panel.answer(0, panel.items[0], question, {"visibility": "blurred", "instances": []})
    assert run.agree(panel.catalog, "lv5").n_answers == 4


def test_a_withdrawn_clip_is_left_out(panel: Panel) -> None:
    panel.fill()
    with panel.catalog.read() as connection:
        items = {i.id: i.clip for i in items_of(connection, "lv5")}
        assert run.agreed(connection, "lv5") == (None, 2)
    assert run.agree(panel.catalog, "lv5").n_answers == 40
    gone, left = panel.items
    panel.catalog.write(partial(set_state, code=items[gone], state="rejected"))
    with panel.catalog.read() as connection:
        assert run.agreed(connection, "lv5")[1] == 1
    report = run.agree(panel.catalog, "lv5")
    assert report.n_answers == 20
    assert [item.item for item in report.items] == [left]
    with panel.catalog.read() as connection:
        assert run.agreed(connection, "lv5")[1] == 0
    with pytest.raises(NotFoundError, match="withdrawn"):
        run.item_consensus(panel.catalog, gone)


def test_a_method_can_be_named_and_must_fit(panel: Panel) -> None:
    panel.fill()
    report = run.agree(panel.catalog, "lv5", methods={"curve-lv-endo": "curve-landmark-mean"})
    assert report.questions["curve-lv-endo"].method.name == "curve-landmark-mean"
    assert run.item_consensus(panel.catalog, panel.items[0]).questions[0].method == "curve-landmark-mean"
    with pytest.raises(PluginError, match="legal: curve-index-mean"):
        run.agree(panel.catalog, "lv5", methods={"curve-lv-endo": "majority"})
    with pytest.raises(PluginError, match="no consensus method named"):
        run.agree(panel.catalog, "lv5", methods={"curve-lv-endo": "magic"})
    with pytest.raises(LabelError, match="no question"):
        run.agree(panel.catalog, "lv5", methods={"nose": "majority"})


def test_the_leads_page_gets_everyones_answer_and_what_it_comes_to(panel: Panel) -> None:
    panel.fill()
    found = run.item_consensus(panel.catalog, panel.items[0])
    assert (found.previous, found.next) == (None, panel.items[1])
    curve = found.questions[0]
    assert (curve.question, curve.n_experts, len(curve.settled.path)) == ("curve-lv-endo", 5, 101)
    assert [e.pseudonym for e in curve.experts] == ["P0", "P1", "P2", "P3", "P4"]
    assert [e.simulated for e in curve.experts] == [False, False, False, True, True]
    assert all(len(e.strokes[0]) > 20 and e.row.answer == e.answer for e in curve.experts)
    hinge = found.questions[3]
    assert hinge.settled.visibility.value == "off"
    assert sum(bool(e.row.set_aside) for e in hinge.experts) == 1


def test_the_page_shows_the_same_consensus_as_the_stored_result(panel: Panel) -> None:
    panel.fill()
    body = run.agree(panel.catalog, "lv5").body
    live = run.item_consensus(panel.catalog, panel.items[0]).questions[0].settled
    stored = body["questions"]["curve-lv-endo"]["items"][panel.items[0]]["path"]
    np.testing.assert_allclose(live.path, stored, atol=1e-9)


def test_an_item_that_nobody_answered_is_unasked(panel: Panel) -> None:
    found = run.item_consensus(panel.catalog, panel.items[1])
    assert all(q.settled.visibility.value == "unasked" and not q.experts for q in found.questions)


def test_an_unknown_item_is_not_found(catalog: Catalog) -> None:
    with pytest.raises(NotFoundError):
        run.item_consensus(catalog, "nothing")


def test_spreads_for_the_dashboard(panel: Panel) -> None:
    with panel.catalog.read() as connection:
        assert run.spreads_of(connection, "lv5") == {}
    panel.fill()
    run.agree(panel.catalog, "lv5")
    with panel.catalog.read() as connection:
        spreads = run.spreads_of(connection, "lv5")
    assert {spreads[i].unit for i in panel.items} == {"mm", "px"}
    assert all(s.value > 0 and "visibility differs" in s.flags for s in spreads.values())


def test_the_report_is_one_file_with_pictures_and_says_what_is_simulated(panel: Panel) -> None:
    panel.fill()
    html = run.agree(panel.catalog, "lv5").html()
    assert html.count("<figure>") == 2
    assert "data:image/jpeg;base64," in html
    assert "2 of 5 experts are simulated" in html
    assert "The images are simulated" in html
    assert not any(sign in html for sign in ('src="http', 'href="http', "<script", "<link"))


def test_classes_of_whole_clips(catalog: Catalog) -> None:
    site = Panel(catalog)
    text = projects.shipped_protocols()["view"]
    with catalog.read() as connection:
        clip = items_of(connection, "lv5")[0].clip
    job = partial(
        projects.create_project, slug="v", protocol_text=text, targets=[Target(clip, None)], seed="s"
    )
    catalog.write(job)
    with catalog.read() as connection:
        item = items_of(connection, "v")[0].id
    for k, key in enumerate(("a4c", "a4c", "a2c")):
        label = {"visibility": "seen", "instances": [{"key": key}]}
        expert = site.experts[k].id
        answer = Answer(str(uuid4()), "v", item, "view", expert, label, None, 1, gesture(), DISPLAY)
        catalog.write(partial(insert_answer, answer=answer))
        done = Submission(str(uuid4()), "v", item, expert, "done", "", "", 1, gesture())
        catalog.write(partial(insert_submission, submission=done))
    report = run.agree(catalog, "v")
    assert report.body["questions"]["view"]["items"][item]["category"] == "a4c"
    with catalog.read() as connection:
        assert run.spreads_of(connection, "v")[item].unit == "share"
    assert "<figure>" in report.html()
    found = run.item_consensus(catalog, item).questions[0]
    assert [e.category for e in found.experts] == ["a4c", "a4c", "a2c"]
