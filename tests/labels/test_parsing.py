import math

import pytest

from unisono.base.errors import LabelError
from unisono.labels.parsing import finite, object_of, whole


@pytest.mark.parametrize("raw", [0, -2.5, 10**30, 1e308])
def test_a_number_is_a_float(raw: float) -> None:
    assert finite(raw, "x") == float(raw)


@pytest.mark.parametrize("raw", [math.nan, math.inf, -math.inf, 10**400, "1", None, True, [1]])
def test_what_no_float_holds_is_refused(raw: object) -> None:
    with pytest.raises(LabelError, match="x must be a finite number"):
        finite(raw, "x")


@pytest.mark.parametrize("raw", [0, 4, 1.0, True, "2", None])
def test_a_whole_number_lies_within_its_bounds(raw: object) -> None:
    with pytest.raises(LabelError, match="n must be a whole number from 1 to 3"):
        whole(raw, "n", 1, 3)
    assert whole(3, "n", 1, 3) == 3


def test_an_object_has_its_keys_and_no_others() -> None:
    assert object_of({"a": 1}, "it", {"a", "b"}, optional={"b"}) == {"a": 1}
    with pytest.raises(LabelError, match="it: missing a, unknown c; legal: a, b"):
        object_of({"b": 1, "c": 2}, "it", {"a", "b"})
    with pytest.raises(LabelError, match="it must be an object; got list"):
        object_of([], "it", {"a"})
