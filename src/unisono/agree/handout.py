"""What the room's door hands out for the lead's pages; plain data, no catalog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from unisono.agree.base import Facts, Row, Settled
from unisono.labels.base import Form


@dataclass(frozen=True, slots=True)
class ExpertAnswer:
    """One expert's answer to one question, with what the consensus made of it; places in px."""

    answer: str
    expert: str
    pseudonym: str
    simulated: bool
    label: Mapping[str, Any]
    strokes: tuple[tuple[tuple[float, float], ...], ...]
    category: str | None
    row: Row


@dataclass(frozen=True, slots=True)
class QuestionConsensus:
    """One question of one item: what it comes to, and everyone's answer by pseudonym."""

    question: str
    title: str
    method: str
    facts: Facts
    settled: Settled
    experts: tuple[ExpertAnswer, ...]

    @property
    def n_experts(self) -> int:
        """How many answered."""
        return len(self.experts)


@dataclass(frozen=True, slots=True)
class ItemConsensus:
    """All questions of one item in the order of the protocol, and the items before and after it."""

    item: str
    project: str
    clip: str
    frame: int | None
    questions: tuple[QuestionConsensus, ...]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How far experts are apart on an item: SD in mm or px, or for classes the share outside the first."""

    value: float | None
    unit: Literal["mm", "px", "share"] | None
    flags: tuple[str, ...]


def spread_of(rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Spread:
    """Return the spread of one item from the stored JSON of its questions.

    Parameters
    ----------
    rows : sequence of (question, settled)
        As `body.question_json` and `body.settled_json` wrote them.
    """
    flags = tuple(sorted({f for _, settled in rows for f in settled["flags"]}))
    lengths = [(q["shape"] != "path", s["sd"], s["unit"]) for q, s in rows if s["sd"] is not None]
    if lengths:
        # The path says most about an image; without one, the widest point does.
        best = min(lengths, key=lambda row: (row[0], -row[1]))
        return Spread(best[1], best[2], flags)
    shares = [1 - max(s["shares"].values()) for q, s in rows if q["form"] == Form.CATEGORY and s["shares"]]
    return Spread(max(shares), "share", flags) if shares else Spread(None, None, flags)
