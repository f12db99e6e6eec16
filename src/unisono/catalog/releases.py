"""Rows of releases that were written."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from unisono.base.errors import ConflictError
from unisono.catalog import tables as t
from unisono.catalog.rows import many


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release: immutable, known by the hash of its manifest."""

    project: str
    version: str
    format: str
    manifest_sha256: str
    path: str
    created_at: datetime


def insert_release(connection: sa.Connection, release: ReleaseRow) -> None:
    """Record a release.

    Raises
    ------
    ConflictError
        If that version was released already in that format.
    """
    try:
        with connection.begin_nested():
            connection.execute(t.release.insert().values(**asdict(release)))
    except sa.exc.IntegrityError:
        raise ConflictError(
            f"version {release.version} of {release.project!r} was released already as {release.format}"
        ) from None


def releases_of(connection: sa.Connection, project: str) -> list[ReleaseRow]:
    """Return a project's releases, oldest first."""
    query = sa.select(t.release).where(t.release.c.project == project).order_by(t.release.c.created_at)
    return many(connection, query, ReleaseRow)
