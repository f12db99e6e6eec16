"""What a lead does: see how a project stands, and say which answers need another look."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from unisono.annotate.run.projects import protocol_from
from unisono.base.errors import AccessError, NotFoundError
from unisono.catalog import answers as rows
from unisono.catalog.answers import CurrentSubmission, Review, Saved
from unisono.catalog.clips import Clip, clip_by_code
from unisono.catalog.experts import Expert, expert_by_id
from unisono.catalog.projects import Item, Project, item_by_id, items_of, members, project_by_slug, role_in


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
    """How a project stands."""

    project: Project
    experts_per_item: int
    experts: tuple[ExpertProgress, ...]
    items: tuple[ItemProgress, ...]
    submitted_at: tuple[datetime, ...]

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
        raise AccessError("only a lead of the project may see everyone's work")


def progress(connection: sa.Connection, slug: str) -> ProjectProgress:
    """Return how a project stands, by expert and by item."""
    project = project_by_slug(connection, slug)
    submitted = rows.submissions(connection, slug)
    outcomes = Counter((s.item, s.outcome) for s in submitted)
    working = [m.expert for m in members(connection, slug) if m.role == "expert"]
    others = {s.expert for s in submitted} - set(working)
    experts = [_one(expert_by_id(connection, e), submitted) for e in (*working, *sorted(others))]
    items = [
        ItemProgress(i, outcomes[i.id, "done"], outcomes[i.id, "unusable"])
        for i in items_of(connection, slug)
    ]
    return ProjectProgress(
        project=project,
        experts_per_item=protocol_from(project.protocol).experts_per_item,
        experts=tuple(experts),
        items=tuple(items),
        submitted_at=tuple(s.at for s in submitted),
    )


def clip_of_item(connection: sa.Connection, item: str, expert: str) -> Clip:
    """Return the clip of an item that this person leads.

    Raises
    ------
    NotFoundError
        If there is no such item, or the person does not work in its project.
    AccessError
        If the person works there, but not as a lead.
    """
    found = item_by_id(connection, item)
    require_lead(connection, found.project, expert)
    return clip_by_code(connection, found.clip)


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
    require_lead(connection, answer.project, review.lead)
    return rows.insert_review(connection, review)


def reviews(connection: sa.Connection, slug: str, item: str) -> dict[str, str]:
    """Return the verdict that stands on each answer of an item, by the answer's id."""
    found = rows.current_reviews(connection, slug, item=item)
    return {answer: review.verdict for answer, review in found.items()}


def _one(expert: Expert, submitted: list[CurrentSubmission]) -> ExpertProgress:
    own = [s for s in submitted if s.expert == expert.id]
    return ExpertProgress(
        expert=expert,
        n_done=sum(s.outcome == "done" for s in own),
        n_unusable=sum(s.outcome == "unusable" for s in own),
        active_s=sum(float(s.gesture.get("active_s", 0)) for s in own),
        last_at=max((s.at for s in own), default=None),
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
