"""Lists of clips by state, page by page: a site may have a hundred thousand of them."""

from collections.abc import Sequence

import sqlalchemy as sa

from unisono.base.errors import ConflictError, NotFoundError
from unisono.catalog import evidence_tables as e
from unisono.catalog import tables as t
from unisono.catalog.clips import Clip
from unisono.catalog.evidence import GateVerdict
from unisono.catalog.rows import many

URGENT_FIRST = ("quarantined", "written", "gated", "approved", "rejected")


def count_states(connection: sa.Connection) -> dict[str, int]:
    """Return how many clips are in each state; every state is there."""
    c = t.clip.c
    found = connection.execute(sa.select(c.state, sa.func.count()).group_by(c.state)).all()
    return dict.fromkeys(e.CLIP_STATES, 0) | {row[0]: row[1] for row in found}


def clips_by_urgency(
    connection: sa.Connection, states: Sequence[str], offset: int = 0, limit: int = 50
) -> list[Clip]:
    """Return one page of the clips in some states: quarantined ones first, then the oldest."""
    c = t.clip.c
    rank = sa.case({state: place for place, state in enumerate(URGENT_FIRST)}, value=c.state)
    query = sa.select(t.clip).where(c.state.in_(states)).order_by(rank, c.created_at, c.code)
    return many(connection, query.offset(offset).limit(limit), Clip)


def verdicts_of(connection: sa.Connection, clips: Sequence[Clip]) -> dict[str, GateVerdict]:
    """Return the gate's newest verdict on the mask in force of each clip that has one."""
    versions = {clip.code: clip.mask_version for clip in clips}
    g = e.gate.c
    query = sa.select(e.gate).where(g.clip.in_(versions)).order_by(g.seq)
    return {v.clip: v for v in many(connection, query, GateVerdict) if v.mask_version == versions[v.clip]}


def code_beginning(connection: sa.Connection, beginning: str) -> str:
    """Return the one clip code that begins so.

    Raises
    ------
    NotFoundError
        If none does.
    ConflictError
        If several do.
    """
    c = t.clip.c
    like = c.code.startswith(beginning, autoescape=True)
    found = connection.scalars(sa.select(c.code).where(like).order_by(c.code).limit(2)).all()
    if not found:
        raise NotFoundError(f"there is no clip {beginning!r}")
    if len(found) > 1:
        raise ConflictError(f"several clips begin with {beginning!r}; write more of the code")
    return str(found[0])
