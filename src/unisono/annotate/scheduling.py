"""Who stands beside whom: schedulers, and what they are given; subclasses live in ``annotate/schedulers``."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from unisono.base import plugins
from unisono.labels.sets import SetPlan

Sets = list[tuple[int, ...]]
"""Numbers of what stands together."""


class Scheduler(ABC):
    """One way of making sets; a file in ``annotate/schedulers`` offers it as the constant ``SCHEDULER``."""

    name: ClassVar[str]
    """What protocols call it."""

    @abstractmethod
    def sets(self, n: int, plan: SetPlan, rng: np.random.Generator) -> Sets:
        """Return which of ``0..n - 1`` stand together, set by set.

        Parameters
        ----------
        n : int
            How many clips or frames there are, two or more.
        plan : SetPlan
        rng : numpy.random.Generator
        """


def schedulers() -> dict[str, Scheduler]:
    """Return the schedulers by name."""
    return plugins.load("unisono.annotate.schedulers", "SCHEDULER", Scheduler)


def make_sets(n: int, plan: SetPlan, rng: np.random.Generator) -> Sets:
    """Return the sets of a plan.

    Raises
    ------
    PluginError
        If there is no such scheduler.
    """
    return plugins.pick(schedulers(), plan.scheduler, "scheduler").sets(n, plan, rng)


def repeated(n_sets: int, share: float, rng: np.random.Generator) -> list[int]:
    """Return the numbers of the sets that are asked a second time; one at least, unless the share is 0."""
    count = min(n_sets, max(1, round(n_sets * share))) if share > 0 else 0
    return sorted(int(i) for i in rng.choice(n_sets, count, replace=False))


def pieces(n: int, sets: Sequence[Sequence[int]]) -> int:
    """Return into how many pieces ``0..n - 1`` fall that no set links: across pieces nothing is compared."""
    parent = list(range(n))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for group in sets:
        for member in group[1:]:
            parent[root(member)] = root(group[0])
    return len({root(i) for i in range(n)})
