"""What an expert tells the lead about an item: a flag, a comment, feedback on the page or the protocol."""

from dataclasses import replace

import sqlalchemy as sa

from unisono.annotate.run.access import item_for
from unisono.annotate.run.projects import protocol_from
from unisono.base.errors import LabelError, NotFoundError
from unisono.catalog import notes as rows
from unisono.catalog.answers import Saved, Submission
from unisono.catalog.notes import NOTES, Note
from unisono.catalog.projects import project_by_slug


def save_note(connection: sa.Connection, note: Submission) -> Saved:
    """Save a note; it says nothing of how the item stands, so a finished item stays finished.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    note : Submission
        ``reason`` is the kind of note and ``comment`` its text; ``outcome`` is not read.

    Raises
    ------
    NotFoundError
        If the item is not in the project, or the project is not this expert's.
    LabelError
        If the kind is none of the three, or there is no text.
    ConflictError
        If the id is in already with another content.
    """
    item, _ = item_for(connection, note.item, note.expert)
    if item.project != note.project:
        raise NotFoundError(f"there is no item {note.item!r} in project {note.project!r}")
    if note.reason not in NOTES:
        raise LabelError(f"a note is one of {', '.join(NOTES)}; got {note.reason!r}")
    if not note.comment.strip():
        raise LabelError("a note wants a text; got none")
    return rows.insert_note(
        connection,
        note.id,
        project=note.project,
        item=note.item,
        expert=note.expert,
        kind=note.reason,
        text=note.comment,
        protocol_version=note.protocol_version,
        gesture=note.gesture,
    )


def my_notes(connection: sa.Connection, project: str, item: str, expert: str) -> list[Note]:
    """Return what this expert told of an item, newest first, and nobody else's."""
    return rows.notes_of(connection, project, item=item, expert=expert)


def told(connection: sa.Connection, project: str) -> list[Note]:
    """Return everything that experts told the lead, newest first; why an item cannot be used in words too."""
    protocol = protocol_from(project_by_slug(connection, project).protocol)
    words = {r.key: r.title for r in protocol.unusable_reasons}
    excluded = [
        replace(n, text=words.get(n.reason, n.reason)) for n in rows.exclusions_of(connection, project)
    ]
    return sorted((*rows.notes_of(connection, project), *excluded), key=lambda n: n.at, reverse=True)


__all__ = ["Note", "Submission", "my_notes", "save_note", "told"]
