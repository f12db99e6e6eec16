"""From rows to dataclasses, and the clock."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from unisono.base.errors import NotFoundError

T = TypeVar("T")


def now() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(UTC)


def as_dataclass(kind: type[T], row: sa.RowMapping) -> T:
    """Make a frozen dataclass from a row; lists become tuples where the row came from JSON."""
    names = [f.name for f in fields(kind)]  # type: ignore[arg-type]  # every caller's kind is a dataclass
    return kind(**{n: tuple(row[n]) if isinstance(row[n], list) else row[n] for n in names})


def one(connection: sa.Connection, query: sa.Select[Any], kind: type[T], what: str) -> T:
    """Return the one row of a query.

    Raises
    ------
    NotFoundError
        If there is none; ``what`` says of what.
    """
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError(f"there is no {what}")
    return as_dataclass(kind, row)


def many(connection: sa.Connection, query: sa.Select[Any], kind: type[T]) -> list[T]:
    """Return all rows of a query."""
    return [as_dataclass(kind, row) for row in connection.execute(query).mappings()]
