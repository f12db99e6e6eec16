"""What a reviewer sends and receives; see `unisono.web.wire` for units and conventions."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from unisono.ingest.run.trail import Done
from unisono.web.wire import ClipView, Wire

State = Literal["written", "gated", "quarantined", "approved", "rejected"]
GateState = Literal["passed", "text", "identifier", "not run"]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-100_000, le=100_000)]
Polygon = Annotated[list[tuple[Number, Number]], Field(max_length=200)]


class ReviewRow(Wire):
    """One clip on a reviewer's list; ``held`` says why it lies in quarantine."""

    code: str
    state: State
    verdict: GateState
    n_boxes: int
    held: str
    kind: str
    n_frames: int
    mask_source: str
    created_at: datetime


class ReviewList(Wire):
    """One page of the list, quarantined clips first; ``counts`` are of the whole site."""

    counts: dict[State, int]
    total: int
    offset: int
    clips: list[ReviewRow]


class GateBox(Wire):
    """Where the text gate saw something, px, and what it read there."""

    x0: float
    y0: float
    x1: float
    y1: float
    score: float
    kind: str
    text: str


class Decision(Wire):
    """What somebody did about one mask of a clip."""

    by: str
    decision: Done
    mask_version: int
    reason: str
    at: datetime


class ReviewClip(Wire):
    """One clip with the evidence for it.

    ``outline`` are the edges of what the mask keeps, ``corners`` the same with few corners to draw from.
    ``has_evidence`` is false once somebody decided: the pictures are gone then.
    """

    clip: ClipView
    state: State
    verdict: GateState
    held: str
    subject: str
    dataset_class: str
    kind: str
    timing: str
    decoder: str
    header: dict[str, Any]
    mask: dict[str, Any]
    mask_version: int
    part: dict[str, Any] | None
    outline: list[list[tuple[float, float]]]
    corners: list[list[tuple[float, float]]]
    boxes: list[GateBox]
    decisions: list[Decision]
    has_evidence: bool
    needs_reason: bool


class ApproveIn(Wire):
    """An approval of what was looked at: the mask's version tells which that was."""

    mask_version: int
    reason: str = Field(default="", max_length=400)


class RejectIn(Wire):
    """A rejection; the reason goes into the list of what was left out."""

    reason: str = Field(min_length=1, max_length=400)


class LookIn(Wire):
    """A clip's masked picture was on the visible screen: the mask's version tells which."""

    mask_version: int


class RedrawIn(Wire):
    """A mask that was drawn: what lies inside of any polygon is kept. Corners (x, y), px."""

    mask_version: int
    polygons: list[Polygon] = Field(max_length=20)


class AgainIn(Wire):
    """A clip to be read again, as it was looked at: the mask's version tells which that was."""

    mask_version: int


class Decided(Wire):
    """How a clip stands after a decision."""

    code: str
    state: State
