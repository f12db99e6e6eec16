"""Rows of answers, submissions and reviews: appended, never changed.

Ids are made by the client, so a save that is sent twice is one save. A correction is a new answer that names
the one it supersedes; the latest of each (item, question, expert) stands.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from unisono.base.canonical import sha256_of
from unisono.base.errors import ConflictError, NotFoundError
from unisono.catalog import tables as t
from unisono.catalog.rows import many, now
from unisono.catalog.standing import complete, done, says_how_it_stands


@dataclass(frozen=True, slots=True)
class Answer:
    """What one expert said to one question about one item, with how it came about."""

    id: str
    project: str
    item: str
    question: str
    expert: str
    label: dict[str, Any]
    supersedes: str | None
    protocol_version: int
    gesture: dict[str, Any]
    display: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """An expert has finished an item, or says that it cannot be used."""

    id: str
    project: str
    item: str
    expert: str
    outcome: str
    reason: str
    comment: str
    protocol_version: int
    gesture: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Review:
    """A lead's verdict on an answer."""

    id: str
    answer: str
    lead: str
    verdict: str
    comment: str


@dataclass(frozen=True, slots=True)
class CurrentReview:
    """The review that stands on an answer."""

    id: str
    answer: str
    lead: str
    verdict: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save; ``known`` when it was in already, ``forked`` when another one was in between."""

    id: str
    seq: int
    at: datetime
    sha256: str
    known: bool
    forked: bool


@dataclass(frozen=True, slots=True)
class CurrentAnswer:
    """The answer that stands; ``finished`` when its expert submitted the item as done and it is complete."""

    id: str
    seq: int
    project: str
    item: str
    question: str
    expert: str
    pseudonym: str
    simulated: bool
    label: dict[str, Any]
    at: datetime
    finished: bool


@dataclass(frozen=True, slots=True)
class CurrentSubmission:
    """The submission that stands."""

    id: str
    seq: int
    project: str
    item: str
    expert: str
    outcome: str
    reason: str
    comment: str
    gesture: dict[str, Any]
    at: datetime


def insert_answer(connection: sa.Connection, answer: Answer) -> Saved:
    """Append an answer; the same id again is the same save.

    Raises
    ------
    ConflictError
        If the id is in already with another content.
    """
    sha256 = sha256_of(answer.label)
    before = connection.execute(sa.select(t.answer).where(t.answer.c.id == answer.id)).mappings().first()
    if before is not None:
        same = ("project", "item", "question", "expert")
        if before["label_sha256"] != sha256 or any(before[k] != getattr(answer, k) for k in same):
            raise ConflictError(f"answer {answer.id} is in already and says something else")
        return Saved(answer.id, before["seq"], before["at"], sha256, known=True, forked=False)
    head = connection.scalar(_head(answer))
    at = now()
    row = {**asdict(answer), "label_sha256": sha256, "at": at}
    seq = connection.scalar(t.answer.insert().values(**row).returning(t.answer.c.seq))
    return Saved(answer.id, int(seq or 0), at, sha256, known=False, forked=head != answer.supersedes)


def insert_submission(connection: sa.Connection, submission: Submission) -> Saved:
    """Append a submission; the same id again is the same save.

    Raises
    ------
    ConflictError
        If the id is in already with another content.
    """
    c = t.submission.c
    before = connection.execute(sa.select(t.submission).where(c.id == submission.id)).mappings().first()
    if before is not None:
        same = ("project", "item", "expert", "outcome", "reason", "comment")
        if any(before[k] != getattr(submission, k) for k in same):
            raise ConflictError(f"submission {submission.id} is in already and says something else")
        return Saved(submission.id, before["seq"], before["at"], "", known=True, forked=False)
    at = now()
    row = {**asdict(submission), "at": at}
    seq = connection.scalar(t.submission.insert().values(**row).returning(c.seq))
    return Saved(submission.id, int(seq or 0), at, "", known=False, forked=False)


def insert_review(connection: sa.Connection, review: Review) -> Saved:
    """Append a review; the same id again is the same save.

    Raises
    ------
    ConflictError
        If the id is in already with another content.
    """
    before = connection.execute(sa.select(t.review).where(t.review.c.id == review.id)).mappings().first()
    if before is not None:
        if any(before[k] != v for k, v in asdict(review).items()):
            raise ConflictError(f"review {review.id} is in already and says something else")
        return Saved(review.id, before["seq"], before["at"], "", known=True, forked=False)
    at = now()
    seq = connection.scalar(t.review.insert().values(**asdict(review), at=at).returning(t.review.c.seq))
    return Saved(review.id, int(seq or 0), at, "", known=False, forked=False)


def answer_by_id(connection: sa.Connection, answer: str) -> Answer:
    """Return an answer as it was given.

    Raises
    ------
    NotFoundError
        If there is none of that id.
    """
    found = many(connection, sa.select(t.answer).where(t.answer.c.id == answer), Answer)
    if not found:
        raise NotFoundError(f"there is no answer {answer!r}")
    return found[0]


def current_answers(
    connection: sa.Connection,
    project: str,
    *,
    item: str | None = None,
    expert: str | None = None,
    finished_only: bool = True,
) -> list[CurrentAnswer]:
    """Return the answers that stand, by item, question and pseudonym.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    project : str
    item, expert : str, optional
        Only of these.
    finished_only : bool, default=True
        Only answers of items that their expert submitted as done, while no required answer is missing.
    """
    a = t.answer.c
    where = [a.project == project]
    where += [] if item is None else [a.item == item]
    where += [] if expert is None else [a.expert == expert]
    latest = sa.select(sa.func.max(a.seq)).where(*where).group_by(a.item, a.question, a.expert)
    query = (
        sa.select(t.answer, t.expert.c.pseudonym, t.expert.c.simulated)
        .join(t.expert, t.expert.c.id == a.expert)
        .where(a.seq.in_(latest))
        .order_by(a.item, a.question, t.expert.c.pseudonym)
    )
    finished = done(connection, project, item=item, expert=expert)
    rows = [
        {**row, "finished": (row["item"], row["expert"]) in finished}
        for row in connection.execute(query).mappings()
    ]
    keys = CurrentAnswer.__dataclass_fields__
    answers = [CurrentAnswer(**{k: row[k] for k in keys}) for row in rows]
    return [x for x in answers if x.finished or not finished_only]


def submissions(
    connection: sa.Connection,
    project: str,
    *,
    item: str | None = None,
    expert: str | None = None,
    in_force_only: bool = True,
) -> list[CurrentSubmission]:
    """Return the latest submissions, by item and expert.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    project : str
    item, expert : str, optional
        Only of these.
    in_force_only : bool, default=True
        Without those of items that were done and lack a required answer since.
    """
    s = t.submission.c
    where = [s.project == project, says_how_it_stands()]
    where += [] if item is None else [s.item == item]
    where += [] if expert is None else [s.expert == expert]
    latest = sa.select(sa.func.max(s.seq)).where(*where).group_by(s.item, s.expert)
    query = sa.select(t.submission).where(s.seq.in_(latest)).order_by(s.item, s.expert)
    found = many(connection, query, CurrentSubmission)
    whole = complete(connection, project, item=item, expert=expert) if in_force_only and found else None
    return [x for x in found if whole is None or x.outcome != "done" or (x.item, x.expert) in whole]


def current_reviews(
    connection: sa.Connection, project: str, *, item: str | None = None, expert: str | None = None
) -> dict[str, CurrentReview]:
    """Return the latest review of each answer of a project, by the answer's id."""
    where = [t.answer.c.project == project]
    where += [] if item is None else [t.answer.c.item == item]
    where += [] if expert is None else [t.answer.c.expert == expert]
    query = (
        sa.select(t.review)
        .join(t.answer, t.answer.c.id == t.review.c.answer)
        .where(*where)
        .order_by(t.review.c.seq)
    )
    return {review.answer: review for review in many(connection, query, CurrentReview)}


def _head(answer: Answer) -> sa.Select[Any]:
    a = t.answer.c
    mine = (a.item == answer.item) & (a.question == answer.question) & (a.expert == answer.expert)
    return sa.select(a.id).where(mine).order_by(a.seq.desc()).limit(1)
