"""What ought to be there, page by page: clips and the hashes of their frames, without the rest of a row."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from unisono.catalog import tables as t
from unisono.catalog.rows import many

PAGE = 256
"""Clips a page: a reading transaction is over before it stands in anybody's way."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A clip as its files know it."""

    code: str
    state: str
    mask_version: int
    pack_sha256: str


_COLUMNS = (t.clip.c.code, t.clip.c.state, t.clip.c.mask_version, t.clip.c.pack_sha256)


def next_page(
    connection: sa.Connection, after: str, *, without: Sequence[str] = (), limit: int = PAGE
) -> list[Stock]:
    """Return the clips that come after a code, in the order of codes.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    after : str
        Code of the last clip of the page before; empty at the start.
    without : sequence of str, optional
        States to leave out.
    limit : int, default=256
    """
    query = sa.select(*_COLUMNS).where(t.clip.c.code > after).order_by(t.clip.c.code).limit(limit)
    return many(connection, query.where(t.clip.c.state.not_in(without)) if without else query, Stock)


def stock_of(connection: sa.Connection, codes: Collection[str]) -> dict[str, Stock]:
    """Return those clips of these codes that are in the catalog."""
    wanted, found = sorted(codes), {}
    for start in range(0, len(wanted), PAGE):
        query = sa.select(*_COLUMNS).where(t.clip.c.code.in_(wanted[start : start + PAGE]))
        found.update({stock.code: stock for stock in many(connection, query, Stock)})
    return found


def frame_hashes(connection: sa.Connection, codes: Sequence[str]) -> dict[str, list[str]]:
    """Return the SHA-256 of each clip's PNG files, in the order of its frames; up to a page of clips."""
    c = t.frame.c
    query = sa.select(c.clip, c.png_sha256).where(c.clip.in_(codes)).order_by(c.clip, c.index)
    found: dict[str, list[str]] = defaultdict(list)
    for code, sha256 in connection.execute(query):
        found[code].append(sha256)
    return found
