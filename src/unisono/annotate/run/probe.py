"""Say whether the site is fit to save."""

import shutil
from pathlib import Path

import sqlalchemy as sa

from unisono.base.errors import CatalogError
from unisono.catalog import tables as t

MIN_FREE_SHARE = 0.01


def can_write(connection: sa.Connection) -> None:
    """Take the write lock and touch a table, changing nothing.

    Raises
    ------
    CatalogError
        If the database does not take the write.
    """
    try:
        connection.execute(t.session.delete().where(sa.false()))
    except sa.exc.SQLAlchemyError:
        raise CatalogError("the database does not take writes") from None


def free_share(folder: Path) -> float:
    """Return which share of the folder's disk is free, 0 to 1."""
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total
