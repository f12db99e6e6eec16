"""What stands: which items have all their required answers, and which requests to look again are open.

An expert may change an answer after the item is done, and may clear it too; whether an item is done is
therefore read from the answers as they stand, never from the submission alone.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from unisono.catalog import tables as t
from unisono.catalog.projects import project_by_slug
from unisono.catalog.rows import many
from unisono.catalog.sets import may_be_shown
from unisono.labels.base import Visibility
from unisono.labels.conditions import missing
from unisono.labels.protocol import Question, parse_protocol


@dataclass(frozen=True, slots=True)
class Request:
    """A lead asks an expert to look at an answer again; it hangs on the question, not on one answer."""

    item: str
    question: str
    expert: str
    comment: str
    at: datetime


NOTES = ("flag", "comment", "feedback")
"""Reasons of the rows of ``submission`` that are notes to the lead: see `unisono.catalog.notes`."""


def says_how_it_stands() -> sa.ColumnElement[bool]:
    """Hold for submissions that finish an item, and not for notes to the lead."""
    s = t.submission.c
    return (s.outcome != "done") | s.reason.not_in(NOTES)


def complete(
    connection: sa.Connection, project: str, *, item: str | None = None, expert: str | None = None
) -> set[tuple[str, str]] | None:
    """Return the (item, expert) pairs of a project where every required question has its answer.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    project : str
    item, expert : str, optional
        Only of these.

    Returns
    -------
    set of (str, str), or None
        None when the protocol requires no answer: then every pair is complete.
    """
    text = project_by_slug(connection, project).protocol
    required = tuple(q.key for q in _questions(text) if q.required)
    if not required:
        return None
    a = t.answer.c
    where = [a.project == project]
    where += [] if item is None else [a.item == item]
    where += [] if expert is None else [a.expert == expert]
    if any(q.when for q in _questions(text)):
        return _complete_by_rule(connection, text, where)
    where += [a.question.in_(required)]
    latest = sa.select(sa.func.max(a.seq)).where(*where).group_by(a.item, a.question, a.expert)
    query = (
        sa.select(a.item, a.expert)
        .where(a.seq.in_(latest), _given())
        .group_by(a.item, a.expert)
        .having(sa.func.count() == len(required))
    )
    return {(row.item, row.expert) for row in connection.execute(query)}


def done(
    connection: sa.Connection, project: str, *, item: str | None = None, expert: str | None = None
) -> set[tuple[str, str]]:
    """Return the (item, expert) pairs whose latest submission says done while no required answer is missing.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    project : str
    item, expert : str, optional
        Only of these.
    """
    s = t.submission.c
    where = [s.project == project, says_how_it_stands()]
    where += [] if item is None else [s.item == item]
    where += [] if expert is None else [s.expert == expert]
    latest = sa.select(sa.func.max(s.seq)).where(*where).group_by(s.item, s.expert)
    query = sa.select(s.item, s.expert).where(s.seq.in_(latest), s.outcome == "done")
    submitted = {(row.item, row.expert) for row in connection.execute(query)}
    whole = complete(connection, project, item=item, expert=expert) if submitted else None
    return submitted if whole is None else submitted & whole


def counted(connection: sa.Connection, project: str) -> set[tuple[str, str]]:
    """Return the items and ids of the answers that count: given, of items that are done and may be shown."""
    a = t.answer.c
    latest = sa.select(sa.func.max(a.seq)).where(a.project == project).group_by(a.item, a.question, a.expert)
    query = (
        sa.select(a.item, a.expert, a.id)
        .join_from(t.answer, t.item, t.item.c.id == a.item)
        .join(t.clip, t.clip.c.code == t.item.c.clip)
        .where(a.seq.in_(latest), t.clip.c.state == "approved", may_be_shown(), _given())
    )
    finished = done(connection, project)
    return {(r.item, r.id) for r in connection.execute(query) if (r.item, r.expert) in finished}


def open_requests(
    connection: sa.Connection, project: str, *, item: str | None = None, expert: str | None = None
) -> list[Request]:
    """Return the requests to look again that stand: no later verdict, and no later submission of the item.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    project : str
    item, expert : str, optional
        Only of these.
    """
    a, r, s = t.answer.c, t.review.c, t.submission.c
    reviewed = t.review.join(t.answer, a.id == r.answer)
    where = [a.project == project]
    where += [] if item is None else [a.item == item]
    where += [] if expert is None else [a.expert == expert]
    latest = (
        sa.select(sa.func.max(r.seq))
        .select_from(reviewed)
        .where(*where)
        .group_by(a.item, a.question, a.expert)
    )
    mine = (s.project == project) & (s.item == a.item) & (s.expert == a.expert)
    settled = sa.exists().where(mine, s.at >= r.at, says_how_it_stands())
    query = (
        sa.select(a.item, a.question, a.expert, r.comment, r.at)
        .select_from(reviewed)
        .where(r.seq.in_(latest), r.verdict == "look-again", ~settled)
        .order_by(r.seq)
    )
    return many(connection, query, Request)


def _given() -> sa.ColumnElement[bool]:
    given: sa.ColumnElement[bool] = t.answer.c.label["visibility"].as_string() != Visibility.UNASKED.value
    return given


def _complete_by_rule(
    connection: sa.Connection, text: str, where: list[sa.ColumnElement[bool]]
) -> set[tuple[str, str]]:
    """Find the complete pairs where an answer decides which others are asked: SQL cannot count those."""
    a = t.answer.c
    latest = sa.select(sa.func.max(a.seq)).where(*where).group_by(a.item, a.question, a.expert)
    query = sa.select(a.item, a.expert, a.question, a.label).where(a.seq.in_(latest))
    labels: dict[tuple[str, str], dict[str, Any]] = {}
    for row in connection.execute(query):
        labels.setdefault((row.item, row.expert), {})[row.question] = row.label
    return {pair for pair, given in labels.items() if not missing(_questions(text), given)}


@lru_cache(maxsize=256)
def _questions(protocol: str) -> tuple[Question, ...]:
    return parse_protocol(protocol).questions
