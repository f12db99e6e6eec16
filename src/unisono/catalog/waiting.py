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
    connection: sa.Connection,
    states: Sequence[str],
    offset: int = 0,
    limit: int | None = 50,
    after: tuple[str, str] | None = None,
) -> list[Clip]:
    """Return one page of the clips in some states: quarantined ones first, then the oldest.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    states : sequence of str
    offset : int, default=0
    limit : int or None, default=50
        None for all.
    after : (state, code), optional
        A clip that was listed, and its state then: the page begins behind its place. Unlike ``offset`` that
        leaves nothing out when somebody decides on clips of the pages before.

    Raises
    ------
    NotFoundError
        If there is no clip ``after``.
    """
    c = t.clip.c
    rank = sa.case({state: place for place, state in enumerate(URGENT_FIRST)}, value=c.state)
    query = sa.select(t.clip).where(c.state.in_(states)).order_by(rank, c.created_at, c.code)
    if after is not None:
        query = query.where(_behind(connection, rank, *after))
    return many(connection, query.offset(offset).limit(limit), Clip)


def _behind(
    connection: sa.Connection, rank: sa.ColumnElement[int], state: str, code: str
) -> sa.ColumnElement[bool]:
    c = t.clip.c
    created_at = connection.scalar(sa.select(c.created_at).where(c.code == code))
    if created_at is None:
        raise NotFoundError(f"there is no clip {code!r}")
    place = URGENT_FIRST.index(state)
    is_later = sa.or_(c.created_at > created_at, sa.and_(c.created_at == created_at, c.code > code))
    return sa.or_(rank > place, sa.and_(rank == place, is_later))


def verdicts_of(connection: sa.Connection, clips: Sequence[Clip]) -> dict[str, GateVerdict]:
    """Return the gate's newest verdict on the mask in force of each clip that has one."""
    versions = {clip.code: clip.mask_version for clip in clips}
    g = e.gate.c
    query = sa.select(e.gate).where(g.clip.in_(versions)).order_by(g.seq)
    return {v.clip: v for v in many(connection, query, GateVerdict) if v.mask_version == versions[v.clip]}


def verdicts_in(connection: sa.Connection, states: Sequence[str]) -> dict[str, GateVerdict]:
    """Return the same of all clips in some states, by one query however many they are."""
    g, c = e.gate.c, t.clip.c
    in_force = (c.code == g.clip) & (c.mask_version == g.mask_version)
    query = sa.select(e.gate).join(t.clip, in_force).where(c.state.in_(states)).order_by(g.seq)
    return {v.clip: v for v in many(connection, query, GateVerdict)}


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
