"""Curve consensus as a plain mean between landmarks: easy to explain, and what is usually published.

Every path is resampled from hinge to apex and from apex to hinge at equal arc length; the consensus is the
mean at each position. Paths without all three landmarks are left out where two others have them; else all
are resampled whole. One bad path moves it: it stands here for comparison.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from unisono.agree.along import no_path, settled
from unisono.agree.base import Facts, Method, Settled, Shape, Vote
from unisono.agree.bundle import N_POSITIONS, by_landmarks, gather
from unisono.agree.geometry import evenly, offsets
from unisono.agree.learnt import Learnt
from unisono.base.units import Spacing
from unisono.labels.base import Form

REACH_SHARE = 0.1
NO_LANDMARKS = "lacks a landmark that others named"


def learn(votes: Sequence[Vote], facts: Facts, spacings: Mapping[str, Spacing | None]) -> Learnt:  # noqa: ARG001  # a mean learns nothing
    """Return nothing learnt."""
    return Learnt()


def locate(votes: Sequence[Vote], facts: Facts, spacing: Spacing | None, learnt: Learnt) -> Settled:  # noqa: ARG001
    """Settle one item's paths."""
    bundle = gather(votes, facts, spacing)
    if not bundle.kept:
        return no_path(bundle, spacing, "no usable path")
    anchored = {d.expert: by_landmarks(d, facts.ties) for d in bundle.kept}
    full = [a for a in anchored.values() if a is not None]
    aside: dict[str, str] = {}
    if len(full) < 2:  # noqa: PLR2004
        full = [evenly(d.path, N_POSITIONS) for d in bundle.kept]
    else:
        aside = {expert: NO_LANDMARKS for expert, a in anchored.items() if a is None}
    path = np.mean(full, axis=0)
    reach = REACH_SHARE * bundle.median_length
    table = np.stack([offsets(path, d.strokes, reach) for d in bundle.kept])
    counts = np.array([[d.expert not in aside] for d in bundle.kept])
    weights = np.where(np.isfinite(table) & counts, 1.0, 0.0)
    return settled(path, table, weights, bundle, spacing, reasons=aside, scale=None)


METHOD = Method(
    name="curve-landmark-mean",
    summary="plain mean at equal arc length between hinge, apex and hinge",
    form=Form.VECTOR,
    shape=Shape.PATH,
    learn=learn,
    locate=locate,
    parameters={"n_positions": N_POSITIONS, "reach_share": REACH_SHARE},
)
