import numpy as np
import pytest

from unisono.agree.annotators import annotators

BIAS = np.array([[2.0, 0.0], [0.0, -1.5], [-1.0, 0.5], [0.0, 0.0], [-1.0, 1.0]])
SD = np.array([1.0, 1.5, 2.0, 3.0, 1.2])


def answers(rng: np.random.Generator, n_items: int = 200) -> dict[str, dict[str, np.ndarray]]:
    out = {}
    for i in range(n_items):
        truth = rng.uniform(0, 300, 2)
        there = rng.random(5) > 0.3
        out[f"i{i}"] = {f"e{k}": truth + BIAS[k] + rng.normal(0, SD[k], 2) for k in range(5) if there[k]}
    return out


def test_bias_and_sd_are_recovered(rng: np.random.Generator) -> None:
    model = annotators(answers(rng))
    found = np.array([model.bias[f"e{k}"] for k in range(5)])
    # Only differences of biases can be seen: compare after taking out what all share.
    shift = (BIAS - found).mean(axis=0)
    np.testing.assert_allclose(found + shift, BIAS, atol=0.35)
    np.testing.assert_allclose([model.sd[f"e{k}"] for k in range(5)], SD, rtol=0.15)


def test_nobody_takes_over(rng: np.random.Generator) -> None:
    panel = {
        f"i{i}": {f"e{k}": np.array([float(i), 0.0]) + rng.normal(0, 1.0, 2) for k in range(3)}
        for i in range(60)
    }
    sds = list(annotators(panel).sd.values())
    assert min(sds) > 0.6 * max(sds)


def test_one_wild_answer_is_no_habit(rng: np.random.Generator) -> None:
    given = answers(rng, 60)
    item = next(i for i, g in given.items() if "e0" in g)
    given[item]["e0"] = given[item]["e0"] + 200.0
    assert annotators(given).sd["e0"] < 2.5


def test_items_with_one_answer_teach_nothing() -> None:
    assert annotators({"i": {"a": np.zeros(2)}}) is None


def test_the_pooled_sd_counts_biases_too(rng: np.random.Generator) -> None:
    assert annotators(answers(rng)).pooled_sd > np.median(SD) * 0.95
    assert annotators(answers(rng)).pooled_sd == pytest.approx(1.9, abs=0.5)
