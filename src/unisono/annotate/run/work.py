"""What an expert sees: the own projects, queue and items.

Blind by construction: nothing here returns, counts or orders by another expert's work.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from unisono.annotate.queue import next_open, own_order
from unisono.annotate.run.access import item_for, mine, shown_clip
from unisono.annotate.run.projects import protocol_from
from unisono.annotate.run.sets import shown_members
from unisono.catalog import answers as rows
from unisono.catalog.answers import CurrentAnswer, CurrentSubmission
from unisono.catalog.clips import Clip, clip_by_code
from unisono.catalog.projects import (
    Item,
    Project,
    memberships,
    project_by_slug,
    shown_items_of,
)
from unisono.catalog.sets import Member
from unisono.catalog.standing import open_requests
from unisono.labels.protocol import Protocol


@dataclass(frozen=True, slots=True)
class MyProject:
    """A project with the member's own numbers."""

    project: Project
    role: str
    protocol: Protocol
    n_items: int
    n_finished: int
    active_s: float
    next_item: str | None
    first_clip: Clip | None
    first_frame: int | None


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One item of the own order; ``state`` is open, started, look-again, done or unusable."""

    item: str
    place: int
    state: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    """A lead asks to look at one answer again; says nothing of who or of others."""

    question: str
    comment: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One of a set, with its clip."""

    member: Member
    clip: Clip


@dataclass(frozen=True, slots=True)
class MyItem:
    """An item with the member's own answers; of a set, ``clip`` is the one that is shown first."""

    item: Item
    project: Project
    clip: Clip
    frame: int | None
    members: tuple[Shown, ...]
    place: int
    n_items: int
    answers: tuple[CurrentAnswer, ...]
    submission: CurrentSubmission | None
    look_again: tuple[LookAgain, ...]
    previous: str | None
    next: str | None


def my_projects(connection: sa.Connection, expert: str) -> list[MyProject]:
    """Return the projects where this expert works."""
    return [my_project(connection, m.project, expert) for m in memberships(connection, expert)]


def my_project(connection: sa.Connection, slug: str, expert: str) -> MyProject:
    """Return one project with the expert's own numbers.

    Raises
    ------
    NotFoundError
        If there is none, or it is not this expert's: the two look the same from outside.
    """
    project, role = mine(connection, slug, expert)
    shown = {i.id: i for i in shown_items_of(connection, slug)}
    order = _ordered(shown.values(), project, expert)
    finished = finished_by(connection, slug, expert) & shown.keys()
    worked = rows.submissions(connection, slug, expert=expert, in_force_only=False)
    first = shown[order[0]] if order else None
    return MyProject(
        project=project,
        role=role,
        protocol=protocol_from(project.protocol),
        n_items=len(order),
        n_finished=len(finished),
        active_s=sum(float(s.gesture.get("active_s", 0)) for s in worked),
        next_item=next_open(order, finished),
        first_clip=clip_by_code(connection, first.clip) if first else None,
        first_frame=first.frame if first else None,
    )


def my_queue(connection: sa.Connection, slug: str, expert: str) -> list[QueueEntry]:
    """Return the expert's own order of a project's items, with the own state of each.

    Raises
    ------
    NotFoundError
        If the project is not this expert's.
    """
    order = my_order(connection, slug, expert)
    outcome = {s.item: s.outcome for s in rows.submissions(connection, slug, expert=expert)}
    own = rows.current_answers(connection, slug, expert=expert, finished_only=False)
    started = {answer.item for answer in own}
    again = look_again(connection, slug, expert)
    outcome |= dict.fromkeys(again, "look-again")
    return [
        QueueEntry(item, place, outcome.get(item, "started" if item in started else "open"))
        for place, item in enumerate(order)
    ]


def my_item(connection: sa.Connection, item_id: str, expert: str) -> MyItem:
    """Return an item with the expert's own answers to it, and nobody else's.

    Raises
    ------
    NotFoundError
        If there is none, it is not this expert's, or its clip was withdrawn.
    """
    item, _ = item_for(connection, item_id, expert)
    project = project_by_slug(connection, item.project)
    in_set = tuple(
        Shown(m, shown_clip(connection, m.clip)) for m in shown_members(connection, item, project, expert)
    )
    clip = in_set[0].clip if in_set else shown_clip(connection, item.clip)
    order = my_order(connection, project.slug, expert)
    place = order.index(item.id)
    answers = rows.current_answers(connection, project.slug, item=item.id, expert=expert, finished_only=False)
    submitted = rows.submissions(connection, project.slug, item=item.id, expert=expert)
    return MyItem(
        item=item,
        project=project,
        clip=clip,
        frame=in_set[0].member.frame if in_set else item.frame,
        members=in_set,
        place=place,
        n_items=len(order),
        answers=tuple(answers),
        submission=submitted[0] if submitted else None,
        look_again=look_again(connection, project.slug, expert).get(item.id, ()),
        previous=order[place - 1] if place > 0 else None,
        next=order[place + 1] if place + 1 < len(order) else None,
    )


def my_order(connection: sa.Connection, slug: str, expert: str) -> list[str]:
    """Return the ids of a project's items in the expert's own order, without those that were withdrawn.

    Raises
    ------
    NotFoundError
        If the project is not this expert's.
    """
    project, _ = mine(connection, slug, expert)
    return _ordered(shown_items_of(connection, slug), project, expert)


def _ordered(items: Collection[Item], project: Project, expert: str) -> list[str]:
    repeat_of = {i.id: i.repeat_of for i in items if i.repeat_of is not None}
    return own_order([i.id for i in items], project.seed, expert, repeat_of)


def finished_by(connection: sa.Connection, slug: str, expert: str) -> set[str]:
    """Return the items that an expert is done with: in force, and nothing is to be looked at again."""
    submitted = {s.item for s in rows.submissions(connection, slug, expert=expert)}
    return submitted - look_again(connection, slug, expert).keys()


def look_again(connection: sa.Connection, slug: str, expert: str) -> dict[str, tuple[LookAgain, ...]]:
    """Return what a lead asks this expert to look at again, by item.

    A request hangs on the question and not on the answer that was seen: it holds, whatever is drawn or
    cleared meanwhile, until the expert submits the item anew. The last word is the expert's.
    """
    asked: dict[str, tuple[LookAgain, ...]] = {}
    for request in open_requests(connection, slug, expert=expert):
        asked[request.item] = (
            *asked.get(request.item, ()),
            LookAgain(request.question, request.comment),
        )
    return asked


__all__ = [
    "Clip",
    "LookAgain",
    "MyItem",
    "MyProject",
    "QueueEntry",
    "Shown",
    "finished_by",
    "look_again",
    "my_item",
    "my_order",
    "my_project",
    "my_projects",
    "my_queue",
]
