import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.base.errors import LabelError
from unisono.labels.base import Space, parse_label
from unisono.labels.types.event import LABEL, Mark, beats

PHASES = [{"key": "ed", "title": "ED", "hotkey": "e"}, {"key": "es", "title": "ES", "hotkey": "S"}]
OPTIONS = LABEL.parse_options({"events": PHASES, "per_beat": True, "tolerance_ms": 50})
CASES = json.loads((Path(__file__).parents[2] / "reference" / "beats.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_beats_are_the_pages_beats(case: dict[str, object]) -> None:
    marks = [Mark(event, frame) for event, frame in case["marks"]]
    found = beats(marks, case["order"])
    assert [{key: mark.frame for key, mark in beat.items()} for beat in found] == case["beats"]


@given(st.lists(st.tuples(st.sampled_from(["ed", "es"]), st.integers(0, 99)), max_size=30))
def test_no_mark_is_lost_and_beats_follow_one_another(pairs: list[tuple[str, int]]) -> None:
    found = beats([Mark(e, f) for e, f in pairs], ("ed", "es"))
    assert sorted((m.event, m.frame) for beat in found for m in beat.values()) == sorted(pairs)
    frames = [m.frame for beat in found for m in (beat.get("ed"), beat.get("es")) if m is not None]
    assert frames == sorted(frames)


def test_options_are_read() -> None:
    assert (OPTIONS.keys, OPTIONS.hotkeys) == (("ed", "es"), ("e", "s"))
    assert (OPTIONS.per_beat, OPTIONS.tolerance_ms) == (True, 50.0)
    assert LABEL.max_instances(OPTIONS) == 60
    assert LABEL.max_instances(LABEL.parse_options({"events": PHASES, "instances": 4})) == 4


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"events": []}, "list of one or more"),
        ({"events": PHASES[:1] * 2}, "two events have the key 'ed'"),
        ({"events": [PHASES[0], {"key": "es", "hotkey": "e"}]}, "two events have the hotkey 'e'"),
        ({"events": [{"key": "ed", "hotkey": "b"}]}, "'b' of 'ed' must be a letter other than"),
        ({"events": [{"key": "ed", "hotkey": "1"}]}, "must be a letter"),
        ({"events": [{"key": "ed", "hotkey": "ab"}]}, "must be a letter"),
        ({"events": PHASES, "per_beat": "yes"}, "per_beat must be true or false"),
        ({"events": PHASES, "tolerance_ms": 0}, "tolerance_ms must be more than 0"),
        ({"events": PHASES, "instances": 0}, "instances must be a whole number"),
    ],
)
def test_options_that_are_wrong_are_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        LABEL.parse_options(options)


@pytest.mark.parametrize(
    ("instance", "says"),
    [
        ({"event": "lv", "frame": 1}, "'lv' is not one of: ed, es"),
        ({"event": "ed", "frame": -1}, "whole number from 0"),
        ({"event": "ed", "frame": 1.5}, "whole number from 0"),
        ({"event": "ed"}, "missing frame"),
        ({"event": "ed", "frame": 1, "start_s": -0.1}, "0 s or later"),
        ({"event": "ed", "frame": 1, "start_s": float("nan")}, "finite number"),
    ],
)
def test_a_mark_that_is_wrong_is_refused(instance: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        LABEL.parse_instance(instance, OPTIONS)


def test_the_same_event_stands_once_on_a_frame() -> None:
    twice = [{"event": "ed", "frame": 3}, {"event": "es", "frame": 3}, {"event": "ed", "frame": 3}]
    parse_label(LABEL, OPTIONS, {"visibility": "seen", "instances": twice[:2]})
    with pytest.raises(LabelError, match="'ed' stands twice on frame 3"):
        parse_label(LABEL, OPTIONS, {"visibility": "seen", "instances": twice})


def test_as_a_vector_it_is_a_moment_with_its_name() -> None:
    assert LABEL.space is Space.TIME
    vector = LABEL.vector(Mark("es", 14, 0.466), OPTIONS)
    assert vector.is_point
    assert vector.path.tolist() == [[14.0, 0.466]]
    assert vector.anchors["es"].tolist() == [14.0, 0.466]
    assert np.isnan(LABEL.vector(Mark("es", 14), OPTIONS).path[0, 1])
