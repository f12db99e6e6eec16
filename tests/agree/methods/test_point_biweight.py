import numpy as np
import pytest

from tests.agree.make import POINT, point_vote, unseen_vote
from unisono.agree.base import Settled, Vote
from unisono.agree.learnt import Learnt
from unisono.agree.methods.point_biweight import METHOD
from unisono.base.units import Points, Spacing
from unisono.labels.base import Visibility

ONE = Spacing(1, 1)


def settle(*votes: Vote, spacing: Spacing | None = ONE, learnt: Learnt | None = None) -> Settled:
    return METHOD.settle(votes, POINT, spacing, learnt or Learnt({"sd_mm": 2.0}))


def cloud(*places: tuple[float, float]) -> list[Vote]:
    return [point_vote(x, y, f"e{k}") for k, (x, y) in enumerate(places)]


def test_an_outlier_is_set_aside_by_name() -> None:
    settled = settle(*cloud((100, 100), (101, 100), (100, 101), (101, 101), (140, 100)))
    np.testing.assert_allclose(settled.path, [[100.5, 100.5]], atol=0.05)
    wild = next(r for r in settled.rows if r.expert == "e4")
    assert (wild.weight, wild.set_aside) == (0.0, "far from the others")
    assert wild.distance == pytest.approx(39.5, abs=0.1)


def test_two_meet_in_the_middle_with_a_region_from_the_data_set() -> None:
    settled = settle(*cloud((100, 100), (102, 100)))
    np.testing.assert_allclose(settled.path, [[101, 100]], atol=1e-9)
    assert len(settled.ellipse) > 10


def test_two_far_apart_are_no_consensus() -> None:
    settled = settle(*cloud((100, 100), (130, 100)))
    assert settled.visibility is Visibility.BLURRED
    assert "apart" in settled.flags
    assert len(settled.path) == 0


def test_two_readings_are_split() -> None:
    settled = settle(*cloud((100, 100), (100, 101), (120, 100), (120, 101)))
    assert "split" in settled.flags


def test_most_say_off_then_the_rest_is_not_averaged_in() -> None:
    votes = [*cloud((100, 100)), *(unseen_vote(Visibility.OFF, f"o{k}") for k in range(2))]
    settled = settle(*votes)
    assert settled.visibility is Visibility.OFF
    assert len(settled.path) == 0
    assert next(r for r in settled.rows if r.expert == "e0").set_aside == "most say off"


def test_pixels_that_are_not_square_count_in_mm() -> None:
    # Twice as far in y: the outlier in x is none in mm.
    settled = settle(*cloud((100, 100), (102, 100), (104, 100)), spacing=Spacing(0.1, 1.0))
    assert settled.unit == "mm"
    assert settled.sd == pytest.approx(np.sqrt(0.04 / 2), rel=0.05)


def panel(rng: np.random.Generator, n_items: int = 60) -> tuple[list[Vote], Points]:
    votes, truths = [], []
    bias = np.array([[4.0, 0], [0, 0], [-4, 0], [0, 1.5]])
    sd = (0.8, 0.8, 4.0, 4.0)
    for i in range(n_items):
        truth = rng.uniform(50, 400, 2)
        truths.append(truth)
        places = [truth + bias[k] + rng.normal(0, sd[k], 2) for k in range(4)]
        votes += [point_vote(*at, f"e{k}", item=f"i{i}") for k, at in enumerate(places)]
    return votes, np.array(truths)


def test_what_all_items_teach_makes_each_better(rng: np.random.Generator) -> None:
    votes, truths = panel(rng)
    spacings = {v.item: ONE for v in votes}
    learnt = METHOD.fit(votes, POINT, spacings)
    few = [METHOD.fit([v for v in votes if v.item == i], POINT, spacings)[i] for i in learnt]
    rmse = []
    for settled in (list(learnt.values()), few):
        kept = [(s.path[0], t) for s, t in zip(settled, truths, strict=True) if len(s.path)]
        gap = np.array([at - t for at, t in kept])
        rmse.append(np.sqrt(((gap - gap.mean(axis=0)) ** 2).sum(axis=1).mean()))
    assert rmse[0] < 0.75 * rmse[1]


def test_uncalibrated_items_are_learnt_apart(rng: np.random.Generator) -> None:
    votes, _ = panel(rng, 30)
    spacings = {v.item: ONE if int(v.item[1:]) % 2 else None for v in votes}
    learnt = METHOD.learn_all(votes, POINT, spacings)
    assert {"sd_mm", "sd_px"} <= learnt.numbers.keys()
