"""Does what was read name somebody of the header? Compared with tolerance, because letters are misread.

Both sides are folded first: case, accents, marks and blanks go, and letters that are mistaken for digits
become those digits. Then a name may stand anywhere in a line with a few letters wrong, missing or too many,
the more the longer it is; numbers and dates get less of this than names, since other numbers look like them.
Pieces count too: the mask may have cut a name at its edge. A name of two letters must be a whole word. A
letter or a number that depth scales have is known alone on its line, or beside a word that says what it is.

Source: P. H. Sellers (1980), The theory and computation of evolutionary distances: pattern recognition,
Journal of Algorithms 1(4):359-373, doi:10.1016/0196-6774(80)90016-4.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from unisono.ingest.identity.identifiers import Identifiers
from unisono.ingest.identity.written import is_depth, normalised

SHORTEST = 2
SHORTEST_PIECE = 4
LETTERS_AN_EDIT, DIGITS_AN_EDIT, MOST_EDITS = 4, 6, 3
_MISREAD = str.maketrans("oilsbz", "011582")
_STROKES = str.maketrans("|!", "11")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
LABELS = frozenset({
    "id", "pid", "mrn", "nr", "no", "name", "pat", "patid", "patient", "case", "record", "rec", "ref", "acc",
    "subject", "initials",
})  # fmt: skip
"""Words that say of a number or a letter beside them whose it is; so does a number sign."""
_COMPACT = re.compile(r"[0-9]{8}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Matcher:
    """Everything that names somebody, made ready to be looked for.

    Parameters
    ----------
    identifiers : Identifiers
        Of the clip's own header; with none, nothing matches. When they were cut, every line does.
    """

    def __init__(self, identifiers: Identifiers) -> None:
        words = identifiers.names | identifiers.numbers | identifiers.places | identifiers.people
        dates = {form for written in identifiers.dates for form in (written, *more_date_forms(written))}
        self._short_words = {folded(word) for word in identifiers.short if not word.isdecimal()}
        self._short_numbers = {folded(word) for word in identifiers.short if word.isdecimal()}
        self._lone, self._is_cut = identifiers.lone, identifiers.is_cut
        self._wanted = {f: most_edits(f) for f in map(folded, words | dates) if len(f) >= SHORTEST}

    def __repr__(self) -> str:
        """Show nothing of what is held."""
        return "Matcher()"

    def names_somebody(self, text: str) -> bool:
        """Return whether a line holds an identifier or a piece of one.

        Parameters
        ----------
        text : str
            As it was read: one line, or lines joined.
        """
        if self._is_cut:
            return bool(text.strip())
        words = normalised(_DECIMAL.sub(" ", text).translate(_STROKES)).split()
        if any(self._is_short(word) for word in words) or self._is_labelled(text):
            return True
        line = folded(text)
        pieces = {p for p in (line, *map(folded, text.split())) if len(p) >= SHORTEST_PIECE}
        return any(_is_in(wanted, line, edits) for wanted, edits in self._wanted.items()) or any(
            piece in wanted for wanted in self._wanted for piece in pieces
        )

    def is_own(self, text: str) -> bool:
        """Return whether a line is a letter or a small number that is one of the patient, and nothing else.

        Parameters
        ----------
        text : str
            As it was read. 4 is not 4.0 or 4 cm: these are lengths.
        """
        return text.strip(" .:").casefold().lstrip("0") in self._lone

    def _is_labelled(self, text: str) -> bool:
        words = _WORDS.findall(normalised(text.replace("#", " nr ")))
        return not LABELS.isdisjoint(words) and any(word.lstrip("0") in self._lone for word in words)

    def _is_short(self, word: str) -> bool:
        # Folded, 11 is LI: but it is a depth, and what has no letter stands for nothing that has one.
        if is_depth(word):
            return False
        same = folded(word)
        return same in self._short_numbers or (same in self._short_words and not word.isdecimal())


def folded(text: str) -> str:
    """Return text without what reading confuses: O and 0, I, l and 1, S and 5, B and 8, Z and 2.

    Examples
    --------
    >>> folded("Doe^JOHN, 1O-S0l")
    'd0ej0hn10501'
    """
    return normalised(text.translate(_STROKES)).replace(" ", "").translate(_MISREAD)


def most_edits(wanted: str) -> int:
    """Return how many letters may be wrong: one in four of a word, one in six of a number, three at most.

    Examples
    --------
    >>> most_edits(folded("Doe")), most_edits(folded("Johnson")), most_edits("19700131")
    (0, 1, 1)
    """
    is_number = sum(c.isdigit() for c in wanted) * 2 > len(wanted) and wanted[:1].isdigit()
    return min(MOST_EDITS, len(wanted) // (DIGITS_AN_EDIT if is_number else LETTERS_AN_EDIT))


def more_date_forms(written: str) -> tuple[str, ...]:
    """Return a compact date with its year in two digits, and with its month in letters first.

    Examples
    --------
    >>> more_date_forms("19700131")
    ('310170', '013170', '700131', '31jan70', 'jan311970', 'jan3170')
    >>> more_date_forms("1970-01-31")
    ()
    """
    if not _COMPACT.fullmatch(written) or not 1 <= int(written[4:6]) <= len(_MONTHS):
        return ()
    year, month, day = written[:4], written[4:6], written[6:]
    short, name = year[2:], _MONTHS[int(month) - 1]
    return (
        f"{day}{month}{short}", f"{month}{day}{short}", f"{short}{month}{day}", f"{day}{name}{short}",
        f"{name}{day}{year}", f"{name}{day}{short}",
    )  # fmt: skip


def occurs(wanted: str, line: str, edits: int) -> bool:
    """Return whether a string stands in a line with at most so many letters wrong, missing or too many.

    Examples
    --------
    >>> occurs("johnson", "mrjohmsonm", 1), occurs("johnson", "mrjohmsom", 1)
    (True, False)
    """
    # Cost of the best end in this column, over every start in the line (Sellers' first row of zeros).
    costs = list(range(len(wanted) + 1))
    for letter in line:
        above, costs[0] = costs[0], 0
        for i, mine in enumerate(wanted, 1):
            above, costs[i] = costs[i], min(above + (mine != letter), costs[i] + 1, costs[i - 1] + 1)
        if costs[-1] <= edits:
            return True
    return len(wanted) <= edits


def _is_in(wanted: str, line: str, edits: int) -> bool:
    if wanted in line:
        return len(wanted) > SHORTEST or wanted == line
    # Of n + 1 pieces one is whole when n letters are wrong: a quick look before the slow one.
    return edits > 0 and any(p in line for p in _cut(wanted, edits + 1)) and occurs(wanted, line, edits)


def _cut(text: str, n_pieces: int) -> Iterator[str]:
    ends = [round(i * len(text) / n_pieces) for i in range(n_pieces + 1)]
    return (text[a:b] for a, b in pairwise(ends))
