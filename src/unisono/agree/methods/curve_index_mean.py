"""Curve consensus by index: the mean of the i-th of n samples, paths ordered by their bottom-left end.

What the public Unity code does with curves: no landmarks, no check of the bundle's direction but the rule
that a path starts at its lower left end, no rejection. It stands here for comparison.

Source: https://github.com/UnityImaging, read in 2020 and later versions.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from unisono.agree.along import settled
from unisono.agree.base import Facts, Method, Settled, Shape, Vote
from unisono.agree.bundle import N_POSITIONS, Bundle, Drawn
from unisono.agree.geometry import evenly, offsets
from unisono.agree.learnt import Learnt
from unisono.base.units import PIXELS, Spacing
from unisono.labels.base import Form, Vector

REACH_SHARE = 0.1


def learn(votes: Sequence[Vote], facts: Facts, spacings: Mapping[str, Spacing | None]) -> Learnt:  # noqa: ARG001  # a mean learns nothing
    """Return nothing learnt."""
    return Learnt()


def locate(votes: Sequence[Vote], facts: Facts, spacing: Spacing | None, learnt: Learnt) -> Settled:  # noqa: ARG001
    """Settle one item's paths."""
    scale = spacing or PIXELS
    kept = [_ordered(v, v.value, scale) for v in votes if isinstance(v.value, Vector)]
    bundle = Bundle(tuple(kept), ())
    path = np.mean([evenly(d.path, N_POSITIONS) for d in kept], axis=0)
    reach = REACH_SHARE * bundle.median_length
    table = np.stack([offsets(path, d.strokes, reach) for d in kept])
    weights = np.where(np.isfinite(table), 1.0, 0.0)
    return settled(path, table, weights, bundle, spacing, reasons={}, scale=None)


def _ordered(vote: Vote, value: Vector, scale: Spacing) -> Drawn:
    strokes = tuple(scale.to_mm(s) for s in value.strokes)
    drawn = Drawn(vote.expert, vote.answer, strokes, {})
    first, last = strokes[0][0], strokes[-1][-1]
    # Lower left: y grows downwards, so the sum picks the end with small x and large y.
    return drawn.turned() if (first[0] - first[1]) > (last[0] - last[1]) else drawn


METHOD = Method(
    name="curve-index-mean",
    summary="plain mean by index, paths ordered by their lower left end (as in public Unity code)",
    form=Form.VECTOR,
    shape=Shape.PATH,
    learn=learn,
    locate=locate,
    parameters={"n_positions": N_POSITIONS, "reach_share": REACH_SHARE},
)
