"""Curves redrawn by another spline."""

import numpy as np
import pytest

from tests.formats.make import lv_nodes
from unisono.formats.drawing import deviation_px, redraw, split_at_gaps
from unisono.labels.spline import Path, SplineKind, Step, render

BEND, STRAIGHT, GAP = Step.BEND, Step.STRAIGHT, Step.GAP


def path_of(nodes: list[tuple[float, float]], kind: SplineKind, *steps: Step) -> Path:
    return Path(np.array(nodes, dtype=float), steps or (BEND,) * len(nodes), kind)


def test_strokes_end_at_gaps() -> None:
    path = path_of([(0, 0), (1, 0), (5, 0), (9, 0)], SplineKind.CHORD, GAP, STRAIGHT, GAP, GAP)
    strokes = split_at_gaps(path)
    assert [s.nodes.tolist() for s in strokes] == [[[0, 0]], [[1, 0], [5, 0]], [[9, 0]]]
    assert strokes[1].steps == (STRAIGHT, BEND)


def test_the_readers_own_spline_needs_no_new_nodes(rng: np.random.Generator) -> None:
    path = path_of(lv_nodes(rng), SplineKind.UNIFORM)
    new = redraw(path, SplineKind.UNIFORM, decimals=3, tolerance_px=0.001, straight=True)
    assert np.array_equal(new.nodes, np.round(path.nodes, 3))


def test_with_straight_steps_the_drawn_polyline_is_exact(rng: np.random.Generator) -> None:
    path = path_of(lv_nodes(rng), SplineKind.CHORD)
    new = redraw(path, SplineKind.UNIFORM, decimals=3, tolerance_px=0.001, straight=True)
    assert np.abs(render(new)[0] - render(path)[0]).max() < 0.0006
    assert deviation_px(path, new) < 0.001


@pytest.mark.parametrize("kind", [SplineKind.UNIFORM, SplineKind.POLYLINE])
def test_without_them_evenly_placed_nodes_follow_the_border(
    rng: np.random.Generator, kind: SplineKind
) -> None:
    path = path_of(lv_nodes(rng), kind)
    as_they_are = Path(path.nodes, path.steps, SplineKind.CHORD)
    new = redraw(path, SplineKind.CHORD, decimals=1, tolerance_px=0.08, straight=False)
    assert deviation_px(path, as_they_are) > 1
    assert deviation_px(path, new) < 0.1
    assert set(new.steps) == {BEND}


def test_a_right_angle_survives_without_straight_steps() -> None:
    path = path_of([(10, 10), (110, 10), (110, 90)], SplineKind.POLYLINE)
    new = redraw(path, SplineKind.CHORD, decimals=1, tolerance_px=0.08, straight=False)
    assert deviation_px(path, new) < 0.1


def test_a_single_node_and_a_curve_without_length_stay() -> None:
    one = path_of([(1.26, 2.0)], SplineKind.CHORD)
    assert redraw(one, SplineKind.UNIFORM, decimals=1, tolerance_px=1, straight=True).nodes.tolist() == [
        [1.3, 2]
    ]
    flat = path_of([(5, 5), (5, 5)], SplineKind.UNIFORM)
    new = redraw(flat, SplineKind.CHORD, decimals=1, tolerance_px=1, straight=False)
    assert np.unique(new.nodes).tolist() == [5.0]
