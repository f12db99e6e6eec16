"""Rows of derived results: versioned, with what they were made from."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from unisono.catalog import tables as t
from unisono.catalog.rows import many


@dataclass(frozen=True, slots=True)
class Result:
    """Something derived; it can be made again from inputs whose hash is ``input_sha256``."""

    id: str
    project: str
    kind: str
    method: str
    parameters: dict[str, Any]
    code_version: str
    input_sha256: str
    body: dict[str, Any]
    created_at: datetime


def insert_result(connection: sa.Connection, result: Result) -> None:
    """Append a result."""
    connection.execute(t.result.insert().values(**asdict(result)))


def latest_result(connection: sa.Connection, project: str, kind: str) -> Result | None:
    """Return a project's newest result of a kind, None when there is none."""
    r = t.result.c
    query = (
        sa.select(t.result).where((r.project == project) & (r.kind == kind)).order_by(r.seq.desc()).limit(1)
    )
    found = many(connection, query, Result)
    return found[0] if found else None
