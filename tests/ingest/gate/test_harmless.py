import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.ingest.gate.harmless import is_harmless


@pytest.mark.parametrize(
    "text", ["V", "P", "r", "0", "7", "15", "39", "4.0", "4,5", "16 cm", "16cm", "5 mm", "12."]
)
def test_marks_of_orientation_and_numbers_of_depth_are_harmless(text: str) -> None:
    assert is_harmless(text, 1.2)


@pytest.mark.parametrize(
    "text", ["", "LI", "NG", "40", "99", "123", "4.00", "12 34", "1.2.3", "V1", "cm", "李", "٣"]
)
def test_everything_else_is_not(text: str) -> None:
    assert not is_harmless(text, 1.2)


def test_a_word_read_as_one_letter_is_wider_than_a_letter() -> None:
    assert not is_harmless("J", 3.0)
    assert not is_harmless("15", 6.0)


@given(st.text(string.digits, min_size=3), st.floats(0.1, 20))
def test_no_long_number_passes(digits: str, aspect: float) -> None:
    assert not is_harmless(digits, aspect)


@given(st.text(string.ascii_letters + " '^-", min_size=2).filter(lambda t: sum(c.isalpha() for c in t) > 1))
def test_no_name_passes(name: str) -> None:
    assert not is_harmless(name, 1.0)


@given(st.dates(), st.sampled_from(["%Y%m%d", "%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%d %b %Y", "%d.%m.%y"]))
def test_no_date_passes(day: object, form: str) -> None:
    assert not is_harmless(f"{day:{form}}", 1.0)
