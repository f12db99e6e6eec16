"""What a lead does: see how a project stands, and say which answers need another look."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from unisono.annotate.run.access import item_for, shown_clip
from unisono.annotate.run.projects import protocol_from
from unisono.base.errors import AccessError, NotFoundError
from unisono.catalog import answers as rows
from unisono.catalog.answers import CurrentSubmission, Review, Saved
from unisono.catalog.clips import Clip
from unisono.catalog.experts import Expert, expert_by_id
from unisono.catalog.projects import (
    Item,
    Project,
    items_of,
    members,
    project_by_slug,
    role_in,
    shown_items_of,
)
from unisono.catalog.standing import open_requests

ONLY_LEADS = "only a lead of the project may see everyone's work"


@dataclass(frozen=True, slots=True)
class ExpertProgress:
    """How far one expert is; ``active_s`` counts time with input only."""

    expert: Expert
    n_done: int
    n_unusable: int
    active_s: float
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemProgress:
    """How many finished with an item, and how."""

    item: Item
    n_done: int
    n_unusable: int


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """How a project stands; ``n_withdrawn`` items are not among ``items``: their clip was withdrawn."""

    project: Project
    experts_per_item: int
    experts: tuple[ExpertProgress, ...]
    items: tuple[ItemProgress, ...]
    n_withdrawn: int

    @property
    def n_enough(self) -> int:
        """How many items have as many finished answers as the protocol wants."""
        return sum(i.n_done + i.n_unusable >= self.experts_per_item for i in self.items)


def require_lead(connection: sa.Connection, slug: str, expert: str) -> None:
    """Let a lead of the project pass.

    Raises
    ------
    NotFoundError
        If the person does not work there: it looks the same as a project that is not there.
    AccessError
        If the person works there, but not as a lead.
    """
    role = role_in(connection, slug, expert)
    if role is None:
        raise NotFoundError(f"there is no project {slug!r}")
    if role != "lead":
        raise AccessError(ONLY_LEADS)


def progress(connection: sa.Connection, slug: str) -> ProjectProgress:
    """Return how a project stands, by expert and by item."""
    project = project_by_slug(connection, slug)
    shown = shown_items_of(connection, slug)
    places = {i.id for i in shown}
    submitted = [s for s in rows.submissions(connection, slug) if s.item in places]
    worked = rows.submissions(connection, slug, in_force_only=False)
    outcomes = Counter((s.item, s.outcome) for s in submitted)
    working = [m.expert for m in members(connection, slug) if m.role == "expert"]
    others = {s.expert for s in worked} - set(working)
    experts = [_one(expert_by_id(connection, e), submitted, worked) for e in (*working, *sorted(others))]
    items = [ItemProgress(i, outcomes[i.id, "done"], outcomes[i.id, "unusable"]) for i in shown]
    return ProjectProgress(
        project=project,
        experts_per_item=protocol_from(project.protocol).experts_per_item,
        experts=tuple(experts),
        items=tuple(items),
        n_withdrawn=len(items_of(connection, slug)) - len(shown),
    )


def clip_of_item(connection: sa.Connection, item: str, expert: str) -> Clip:
    """Return the clip of an item that this person leads.

    Raises
    ------
    NotFoundError
        If there is no such item, the person does not work in its project, or its clip was withdrawn.
    AccessError
        If the person works there, but not as a lead.
    """
    found, role = item_for(connection, item, expert)
    if role != "lead":
        raise AccessError(ONLY_LEADS)
    return shown_clip(connection, found.clip)


def save_review(connection: sa.Connection, review: Review) -> Saved:
    """Save a lead's verdict on an answer.

    Raises
    ------
    NotFoundError
        If there is no such answer in a project that this person sees.
    AccessError
        If the person is no lead of the answer's project.
    """
    answer = rows.answer_by_id(connection, review.answer)
    role = role_in(connection, answer.project, review.lead)
    if role is None:
        raise NotFoundError(f"there is no answer {review.answer!r}")
    if role != "lead":
        raise AccessError(ONLY_LEADS)
    return rows.insert_review(connection, review)


def reviews(connection: sa.Connection, slug: str, item: str) -> dict[str, str]:
    """Return the verdict on each answer of an item as it stands now, by the answer's id.

    A request to look again stands on whatever the expert says meanwhile, and is settled when the expert
    submits the item anew; a verdict of ``ok`` was about one answer and goes when that is changed.
    """
    given = rows.current_reviews(connection, slug, item=item)
    open_ = {(r.question, r.expert) for r in open_requests(connection, slug, item=item)}
    verdicts = {}
    for answer in rows.current_answers(connection, slug, item=item, finished_only=False):
        if (answer.question, answer.expert) in open_:
            verdicts[answer.id] = "look-again"
        elif answer.id in given and given[answer.id].verdict == "ok":
            verdicts[answer.id] = "ok"
    return verdicts


def _one(
    expert: Expert, submitted: list[CurrentSubmission], worked: list[CurrentSubmission]
) -> ExpertProgress:
    own = [s for s in submitted if s.expert == expert.id]
    all_own = [s for s in worked if s.expert == expert.id]
    return ExpertProgress(
        expert=expert,
        n_done=sum(s.outcome == "done" for s in own),
        n_unusable=sum(s.outcome == "unusable" for s in own),
        active_s=sum(float(s.gesture.get("active_s", 0)) for s in all_own),
        last_at=max((s.at for s in all_own), default=None),
    )


__all__ = [
    "ExpertProgress",
    "ItemProgress",
    "ProjectProgress",
    "Review",
    "clip_of_item",
    "progress",
    "require_lead",
    "reviews",
    "save_review",
]
