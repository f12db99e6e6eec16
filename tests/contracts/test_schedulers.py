"""Every scheduler, whatever it is, keeps the contract of `unisono.annotate.scheduling`."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.annotate.scheduling import make_sets, pieces, repeated, schedulers
from unisono.base.errors import PluginError
from unisono.labels.sets import SetPlan

NAMES = sorted(schedulers())
COUNTS = st.integers(2, 40)


@pytest.mark.parametrize("name", NAMES)
@given(n=COUNTS, size=st.integers(2, 8), times=st.integers(1, 5), seed=st.integers(0, 2**32))
def test_sets_have_their_size_and_nobody_meets_himself(
    name: str, n: int, size: int, times: int, seed: int
) -> None:
    plan = SetPlan(size=size, times=times, scheduler=name)
    sets = make_sets(n, plan, np.random.default_rng(seed))
    assert all(len(set(group)) == len(group) == min(size, n) for group in sets)
    assert {i for group in sets for i in group} == set(range(n))
    assert make_sets(n, plan, np.random.default_rng(seed)) == sets


@given(n=COUNTS, size=st.integers(2, 8), times=st.integers(1, 5), seed=st.integers(0, 2**32))
def test_balanced_sets_show_everything_equally_often(n: int, size: int, times: int, seed: int) -> None:
    sets = make_sets(n, SetPlan(size=size, times=times), np.random.default_rng(seed))
    counts = Counter(i for group in sets for i in group)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert min(counts.values()) == (times if n > size else 1)


@pytest.mark.parametrize(("n", "size"), [(60, 2), (61, 2), (200, 3), (50, 6)])
def test_balanced_sets_leave_no_piece_uncompared(n: int, size: int) -> None:
    for seed in range(20):
        sets = make_sets(n, SetPlan(size=size, times=2), np.random.default_rng(seed))
        assert pieces(n, sets) == 1


def test_what_no_set_links_is_another_piece() -> None:
    assert pieces(5, [(0, 1), (1, 2), (3, 4)]) == 2
    assert pieces(3, []) == 3


def test_a_share_of_the_sets_is_repeated_and_one_at_least() -> None:
    rng = np.random.default_rng(3)
    assert len(repeated(100, 0.05, rng)) == 5
    assert len(set(repeated(100, 0.5, rng))) == 50
    assert len(repeated(4, 0.05, rng)) == 1
    assert repeated(4, 0.0, rng) == []


def test_an_unknown_scheduler_is_refused_by_name() -> None:
    with pytest.raises(PluginError, match="no scheduler named 'best'; there are: balanced"):
        make_sets(9, SetPlan(scheduler="best"), np.random.default_rng(0))
