"""What goes over the wire: every body of the API, typed once.

``page/src/wire.ts`` is generated from these through the OpenAPI document and checked for staleness.
Coordinates are px of the stored frame (see `unisono.base.units`), times are seconds, instants are UTC in
ISO 8601 with a zone.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Visibility = Literal["seen", "blurred", "off", "unasked"]
Role = Literal["expert", "lead"]
Outcome = Literal["done", "unusable"]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")]


class Wire(BaseModel):
    """Base of all bodies: unknown keys are refused, not dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelBody(Wire):
    """One label: ``instances`` are of the question's label type and are checked against it."""

    visibility: Visibility
    instances: list[dict[str, Any]] = Field(default_factory=list, max_length=50)


# --- signing in -----------------------------------------------------------------------------------


class SignInLink(Wire):
    """A one-time link's token."""

    token: str = Field(min_length=20, max_length=200)


class SignInPassword(Wire):
    """A name and its password."""

    name: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=200)


class NewPassword(Wire):
    """The password to use from now on."""

    password: str = Field(min_length=10, max_length=200)


class Me(Wire):
    """Who is signed in; ``leads`` names the projects where this person may see everyone's work.

    A ``reviewer`` may see clips that are not de-identified yet; who ``may_bring`` may upload recordings.
    """

    id: str
    name: str
    leads: list[str]
    has_password: bool
    reviewer: bool
    may_bring: bool


class Site(Wire):
    """What may be known before signing in."""

    name: str
    version: str
    page_built: bool


# --- projects and the queue -----------------------------------------------------------------------


class Category(Wire):
    """One answer that can be chosen."""

    key: str
    title: str
    family: str


class Example(Wire):
    """A picture to compare with, and what to see in it."""

    kind: Literal["good", "borderline", "wrong"]
    picture: str
    text: str


class Reason(Wire):
    """Why an item cannot be used: the code, and its words."""

    key: str
    title: str


class Question(Wire):
    """One structure or decision of a protocol, ready for the page."""

    key: str
    title: str
    label: str
    tool: str
    hotkey: str
    hue: int = Field(ge=0, le=9)
    help: str
    options: dict[str, Any]
    categories: list[Category]
    visibilities: list[Visibility]
    required: bool
    when: dict[str, list[str]]
    examples: list[Example]


class Protocol(Wire):
    """What is asked of an expert, and how."""

    name: str
    version: int
    title: str
    item: Literal["frame", "clip", "set"]
    instructions: str
    questions: list[Question]
    unusable_reasons: list[Reason]


class MyProject(Wire):
    """A project as one of its members sees it: own numbers only."""

    slug: str
    title: str
    role: Role
    simulated_data: bool
    protocol: Protocol
    n_items: int
    n_mine_finished: int
    active_s_mine: float
    next_item: str | None
    thumbnail: str | None


class QueueEntry(Wire):
    """One item of this person's own order."""

    item: str
    place: int
    state: Literal["open", "started", "look-again", "done", "unusable"]


class Region(Wire):
    """A calibrated area of the frame: inclusive px bounds and the physical size of a pixel, or none.

    ``zero_x`` and ``zero_y`` are the px of the frame where an axis is 0: the baseline of a spectral strip.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    kind: str
    unit_x: str
    unit_y: str
    delta_x: float
    delta_y: float
    zero_x: float | None = None
    zero_y: float | None = None


class ClipView(Wire):
    """A clip as the page plays it; frame i of the pack is frame i of the recording."""

    code: str
    rows: int
    columns: int
    n_frames: int
    frame_times_s: list[float] | None
    pack_url: str
    pack_bytes: int
    spacing_mm: tuple[float, float] | None
    regions: list[Region]
    origin: str
    simulated: bool


class MemberView(Wire):
    """One of a set: what answers call it, its clip, and the frame unless all of the clip is shown."""

    code: str
    clip: ClipView
    frame: int | None


class AnswerView(Wire):
    """One of my own current answers; ``seq`` rises from save to save, whatever any clock says."""

    id: Uuid
    seq: int
    question: str
    label: LabelBody
    at: datetime


class SubmissionView(Wire):
    """How I finished an item; there is none while a required answer is missing."""

    id: Uuid
    outcome: Outcome
    reason: str
    at: datetime


class LookAgain(Wire):
    """A lead asks me to look at my answer to a question again."""

    question: str
    comment: str


class ItemView(Wire):
    """Everything that the labelling screen needs, and nothing of anybody else.

    ``members`` are those of a set, in this person's own order, and ``clip`` the first of them; any other item
    has none.
    """

    item: str
    place: int
    n_items: int
    clip: ClipView
    frame: int | None
    members: list[MemberView]
    answers: list[AnswerView]
    submission: SubmissionView | None
    look_again: list[LookAgain]
    previous: str | None
    next: str | None


# --- the server ----------------------------------------------------------------------------------


class Problem(Wire):
    """Every error answer: what came, what is legal, where."""

    detail: str
    kind: str


class Health(Wire):
    """The server is well."""

    status: Literal["ok"]
