"""The gate: on panels with an outlier, a backwards and a partial tracer the consensus is near the truth."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "consensus.py"


AllScores = dict[str, dict[str, Any]]
"""Scores by panel and method, of the benchmark's own class."""


@pytest.fixture(scope="module")
def scores() -> AllScores:
    spec = importlib.util.spec_from_file_location("benchmark_consensus", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return {key: module.score(module.PANELS[key][1], range(101, 104), 4) for key in ("B", "E")}


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
