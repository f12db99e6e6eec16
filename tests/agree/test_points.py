import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from unisono.agree.points import biweight, ellipse, geometric_median, region, scatter
from unisono.base.units import Points

CLOUDS = arrays(
    np.float64, st.tuples(st.integers(3, 12), st.just(2)), elements=st.floats(-100, 100, width=32)
)


def test_fermat_point_of_an_equilateral_triangle() -> None:
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])
    np.testing.assert_allclose(geometric_median(corners), [0.5, 0.288675], atol=1e-6)


def test_fermat_point_of_a_convex_quadrilateral_is_where_its_diagonals_cross() -> None:
    corners = np.array([[0.0, 0.0], [4.0, 0.0], [5.0, 3.0], [0.0, 2.0]])
    # Diagonals (0,0)-(5,3) and (4,0)-(0,2): 3x = 5y and y = 2 - x/2.
    x = 10 / 5.5
    np.testing.assert_allclose(geometric_median(corners), [x, 0.6 * x], atol=1e-6)


def test_fermat_point_is_the_vertex_with_an_angle_of_120_degrees_or_more() -> None:
    corners = np.array([[0.0, 0.0], [10.0, 1.0], [-10.0, 1.0]])
    np.testing.assert_allclose(geometric_median(corners), [0.0, 0.0], atol=1e-6)


def test_it_gets_off_a_datum_that_it_starts_on() -> None:
    points = np.array([[0.0, 0.0], [3.0, 0.0], [-3.0, 0.1], [0.0, 9.0], [0.0, -9.1]])
    assert np.abs(points - points.mean(axis=0)).sum(axis=1).min() < 0.1
    median = geometric_median(points)
    total = np.hypot(*(points - median).T).sum()
    for step in np.eye(2) * 1e-3:
        assert np.hypot(*(points - median - step).T).sum() >= total - 1e-9


@given(CLOUDS, st.floats(0, 6.3), st.floats(-50, 50), st.floats(-50, 50))
def test_median_and_biweight_turn_and_move_with_the_points(
    points: Points, angle: float, dx: float, dy: float
) -> None:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = points @ turn.T + (dx, dy)
    spread = np.abs(points - points.mean(axis=0)).max()
    centre = geometric_median(points) @ turn.T + (dx, dy)
    total, expected = (np.hypot(*(moved - c).T).sum() for c in (geometric_median(moved), centre))
    assert total == pytest.approx(expected, abs=1e-6 * (1 + spread))


def test_biweight_beats_the_mean_with_outliers_on_one_side(rng: np.random.Generator) -> None:
    errors = {"mean": [], "biweight": []}
    for _ in range(300):
        points = rng.normal(0, (2.0, 1.0), (11, 2))
        points[:3] += (18.0, 0.0)
        errors["mean"].append(points.mean(axis=0))
        errors["biweight"].append(biweight(points).at)
    rmse = {name: np.sqrt((np.array(e) ** 2).sum(axis=1).mean()) for name, e in errors.items()}
    # Measured when the method was chosen: 5.07 and 0.82 mm.
    assert rmse["mean"] > 4.5
    assert rmse["biweight"] < 1.0


def test_biweight_of_good_points_is_nearly_their_mean(rng: np.random.Generator) -> None:
    points = rng.normal(0, 1.0, (11, 2))
    assert np.hypot(*(biweight(points).at - points.mean(axis=0))) < 0.35


def test_precision_pulls_towards_the_trusted() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 1.0]])
    trusting = biweight(points, precision=np.array([100.0, 1.0, 1.0])).at
    assert np.hypot(*trusting) < 0.1


@pytest.mark.parametrize("n_points", [3, 5, 11])
def test_the_region_holds_the_truth_as_often_as_it_says(rng: np.random.Generator, n_points: int) -> None:
    inside = 0
    for _ in range(400):
        points = rng.normal(0, (2.0, 1.0), (n_points, 2))
        centre = biweight(points, floor=5.0)  # a wide scale makes it the mean, for which the region is exact
        covariance, n_eff = scatter(points, centre, None)
        factor = region(covariance, n_eff, shrunk=False)
        inside += centre.at @ np.linalg.inv(covariance) @ centre.at <= factor
    assert 0.90 <= inside / 400 <= 0.995


def test_two_answers_take_their_scatter_from_the_data_set() -> None:
    points = np.array([[0.0, 0.0], [0.1, 0.0]])
    centre = biweight(points)
    covariance, n_eff = scatter(points, centre, 2.0)
    assert np.sqrt(covariance[0, 0]) > 1.5
    outline = ellipse(centre.at, covariance, region(covariance, n_eff, shrunk=True))
    np.testing.assert_allclose(outline[0], outline[-1], atol=1e-12)
    assert np.hypot(*(outline - centre.at).T).min() > 1.0


def test_two_answers_without_a_data_set_have_no_region() -> None:
    points = np.array([[0.0, 0.0], [0.1, 0.0]])
    covariance, n_eff = scatter(points, biweight(points), None)
    assert len(ellipse(points[0], covariance, region(covariance, n_eff, shrunk=False))) == 0
