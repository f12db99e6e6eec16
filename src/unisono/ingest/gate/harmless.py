"""Words on an image that name nobody, so that a clip is not held back for them. The list is closed.

What is read must be one of these forms whole, with sure letters; everything else is text that a person has
to see. The forms are so short that no name, number or date fits one: the caller joins what stands side by
side on one line first, so that a long number printed with gaps is not taken for several short ones.

========================  =====================================================================
form                      where it comes from
========================  =====================================================================
one letter A to Z         the mark of the probe's side: V (GE), P (Philips), B (Butterfly), R, L
0 to 39, also as 4.0      numbers of the depth scale, of calipers and of focus zones
the same with cm or mm    the end of the depth scale
========================  =====================================================================

What is a patient's own number or name in the clip's header is none of these, however short it is; but a
number that has its place in a depth scale stays one.
"""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

SURE = 0.9
"""One reading of a place must be this sure for it to pass: a blurred name must not pass as a letter."""
WIDEST = 1.6
"""A single letter's box is not wider than this many heights: a word read as one letter is."""
SCALE_NUMBERS, SCALE_ERROR, COLUMN_HEIGHTS = 3, 0.1, 1.5
"""A scale: so many numbers at least, how far from even steps, how far from one column or row, in heights."""

_LETTER = re.compile(r"[A-Za-z]")
_DEPTH = re.compile(r"([0-3]?[0-9](?:[.,][0-9])?)(?: ?(?:cm|mm))?")


class Number(NamedTuple):
    """A number on the image: its middle and height in px, and its value."""

    x: float
    y: float
    height: float
    value: float


def is_harmless(text: str, aspect: float) -> bool:
    """Return whether a line is on the list.

    Parameters
    ----------
    text : str
        All that stands on the line.
    aspect : float
        Width of its box over its height.

    Examples
    --------
    >>> is_harmless("V", 1.0), is_harmless("V", 4.0), is_harmless("LI", 1.5)
    (True, False, False)
    >>> is_harmless("15", 1.5), is_harmless("4.0 cm", 3.0), is_harmless("1574", 2.5)
    (True, True, False)
    """
    bare = text.strip(" .:")
    if _LETTER.fullmatch(bare):
        return aspect <= WIDEST
    return aspect <= WIDEST * len(bare) and _DEPTH.fullmatch(bare) is not None


def depth_value(text: str) -> float | None:
    """Return the value of a number that depth scales have, else None.

    Examples
    --------
    >>> depth_value("15"), depth_value("4,5 cm"), depth_value("V")
    (15.0, 4.5, None)
    """
    match = _DEPTH.fullmatch(text.strip(" .:"))
    return float(match[1].replace(",", ".")) if match else None


def on_a_scale(numbers: Sequence[Number]) -> frozenset[int]:
    """Return which numbers belong to a depth scale: three or more in a column or a row, in even steps.

    Parameters
    ----------
    numbers : sequence of Number

    Examples
    --------
    >>> column = [Number(10, 20, 8, 5), Number(12, 60, 8, 10), Number(12, 100, 8, 15)]
    >>> sorted(on_a_scale([*column, Number(90, 60, 8, 10)]))
    [0, 1, 2]
    """
    found: set[int] = set()
    for first in range(len(numbers)):
        for across, along in ((0, 1), (1, 0)):
            beside = [
                i for i, one in enumerate(numbers) if i > first and _in_one(numbers[first], one, across)
            ]
            for pair in combinations(beside, SCALE_NUMBERS - 1):
                places = (first, *pair)
                if not found.issuperset(places) and _is_even([numbers[i] for i in places], along):
                    found.update(places)
    return frozenset(found)


def _in_one(one: Number, other: Number, across: int) -> bool:
    return abs(one[across] - other[across]) <= COLUMN_HEIGHTS * max(one.height, other.height)


def _is_even(numbers: Sequence[Number], along: int) -> bool:
    """Return whether values go with places: the middle one lies where the outer ones say."""
    low, middle, high = sorted(numbers, key=lambda number: number[along])
    length, span = high[along] - low[along], high.value - low.value
    if span == 0 or low.value == middle.value or length < SCALE_NUMBERS * low.height:
        return False
    share = (middle.value - low.value) / span
    return 0 < share < 1 and abs((middle[along] - low[along]) / length - share) <= SCALE_ERROR
