"""Leases on sources: who takes what in, and until when that holds.

A run claims a source before it reads it. A claim that is not renewed lapses, so the work of a run that died
is taken up by the next one, and of two runs that meet the same file one waits for the other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from unisono.catalog.evidence_tables import intake
from unisono.catalog.rows import now, one

LEASE_S = 300.0
"""Longer than a decoder may take over one clip, several times."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Where a source stands."""

    source_key: str
    state: str
    run: str
    lease_until: datetime
    attempts: int
    at: datetime


def claim(
    connection: sa.Connection,
    source_keys: Sequence[str],
    run: str,
    *,
    lease_s: float = LEASE_S,
    dead: Collection[str] = (),
) -> set[str]:
    """Take sources under a lease; return those that are this run's now.

    A source that another run holds under a lease that has not lapsed stays with it, unless that run is known
    to be dead.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    source_keys : sequence of str
    run : str
    lease_s : float, s
    dead : collection of str
        Runs whose process has ended.
    """
    at = now()
    mine = {"state": "received", "run": run, "lease_until": at + timedelta(seconds=lease_s), "at": at}
    return {key for key in source_keys if _claim_one(connection, key, mine, at, list(dead))}


def holders(connection: sa.Connection) -> set[str]:
    """Return the runs that hold a source under a lease."""
    c = intake.c
    query = sa.select(c.run).where((c.state == "received") & (c.lease_until > now())).distinct()
    return set(connection.scalars(query))


def settle(connection: sa.Connection, source_key: str, run: str, state: str) -> None:
    """Say how a source ended, and give its lease back; renew what this run still holds."""
    c = intake.c
    at = now()
    connection.execute(
        intake.update().where(c.source_key == source_key).values(state=state, lease_until=at, at=at)
    )
    held = (c.run == run) & (c.state == "received")
    connection.execute(intake.update().where(held).values(lease_until=at + timedelta(seconds=LEASE_S)))


def give_back(connection: sa.Connection, run: str) -> None:
    """Let go of everything that a run holds and did not settle."""
    held = (intake.c.run == run) & (intake.c.state == "received")
    connection.execute(intake.update().where(held).values(lease_until=now()))


def intake_of(connection: sa.Connection, source_key: str) -> Intake:
    """Return where a source stands.

    Raises
    ------
    NotFoundError
        If nobody ever claimed it.
    """
    query = sa.select(intake).where(intake.c.source_key == source_key)
    return one(connection, query, Intake, "such source in the intake")


def _claim_one(
    connection: sa.Connection, key: str, mine: dict[str, object], at: datetime, dead: list[str]
) -> bool:
    c = intake.c
    is_free = (c.lease_until <= at) | (c.run == mine["run"]) | c.run.in_(dead)
    values = mine | {"attempts": c.attempts + 1}
    taken = connection.execute(intake.update().where((c.source_key == key) & is_free).values(values))
    if taken.rowcount:
        return True
    try:
        with connection.begin_nested():
            connection.execute(intake.insert().values(**mine, source_key=key, attempts=1))
    except sa.exc.IntegrityError:
        return False
    return True
