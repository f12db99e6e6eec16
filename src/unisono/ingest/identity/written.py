"""How names, numbers and dates are written, and in which forms they are looked for.

Source: DICOM PS3.5 6.2 (PN: groups and components of a name; DA: dates).
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

SHORTEST_NAME = 3
SHORTEST_NUMBER = 4
SHORT_NAME, SHORT_NUMBER = 2, (2, 3)
NAME_PARTS = 3
"""Family, given and middle name; after them come titles."""
FIRST_YEAR, LAST_YEAR = 1850, 2150
_DEPTH = re.compile(r"[0-3]?[0-9]", re.ASCII)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_YEAR, _MONTH, _DAY = "(?P<y>(?:18|19|20|21)[0-9]{2})", "(?P<m>[01]?[0-9])", "(?P<d>[0-3]?[0-9])"
_NAMED, _TH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?", "(?:st|nd|rd|th)?"
_GAP, _SPACE, _ANY = r"(?P<gap> ?[-./] ?)", r"[-./, ]{1,3}", r"[-./, ]{0,3}"
_COMPACT_DATE = re.compile(
    "(?<![0-9])(?P<y>(?:18|19|20|21)[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])(?![0-9])"
)
_DATES = (
    _COMPACT_DATE,
    # In parts, but no parts of a longer number: such are versions and UIDs.
    *(
        re.compile(rf"(?<![0-9])(?<![0-9][.]){written}(?![0-9])(?![.][0-9])", re.IGNORECASE)
        for written in (
            f"{_YEAR}{_GAP}{_MONTH}(?P=gap){_DAY}",
            f"{_DAY}{_GAP}{_MONTH}(?P=gap){_YEAR}",
            f"{_MONTH}{_GAP}{_DAY}(?P=gap){_YEAR}",
            f"{_DAY}{_TH}{_ANY}{_NAMED}{_ANY}{_YEAR}",
            f"{_NAMED}{_ANY}{_DAY}{_TH}{_SPACE}{_YEAR}",
            f"{_YEAR}{_ANY}{_NAMED}{_ANY}{_DAY}",
        )
    ),
)


def normalised(text: str) -> str:
    """Return text in lower case, without accents and marks, with single blanks.

    Examples
    --------
    >>> normalised("O'Néill^Síle ")
    'o neill sile'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def is_depth(word: str) -> bool:
    """Return whether a word is a number that depth scales have, 0 to 39.

    Examples
    --------
    >>> is_depth("4"), is_depth("39"), is_depth("40"), is_depth("007")
    (True, True, False, False)
    """
    return _DEPTH.fullmatch(word) is not None


def date_forms(day: date) -> tuple[str, ...]:
    """Return a date in the six forms that scanners print.

    Examples
    --------
    >>> date_forms(date(1970, 1, 31))
    ('19700131', '1970-01-31', '31.01.1970', '01/31/1970', '31/01/1970', '31 jan 1970')
    """
    year, month, dom = f"{day.year:04d}", f"{day.month:02d}", f"{day.day:02d}"
    return (
        f"{year}{month}{dom}",
        f"{year}-{month}-{dom}",
        f"{dom}.{month}.{year}",
        f"{month}/{dom}/{year}",
        f"{dom}/{month}/{year}",
        f"{dom} {_MONTHS[day.month - 1]} {year}",
    )


def written_words(text: str, kind: str) -> Iterator[str]:
    """Yield a value as it is looked for: whole, without blanks, and word by word.

    Parameters
    ----------
    text : str
    kind : str
        A field of `identifiers.Identifiers`.
    """
    whole = normalised(text)
    shortest = SHORTEST_NUMBER if kind == "numbers" else SHORTEST_NAME
    for word in {whole, whole.replace(" ", ""), *whole.split()}:
        if len(word) >= shortest or (word and not word.isascii()):
            yield word


def short_words(text: str, kind: str) -> Iterator[str]:
    """Yield names of two letters, or of one that is not Latin, and short numbers that no depth scale has."""
    if kind == "numbers":
        whole = normalised(text).replace(" ", "")
        if len(whole) in SHORT_NUMBER and not is_depth(whole):
            yield whole
    elif kind in ("names", "people"):
        for group in text.split("="):
            for part in group.split("^")[:NAME_PARTS]:
                yield from (word for word in normalised(part).split() if _is_short_name(word))


def lone_words(text: str, kind: str) -> Iterator[str]:
    """Yield a number that a depth scale has too, without zeros before it, and initials."""
    if kind == "numbers":
        whole = normalised(text).replace(" ", "")
        if is_depth(whole) or _is_letter(whole):
            yield whole.lstrip("0")
    elif kind == "names":
        # A middle initial is no name; initials in the place of a name are.
        words = normalised(" ".join(text.partition("=")[0].split("^")[:2])).split()
        if all(map(_is_letter, words)):
            yield from words


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isascii() and word.isalpha()


def _is_short_name(word: str) -> bool:
    return word.isalpha() and len(word) == (SHORT_NAME if word.isascii() else 1)


def days(text: str) -> Iterator[date]:
    """Yield the dates in a text, with the year in four digits.

    Source: PS3.5 6.2 (DA: YYYYMMDD, and yyyy.mm.dd of before DICOM 3.0). People write others.

    Examples
    --------
    >>> [str(day) for day in days("19530829; 1953.8.29; 29/08/1953; 29 AUG 1953")]
    ['1953-08-29', '1953-08-29', '1953-08-29', '1953-08-29']
    >>> [str(day) for day in days("03/04/1953")]
    ['1953-04-03', '1953-03-04']
    """
    for pattern in _DATES:
        for found in pattern.finditer(text):
            day = _day(**found.groupdict())
            if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR:
                yield day


def _day(y: str, d: str, m: str = "", name: str = "", **_: str) -> date | None:
    short = name[:3].casefold()
    month = _MONTHS.index(short) + 1 if short in _MONTHS else int(m or 0)
    try:
        return date(int(y), month, int(d))
    except ValueError:  # digits that are no date
        return None
