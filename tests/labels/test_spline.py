from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from unisono.base.errors import LabelError
from unisono.labels.spline import STEPS, Path, SplineKind, Step, length, render, resample, sample

coordinate = st.floats(-500, 500, allow_nan=False).map(lambda v: round(v, 3))
nodes_of = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=12, unique=True)


def path(nodes, kind: SplineKind = SplineKind.CHORD, steps: str = "") -> Path:  # noqa: ANN001
    letters = {"b": Step.BEND, "s": Step.STRAIGHT, "g": Step.GAP}
    given_steps = tuple(letters[c] for c in steps.ljust(len(nodes), "b"))
    return Path(np.array(nodes, dtype=float), given_steps, kind)


@given(nodes_of, st.sampled_from([SplineKind.CHORD, SplineKind.UNIFORM]))
def test_it_is_scipys_natural_spline(nodes: list[tuple[float, float]], kind: SplineKind) -> None:
    points = np.array(nodes)
    chord = np.hypot(*np.diff(points, axis=0).T)
    if len(nodes) < 3 or chord.min() < 1e-2:
        return
    t = np.concatenate([[0], np.cumsum(chord)]) if kind is SplineKind.CHORD else np.arange(float(len(nodes)))
    at = np.concatenate([[t[0]], *(np.linspace(a, b, STEPS + 1)[1:] for a, b in pairwise(t))])
    expected = CubicSpline(t, points, bc_type="natural")(at)
    (drawn,) = render(path(nodes, kind))
    assert np.abs(drawn - expected).max() < 1e-6 * max(1.0, np.abs(expected).max())


def test_two_nodes_are_a_line_and_one_a_dot() -> None:
    assert render(path([(0, 0), (3, 4)]))[0].tolist() == [[0, 0], [3, 4]]
    assert render(path([(1, 2)]))[0].tolist() == [[1, 2]]


def test_a_straight_step_cuts_the_spline_in_two() -> None:
    nodes = [(0, 0), (10, 5), (20, 0), (30, 0), (40, 5), (50, 0)]
    (drawn,) = render(path(nodes, steps="bbs"))
    (left,), (right,) = render(path(nodes[:3])), render(path(nodes[3:]))
    assert np.array_equal(drawn, np.concatenate([left, right]))


def test_a_gap_starts_a_new_stroke_and_has_no_length() -> None:
    strokes = render(path([(0, 0), (10, 0), (100, 0), (110, 0)], steps="bg"))
    assert [s.tolist() for s in strokes] == [[[0, 0], [10, 0]], [[100, 0], [110, 0]]]
    assert length(strokes) == 20
    points = resample(strokes, 21)
    assert not ((points[:, 0] > 10) & (points[:, 0] < 100)).any()


def test_neighbouring_repeats_count_once() -> None:
    with_repeat = path([(0, 0), (5, 5), (5, 5), (10, 0)])
    assert np.array_equal(render(with_repeat)[0], render(path([(0, 0), (5, 5), (10, 0)]))[0])


@given(nodes_of, st.integers(2, 300))
def test_samples_are_evenly_spaced_along_the_curve(nodes: list[tuple[float, float]], n: int) -> None:
    drawn = path(nodes)
    points = sample(drawn, n)
    assert points.shape == (n, 2)
    assert np.allclose(points[0], drawn.nodes[0])
    assert np.allclose(points[-1], drawn.nodes[-1])
    gap = length(render(drawn)) / (n - 1)
    assert np.hypot(*np.diff(points, axis=0).T).max() <= gap * (1 + 1e-9) + 1e-9


def test_the_samples_of_a_straight_line_are_known() -> None:
    assert sample(path([(0, 0), (9, 0)]), 10)[:, 0] == pytest.approx(range(10))


def test_a_dense_polyline_is_its_own_sampling() -> None:
    nodes = np.random.default_rng(1).uniform(0, 100, (200, 2))
    assert np.array_equal(sample(path(nodes, SplineKind.POLYLINE), 200), nodes)


@given(nodes_of, st.floats(-np.pi, np.pi), coordinate, coordinate)
def test_turning_and_moving_the_nodes_turns_and_moves_the_curve(
    nodes: list[tuple[float, float]], angle: float, dx: float, dy: float
) -> None:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = np.array(nodes)
    if np.hypot(*np.diff(points, axis=0).T).min() < 0.1:
        return
    moved = sample(path(points @ turn.T + (dx, dy)), 50)
    assert np.allclose(moved, sample(path(points), 50) @ turn.T + (dx, dy), atol=1e-5)


def test_bad_input_is_said() -> None:
    with pytest.raises(LabelError, match="2 points or more; got 1"):
        sample(path([(0, 0), (1, 1)]), 1)
    with pytest.raises(LabelError, match="shape"):
        Path(np.zeros((0, 2)), (), SplineKind.CHORD)
    with pytest.raises(LabelError, match="1 steps for 2 nodes"):
        Path(np.zeros((2, 2)), (Step.BEND,), SplineKind.CHORD)
