"""What only a lead sends and receives; see `unisono.web.wire` for units and conventions."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from unisono.web.wire import ClipView, Uuid, Visibility, Wire


class ExpertProgress(Wire):
    """One expert's row on the lead's dashboard."""

    expert: str
    pseudonym: str
    name: str
    simulated: bool
    n_done: int
    n_unusable: int
    active_s: float
    last_at: datetime | None


class ItemProgress(Wire):
    """One item's row on the lead's dashboard."""

    item: str
    clip: str
    frame: int | None
    n_done: int
    n_unusable: int
    n_wanted: int
    thumbnail: str
    spread: float | None
    unit: Literal["mm", "px", "share"] | None
    flags: list[str]


class Progress(Wire):
    """The lead's dashboard: one line of state, then experts and items (worst agreement first).

    The agreement shown is that of ``agreed_at``; the answers of ``n_since_agreed`` items are others since.
    ``n_withdrawn`` items more are shown to nobody: their clips are no longer approved.
    """

    slug: str
    title: str
    n_items: int
    n_enough: int
    n_flagged: int
    n_withdrawn: int
    agreed_at: datetime | None
    n_since_agreed: int
    experts: list[ExpertProgress]
    items: list[ItemProgress]


class ExpertPath(Wire):
    """What one expert said to one question of an item, with what the consensus made of it."""

    answer: Uuid
    expert: str
    pseudonym: str
    simulated: bool
    visibility: Visibility
    instances: list[dict[str, Any]]
    strokes: list[list[tuple[float, float]]]
    category: str | None
    offset: float | None
    distance: float | None
    weight: float | None
    coverage: float | None
    set_aside: str | None
    review: Literal["ok", "look-again"] | None


class ConsensusView(Wire):
    """One question of an item: everyone's answers and what they come to.

    ``path`` is the consensus curve (or one point), ``band_low`` and ``band_high`` the curve moved by the
    95 % half width along its normals, ``ellipse`` a closed outline for a point, ``shares`` the posterior of
    each category or visibility.
    """

    question: str
    title: str
    method: str
    unit: Literal["mm", "px"]
    n_experts: int
    visibility: Visibility
    path: list[tuple[float, float]]
    band_low: list[tuple[float, float]]
    band_high: list[tuple[float, float]]
    ellipse: list[tuple[float, float]]
    sd: float | None
    shares: dict[str, float]
    flags: list[str]
    experts: list[ExpertPath]


class ItemConsensus(Wire):
    """The lead's consensus screen for one item."""

    item: str
    clip: ClipView
    frame: int | None
    questions: list[ConsensusView]
    previous: str | None
    next: str | None


class ReviewIn(Wire):
    """A lead's verdict on one answer."""

    answer: Uuid
    verdict: Literal["ok", "look-again"]
    comment: str = Field(default="", max_length=2000)


class ReviewSaved(Wire):
    """The review is on disk."""

    id: Uuid
    saved_at: datetime
    known: bool
