from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.ingest.gate.matching import Matcher, folded, most_edits, occurs
from unisono.ingest.identity.identifiers import NOBODY, Identifiers
from unisono.ingest.identity.written import date_forms, normalised

WHO = Identifiers(
    names=frozenset({"johnson", "mary", "johnson mary", "li", "doe", "müller"}),
    numbers=frozenset({"a7129754", "40058112"}),
    dates=frozenset(date_forms(date(1957, 3, 9))),
    places=frozenset({"general hospital of nowhere", "nowhere"}),
    people=frozenset({"okafor"}),
)


@pytest.mark.parametrize(
    "text",
    [
        "JOHNSON^MARY", "Johnson, M.", "J0HNS0N", "JOHN5ON", "Jobnson", "ohnson", "DOE", "D0E", "Li",
        "MULLER", "OKAF0R", "ID A7129754", "ID: A71297S4", "4OO58II2", "400 581 12", "12975", "NOWHERE",
        "19570309", "1957-03-09", "09.03.1957", "03/09/1957", "09/03/1957", "09 MAR 1957", "09.03.57",
        "St N0where", "DOB:09MAR57", "MAR 9, 1957" , "Mar 09, 1957", "1957O3O9",
    ],
)  # fmt: skip
def test_what_names_somebody_is_known_misread_or_cut(text: str) -> None:
    assert Matcher(WHO).names_somebody(text)


@pytest.mark.parametrize(
    "text", ["", "V", "15", "4.0 cm", "PWR", "ADULT ECHO", "SUBCOSTAL", "12", "77345", "2011"]
)
def test_what_names_nobody_is_not(text: str) -> None:
    assert not Matcher(WHO).names_somebody(text)


def test_when_the_list_was_cut_every_line_may_name_somebody() -> None:
    matcher = Matcher(Identifiers(names=frozenset({"johnson"}), is_cut=True))
    assert matcher.names_somebody("4.0 cm")
    assert not matcher.names_somebody(" ")


def test_a_short_name_must_stand_alone() -> None:
    assert Matcher(WHO).names_somebody("LI")
    assert not Matcher(WHO).names_somebody("LIVER")


SHORT = Identifiers(short=frozenset({"li", "wu", "so", "李", "7b", "412", "40"}))


@pytest.mark.parametrize(
    "text", ["LI", "Li", "L1", "L|", "LI^M", "WU, X", "4.0 WU", "李", "50 SO", "7B", "ID 412", "4I2", "40"]
)
def test_a_short_name_or_number_is_known_as_a_whole_word(text: str) -> None:
    assert Matcher(SHORT).names_somebody(text)


@pytest.mark.parametrize(
    "text",
    [
        "11",
        "1 1",
        "LIVER",
        "LI7",
        "50",
        "5O0",
        "WUX",
        "李明",
        "78",
        "4",
        "0.40 s",
        "4120",
        "4.12",
        "40.0",
        "V",
    ],
)
def test_what_only_looks_like_a_short_name_is_none(text: str) -> None:
    assert not Matcher(SHORT).names_somebody(text)


def test_without_a_header_nothing_matches() -> None:
    assert not Matcher(NOBODY).names_somebody("JOHNSON^MARY 19570309")


def test_a_matcher_prints_nothing_of_what_it_holds() -> None:
    assert "johnson" not in repr(Matcher(WHO))


@given(st.text(st.characters(exclude_characters="|!"), max_size=40).filter(lambda t: len(folded(t)) > 2))
def test_every_value_matches_itself(value: str) -> None:
    assert Matcher(Identifiers(names=frozenset({normalised(value)}))).names_somebody(value)


@given(st.integers(10**7, 10**9), st.integers(0, 6), st.integers(0, 9))
def test_a_number_is_known_with_one_digit_wrong(number: int, where: int, digit: int) -> None:
    wanted = str(number)
    read = f"ID {wanted[:where]}{digit}{wanted[where + 1 :]}"
    assert Matcher(Identifiers(numbers=frozenset({wanted}))).names_somebody(read)


def edit_distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(last + (a != b), row[j] + 1, row[j - 1] + 1)
    return row[-1]


@given(st.text("ab", min_size=1, max_size=6), st.text("ab", max_size=7), st.integers(0, 2))
def test_occurs_agrees_with_the_distance_to_every_part_of_the_line(
    wanted: str, line: str, edits: int
) -> None:
    parts = {line[i:j] for i in range(len(line) + 1) for j in range(i, len(line) + 1)}
    assert occurs(wanted, line, edits) == (min(edit_distance(wanted, p) for p in parts) <= edits)


def test_numbers_get_fewer_edits_than_words() -> None:
    assert [most_edits(folded(t)) for t in ("abc", "abcd", "abcdefgh", "a" * 40)] == [0, 1, 2, 3]
    assert [most_edits(t) for t in ("12345", "123456", "123456789012")] == [0, 1, 2]


LONE = Identifiers(lone=frozenset({"27", "5", "b"}))


@pytest.mark.parametrize("text", ["27", " 27.", "5", "05", "B", "b:"])
def test_a_small_number_or_a_letter_of_the_patient_is_known_alone(text: str) -> None:
    assert Matcher(LONE).is_own(text)
    assert not Matcher(NOBODY).is_own(text)


@pytest.mark.parametrize("text", ["", "0", "27 cm", "27.0", "4.5", "2", "7", "V", "8", "B5", "270"])
def test_other_numbers_letters_and_lengths_are_not(text: str) -> None:
    assert not Matcher(LONE).is_own(text)


@pytest.mark.parametrize("text", ["ID 27", "ID27", "PID:005", "MRN 5", "#27", "Name B", "Pat. B", "no 27 x"])
def test_beside_a_label_it_names_somebody(text: str) -> None:
    assert Matcher(LONE).names_somebody(text)


@pytest.mark.parametrize("text", ["27", "B", "FR 27", "27 Hz", "ID 28", "IDA 27", "B mode"])
def test_without_one_it_does_not(text: str) -> None:
    assert not Matcher(LONE).names_somebody(text)
