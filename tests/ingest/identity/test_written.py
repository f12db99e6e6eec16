"""The forms in which names, numbers and dates are looked for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.ingest.identity.written import (
    date_forms,
    days,
    is_depth,
    lone_words,
    normalised,
    short_words,
    written_words,
)


@given(st.text(max_size=30))
def test_what_is_normalised_stays_so_and_has_single_blanks(text: str) -> None:
    plain = normalised(text)
    assert "  " not in plain
    assert plain == plain.strip()


@given(st.dates(date(1850, 1, 1), date(2150, 12, 31)))
def test_a_date_is_read_back_from_its_compact_form(day: date) -> None:
    assert list(days(f"on {day:%Y%m%d}.")) == [day]
    assert len(set(date_forms(day))) == len(date_forms(day)) - (day.day == day.month)


@pytest.mark.parametrize(
    "written",
    [
        "19530829", "1953.08.29", "1953-08-29", "1953/8/29", "29.08.1953", "29. 8. 1953", "29/08/1953",
        "08/29/1953", "29-08-1953", "29 AUG 1953", "29-Aug-1953", "29AUG1953", "29. August 1953",
        "29th August, 1953", "Aug 29, 1953", "August 29th 1953", "1953-Aug-29",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(written: str) -> None:
    assert list(days(f"born {written}, seen")) == [date(1953, 8, 29)]
    assert list(days(f"DOB{written}.")) == [date(1953, 8, 29)]


def test_a_date_that_could_be_two_is_both() -> None:
    assert set(days("03/04/1953")) == {date(1953, 4, 3), date(1953, 3, 4)}


@pytest.mark.parametrize(
    "text",
    ["18491231", "19700231", "119700131", "1970-13-31", "1970-01.31", "31.01.1970.2", "1.31.01.1970",
     "131.01.1970", "31 foo 1970", "31 mar 970", "2.12.840.10008"],
)  # fmt: skip
def test_other_digits_are_no_date(text: str) -> None:
    assert list(days(text)) == []


def test_a_value_is_looked_for_whole_without_blanks_and_by_its_words() -> None:
    assert set(written_words("Doe^Jo Ann", "names")) == {"doe jo ann", "doejoann", "doe", "ann"}
    assert set(written_words("11-05", "numbers")) == {"11 05", "1105"}


@given(st.integers(0, 999))
def test_a_small_number_is_short_or_lone_and_never_both(number: int) -> None:
    text = str(number)
    short, lone = list(short_words(text, "numbers")), [w for w in lone_words(text, "numbers") if w]
    assert not (short and lone)
    assert bool(lone) == (is_depth(text) and number > 0)
    assert bool(short) == (not is_depth(text))
