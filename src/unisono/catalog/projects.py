"""Rows of projects, their items and their members."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from unisono.base.errors import ConflictError
from unisono.catalog import tables as t
from unisono.catalog.rows import many, one
from unisono.catalog.sets import may_be_shown


@dataclass(frozen=True, slots=True)
class Project:
    """A protocol applied to items; ``protocol`` is the YAML text, which never changes."""

    slug: str
    title: str
    protocol: str
    protocol_name: str
    protocol_version: int
    seed: str
    simulated: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """What an expert is shown at once; ``frame`` is None when the whole clip is asked about.

    ``repeat_of`` names the item that is asked a second time by this one, mirrored.
    """

    id: str
    project: str
    position: int
    clip: str
    frame: int | None
    repeat_of: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Who works in a project, as ``expert`` or ``lead``."""

    project: str
    expert: str
    role: str


def insert_project(connection: sa.Connection, project: Project, items: Sequence[Item]) -> None:
    """Add a project with its items.

    Raises
    ------
    ConflictError
        If the slug is taken.
    """
    try:
        with connection.begin_nested():
            connection.execute(t.project.insert().values(**asdict(project)))
    except sa.exc.IntegrityError:
        raise ConflictError(f"there is a project {project.slug!r} already") from None
    if items:
        connection.execute(t.item.insert(), [asdict(i) for i in items])


def project_by_slug(connection: sa.Connection, slug: str) -> Project:
    """Return a project.

    Raises
    ------
    NotFoundError
        If there is none of that slug.
    """
    query = sa.select(t.project).where(t.project.c.slug == slug)
    return one(connection, query, Project, f"project {slug!r}")


def all_projects(connection: sa.Connection) -> list[Project]:
    """Return all projects, oldest first."""
    query = sa.select(t.project).order_by(t.project.c.created_at, t.project.c.slug)
    return many(connection, query, Project)


def items_of(connection: sa.Connection, slug: str) -> list[Item]:
    """Return a project's items in the order in which they were added."""
    query = sa.select(t.item).where(t.item.c.project == slug).order_by(t.item.c.position)
    return many(connection, query, Item)


def shown_items_of(connection: sa.Connection, slug: str) -> list[Item]:
    """Return a project's items whose clips may be shown, in the order in which they were added.

    The others were withdrawn after the project was made: their clip, or one of a set, is no longer approved.
    """
    query = (
        sa.select(t.item)
        .join(t.clip, t.clip.c.code == t.item.c.clip)
        .where(t.item.c.project == slug, t.clip.c.state == "approved", may_be_shown())
        .order_by(t.item.c.position)
    )
    return many(connection, query, Item)


def item_by_id(connection: sa.Connection, item: str) -> Item:
    """Return an item.

    Raises
    ------
    NotFoundError
        If there is none of that id.
    """
    return one(connection, sa.select(t.item).where(t.item.c.id == item), Item, f"item {item!r}")


def add_member(connection: sa.Connection, project: str, expert: str, role: str) -> None:
    """Let an expert work in a project; an earlier role is replaced."""
    same = (t.member.c.project == project) & (t.member.c.expert == expert)
    connection.execute(t.member.delete().where(same))
    connection.execute(t.member.insert().values(project=project, expert=expert, role=role))


def members(connection: sa.Connection, project: str) -> list[Member]:
    """Return who works in a project."""
    query = sa.select(t.member).where(t.member.c.project == project).order_by(t.member.c.expert)
    return many(connection, query, Member)


def memberships(connection: sa.Connection, expert: str) -> list[Member]:
    """Return where an expert works."""
    query = sa.select(t.member).where(t.member.c.expert == expert).order_by(t.member.c.project)
    return many(connection, query, Member)


def role_in(connection: sa.Connection, project: str, expert: str) -> str | None:
    """Return an expert's role in a project, None when he does not work there."""
    same = (t.member.c.project == project) & (t.member.c.expert == expert)
    return connection.scalar(sa.select(t.member.c.role).where(same))


def projects_of_clip(connection: sa.Connection, clip: str) -> list[str]:
    """Return the projects that show a clip, alone or in a set."""
    in_sets = sa.select(t.item_member.c.item).where(t.item_member.c.clip == clip)
    shows = (t.item.c.clip == clip) | t.item.c.id.in_(in_sets)
    query = sa.select(t.item.c.project).where(shows).distinct().order_by(t.item.c.project)
    return list(connection.scalars(query))
