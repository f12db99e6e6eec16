from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.annotate.schedulers.balanced import SCHEDULER
from unisono.annotate.scheduling import pieces
from unisono.labels.sets import SetPlan


@given(n=st.integers(2, 40), size=st.integers(2, 8), times=st.integers(1, 5), seed=st.integers(0, 2**32))
def test_everything_is_shown_equally_often(n: int, size: int, times: int, seed: int) -> None:
    sets = SCHEDULER.sets(n, SetPlan(size=size, times=times), np.random.default_rng(seed))
    counts = Counter(i for group in sets for i in group)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert min(counts.values()) == (times if n > size else 1)


@pytest.mark.parametrize(("n", "size"), [(60, 2), (61, 2), (200, 3), (50, 6)])
def test_no_piece_is_left_uncompared(n: int, size: int) -> None:
    for seed in range(20):
        sets = SCHEDULER.sets(n, SetPlan(size=size, times=2), np.random.default_rng(seed))
        assert pieces(n, sets) == 1


def test_all_in_one_set_are_asked_once() -> None:
    assert SCHEDULER.sets(5, SetPlan(size=6, times=3), np.random.default_rng(0)) == [(0, 1, 2, 3, 4)]
