"""Write down what category votes come to; all category methods end here."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unisono.agree.base import Cloud, Facts, Row, Settled, Vote
from unisono.labels.base import Visibility

LEVEL = 1e-6
"""Two categories whose shares differ by less are level."""


def category_of(vote: Vote) -> int:
    """Return the index of the category that a vote chose."""
    return int(vote.value)  # type: ignore[arg-type]  # category methods get category votes only


def settled(votes: Sequence[Vote], facts: Facts, shares: NDArray[np.float64]) -> Settled:
    """Return the result of a category method.

    Parameters
    ----------
    votes : sequence of Vote
    facts : Facts
    shares : float64 ndarray of shape (n_categories,)
        Posterior of each category. When the best two are level there is no category, and the flag ``tie``.
    """
    chosen = np.array([category_of(v) for v in votes])
    best = int(np.argmax(shares))
    tie = int((shares > shares[best] - LEVEL).sum()) > 1
    hot = np.eye(len(facts.categories))[chosen]
    rows = tuple(
        Row(v.expert, v.answer, v.visibility, distance=_apart(hot, k), coverage=1.0, weight=1.0)
        for k, v in enumerate(votes)
    )
    flags = [name for name, on in (("tie", tie), ("classes differ", len(set(chosen)) > 1)) if on]
    return Settled(
        visibility=Visibility.BLURRED if tie else Visibility.SEEN,
        unit="px",
        shares={key: float(p) for key, p in zip(facts.categories, shares, strict=True)},
        category=None if tie else best,
        rows=rows,
        flags=tuple(flags),
        cloud=Cloud(tuple(v.expert for v in votes), hot[:, None, :], np.ones((len(votes), 1))),
    )


def _apart(hot: NDArray[np.float64], k: int) -> float | None:
    """Return 0 where an expert says what most of the others say, 1 where not, between on their tie."""
    others = np.delete(hot, k, axis=0).sum(axis=0)
    if not others.any():
        return None
    top = others == others.max()
    return float(1 - hot[k][top].sum() / top.sum())
