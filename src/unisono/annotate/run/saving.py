"""What an expert saves: each finished gesture, and that an item is finished."""

import sqlalchemy as sa

from unisono.annotate.geometry import check_geometry
from unisono.annotate.moments import check_moments
from unisono.annotate.queue import next_open
from unisono.annotate.run.access import mine
from unisono.annotate.run.projects import protocol_from
from unisono.annotate.run.sets import check_order, shown_members
from unisono.annotate.run.work import finished_by, my_order
from unisono.base.errors import LabelError, NotFoundError
from unisono.catalog import answers as rows
from unisono.catalog.answers import Answer, Saved, Submission
from unisono.catalog.clips import clip_by_code
from unisono.catalog.projects import item_by_id, project_by_slug
from unisono.labels.conditions import missing
from unisono.labels.protocol import Protocol


def save_answer(connection: sa.Connection, answer: Answer) -> Saved:
    """Save one finished gesture.

    Raises
    ------
    NotFoundError
        If the item is not in the project, or the project is not this expert's.
    LabelError
        If the label is not of the question's form, or was made for another version of the protocol.
    ConflictError
        If the id is in already with another content.
    """
    protocol = _open_for(connection, answer.project, answer.item, answer.expert, answer.protocol_version)
    question = protocol.question(answer.question)
    item = item_by_id(connection, answer.item)
    clip = clip_by_code(connection, item.clip)
    label = question.parse(answer.label)
    check_geometry(question, label, clip.rows, clip.columns)
    check_moments(question, label, clip.n_frames, clip.frame_times_s)
    if protocol.sets:
        project = project_by_slug(connection, answer.project)
        check_order(question, label, shown_members(connection, item, project, answer.expert))
    return rows.insert_answer(connection, answer)


def save_submission(connection: sa.Connection, submission: Submission) -> tuple[Saved, str | None]:
    """Save that an expert has finished an item; return that and the expert's next open item.

    Raises
    ------
    NotFoundError
        If the item is not in the project, or the project is not this expert's.
    LabelError
        If a required question has no answer, or the reason is not one of the protocol's.
    ConflictError
        If the id is in already with another content.
    """
    slug, expert, item = submission.project, submission.expert, submission.item
    protocol = _open_for(connection, slug, item, expert, submission.protocol_version)
    reasons = [r.key for r in protocol.unusable_reasons]
    if submission.outcome == "unusable" and submission.reason not in reasons:
        legal = ", ".join(reasons)
        raise LabelError(f"reason {submission.reason!r} is not one of: {legal}")
    if submission.outcome == "done":
        if submission.reason:
            raise LabelError(f"what is done needs no reason; got {submission.reason!r}")
        _check_complete(connection, submission, protocol)
    saved = rows.insert_submission(connection, submission)
    order = my_order(connection, slug, expert)
    return saved, next_open(order, finished_by(connection, slug, expert), after=item)


def is_submitted(connection: sa.Connection, answer: Answer) -> bool:
    """Say whether an answer's expert has submitted its item: then it is a correction that leads may see."""
    own = {"item": answer.item, "expert": answer.expert}
    return bool(rows.submissions(connection, answer.project, **own, in_force_only=False))


def _open_for(connection: sa.Connection, slug: str, item: str, expert: str, version: int) -> Protocol:
    project, _ = mine(connection, slug, expert)
    if item_by_id(connection, item).project != slug:
        raise NotFoundError(f"there is no item {item!r} in project {slug!r}")
    if version != project.protocol_version:
        raise LabelError(
            f"this project asks by version {project.protocol_version} of {project.protocol_name!r}; "
            f"the answer was made for version {version}"
        )
    return protocol_from(project.protocol)


def _check_complete(connection: sa.Connection, submission: Submission, protocol: Protocol) -> None:
    answers = rows.current_answers(
        connection,
        submission.project,
        item=submission.item,
        expert=submission.expert,
        finished_only=False,
    )
    open_ = missing(protocol.questions, {a.question: a.label for a in answers})
    if open_:
        raise LabelError(f"not answered yet: {', '.join(q.title for q in open_)}")


__all__ = ["Answer", "Saved", "Submission", "is_submitted", "save_answer", "save_submission"]
