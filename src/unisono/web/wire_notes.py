"""What experts tell the lead about an item; conventions as in `unisono.web.wire`."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from unisono.web.wire import Uuid, Wire
from unisono.web.wire_saving import Gesture

NoteKind = Literal["flag", "comment", "feedback"]


class NoteIn(Wire):
    """A flag or a comment on an item for the lead, or feedback on the page and the protocol."""

    project: str
    item: str
    kind: NoteKind
    text: str = Field(min_length=1, max_length=2000)
    protocol_version: int
    gesture: Gesture


class NoteSaved(Wire):
    """The note is on disk."""

    id: Uuid
    seq: int
    saved_at: datetime
    known: bool


class MyNote(Wire):
    """What I told the lead about an item."""

    id: Uuid
    kind: NoteKind
    text: str
    at: datetime


class ToldNote(Wire):
    """What an expert told the lead; ``unusable`` bears the reason's code, and its words as text."""

    id: Uuid
    item: str
    pseudonym: str
    name: str
    kind: Literal["flag", "comment", "feedback", "unusable"]
    reason: str
    text: str
    at: datetime
