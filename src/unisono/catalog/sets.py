"""Rows of the members of a set: an item that shows several clips or frames at once.

``item.clip`` of a set is its first member's, so that whatever needs one picture of an item has it; whether
the set may be shown depends on all of them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from unisono.catalog import tables as t
from unisono.catalog.names import frame_code
from unisono.catalog.rows import many


@dataclass(frozen=True, slots=True)
class Member:
    """One clip or frame of a set; ``place`` is its number in the set as it was made, and tells nothing."""

    item: str
    place: int
    clip: str
    frame: int | None

    @property
    def code(self) -> str:
        """What answers call it: the frame's code, or the clip's when all of it is shown."""
        return self.clip if self.frame is None else frame_code(self.clip, self.frame)


def insert_members(connection: sa.Connection, rows: Sequence[Member]) -> None:
    """Add the members of new items."""
    if rows:
        connection.execute(t.item_member.insert(), [asdict(row) for row in rows])


def members_of(connection: sa.Connection, item: str) -> list[Member]:
    """Return the members of an item in the order in which the set was made; none when it is no set."""
    query = sa.select(t.item_member).where(t.item_member.c.item == item).order_by(t.item_member.c.place)
    return many(connection, query, Member)


def may_be_shown() -> sa.ColumnElement[bool]:
    """Return the condition that no member of ``item`` lacks its approval; true of what is no set."""
    m, c = t.item_member.c, t.clip.c
    withdrawn = sa.select(m.item).join(t.clip, c.code == m.clip).where(m.item == t.item.c.id)
    return ~sa.exists(withdrawn.where(c.state != "approved").correlate(t.item))
