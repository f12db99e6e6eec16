"""What schedulers share; `tests/contracts/test_schedulers.py` holds every one of them to the contract."""

import numpy as np
import pytest

from unisono.annotate.scheduling import make_sets, pieces, repeated
from unisono.base.errors import PluginError
from unisono.labels.sets import SetPlan


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
