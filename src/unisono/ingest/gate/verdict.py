"""The text gate: a clip with words on its masked image does not pass without a person.

Words are looked for on images that stand for all frames of the masked output, upright and slanted. A place is
words when something can be read there, whatever its size, or when it is shaped like a line of words and the
detector is sure, for scripts that cannot be read. What is read is compared with everything in the header that
names somebody. Only the closed list of `harmless` is let through.

Without the engine nothing passes: the state is ``not run``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from unisono.ingest.gate.composites import Composites
from unisono.ingest.gate.harmless import SURE, Number, depth_value, is_harmless, on_a_scale
from unisono.ingest.gate.matching import Matcher
from unisono.ingest.gate.ocr import Line, Spot, load_reader
from unisono.ingest.gate.places import Place, gathered, in_lines, joined
from unisono.ingest.gate.search import Reads, slanted_marks, upright_marks
from unisono.ingest.gate.turned import turned_back, turned_side
from unisono.ingest.identity.identifiers import Identifiers

VERSION = 3
OWN_NUMBER = "own number"
"""The kind of a place that holds no clip back, and that a person is shown."""
READABLE = {1: 0.8, 2: 0.6}
"""How surely one letter or sign, and two or more, must be read to be words."""
LARGE_LETTERS, LARGE_READABLE = 3, 0.8
"""The same for places higher than a line: a whole heart may look like one sign, or like two."""
HARDLY_READABLE = 0.3
"""Enough for two letters where the detector is sure, since small and cut words are read badly."""
SHAPED_SCORE, SHAPED_HEIGHT, SHAPED_ASPECT = 0.9, 40, 1.5
"""A line of words that cannot be read: least score, greatest height in px, least length over height."""


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
        ``identifier`` when they name somebody of the header, else ``text``; ``own number`` for a number of a
        depth scale that is the patient's, too.
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
        Identifiers first, own numbers last, else from top to bottom; own numbers alone if it passed.
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
        if self.is_passed:
            own = ", but a number of its depth scale is the patient's own, too" if self.hits else ""
            return f"no words were found on the masked image{own}"
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
    shape = composites.brightest.shape
    hits = judge(gathered(upright_marks(composites, engine)), identifiers, shape)
    side = turned_side(*shape)
    slanted = judge(gathered(slanted_marks(composites, engine)), identifiers, (side, side))
    hits = _in_order(
        [*hits, *(h for h in (_upright(hit, shape) for hit in slanted) if not _is_known(h, hits))]
    )
    if all(hit.kind == OWN_NUMBER for hit in hits):
        return Verdict("passed", hits, engine.name)
    return Verdict(hits[0].kind, hits, engine.name)


def judge(places: Sequence[Place], identifiers: Identifiers, shape: tuple[int, ...]) -> tuple[Hit, ...]:
    """Return the places that keep a clip back, or that a person is to be shown.

    Parameters
    ----------
    places : sequence of Place
    identifiers : Identifiers
    shape : tuple of int
        Rows and columns of the frame.

    Returns
    -------
    tuple of Hit
        Identifiers first, own numbers last, else from top to bottom.
    """
    matcher = Matcher(identifiers)
    lines = [joined(line) for line in in_lines([p for p in places if is_words(p)])]
    named = {
        i
        for i, line in enumerate(lines)
        if any(matcher.names_somebody(r.text) for r in line.readings if r.text)
    }
    named |= _over_two_lines(lines, matcher, named)
    scale = _on_a_scale(lines)
    kinds = [_kind(i, line, matcher, named, scale) for i, line in enumerate(lines)]
    return _in_order([_hit(line, kind, shape) for line, kind in zip(lines, kinds, strict=True) if kind])


def _kind(i: int, line: Place, matcher: Matcher, named: set[int], scale: frozenset[int]) -> str:
    """Return what a line is, nothing for what is harmless."""
    if i in named:
        return "identifier"
    if not _is_harmless(line):
        return "text"
    if not any(matcher.is_own(one.text) for one in _readable(line)):
        return ""
    return OWN_NUMBER if i in scale else "identifier"


def _on_a_scale(lines: Sequence[Place]) -> frozenset[int]:
    numbers = {
        i: Number((s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2, s.y1 - s.y0, value)
        for i, (line, s) in enumerate((line, line.spot) for line in lines)
        if (value := depth_value(line.best.text)) is not None and _is_harmless(line)
    }
    places = list(numbers)
    return frozenset(places[i] for i in on_a_scale(list(numbers.values())))


def _in_order(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    order = ("identifier", "text", OWN_NUMBER)
    return tuple(sorted(hits, key=lambda hit: (order.index(hit.kind), hit.y0, hit.x0)))


def _upright(hit: Hit, shape: tuple[int, ...]) -> Hit:
    x0, y0, x1, y1 = (round(v) for v in turned_back((hit.x0, hit.y0, hit.x1, hit.y1), shape))
    return replace(hit, x0=x0, y0=y0, x1=x1, y1=y1)


def _is_known(hit: Hit, hits: Sequence[Hit]) -> bool:
    """Return whether a hit of no other kind lies over the middle of one: large words are seen turned, too."""
    x, y = (hit.x0 + hit.x1) / 2, (hit.y0 + hit.y1) / 2
    return any(h.x0 <= x <= h.x1 and h.y0 <= y <= h.y1 and h.kind in (hit.kind, "identifier") for h in hits)


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
        and matcher.names_somebody(f"{upper.best.text} {lower.best.text}")
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
