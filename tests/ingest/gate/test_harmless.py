import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.ingest.gate.harmless import Number, depth_value, is_harmless, on_a_scale


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


@pytest.mark.parametrize(
    ("text", "value"), [("15", 15.0), ("4,5 cm", 4.5), ("5 mm.", 5.0), ("V", None), ("40", None), ("", None)]
)
def test_the_value_of_a_depth(text: str, value: float | None) -> None:
    assert depth_value(text) == value


@given(
    st.integers(3, 8), st.integers(1, 5), st.floats(15, 60), st.integers(0, 3), st.booleans(), st.booleans()
)
def test_numbers_in_even_steps_are_a_scale_either_way(
    n: int, step: int, gap_px: float, jitter: int, is_row: bool, is_falling: bool
) -> None:
    values = range(0, n * step, step)
    places = [50 + gap_px * i for i in range(n)][:: -1 if is_falling else 1]
    numbers = [
        Number(place, 20 + jitter, 10, value) if is_row else Number(20 + jitter, place, 10, value)
        for place, value in zip(places, values, strict=True)
    ]
    stray = Number(300, 300, 10, 27)
    assert on_a_scale([stray, *numbers]) == frozenset(range(1, n + 1))


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [Number(10, 20, 8, 5), Number(10, 60, 8, 10)],
        [Number(10, 20, 8, 5), Number(10, 60, 8, 10), Number(10, 100, 8, 27)],
        [Number(10, 20, 8, 5), Number(90, 60, 8, 10), Number(10, 100, 8, 15)],
        [Number(10, 20, 8, 5), Number(10, 60, 8, 5), Number(10, 100, 8, 5)],
        [Number(10, 20, 8, 5), Number(10, 60, 8, 27), Number(10, 100, 8, 10)],
        [Number(10, 20, 8, 5), Number(10, 24, 8, 10), Number(10, 28, 8, 15)],
    ],
)
def test_other_numbers_are_none(numbers: list[Number]) -> None:
    assert not on_a_scale(numbers)


def test_a_number_beside_the_steps_of_a_scale_is_none_of_it() -> None:
    scale = [Number(10, 20 + 40 * i, 8, 5 * (i + 1)) for i in range(4)]
    assert on_a_scale([*scale, Number(10, 125, 8, 27)]) == frozenset(range(4))
