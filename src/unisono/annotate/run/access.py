"""Who may see what: an item, a clip or a project, asked by one who works there or does not.

What somebody may not see and what is not there look the same from outside.
"""

import sqlalchemy as sa

from unisono.base.errors import NotFoundError
from unisono.catalog.clips import Clip, clip_by_code
from unisono.catalog.projects import (
    Item,
    Project,
    item_by_id,
    memberships,
    project_by_slug,
    projects_of_clip,
    role_in,
)


def item_for(connection: sa.Connection, item: str, person: str) -> tuple[Item, str]:
    """Return an item and the role of one who works in its project.

    Raises
    ------
    NotFoundError
        If there is none, or the person does not work there: the two look the same from outside.
    """
    found = item_by_id(connection, item)
    role = role_in(connection, found.project, person)
    if role is None:
        raise NotFoundError(f"there is no item {item!r}")
    return found, role


def shown_clip(connection: sa.Connection, code: str) -> Clip:
    """Return a clip that may be shown.

    Raises
    ------
    NotFoundError
        If there is none, or it was withdrawn: its approval does not hold any more.
    """
    clip = clip_by_code(connection, code)
    if clip.state != "approved":
        raise NotFoundError("this recording was withdrawn; nothing of it is shown any more")
    return clip


def may_see_clip(connection: sa.Connection, clip: str, expert: str) -> bool:
    """Say whether an expert works in a project that shows a clip."""
    mine = {m.project for m in memberships(connection, expert)}
    return not mine.isdisjoint(projects_of_clip(connection, clip))


def clip_for(connection: sa.Connection, code: str, expert: str) -> Clip:
    """Return a clip that this expert may see.

    Raises
    ------
    NotFoundError
        If there is none, it is in none of the expert's projects, or it was withdrawn.
    """
    if not may_see_clip(connection, code, expert):
        raise NotFoundError(f"there is no clip {code!r}")
    return shown_clip(connection, code)


def mine(connection: sa.Connection, slug: str, expert: str) -> tuple[Project, str]:
    """Return a project and the role of one who works there.

    Raises
    ------
    NotFoundError
        If there is none, or the expert does not work there: the two look the same from outside.
    """
    role = role_in(connection, slug, expert)
    if role is None:
        raise NotFoundError(f"there is no project {slug!r}")
    return project_by_slug(connection, slug), role
