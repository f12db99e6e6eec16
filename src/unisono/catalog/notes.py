"""Rows of notes: what an expert tells the lead about an item, whether it is finished or not.

A note is a row of ``submission`` whose reason is one of `NOTES`: appended like one, never changed, and no
word on how the item stands (`unisono.catalog.standing.says_how_it_stands`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from unisono.catalog import tables as t
from unisono.catalog.answers import Saved, Submission, insert_submission
from unisono.catalog.rows import many
from unisono.catalog.standing import NOTES, says_how_it_stands


@dataclass(frozen=True, slots=True)
class Note:
    """What an expert told the lead about an item; ``kind`` is one of `NOTES`, or ``unusable``."""

    id: str
    item: str
    expert: str
    pseudonym: str
    name: str
    kind: str
    reason: str
    text: str
    at: datetime


def insert_note(
    connection: sa.Connection,
    note: str,
    *,
    project: str,
    item: str,
    expert: str,
    kind: str,
    text: str,
    protocol_version: int,
    gesture: dict[str, Any],
) -> Saved:
    """Append a note; the same id again is the same note.

    Raises
    ------
    ConflictError
        If the id is in already with another content.
    """
    row = Submission(note, project, item, expert, "done", kind, text, protocol_version, gesture)
    return insert_submission(connection, row)


def notes_of(
    connection: sa.Connection, project: str, *, item: str | None = None, expert: str | None = None
) -> list[Note]:
    """Return the notes of a project, newest first.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    project : str
    item, expert : str, optional
        Only of these.
    """
    return _told(connection, ~says_how_it_stands(), project, item, expert)


def exclusions_of(connection: sa.Connection, project: str) -> list[Note]:
    """Return who says of which item that it cannot be used, as it stands, newest first."""
    s = t.submission.c
    latest = (
        sa.select(sa.func.max(s.seq))
        .where(s.project == project, says_how_it_stands())
        .group_by(s.item, s.expert)
    )
    return _told(connection, s.seq.in_(latest) & (s.outcome == "unusable"), project, None, None)


def _told(
    connection: sa.Connection,
    which: sa.ColumnElement[bool],
    project: str,
    item: str | None,
    expert: str | None,
) -> list[Note]:
    s, e = t.submission.c, t.expert.c
    where = [s.project == project, which]
    where += [] if item is None else [s.item == item]
    where += [] if expert is None else [s.expert == expert]
    kind = sa.case((s.outcome == "done", s.reason), else_=s.outcome)
    query = (
        sa.select(
            s.id, s.item, s.expert, e.pseudonym, e.name, kind.label("kind"), s.reason,
            s.comment.label("text"), s.at,
        )
        .join_from(t.submission, t.expert, e.id == s.expert)
        .where(*where)
        .order_by(s.seq.desc())
    )  # fmt: skip
    return many(connection, query, Note)


__all__ = ["NOTES", "Note", "exclusions_of", "insert_note", "notes_of"]
