"""A consensus that was moved does not verify, whatever the panel was like and though all hashes fit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.release.panel import panel_answers, settle, write_panel_release
from tests.release.test_verify import refresh, rewrite
from unisono.bench.experts import Habit
from unisono.release.bundle import bundle_faults
from unisono.release.verify import problems_of

CONSENSUS = "UnityLV_multiX_consensus_curves.json"
MOVES = [(20, 0), (-20, 0), (0, 20), (0, -20), (50, 0), (-50, 0), (0, 50), (100, 0), (0, 100)]
ORDINARY, X, B, P = Habit.ORDINARY, Habit.OUTLIER, Habit.BACKWARDS, Habit.PARTIAL


@pytest.fixture(scope="module")
def multix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_panel_release(tmp_path_factory.mktemp("panel") / "multix", "multix")


@pytest.fixture(scope="module")
def unity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_panel_release(tmp_path_factory.mktemp("panel") / "unity", "unity")


def with_label_text(folder: Path, change: Callable[[Any], Any]) -> dict[str, bytes]:
    """Change all six label files of Unity's format; return what they were."""
    before: dict[str, bytes] = {}

    def one(name: str, data: bytes) -> bytes:
        before[name] = data
        is_labels = name.endswith(".json") and name != "keys.json"
        return json.dumps(change(json.loads(data))).encode() if is_labels else data

    rewrite(folder / "labels.zip", one)
    refresh(folder)
    return before


def moved_text(value: Any, dx: float, dy: float, keys: str) -> Any:
    """Move the labels of the questions that begin with ``keys``."""

    def plus(text: Any, by: float) -> Any:
        return " ".join(repr(float(v) + by) for v in text.split()) if isinstance(text, str) else text

    def inside(node: Any) -> Any:
        if isinstance(node, list):
            return [inside(v) for v in node]
        if not isinstance(node, dict):
            return node
        return {
            k: plus(v, dx) if k == "x" else plus(v, dy) if k == "y" else inside(v) for k, v in node.items()
        }

    return {
        image: {
            **row,
            "labels": {k: inside(v) if k.startswith(keys) else v for k, v in row["labels"].items()},
        }
        for image, row in value.items()
    }


def test_the_honest_releases_verify(multix: Path, unity: Path) -> None:
    assert problems_of(multix) == []
    assert problems_of(unity) == []


@pytest.mark.parametrize("move", MOVES)
def test_a_moved_consensus_of_multix(multix: Path, move: tuple[int, int]) -> None:
    file = multix / CONSENSUS
    before = file.read_bytes()
    curves = json.loads(before)
    file.write_text(json.dumps({k: (np.add(v, np.array(move)[:, None])).tolist() for k, v in curves.items()}))
    refresh(multix)
    found = problems_of(multix)
    file.write_bytes(before)
    assert len(found) == len(curves)
    assert all("the answers" in line and line.startswith(CONSENSUS) for line in found), found


@pytest.mark.parametrize("keys", ["curve-", "lv-apex", "mv-"])
@pytest.mark.parametrize("move", [(20, 0), (0, 20), (50, 0), (-100, 0)])
def test_moved_labels_in_all_files_of_unity(unity: Path, move: tuple[int, int], keys: str) -> None:
    before = with_label_text(unity, lambda labels: moved_text(labels, *move, keys))
    found = problems_of(unity)
    rewrite(unity / "labels.zip", lambda name, _: before[name])
    refresh(unity)
    assert found
    assert all("of the answers" in line or "from the nearest answer" in line for line in found), found


def test_one_curve_that_is_bent_at_one_place(multix: Path) -> None:
    file = multix / CONSENSUS
    before = file.read_bytes()
    curves = json.loads(before)
    image = next(iter(curves))
    curves[image][0][60] += 40.0
    file.write_text(json.dumps(curves))
    refresh(multix)
    found = problems_of(multix)
    file.write_bytes(before)
    assert [line.split(": ")[1] for line in found] == [image.removesuffix(".png")]


@pytest.mark.parametrize("method", [None, "curve-index-mean", "curve-landmark-mean"])
@pytest.mark.parametrize(
    "panel",
    [
        (ORDINARY, ORDINARY),
        (ORDINARY, P),
        (ORDINARY, X),
        (ORDINARY, ORDINARY, X),
        (X, P, B),
        (ORDINARY, ORDINARY, X, P),
        (ORDINARY, ORDINARY, X, P, B),
        (ORDINARY,) * 5,
    ],
    ids=lambda p: "-".join(h.value for h in p),
)
def test_no_honest_consensus_is_accused(panel: tuple[Habit, ...], method: str | None) -> None:
    for seed in range(2):
        answers = panel_answers([f"01-{n:064x}-0000" for n in range(6)], panel, seed)
        assert list(bundle_faults(settle(answers, method), answers, "consensus")) == []
