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
"""

import re

SURE = 0.9
"""One reading of a place must be this sure for it to pass: a blurred name must not pass as a letter."""
WIDEST = 1.6
"""A single letter's box is not wider than this many heights: a word read as one letter is."""

_LETTER = re.compile(r"[A-Za-z]")
_DEPTH = re.compile(r"[0-3]?[0-9](?:[.,][0-9])?(?: ?(?:cm|mm))?")


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
