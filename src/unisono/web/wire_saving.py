"""What an expert's page sends to be saved, and what it hears; conventions as in `unisono.web.wire`."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from unisono.web.wire import LabelBody, Outcome, Uuid, Wire


class Display(Wire):
    """How the image was shown while the gesture was made."""

    zoom: float = Field(gt=0, le=1000)
    brightness: float = Field(ge=-1, le=1)
    contrast: float = Field(gt=0, le=10)
    pixel_ratio: float = Field(gt=0, le=20)
    width: int = Field(ge=0, le=100_000)
    height: int = Field(ge=0, le=100_000)
    pointer: Literal["mouse", "pen", "touch", "keyboard", "none"]


class Gesture(Wire):
    """When and how an answer came about."""

    kind: str = Field(min_length=1, max_length=40, pattern=r"^[a-z-]+$")
    at: datetime
    active_s: float = Field(ge=0, le=86_400)
    undo_count: int = Field(ge=0, le=1_000_000)
    session: str = Field(min_length=1, max_length=64)


class AnswerIn(Wire):
    """One finished gesture: the whole label of one question as it now stands.

    The address bears the client-made id, so a repeated save is the same save. ``supersedes`` is the answer
    this one was made from.
    """

    project: str
    item: str
    question: str
    label: LabelBody
    supersedes: Uuid | None
    protocol_version: int
    gesture: Gesture
    display: Display


class AnswerSaved(Wire):
    """The answer is on disk. ``label_sha256`` is of the canonical JSON that was stored.

    ``forked`` says that another window had saved since ``supersedes``; both are kept, the last one stands.
    """

    id: Uuid
    seq: int
    saved_at: datetime
    label_sha256: str
    known: bool
    forked: bool


class SubmissionIn(Wire):
    """I am done with this item, or it cannot be used; ``reason`` is one of the protocol's when unusable."""

    project: str
    item: str
    outcome: Outcome
    reason: str = Field(default="", max_length=200)
    comment: str = Field(default="", max_length=2000)
    protocol_version: int
    gesture: Gesture


class SubmissionSaved(Wire):
    """The submission is on disk."""

    id: Uuid
    seq: int
    saved_at: datetime
    known: bool
    next_item: str | None
