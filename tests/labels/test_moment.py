import math

import pytest

from unisono.base.errors import LabelError
from unisono.labels.moment import moment


@pytest.mark.parametrize(("raw", "expected"), [(None, None), (0, 0.0), (1.25, 1.25)])
def test_a_time_is_seconds_from_the_start_or_nothing(raw: object, expected: float | None) -> None:
    assert moment(raw, "start_s") == expected


@pytest.mark.parametrize("raw", [-0.001, math.nan, math.inf, "1", True, [1]])
def test_anything_else_is_refused_by_name(raw: object) -> None:
    with pytest.raises(LabelError, match="start_s"):
        moment(raw, "start_s")
