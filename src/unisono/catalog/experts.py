"""Rows of experts, their sign-in links and their sessions. Tokens are stored hashed, never plain."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from unisono.base.errors import ConflictError
from unisono.catalog import tables as t
from unisono.catalog.rows import many, one


@dataclass(frozen=True, slots=True)
class Expert:
    """A person who answers; ``pseudonym`` is the only name that ever leaves the site.

    ``reviewer`` is the right to see clips that are not de-identified yet, and to decide on them.
    """

    id: str
    name: str
    pseudonym: str
    simulated: bool
    active: bool
    created_at: datetime
    password_hash: str | None = None
    reviewer: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that holds; ``seen_at`` is the last request's instant, to within a minute."""

    token_sha256: str
    expert: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


def insert_expert(connection: sa.Connection, expert: Expert) -> None:
    """Add an expert.

    Raises
    ------
    ConflictError
        If the name or the pseudonym is taken.
    """
    try:
        with connection.begin_nested():
            connection.execute(t.expert.insert().values(**asdict(expert)))
    except sa.exc.IntegrityError:
        raise ConflictError(f"there is an expert {expert.name!r} or {expert.pseudonym!r} already") from None


def expert_by_id(connection: sa.Connection, expert: str) -> Expert:
    """Return an expert.

    Raises
    ------
    NotFoundError
        If there is none of that id.
    """
    return one(connection, sa.select(t.expert).where(t.expert.c.id == expert), Expert, f"expert {expert!r}")


def expert_by_name(connection: sa.Connection, name: str) -> Expert:
    """Return an expert.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    return one(connection, sa.select(t.expert).where(t.expert.c.name == name), Expert, f"expert {name!r}")


def is_name_taken(connection: sa.Connection, name: str) -> bool:
    """Say whether there is an expert of that name."""
    return connection.scalar(sa.select(t.expert.c.id).where(t.expert.c.name == name)) is not None


def all_experts(connection: sa.Connection) -> list[Expert]:
    """Return all experts in the order of their pseudonyms."""
    return many(connection, sa.select(t.expert).order_by(t.expert.c.pseudonym), Expert)


def set_password_hash(connection: sa.Connection, expert: str, password_hash: str) -> None:
    """Replace an expert's password."""
    connection.execute(t.expert.update().where(t.expert.c.id == expert).values(password_hash=password_hash))


def set_reviewer(connection: sa.Connection, expert: str, *, may: bool) -> None:
    """Give an expert the right to review clips, or take it back."""
    connection.execute(t.expert.update().where(t.expert.c.id == expert).values(reviewer=may))


def insert_link(connection: sa.Connection, token_sha256: str, expert: str, expires_at: datetime) -> None:
    """Add a one-time sign-in link."""
    row = {"token_sha256": token_sha256, "expert": expert, "expires_at": expires_at}
    connection.execute(t.sign_in_link.insert().values(**row))


def use_link(connection: sa.Connection, token_sha256: str, at: datetime) -> str | None:
    """Use up a link; return whose it was, or None when it is unknown, used or too old."""
    link = t.sign_in_link.c
    fresh = (link.token_sha256 == token_sha256) & link.used_at.is_(None) & (link.expires_at > at)
    query = t.sign_in_link.update().where(fresh).values(used_at=at).returning(link.expert)
    used: str | None = connection.scalar(query)
    return used


def insert_session(connection: sa.Connection, session: Session) -> None:
    """Add a session."""
    connection.execute(t.session.insert().values(**asdict(session)))


def session_by_token(connection: sa.Connection, token_sha256: str) -> Session | None:
    """Return a session, None when there is none."""
    query = sa.select(t.session).where(t.session.c.token_sha256 == token_sha256)
    found = many(connection, query, Session)
    return found[0] if found else None


def touch_session(connection: sa.Connection, token_sha256: str, at: datetime) -> None:
    """Say that a session was used."""
    connection.execute(t.session.update().where(t.session.c.token_sha256 == token_sha256).values(seen_at=at))


def end_session(connection: sa.Connection, token_sha256: str) -> None:
    """End a session."""
    connection.execute(t.session.delete().where(t.session.c.token_sha256 == token_sha256))


def end_sessions_of(connection: sa.Connection, expert: str, *, but: str = "") -> None:
    """End all sessions of an expert, but for one token."""
    mine = (t.session.c.expert == expert) & (t.session.c.token_sha256 != but)
    connection.execute(t.session.delete().where(mine))
