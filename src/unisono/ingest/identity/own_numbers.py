"""No number that stays may repeat one of the header's own: a record number typed where a number is measured.

Sizes of pixels, frame times, rates and ages are numbers that leave. Before any is read, those whose digits
are, hold or are a part of a record number, an order number, a telephone number or a date of the same header
are taken out of it, whatever their sign, point and zeros. What is measured and what names somebody agree by
chance in few recordings; these lose their scale or their times, which then count as unknown.

Source: DICOM PS3.15 E.1.1 (an identifier is to be replaced wherever it stands); PS3.5 6.2 (DS and IS).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from unisono.ingest.identity.identifiers import UNREADABLE, Identifiers, read_identifiers
from unisono.ingest.identity.written import days

NUMBERS = (
    "FrameTime",
    "FrameTimeVector",
    "RecommendedDisplayFrameRate",
    "CineRate",
    "HeartRate",
    "PatientAge",
)
REGION_NUMBERS = (
    "PhysicalDeltaX", "PhysicalDeltaY", "ReferencePixelX0", "ReferencePixelY0",
    "ReferencePixelPhysicalValueX", "ReferencePixelPhysicalValueY",
)  # fmt: skip
SHORTEST, SHORTEST_PART, SHORTEST_DATE = 3, 4, 5
"""Digits, without zeros at either end, that are equal; that are a part; that are a date."""
_COMPACT = re.compile(r"[0-9]{8}")
_RUN = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """The digits of everything in a header that names somebody. It prints none of them.

    Parameters
    ----------
    numbers, dates : frozenset of str
        Digits alone, without zeros at either end.
    is_cut : bool, default=False
        These are not all: any number may repeat one that is not here.
    """

    numbers: frozenset[str] = field(repr=False)
    dates: frozenset[str] = field(repr=False)
    is_cut: bool = False

    def are_in(self, value: object) -> bool:
        """Return whether a number, as it is written, repeats one of these, or may.

        Examples
        --------
        >>> own = OwnNumbers(frozenset({"129754"}), frozenset())
        >>> own.are_in("-0.0129754"), own.are_in("12.975"), own.are_in("3.1297540"), own.are_in("12.9")
        (True, True, True, False)
        """
        if self.is_cut:
            return True
        mine = _significant(str(value).upper().partition("E")[0])
        if len(mine) < SHORTEST:
            return False
        return (
            mine in self.numbers
            or any(_is_part(own, mine) for own in self.numbers | self.dates)
            or any(_is_part(mine, own) for own in self.numbers)
            or (len(mine) > SHORTEST_DATE and any(mine in date for date in self.dates))
        )


def own_numbers(dataset: Dataset, known: Identifiers) -> OwnNumbers:
    """Return the digits of a header's identifiers.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        For the year of birth, which is no date.
    known : Identifiers
        Of its standard attributes: makers write sizes of pixels into private text.
    """
    words = known.numbers | known.names | known.people | known.places | known.short
    written = {digits for word in words for digits in (word, *_RUN.findall(word))} | {_birth_year(dataset)}
    return OwnNumbers(
        frozenset(digits for digits in map(_significant, written) if len(digits) >= SHORTEST),
        frozenset(
            digits
            for date in known.dates
            for digits in map(_significant, _forms(date))
            if len(digits) >= SHORTEST_DATE
        ),
        known.is_cut,
    )


def take_out_repeats(dataset: Dataset, known: Identifiers | None = None) -> tuple[str, ...]:
    """Take the numbers that repeat an identifier out of a parsed header, and return their keywords.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Changed in place, in memory.
    known : Identifiers, optional
        What its standard attributes name; read from it by default.
    """
    own = own_numbers(dataset, known or read_identifiers(dataset, private=False))
    out = [
        (level, keyword)
        for level, keyword in _kept_numbers(dataset)
        if any(own.are_in(one) for one in set(map(str, _values(level, keyword))))
    ]
    for level, keyword in out:
        delattr(level, keyword)
    return tuple(sorted({keyword for _, keyword in out}))


def birth_year_of(dataset: Dataset) -> str:
    """Return the year of birth as four digits, or nothing."""
    year = _birth_year(dataset)
    return year if len(year) == 4 else ""  # noqa: PLR2004  # of a year


def _kept_numbers(dataset: Dataset) -> Iterator[tuple[Dataset, str]]:
    yield from ((dataset, keyword) for keyword in NUMBERS if keyword in dataset)
    try:
        regions = dataset.get("SequenceOfUltrasoundRegions") or ()
    except UNREADABLE:  # then none of them is read
        return
    for item in regions if isinstance(regions, Sequence) else ():
        yield from ((item, keyword) for keyword in REGION_NUMBERS if keyword in item)


def _values(dataset: Dataset, keyword: str) -> Iterator[object]:
    try:
        value = dataset.get(keyword)
    except UNREADABLE:  # whoever reads it next cannot either
        return
    many = isinstance(value, (MultiValue, list, tuple))
    for one in value if many else (value,):
        yield getattr(one, "original_string", one)
        if isinstance(one, float):
            yield float(one)


def _birth_year(dataset: Dataset) -> str:
    try:
        written = str(dataset.get("PatientBirthDate", "") or "")
    except UNREADABLE:
        return ""
    return next((str(day.year) for day in days(written)), "".join(_RUN.findall(written))[:4])


def _forms(date: str) -> Iterator[str]:
    if _COMPACT.fullmatch(date):
        year, month, day = date[:4], date[4:6], date[6:]
        for long in (year, year[2:]):
            yield from (long + month + day, day + month + long, month + day + long)


def _significant(text: str) -> str:
    return "".join(_RUN.findall(text)).strip("0")


def _is_part(part: str, whole: str) -> bool:
    return len(part) >= SHORTEST_PART and part in whole
