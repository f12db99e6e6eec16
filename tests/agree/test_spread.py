import numpy as np
import pytest

from unisono.agree.base import Cloud
from unisono.agree.spread import crossed_bootstrap, is_split, to_others


def cloud(*values: float) -> Cloud:
    table = np.array(values, dtype=np.float64)[:, None, None]
    return Cloud(tuple(f"e{k}" for k in range(len(values))), table, np.ones((len(values), 1)))


def test_distance_to_the_mean_of_the_others() -> None:
    np.testing.assert_allclose(to_others(cloud(0, 3, 9), np.ones((1, 3)))[0], [6.0, 1.5, 7.5])


def test_a_panel_without_an_expert_still_measures_him() -> None:
    present = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
    np.testing.assert_allclose(to_others(cloud(0, 3, 9), present), [[6, 6, 6], [9, 1.5, 9]])


def test_alone_there_is_nobody_to_compare_with() -> None:
    assert np.isnan(to_others(cloud(5.0), np.ones((1, 1)))).all()


def test_absent_positions_do_not_count() -> None:
    values = np.array([[[1.0], [np.nan]], [[3.0], [8.0]]])
    found = to_others(Cloud(("a", "b"), values, np.ones((2, 2))), np.ones((1, 2)))
    np.testing.assert_allclose(found, [[2.0, 2.0]])


def test_points_are_measured_in_the_plane() -> None:
    values = np.array([[[0.0, 0.0]], [[3.0, 4.0]]])
    found = to_others(Cloud(("a", "b"), values, np.ones((2, 1))), np.ones((1, 2)))
    np.testing.assert_allclose(found, [[5.0, 5.0]])


def many(rng: np.random.Generator, sds: list[float], n_items: int) -> dict[str, Cloud]:
    return {f"i{i}": cloud(*rng.normal(0, sds)) for i in range(n_items)}


def test_the_interval_holds_the_estimate_and_ranks_the_noisy_last(rng: np.random.Generator) -> None:
    clouds = many(rng, [1.0] * 5 + [4.0], 40)
    found = crossed_bootstrap(clouds, {i: i for i in clouds}, rng)
    assert [d.expert for d in found] == [f"e{k}" for k in range(6)]
    assert all(d.low <= d.mean <= d.high and d.n_items == 40 for d in found)
    assert max(found, key=lambda d: d.mean).expert == "e5"
    assert found[5].low > found[0].high


def test_items_of_one_subject_are_drawn_together(rng: np.random.Generator) -> None:
    clouds = many(rng, [1.0] * 6, 40)
    alone = crossed_bootstrap(clouds, {i: i for i in clouds}, np.random.default_rng(1))
    repeated = {f"{i}/{k}": c for i, c in clouds.items() for k in range(4)}
    grouped = crossed_bootstrap(repeated, {i: i.split("/")[0] for i in repeated}, np.random.default_rng(1))
    naive = crossed_bootstrap(repeated, {i: i for i in repeated}, np.random.default_rng(1))
    width = [np.mean([d.high - d.low for d in found]) for found in (alone, grouped, naive)]
    assert width[1] == pytest.approx(width[0], rel=0.15)
    assert width[2] < 0.9 * width[0]


def test_the_same_seed_gives_the_same_interval(rng: np.random.Generator) -> None:
    clouds = many(rng, [1.0] * 4, 10)
    first, second = (
        crossed_bootstrap(clouds, {i: i for i in clouds}, np.random.default_rng(3)) for _ in "ab"
    )
    assert first == second


def test_no_clouds_no_distances(rng: np.random.Generator) -> None:
    assert crossed_bootstrap({}, {}, rng) == []


def test_two_pairs_far_apart_are_split_and_one_outlier_is_not() -> None:
    assert is_split(cloud(0, 0.2, 9, 9.3), floor=0.5)
    assert not is_split(cloud(0, 0.2, 0.1, 9.3), floor=0.5)
    assert not is_split(cloud(0, 0.2, 1.0, 1.1), floor=0.5)


def test_ordinary_panels_are_hardly_ever_split(rng: np.random.Generator) -> None:
    assert sum(is_split(cloud(*rng.normal(0, 2.0, 7)), floor=1.0) for _ in range(300)) <= 6
