"""Random balanced sets: everything stands equally often, and no piece is left uncompared with the rest."""

from collections.abc import Iterator

import numpy as np

from unisono.annotate.scheduling import Scheduler, Sets, pieces
from unisono.labels.sets import SetPlan

SWAPS_PER_PIECE = 200
"""Tries to link one more piece before it is given up."""


class Balanced(Scheduler):
    """Shuffle all, deal sets, shuffle again; numbers of appearances differ by one at most."""

    name = "balanced"

    def sets(self, n: int, plan: SetPlan, rng: np.random.Generator) -> Sets:
        """Deal ``times`` rounds into sets of ``size``, then swap members until all are linked."""
        if n <= plan.size:
            return [tuple(range(n))]
        dealt = list(_dealt(n, plan.size, -(-n * plan.times // plan.size), rng))
        return _linked(n, dealt, rng) if plan.times > 1 else [tuple(group) for group in dealt]


def _dealt(n: int, size: int, n_sets: int, rng: np.random.Generator) -> Iterator[list[int]]:
    hand: list[int] = []
    for _ in range(n_sets):
        if len(hand) >= size:
            yield hand[:size]
            hand = hand[size:]
            continue
        # The rest of one round is filled from the next; who is in the rest already comes later.
        new = [int(i) for i in rng.permutation(n)]
        filling = [i for i in new if i not in hand][: size - len(hand)]
        taken = set(filling)
        yield hand + filling
        hand = [i for i in new if i not in taken]


def _linked(n: int, sets: list[list[int]], rng: np.random.Generator) -> Sets:
    left = pieces(n, sets)
    tries = SWAPS_PER_PIECE * (left - 1)
    while left > 1 and tries > 0:
        tries -= 1
        a, b = (int(i) for i in rng.choice(len(sets), 2, replace=False))
        i, j = int(rng.integers(len(sets[a]))), int(rng.integers(len(sets[b])))
        if sets[a][i] in sets[b] or sets[b][j] in sets[a]:
            continue
        sets[a][i], sets[b][j] = sets[b][j], sets[a][i]
        after = pieces(n, sets)
        if after < left:
            left = after
        else:
            sets[a][i], sets[b][j] = sets[b][j], sets[a][i]
    return [tuple(group) for group in sets]


SCHEDULER = Balanced()
