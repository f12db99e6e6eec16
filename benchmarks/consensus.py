"""How near does a consensus of curves come to the truth? Simulated panels, seeded.

Run: ``python benchmarks/consensus.py``. Panels are those of ``docs/methods.md``. Every seed
is a new panel of experts: their biases are shared by all its images, so seeds count for more than images.
"""

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402  # after the threads are limited
import shapely  # noqa: E402

from unisono.agree.base import Facts, Method, Settled, Shape, Vote, methods  # noqa: E402
from unisono.base.units import Points, Spacing  # noqa: E402
from unisono.bench.experts import (  # noqa: E402
    APEX,
    CURVE,
    ELEVEN,
    FIRST,
    LAST,
    Habit,
    SimulatedPanel,
    make_truth,
    simulate_experts,
)
from unisono.labels.base import Form, parse_label  # noqa: E402
from unisono.labels.types.curve import LABEL  # noqa: E402
from unisono.measures.between.mean_curve_distance import mean_curve_distance  # noqa: E402

TIES = {"start": FIRST, "middle": APEX, "end": LAST}
FACTS = Facts(CURVE, "LV endocardium", Form.VECTOR, Shape.PATH, (), TIES)
SPACING = Spacing(0.35, 0.35)
_O = Habit.ORDINARY
PANELS = {
    "A": ("8 ordinary", (_O,) * 8),
    "B": ("all 11", ELEVEN),
    "C": ("3 incl. outlier", (_O, _O, Habit.OUTLIER)),
    "D": ("5 ordinary", (_O,) * 5),
    "E": ("5 incl. outlier, partial", (_O, _O, _O, Habit.OUTLIER, Habit.PARTIAL)),
}


@dataclass
class Scores:
    """Errors of one method over images: distance in mm, area and length in shares, band, time in s."""

    error_mm: list[float] = field(default_factory=list)
    area: list[float] = field(default_factory=list)
    length: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)
    seconds: float = 0.0
    undecided: int = 0

    def line(self) -> str:
        """Return mean and 95th percentile."""
        errors = np.array(self.error_mm)
        left = f" -{self.undecided}" if self.undecided else ""
        return f"{errors.mean():.2f} ({np.percentile(errors, 95):.2f}){left}"


def votes_of(panel: SimulatedPanel) -> list[Vote]:
    """Return the curves of a simulated panel as votes; items and experts are numbered."""
    options = LABEL.parse_options({"ties": TIES})
    votes = []
    for e, rows in enumerate(panel.labels):
        for i, row in enumerate(rows):
            label = parse_label(LABEL, options, row[CURVE])
            value = LABEL.vector(label.instances[0], options)
            votes.append(Vote(f"{i:03d}", f"e{e:02d}", f"{e}-{i}", label.visibility, value))
    return votes


def score(habits: Sequence[Habit], seeds: Sequence[int], n_images: int) -> dict[str, Scores]:
    """Return the scores of every path method, and of the experts one by one, over new panels."""
    chosen = [m for m in methods().values() if m.shape is Shape.PATH]
    out = {name: Scores() for name in ("one expert", *(m.name for m in chosen))}
    for seed in seeds:
        rng = np.random.default_rng(seed)
        truths = [make_truth(rng, SPACING, centre_px=(300.0, 250.0)) for _ in range(n_images)]
        panel = simulate_experts(truths, [SPACING] * n_images, rng, habits)
        votes = votes_of(panel)
        settled = {m.name: _timed(out[m.name], m, votes) for m in chosen}
        # An image that one method leaves to a person counts for none: another set of images would flatter it.
        common = [
            item
            for item in sorted({v.item for v in votes})
            if all(len(s[item].path) for s in settled.values())
        ]
        for vote in votes:
            if vote.item in common:
                path = vote.value.path  # type: ignore[union-attr]  # all of them are paths
                _add(out["one expert"], path, truths[int(vote.item)].border)
        for name, results in settled.items():
            for item in common:
                truth = truths[int(item)].border
                _add(out[name], results[item].path, truth)
                out[name].inside.append(_share_in_band(results[item], truth))
    return out


def _timed(scores: Scores, method: Method, votes: list[Vote]) -> dict[str, Settled]:
    start = time.perf_counter()
    settled = dict(method.fit(votes, FACTS, {v.item: SPACING for v in votes}))
    scores.seconds += time.perf_counter() - start
    scores.undecided += sum(len(result.path) == 0 for result in settled.values())
    return settled


def _add(scores: Scores, path: Points, truth: Points) -> None:
    a, b = SPACING.to_mm(path), SPACING.to_mm(truth)
    scores.error_mm.append(mean_curve_distance(a, b))
    scores.area.append(shapely.Polygon(a).buffer(0).area / shapely.Polygon(b).area - 1)
    scores.length.append(shapely.LineString(a).length / shapely.LineString(b).length - 1)


def _share_in_band(result: Settled, truth: Points) -> float:
    gap = shapely.distance(
        shapely.points(SPACING.to_mm(result.path)), shapely.LineString(SPACING.to_mm(truth))
    )
    known = np.isfinite(result.half_width)
    return float((gap[known] <= result.half_width[known]).mean()) if known.any() else float("nan")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--first-seed", type=int, default=101)
    parser.add_argument("--images", type=int, default=15)
    given = parser.parse_args()
    seeds = range(given.first_seed, given.first_seed + given.seeds)
    threads = os.environ["OMP_NUM_THREADS"]
    print(f"{given.seeds} panels x {given.images} images, BLAS threads {threads}; error to the truth in mm,")
    print("mean (95th percentile) over the images that every method decided; -n: left undecided\n")
    results = {key: score(habits, seeds, given.images) for key, (_, habits) in PANELS.items()}
    for key, (words, _) in PANELS.items():
        print(f"  {key}: {words}")
    print(
        f"\n{'method':22s}" + "".join(f"{key:>15s}" for key in PANELS) + "   B area  length  band   ms/image"
    )
    for name in results["B"]:
        cells = "".join(f"{results[key][name].line():>15s}" for key in PANELS)
        b = results["B"][name]
        rest = f"{100 * np.mean(b.area):+8.1f}% {100 * np.mean(b.length):+6.1f}%"
        band = f"{np.nanmean(b.inside):6.2f}" if b.inside else " " * 6
        print(f"{name:22s}{cells} {rest} {band} {1000 * b.seconds / len(b.error_mm):9.0f}")


if __name__ == "__main__":
    main()
