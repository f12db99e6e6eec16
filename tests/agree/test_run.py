from functools import partial
from uuid import uuid4

import numpy as np
import pytest

from tests.agree.panels import Panel
from tests.make import DISPLAY, gesture, make_clip, point_label
from unisono.agree import run
from unisono.agree.run.reporting import KIND
from unisono.annotate.run import Catalog, projects
from unisono.annotate.run.projects import Target
from unisono.base.errors import LabelError, NotFoundError, PluginError
from unisono.catalog.answers import Answer, Submission, insert_answer, insert_submission
from unisono.catalog.projects import items_of
from unisono.catalog.results import latest_result


def test_a_project_is_settled_and_the_result_is_stored(panel: Panel) -> None:
    panel.fill()
    report = run.agree(panel.catalog, "lv5")
    with panel.catalog.read() as connection:
        stored = latest_result(connection, "lv5", KIND)
    assert stored.input_sha256 == report.input_sha256
    assert stored.method == "curve-normals, point-biweight"
    assert stored.parameters["curve-normals"]["n_positions"] == 101
    curve = stored.body["questions"]["curve-lv-endo"]["items"][panel.items[0]]
    assert (curve["visibility"], curve["unit"], len(curve["path"])) == ("seen", "mm", 101)
    np.testing.assert_allclose(curve["path"][0], [20.16, 50.5], atol=0.2)
    assert stored.body["questions"]["mv-post-hinge"]["items"][panel.items[0]]["visibility"] == "off"
    assert stored.body["questions"]["curve-lv-endo"]["items"][panel.items[1]]["unit"] == "px"


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


MIXED = """
protocol: mixed
version: 1
title: Apex and phase
item: clip
questions:
  - {key: apex, title: Apex, label: point}
  - key: phase
    title: ED and ES
    label: event
    options: {events: [{key: ed, hotkey: e}, {key: es, hotkey: s}]}
"""


def test_moments_are_left_out_of_the_consensus_and_the_report_says_so(panel: Panel) -> None:
    clip = make_clip(panel.catalog, seed=11)
    apart = MIXED.replace("  - {key: apex, title: Apex, label: point}\n", "")
    for slug, text in (("mixed", MIXED), ("phase", apart)):
        job = partial(projects.create_project, slug=slug, protocol_text=text, targets=[Target(clip.code)])
        panel.catalog.write(job)
        with panel.catalog.read() as connection:
            (item,) = items_of(connection, slug)
        marks = {"visibility": "seen", "instances": [{"event": "ed", "frame": 2}]}
        for expert in panel.experts[:2]:
            said = {"phase": marks, **({"apex": point_label(40, 8)} if slug == "mixed" else {})}
            for key, label in said.items():
                answer = Answer(
                    str(uuid4()), slug, item.id, key, expert.id, label, None, 1, gesture(), DISPLAY
                )
                panel.catalog.write(partial(insert_answer, answer=answer))
            done = Submission(str(uuid4()), slug, item.id, expert.id, "done", "", "", 1, gesture())
            panel.catalog.write(partial(insert_submission, submission=done))
    report = run.agree(panel.catalog, "mixed")
    assert list(report.questions) == ["apex"]
    assert report.left_out == ("ED and ES",)
    assert "no consensus method yet for: ED and ES" in report.html()
    with panel.catalog.read() as connection:
        (item,) = items_of(connection, "mixed")
        (alone,) = items_of(connection, "phase")
    assert [q.question for q in run.item_consensus(panel.catalog, item.id).questions] == ["apex"]
    assert run.item_consensus(panel.catalog, alone.id).questions == ()
    with pytest.raises(LabelError, match="no consensus yet for what this protocol asks: event"):
        run.agree(panel.catalog, "phase")
