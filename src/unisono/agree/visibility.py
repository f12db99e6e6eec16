"""Is the structure there at all? Settled before anybody asks where.

Three states: ``seen``, ``blurred``, ``off``. A state needs more than half of the posterior. The posterior is
the share of the votes, or Dawid and Skene's once every expert has voted often enough to be known. A minority
that saw something is never averaged into a majority's ``off``; a missing answer is not a ``blurred``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unisono.agree import confusion
from unisono.labels.base import Visibility

STATES = (Visibility.SEEN, Visibility.BLURRED, Visibility.OFF)
TABLE = "visibility"
MARGINALS = ""
"""Key of the class shares in the learnt table; no expert has an empty name."""
MIN_ITEMS = 30
"""Votes an expert needs before a confusion matrix of his is worth using."""
MOST = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the votes come to; ``is_clear`` when one state has more than half."""

    visibility: Visibility
    shares: Mapping[str, float]
    flags: tuple[str, ...]
    is_clear: bool = True


def learn(votes: Sequence[tuple[str, str, Visibility]]) -> dict[str, NDArray[np.float64]]:
    """Learn each expert's confusion of the three states, and the states' shares.

    Parameters
    ----------
    votes : sequence of (item, expert, visibility)

    Returns
    -------
    dict of str to float64 ndarray
        (3, 3) by expert and (3,) under `MARGINALS`; empty when some expert has too few votes, or everybody
        always says the same: shares of the votes then serve better.
    """
    votes = [v for v in votes if v[2] in STATES]
    per_expert = Counter(expert for _, expert, _ in votes)
    if not votes or min(per_expert.values()) < MIN_ITEMS or len({v[2] for v in votes}) == 1:
        return {}
    items = {item: i for i, item in enumerate(dict.fromkeys(v[0] for v in votes))}
    experts = {expert: k for k, expert in enumerate(per_expert)}
    counts = np.zeros((len(items), len(experts), len(STATES)))
    for item, expert, state in votes:
        counts[items[item], experts[expert], STATES.index(state)] += 1
    model = confusion.fit(counts)
    return {MARGINALS: model.marginals, **{e: model.matrices[k] for e, k in experts.items()}}


def settle(votes: Sequence[tuple[str, Visibility]], learnt: Mapping[str, NDArray[np.float64]]) -> Verdict:
    """Settle one item's visibility.

    Parameters
    ----------
    votes : sequence of (expert, visibility)
    learnt : mapping
        From `learn`; empty counts heads.
    """
    said = [(expert, state) for expert, state in votes if state in STATES]
    if not said:
        return Verdict(Visibility.UNASKED, {}, ("no answer",), is_clear=False)
    shares = _posterior(said, learnt)
    named = {state.value: float(p) for state, p in zip(STATES, shares, strict=True)}
    flags = ["one expert"] if len(said) == 1 else []
    best = int(np.argmax(shares))
    # Votes on the edge are level; a rounding error must not make them a majority.
    if shares[best] <= MOST + 1e-9:
        return Verdict(Visibility.BLURRED, named, (*flags, "tie"), is_clear=False)
    if len({state for _, state in said}) > 1:
        flags.append("visibility differs")
    return Verdict(STATES[best], named, tuple(flags))


def _posterior(
    said: Sequence[tuple[str, Visibility]], learnt: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    counts = np.zeros((len(said), len(STATES)))
    for k, (_, state) in enumerate(said):
        counts[k, STATES.index(state)] = 1
    experts = [expert for expert, _ in said]
    if len(said) == 1 or not learnt or any(expert not in learnt for expert in experts):
        return np.asarray(counts.mean(axis=0))
    matrices = np.stack([learnt[expert] for expert in experts])
    return confusion.posterior_of(counts, learnt[MARGINALS], matrices)
