"""One label an image and question."""

import numpy as np
import pytest

from tests.make import curve_label, point_label
from tests.release.make import PROTOCOL
from unisono.base.errors import ReleaseError
from unisono.formats.base import LabelRecord
from unisono.labels.protocol import parse_protocol
from unisono.release.settled import by_image, consensus_labels, last_answers

IMAGE = "01-" + "a" * 64 + "-0000"
UNASKED = {"visibility": "unasked", "instances": []}


def answer(question: str, expert: str, label: dict, at: str = "") -> LabelRecord:
    return LabelRecord(IMAGE, question, expert, label, at)


def body_of(question: str, **settled: object) -> dict:
    base = {"visibility": "seen", "path": [], "category": None}
    return {"questions": {question: {"items": {"item": {**base, **settled}}}}}


def test_the_last_answer_in_time_wins() -> None:
    rows = [
        answer("lv-apex-endo", "b", point_label(2, 2), "2026-01-01T09"),
        answer("lv-apex-endo", "a", point_label(1, 1), "2026-01-01T10"),
        answer("lv-apex-endo", "c", UNASKED, "2026-01-01T11"),
    ]
    (found,) = last_answers(rows)
    assert found == LabelRecord(IMAGE, "lv-apex-endo", None, point_label(1, 1), "2026-01-01T10")


def test_what_was_not_asked_is_no_answer() -> None:
    assert by_image([answer("lv-apex-endo", "a", UNASKED)]) == {}


def test_a_consensus_of_one_is_his_answer_word_for_word() -> None:
    rows = [answer("curve-lv-endo", "a", curve_label()), answer("curve-lv-endo", "b", UNASKED)]
    (found,) = consensus_labels(rows, {}, PROTOCOL, {IMAGE: "item"})
    assert found.label == curve_label()
    assert found.expert is None


def test_a_consensus_curve_has_200_points_through_the_stored_ones() -> None:
    path = [[10.0, 10.0], [20.0, 5.0], [30.0, 5.0], [40.0, 10.0]]
    rows = [answer("curve-lv-endo", e, curve_label()) for e in "ab"]
    (found,) = consensus_labels(rows, body_of("curve-lv-endo", path=path), PROTOCOL, {IMAGE: "item"})
    nodes = np.array([[n["x"], n["y"]] for n in found.label["instances"][0]["nodes"]])
    assert nodes.shape == (200, 2)
    assert np.hypot(*(nodes[:, None] - np.array(path)).T).min(axis=1).max() < 0.1
    assert nodes[0].tolist() == path[0]
    assert nodes[-1].tolist() == path[-1]


def test_points_choices_and_what_was_not_seen() -> None:
    rows = [answer("lv-apex-endo", e, point_label(1, 1)) for e in "ab"]
    items = {IMAGE: "item"}
    (point,) = consensus_labels(rows, body_of("lv-apex-endo", path=[[1.5, 2.5]]), PROTOCOL, items)
    assert point.label == point_label(1.5, 2.5)
    (off,) = consensus_labels(rows, body_of("lv-apex-endo", visibility="off"), PROTOCOL, items)
    assert off.label == {"visibility": "off", "instances": []}
    view = parse_protocol(
        "{protocol: v, version: 1, title: v, item: clip, questions: "
        "[{key: view, title: v, label: choice, options: {categories: [a, b]}}]}"
    )
    rows = [answer("view", e, {"visibility": "seen", "instances": [{"key": "b"}]}) for e in "ab"]
    (choice,) = consensus_labels(rows, body_of("view", category="a"), view, items)
    assert choice.label["instances"] == [{"key": "a"}]


def test_a_consensus_that_says_nothing_or_nonsense_is_refused() -> None:
    rows = [answer("lv-apex-endo", e, point_label(1, 1)) for e in "ab"]
    with pytest.raises(ReleaseError, match="says nothing of 'lv-apex-endo'"):
        consensus_labels(rows, {"questions": {}}, PROTOCOL, {IMAGE: "item"})
    body = body_of("lv-apex-endo", path=[[float("nan"), 1.0]])
    with pytest.raises(ReleaseError, match="no such label: x must be a finite"):
        consensus_labels(rows, body, PROTOCOL, {IMAGE: "item"})
