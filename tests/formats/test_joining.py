"""Curves cut at gaps are joined again."""

from typing import Any

from tests.formats.make import curve, seen
from unisono.formats.joining import join_gaps


def labels_of(strokes: list[list[tuple[float, float]]], bridges: list[Any]) -> dict[str, dict[str, Any]]:
    return {
        "curve-a": seen(*(curve(s) for s in strokes)),
        "curve-a-jump": seen(*(curve(b, steps={0: "straight"}) for b in bridges)),
    }


def test_a_bridge_joins_two_strokes() -> None:
    labels = labels_of([[(0, 0), (1, 0)], [(5, 0), (6, 0)]], [[(1, 0), (5, 0)]])
    assert join_gaps(labels) == ["curve-a-jump"]
    assert labels == {"curve-a": seen(curve([(0, 0), (1, 0), (5, 0), (6, 0)], steps={1: "gap"}))}


def test_single_nodes_before_and_behind_gaps_come_back() -> None:
    labels = labels_of([[(1, 0), (2, 0)]], [[(0, 0), (1, 0)], [(2, 0), (3, 0)], [(3, 0), (4, 0)]])
    join_gaps(labels)
    nodes = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]
    assert labels["curve-a"] == seen(curve(nodes, steps={0: "gap", 2: "gap", 3: "gap"}))


def test_a_jump_that_fits_nowhere_stays_a_curve_of_its_own() -> None:
    labels = labels_of([[(0, 0), (1, 0)]], [[(7, 7), (9, 9)]])
    before = {k: dict(v) for k, v in labels.items()}
    assert join_gaps(labels) == []
    assert labels == before


def test_an_empty_jump_is_used_up() -> None:
    labels = labels_of([[(0, 0), (1, 0)]], [])
    labels["curve-a-jump"] = {"visibility": "off", "instances": []}
    assert join_gaps(labels) == ["curve-a-jump"]
    assert labels == {"curve-a": seen(curve([(0, 0), (1, 0)]))}


def test_a_jump_without_its_curve_is_left_alone() -> None:
    labels = {"curve-b-jump": seen(curve([(0, 0), (1, 0)]))}
    assert join_gaps(labels) == []
