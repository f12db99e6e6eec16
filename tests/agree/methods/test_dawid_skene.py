import numpy as np
import pytest
from numpy.typing import NDArray

from tests.agree.make import CLASSES, class_vote
from unisono.agree.base import Settled, Vote
from unisono.agree.methods.dawid_skene import METHOD
from unisono.agree.methods.majority import METHOD as MAJORITY


def panel(rng: np.random.Generator, n_items: int = 300) -> tuple[list[Vote], NDArray[np.int64]]:
    votes, truth = [], rng.choice(3, n_items, p=[0.6, 0.3, 0.1])
    for i, t in enumerate(truth):
        for k, right in enumerate((0.95, 0.9, 0.55, 0.55, 0.5)):
            said = t if rng.random() < right else (t + 1) % 3  # the careless share their favourite mistake
            votes.append(class_vote(int(said), f"e{k}", item=f"i{i}"))
    return votes, truth


def accuracy(settled: dict[str, Settled], truth: NDArray[np.int64]) -> float:
    return float(np.mean([settled[f"i{i}"].category == t for i, t in enumerate(truth)]))


def test_it_beats_counting_heads_where_some_are_careless(rng: np.random.Generator) -> None:
    votes, truth = panel(rng)
    assert (
        accuracy(METHOD.fit(votes, CLASSES, {}), truth)
        > accuracy(MAJORITY.fit(votes, CLASSES, {}), truth) + 0.05
    )


def test_shares_are_a_posterior(rng: np.random.Generator) -> None:
    votes, _ = panel(rng, 50)
    for settled in METHOD.fit(votes, CLASSES, {}).values():
        assert sum(settled.shares.values()) == pytest.approx(1.0)
        assert list(settled.shares) == list(CLASSES.categories)


def test_an_expert_nobody_knows_yet_counts_as_a_fair_one(rng: np.random.Generator) -> None:
    votes, _ = panel(rng, 100)
    learnt = METHOD.learn_all(votes, CLASSES, {})
    new = [class_vote(2, f"new{k}", item="x") for k in range(3)]
    assert METHOD.settle(new, CLASSES, None, learnt).category == 2
