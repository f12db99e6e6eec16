"""Class consensus by counting heads; a tie stays a tie."""

from collections.abc import Mapping, Sequence

import numpy as np

from unisono.agree.base import Facts, Method, Settled, Vote
from unisono.agree.classes import settled
from unisono.agree.learnt import Learnt
from unisono.base.units import Spacing
from unisono.labels.base import Form


def learn(votes: Sequence[Vote], facts: Facts, spacings: Mapping[str, Spacing | None]) -> Learnt:  # noqa: ARG001  # heads need no learning
    """Return nothing learnt."""
    return Learnt()


def locate(votes: Sequence[Vote], facts: Facts, spacing: Spacing | None, learnt: Learnt) -> Settled:  # noqa: ARG001
    """Settle one item's category."""
    counts = np.bincount([int(v.value) for v in votes], minlength=len(facts.categories))  # type: ignore[arg-type]
    return settled(votes, facts, counts / counts.sum())


METHOD = Method(
    name="majority",
    summary="the category that most experts chose",
    form=Form.CATEGORY,
    shape=None,
    learn=learn,
    locate=locate,
)
