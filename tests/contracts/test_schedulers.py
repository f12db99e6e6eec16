"""Every scheduler, whatever it is, keeps the contract of `unisono.annotate.scheduling`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.annotate.scheduling import make_sets, schedulers
from unisono.labels.sets import SetPlan


@pytest.mark.parametrize("name", sorted(schedulers()))
@given(n=st.integers(2, 40), size=st.integers(2, 8), times=st.integers(1, 5), seed=st.integers(0, 2**32))
def test_sets_have_their_size_and_nobody_meets_himself(
    name: str, n: int, size: int, times: int, seed: int
) -> None:
    plan = SetPlan(size=size, times=times, scheduler=name)
    sets = make_sets(n, plan, np.random.default_rng(seed))
    assert all(len(set(group)) == len(group) == min(size, n) for group in sets)
    assert {i for group in sets for i in group} == set(range(n))
    assert make_sets(n, plan, np.random.default_rng(seed)) == sets
