"""The gate: on panels with an outlier, a backwards and a partial tracer the consensus is near the truth."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from unisono.agree.base import methods
from unisono.base.units import Spacing
from unisono.bench.experts import Truth, simulate_experts
from unisono.bench.phantom import make_heart
from unisono.measures.between.mean_curve_distance import mean_curve_distance

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "consensus.py"


AllScores = dict[str, dict[str, Any]]
"""Scores by panel and method, of the benchmark's own class."""


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_consensus", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def scores(benchmark: ModuleType) -> AllScores:
    return {key: benchmark.score(benchmark.PANELS[key][1], range(101, 104), 4) for key in ("B", "E")}


def mean(scores: AllScores, name: str) -> float:
    return float(np.mean(scores[name].error_mm))


def test_the_eleven_are_within_800_micrometres(scores: AllScores) -> None:
    assert mean(scores["B"], "curve-normals") < 0.8
    assert scores["B"]["curve-normals"].undecided == 0


def test_better_than_the_plain_mean_and_no_worse_than_the_landmark_mean(scores: AllScores) -> None:
    assert mean(scores["B"], "curve-normals") < mean(scores["B"], "curve-index-mean")
    assert mean(scores["B"], "curve-normals") <= mean(scores["B"], "curve-landmark-mean")


def test_a_small_panel_with_an_outlier_needs_the_defence(scores: AllScores) -> None:
    assert mean(scores["E"], "curve-normals") < 0.8 * mean(scores["E"], "curve-landmark-mean")


def test_the_band_holds_most_of_the_truth(scores: AllScores) -> None:
    assert np.nanmean(scores["B"]["curve-normals"].inside) > 0.85


def test_on_beating_phantoms_the_eleven_are_within_800_micrometres_too(benchmark: ModuleType) -> None:
    truths, spacings = [], []
    for seed in range(4):
        heart = make_heart(np.random.default_rng(seed), frames=2, rows=240, columns=320)
        truths += [Truth(heart.curves[f], heart.apex[f]) for f in (0, 1)]
        spacings += [Spacing(*heart.spacing_mm)] * 2
    votes = benchmark.votes_of(simulate_experts(truths, spacings, np.random.default_rng(9)))
    by_item = {f"{i:03d}": spacing for i, spacing in enumerate(spacings)}
    errors = {}
    for name in ("curve-normals", "curve-index-mean"):
        settled = methods()[name].fit(votes, benchmark.FACTS, by_item)
        errors[name] = np.mean(
            [
                mean_curve_distance(s.to_mm(settled[f"{i:03d}"].path), s.to_mm(t.border))
                for i, (s, t) in enumerate(zip(spacings, truths, strict=True))
            ]
        )
    assert errors["curve-normals"] < 0.8
    assert errors["curve-normals"] < errors["curve-index-mean"]
