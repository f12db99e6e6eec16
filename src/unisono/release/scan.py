"""Look for what must never be in a release: people's names, mail addresses, paths, secrets, text in images.

A last check behind the allow-lists, not instead of them.
"""

import re
import struct
from collections.abc import Iterable, Iterator

PATTERNS = {
    "a mail address": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
    "a path on a machine": re.compile(r"(?<![\w.:/])/(?:home|Users|root|mnt|media|var|tmp|srv|data)/[\w.-]+"),
    "a path on a machine ": re.compile(r"\b[A-Za-z]:\\{1,2}[\w.-]+|file://"),
    "a DICOM identifier": re.compile(r"(?<![\d.])1\.2\.(?:840|276|826|392|752)\.[\d.]{6,}"),
}
"""What may stand in no text of a release, by what it is."""
MIN_WORD = 3
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
"""Parts of a PNG that hold pixels; all others may hold words."""
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def find_in_text(name: str, text: str, words: Iterable[str] = ()) -> Iterator[str]:
    """Yield a line for each forbidden thing in a text; the thing itself is not repeated.

    Parameters
    ----------
    name : str
        The file, for the line.
    text : str
    words : iterable of str
        Names and secrets of this site; those shorter than three letters are not looked for.
    """
    for what, pattern in PATTERNS.items():
        found = pattern.search(text)
        if found:
            yield f"{name}: holds {what.strip()} in line {_line(text, found.start())}"
    for word in sorted(set(words)):
        if len(word) < MIN_WORD:
            continue
        found = _find_word(text, word)
        if found:
            yield f"{name}: holds a name or secret of the site in line {_line(text, found.start())}"


def find_in_png(name: str, data: bytes) -> Iterator[str]:
    """Yield a line when a PNG is none, or holds anything but pixels."""
    if not data.startswith(PNG_SIGNATURE):
        yield f"{name}: is no PNG file"
        return
    place = len(PNG_SIGNATURE)
    while place + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, place)
        kind = data[place + 4 : place + 8]
        if kind not in PNG_CHUNKS:
            yield f"{name}: holds a PNG part {kind.decode('latin-1')!r}; only pixels may be in it"
        place += size + 12
        if kind == b"IEND":
            break
    if place != len(data):
        yield f"{name}: does not end where its PNG ends"


def holds_word(text: str, word: str) -> bool:
    """Whether a text holds a word or a row of words, whole, in small letters or capitals."""
    return _find_word(text, word) is not None


def _find_word(text: str, word: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
