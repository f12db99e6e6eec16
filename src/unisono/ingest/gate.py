"""The text gate: a clip with words on its masked image does not pass without a person.

Words are looked for on four images of the masked output: the brightest and the median at one and two times
their size, the darkest and the sharpest, which are there for what is shown in a few frames, at two. A place
is words when something can be read there, whatever its size, or when it is shaped like a line of words and
the detector is sure, for scripts that cannot be read. What is read is compared with everything in the header
that names somebody. Only the closed list of `harmless` is let through.

Without the engine nothing passes: the state is ``not run``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import cv2
import numpy as np

from unisono.ingest.composites import Composites
from unisono.ingest.harmless import SURE, is_harmless
from unisono.ingest.identifiers import Identifiers
from unisono.ingest.matching import Matcher
from unisono.ingest.ocr import Line, Spot, load_reader
from unisono.ingest.places import Place, gathered, in_lines, joined
from unisono.ingest.recording import Pixels

VERSION = 1
ENLARGED, MOST_PIXELS, LEAST_GAIN = 2.0, 2_000_000, 1.25
"""The second look: at twice the size, less where that were more pixels: letters are larger there."""
LEAST_SCORE, LEAST_HEIGHT = 0.4, 5
READABLE = {1: 0.8, 2: 0.6}
"""How surely one letter or sign, and two or more, must be read to be words."""
LARGE_LETTERS, LARGE_READABLE = 3, 0.8
"""The same for places higher than a line: a whole heart may look like one sign, or like two."""
HARDLY_READABLE = 0.3
"""Enough for two letters where the detector is sure, since small and cut words are read badly."""
SHAPED_SCORE, SHAPED_HEIGHT, SHAPED_ASPECT = 0.9, 40, 1.5
"""A line of words that cannot be read: least score, greatest height in px, least length over height."""
BOTH, LARGER = slice(None), slice(-1, None)
MOST_READ = 64
MARGIN = 8


class Reads(Protocol):
    """What the gate asks of an engine; `ocr.Reader` is the one there is."""

    @property
    def name(self) -> str:
        """Engine and version."""

    def find(self, image: Pixels, scale: float = 1.0) -> list[Spot]:
        """Return where words are."""

    def read(self, image: Pixels, spot: Spot) -> Line:
        """Return what stands there."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Words on the masked image.

    Parameters
    ----------
    x0, y0, x1, y1 : int, px
        The box round them.
    score : float
        How sure the detector is, 0 to 1.
    kind : str
        ``identifier`` when they name somebody of the header, else ``text``.
    text : str
        What was read. For the person who reviews and the vault, never for a record.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    score: float
    kind: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a clip.

    Parameters
    ----------
    state : str
        ``passed``, ``text``, ``identifier`` or ``not run``.
    hits : tuple of Hit
        Identifiers first, then from top to bottom.
    engine : str
        Who looked; empty when nobody did.
    """

    state: str
    hits: tuple[Hit, ...]
    engine: str

    @property
    def is_passed(self) -> bool:
        """Whether nothing was found by an engine that looked."""
        return self.state == "passed"

    @property
    def code(self) -> str:
        """The refusal code of spec E4 that goes with the state, or nothing."""
        return {"identifier": "E_PHI_RESIDUAL", "text": "E_TEXT_RESIDUAL"}.get(self.state, "")

    @property
    def reason(self) -> str:
        """One sentence for the report, without what was read."""
        if self.state == "not run":
            return "the masked image was not searched for words: the extra deid is not installed"
        if not self.hits:
            return "no words were found on the masked image"
        what = "names of its own header" if self.state == "identifier" else "words"
        return f"{what} were found on the masked image at {len(self.hits)} place(s)"

    def to_json(self) -> dict[str, Any]:
        """Return the record: places and scores, nothing of what was read."""
        hits = [
            {"x0": h.x0, "y0": h.y0, "x1": h.x1, "y1": h.y1, "score": round(h.score, 3), "kind": h.kind}
            for h in self.hits
        ]
        return {"state": self.state, "engine": self.engine, "version": VERSION, "hits": hits}


def run_gate(composites: Composites, identifiers: Identifiers, *, reader: Reads | None = None) -> Verdict:
    """Return what the gate says of a clip.

    Parameters
    ----------
    composites : Composites
        Of the masked output.
    identifiers : Identifiers
        Of the clip's own header; they decide between ``identifier`` and ``text``, not whether it passes.
    reader : Reads, optional
        The engine; that of the extra ``deid`` by default.
    """
    engine = reader if reader is not None else load_reader()
    if engine is None:
        return Verdict("not run", (), "")
    marks = [mark for image, scales in _looks(composites) for mark in _marks(image, scales, engine)]
    hits = judge(gathered(marks), identifiers, composites.brightest.shape)
    if not hits:
        return Verdict("passed", (), engine.name)
    return Verdict(hits[0].kind, hits, engine.name)


def judge(places: Sequence[Place], identifiers: Identifiers, shape: tuple[int, ...]) -> tuple[Hit, ...]:
    """Return the places that keep a clip back.

    Parameters
    ----------
    places : sequence of Place
    identifiers : Identifiers
    shape : tuple of int
        Rows and columns of the frame.

    Returns
    -------
    tuple of Hit
        Identifiers first, then from top to bottom.
    """
    matcher = Matcher(identifiers)
    lines = [joined(line) for line in in_lines([p for p in places if is_words(p)])]
    named = {
        i
        for i, line in enumerate(lines)
        if any(matcher.names_somebody(r.text) for r in line.readings if r.text)
    }
    named |= _over_two_lines(lines, matcher, named)
    hits = [
        _hit(line, "identifier" if i in named else "text", shape)
        for i, line in enumerate(lines)
        if i in named or not _is_harmless(line)
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.kind != "identifier", hit.y0, hit.x0)))


def is_words(place: Place) -> bool:
    """Return whether a place is words: readable, or shaped like a line of words to a sure detector."""
    return bool(_readable(place)) or _is_shaped(place.spot)


def _readable(place: Place) -> list[Line]:
    return [line for line in place.readings if _can_be_read(line, place.spot)]


def _can_be_read(line: Line, spot: Spot) -> bool:
    n_letters = len(line.text.strip())
    if spot.y1 - spot.y0 > SHAPED_HEIGHT:
        return n_letters >= LARGE_LETTERS and line.sureness >= LARGE_READABLE
    if n_letters > 1 and spot.score >= SHAPED_SCORE:
        return line.sureness >= HARDLY_READABLE
    return n_letters > 0 and line.sureness >= READABLE[min(n_letters, 2)]


def _is_shaped(spot: Spot) -> bool:
    low, high = sorted((spot.x1 - spot.x0, spot.y1 - spot.y0))
    return spot.score >= SHAPED_SCORE and low <= SHAPED_HEIGHT and high >= SHAPED_ASPECT * low


def _is_harmless(place: Place) -> bool:
    aspect = (place.spot.x1 - place.spot.x0) / max(1.0, place.spot.y1 - place.spot.y0)
    readable = _readable(place)
    surest = max((line.sureness for line in readable), default=0.0)
    return surest >= SURE and all(is_harmless(line.text, aspect) for line in readable)


def _over_two_lines(lines: Sequence[Place], matcher: Matcher, named: set[int]) -> set[int]:
    pairs = enumerate(pairwise(lines))
    return {
        i
        for first, (upper, lower) in pairs
        if not named & {first, first + 1}
        and upper.best.text
        and lower.best.text
        and matcher.names_somebody(upper.best.text + lower.best.text)
        for i in (first, first + 1)
    }


def _hit(line: Place, kind: str, shape: tuple[int, ...]) -> Hit:
    rows, columns = shape[:2]
    spot = line.spot
    return Hit(
        max(0, int(spot.x0)), max(0, int(spot.y0)),
        min(columns - 1, round(spot.x1)), min(rows - 1, round(spot.y1)),
        spot.score, kind, line.best.text,
    )  # fmt: skip


def _looks(composites: Composites) -> Iterator[tuple[Pixels, slice]]:
    shown: list[Pixels] = []
    for image, scales in (
        (composites.brightest, BOTH),
        (composites.median, BOTH),
        (composites.darkest, LARGER),
        (composites.sharpest, LARGER),
    ):
        if not any(np.array_equal(image, other) for other in shown):  # a still has one
            shown.append(image)
            yield image, scales


def _marks(image: Pixels, which: slice, engine: Reads) -> Iterator[tuple[Spot, Line]]:
    x, y, width, height = cv2.boundingRect(image)
    if width == 0:
        return
    x0, y0 = max(0, x - MARGIN), max(0, y - MARGIN)
    part = np.ascontiguousarray(image[y0 : y + height + MARGIN, x0 : x + width + MARGIN])
    spots = [s for scale in _scales(part.size)[which] for s in engine.find(part, scale) if _may_be_words(s)]
    for spot in sorted(spots, key=lambda s: -s.score)[:MOST_READ]:
        line = engine.read(part, spot)
        yield Spot(spot.x0 + x0, spot.y0 + y0, spot.x1 + x0, spot.y1 + y0, spot.score), line


def _scales(n_pixels: int) -> tuple[float, ...]:
    larger = min(ENLARGED, (MOST_PIXELS / n_pixels) ** 0.5)
    return (1.0, larger) if larger >= LEAST_GAIN else (1.0,)


def _may_be_words(spot: Spot) -> bool:
    return spot.score >= LEAST_SCORE and min(spot.x1 - spot.x0, spot.y1 - spot.y0) >= LEAST_HEIGHT
