"""The shared vectors: what the server samples is what the file says, and the file is a natural spline.

The page's own tests read the same file.
"""

import json
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from unisono.labels.spline import STEPS, Path, SplineKind, Step, resample, sample

VECTORS = FilePath(__file__).parents[1] / "reference" / "spline_vectors.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))
TOLERANCE_PX = 1e-6


def _path(case: dict[str, Any]) -> Path:
    nodes = np.array([(n["x"], n["y"]) for n in case["nodes"]], dtype=np.float64)
    return Path(nodes, tuple(Step(n["step"]) for n in case["nodes"]), SplineKind(case["kind"]))


def _is_smooth(case: dict[str, Any]) -> bool:
    nodes = np.array([(n["x"], n["y"]) for n in case["nodes"]])
    has_repeats = len(nodes) > 1 and bool((np.hypot(*np.diff(nodes, axis=0).T) == 0).any())
    is_bent = all(n["step"] == "bend" for n in case["nodes"])
    return case["kind"] != "polyline" and is_bent and len(nodes) > 2 and not has_repeats


def test_there_are_enough_cases_of_every_kind() -> None:
    assert len(CASES) >= 24
    assert {c["kind"] for c in CASES} == {k.value for k in SplineKind}
    assert {n["step"] for c in CASES for n in c["nodes"]} == {s.value for s in Step}
    assert {1, 2, 3} <= {len(c["nodes"]) for c in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_sampling_gives_the_points_of_the_file(case: dict[str, Any]) -> None:
    points = sample(_path(case), case["n"])
    np.testing.assert_allclose(points, case["points"], rtol=0, atol=TOLERANCE_PX)


@pytest.mark.parametrize("case", [c for c in CASES if _is_smooth(c)], ids=lambda c: c["name"])
def test_smooth_cases_are_scipys_natural_spline(case: dict[str, Any]) -> None:
    nodes = _path(case).nodes
    chord = np.hypot(*np.diff(nodes, axis=0).T)
    width = chord if case["kind"] == SplineKind.CHORD else np.ones(len(chord))
    knots = np.concatenate([[0.0], np.cumsum(width)])
    u = np.arange(1, STEPS + 1) / STEPS
    at = np.concatenate([[0.0], *(knots[i] + u * h for i, h in enumerate(width))])
    dense = CubicSpline(knots, nodes, bc_type="natural")(at)
    scale = max(1.0, float(np.abs(nodes).max()))
    np.testing.assert_allclose(resample((dense,), case["n"]), case["points"], rtol=0, atol=1e-9 * scale)
