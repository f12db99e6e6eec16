"""Numbers in strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.base.errors import FormatError
from unisono.formats.coordinates import dump_numbers, parse_numbers, parse_pairs


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_all_digits_come_back(values: list[float]) -> None:
    assert parse_numbers(dump_numbers(values), "here") == values


def test_written_digits() -> None:
    assert dump_numbers([1.25, 2.0, -0.04], 1) == "1.2 2.0 0.0"
    assert dump_numbers([]) == ""
    assert parse_numbers(" ", "here") == []


@pytest.mark.parametrize("raw", ["1 two", ["a"], [None], "inf", 5, None, {"x": 1}])
def test_what_is_no_number_is_refused(raw: object) -> None:
    with pytest.raises(FormatError, match="here: expected"):
        parse_numbers(raw, "here")


def test_unequal_x_and_y_are_counted() -> None:
    with pytest.raises(FormatError, match="labels: 2 x and 3 y"):
        parse_pairs("1 2", "1 2 3", "labels")
