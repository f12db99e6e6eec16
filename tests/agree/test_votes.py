from typing import Any

import pytest

from tests.make import curve_label, point_label
from unisono.agree.base import Shape, Vote
from unisono.agree.votes import can_settle, facts_of, has_several, vote_of
from unisono.annotate.run.projects import protocol_from, shipped_protocols
from unisono.base.errors import LabelError
from unisono.labels.base import Form, Visibility

LV = protocol_from(shipped_protocols()["a4c-lv-border"])
VIEW = protocol_from(shipped_protocols()["view"])


def vote(key: str, label: dict[str, Any]) -> Vote:
    question = LV.question(key)
    return vote_of(question, facts_of(question), label, item="i", expert="P1", answer="a")


def test_facts_say_form_and_shape() -> None:
    curve, point = (facts_of(LV.question(k)) for k in ("curve-lv-endo", "lv-apex-endo"))
    assert (curve.form, curve.shape, curve.ties["middle"]) == (Form.VECTOR, Shape.PATH, "lv-apex-endo")
    assert (point.form, point.shape) == (Form.VECTOR, Shape.POINT)
    view = facts_of(VIEW.questions[0])
    assert (view.form, view.shape, view.categories[0]) == (Form.CATEGORY, None, "a4c")


def test_a_curve_becomes_strokes_with_anchors() -> None:
    value = vote("curve-lv-endo", curve_label()).value
    assert set(value.anchors) == {"mv-ant-hinge", "lv-apex-endo", "mv-post-hinge"}
    assert len(value.strokes[0]) > 100


def test_what_was_not_seen_has_no_value() -> None:
    given = vote("lv-apex-endo", {"visibility": "off", "instances": []})
    assert (given.visibility, given.value) == (Visibility.OFF, None)


def test_a_category_becomes_its_index() -> None:
    question = VIEW.questions[0]
    label = {"visibility": "seen", "instances": [{"key": "plax"}]}
    given = vote_of(question, facts_of(question), label, item="i", expert="P1", answer="a")
    assert given.value == facts_of(question).categories.index("plax")


def test_a_label_of_another_form_is_refused() -> None:
    with pytest.raises(LabelError):
        vote("lv-apex-endo", curve_label())


def test_several_instances_are_noticed() -> None:
    one = point_label(1, 2)
    assert not has_several(one)
    assert has_several({**one, "instances": one["instances"] * 2})


def test_moments_of_a_clip_have_no_consensus_and_say_so() -> None:
    phase = protocol_from(shipped_protocols()["phase-a4c"]).questions[0]
    assert not can_settle(phase)
    assert can_settle(LV.questions[0])
    assert can_settle(VIEW.questions[0])
    with pytest.raises(LabelError, match="phase: no consensus for label type 'event'"):
        facts_of(phase)
