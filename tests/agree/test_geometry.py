import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agree.make import half_circle
from unisono.agree.geometry import (
    crosses_itself,
    curvature_radius,
    evenly,
    left_normals,
    offsets,
    path_length,
    smooth,
    tangents,
)


def test_left_is_outside_of_a_cavity_drawn_septum_apex_lateral() -> None:
    path = half_circle()
    outwards = (path - (200, 200)) / 100
    np.testing.assert_allclose(left_normals(path)[1:-1], outwards[1:-1], atol=1e-3)
    np.testing.assert_allclose((left_normals(path) * tangents(path)).sum(axis=1), 0, atol=1e-12)


def test_concentric_half_circles_are_offset_by_the_difference_of_their_radii() -> None:
    found = offsets(evenly(half_circle(100), 101), (half_circle(104, 2001),), 18.0)
    np.testing.assert_allclose(found[2:-2], 4.0, atol=0.01)


def test_inside_is_negative_and_a_path_beyond_reach_is_absent() -> None:
    reference = evenly(half_circle(100), 101)
    assert offsets(reference, (half_circle(90, 2001),), 18.0)[50] == pytest.approx(-10, abs=0.01)
    assert np.isnan(offsets(reference, (half_circle(70, 2001),), 18.0)).all()


def test_reaches_differ_by_side() -> None:
    reference = evenly(half_circle(100), 101)
    reach = np.tile([3.0, 18.0], (101, 1))
    assert np.isnan(offsets(reference, (half_circle(104),), reach)[50])
    assert np.isfinite(offsets(reference, (half_circle(90),), reach)[50])


def test_a_wall_that_runs_the_other_way_is_not_met() -> None:
    reference = evenly(half_circle(100), 101)
    assert np.isnan(offsets(reference, (half_circle(104)[::-1],), 18.0)).all()


def test_gaps_are_not_crossed_and_partial_paths_count_where_they_are() -> None:
    reference = evenly(half_circle(100), 101)
    path = half_circle(103, 2001)
    found = offsets(reference, (path[:800], path[1200:]), 18.0)
    assert np.isnan(found[45:56]).all()
    np.testing.assert_allclose(found[5:35], 3.0, atol=0.01)
    np.testing.assert_allclose(found[65:95], 3.0, atol=0.01)


def test_a_node_exactly_on_a_normal_is_met_once() -> None:
    reference = np.column_stack([np.arange(0.0, 5.0), np.zeros(5)])
    path = np.column_stack([np.arange(0.0, 5.0), np.full(5, 2.0)])
    np.testing.assert_allclose(offsets(reference, (path,), 18.0), [-2.0] * 5, atol=1e-12)


def test_the_radius_of_a_circle_has_the_sign_of_its_side() -> None:
    radius = curvature_radius(evenly(half_circle(80), 101))
    np.testing.assert_allclose(radius[3:-3], -80, rtol=0.01)


def test_a_loop_crosses_itself() -> None:
    assert crosses_itself(np.array([[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]]))
    assert not crosses_itself(half_circle())


def test_length_of_a_half_circle() -> None:
    assert path_length(half_circle(100, 2001)) == pytest.approx(np.pi * 100, rel=1e-5)


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0, 1000))
def test_smoothing_leaves_straight_lines(slope: float, start: float, penalty: float) -> None:
    line = start + slope * np.arange(30.0)
    np.testing.assert_allclose(smooth(line, np.ones(30), penalty), line, atol=1e-5)


def test_smoothing_fills_what_has_no_weight_and_shrinks_noise(rng: np.random.Generator) -> None:
    weights = np.ones(50)
    weights[20:25] = 0
    line = np.arange(50.0)
    np.testing.assert_allclose(smooth(np.where(weights > 0, line, 1e9), weights, 5.0), line, atol=1e-3)
    noise = rng.normal(size=50)
    assert np.abs(np.diff(smooth(noise, np.ones(50), 10.0))).mean() < 0.3 * np.abs(np.diff(noise)).mean()
