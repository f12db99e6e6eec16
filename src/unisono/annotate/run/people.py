"""Experts, and how they sign in: by one-time link or by password."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa

from unisono.annotate.secrets import new_token, token_sha256
from unisono.base.errors import AccessError, ConflictError, NotFoundError, SettingsError
from unisono.base.settings import Settings
from unisono.catalog import experts as rows
from unisono.catalog.experts import Expert
from unisono.catalog.projects import add_member, memberships, project_by_slug
from unisono.catalog.rows import now

LINK_HOURS = 24
MIN_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, where that person leads, and whether she may see what is not de-identified yet."""

    id: str
    name: str
    pseudonym: str
    leads: tuple[str, ...]
    has_password: bool
    reviewer: bool = False

    @property
    def may_bring(self) -> bool:
        """Whether she may bring recordings in: a lead, or who may see them before they are de-identified.

        A new site has no project yet, so somebody must be able to without leading one.
        """
        return self.reviewer or bool(self.leads)


def add_expert(
    connection: sa.Connection, name: str, *, simulated: bool = False, pseudonym: str | None = None
) -> Expert:
    """Add a person under a fresh pseudonym.

    Raises
    ------
    ConflictError
        If the name is taken.
    """
    drawn = pseudonym or f"expert-{uuid4().hex[:8]}"
    expert = Expert(str(uuid4()), name.strip(), drawn, simulated, active=True, created_at=now())
    if not expert.name:
        raise SettingsError("an expert's name must not be empty")
    if rows.is_name_taken(connection, expert.name):
        raise ConflictError(f"there is an expert {expert.name!r} already")
    rows.insert_expert(connection, expert)
    return expert


def set_role(connection: sa.Connection, project: str, name: str, role: str) -> None:
    """Let a person work in a project as ``expert`` or ``lead``.

    Raises
    ------
    NotFoundError
        If there is no such project or person.
    SettingsError
        If the role is unknown.
    """
    if role not in ("expert", "lead"):
        raise SettingsError(f"role {role!r} is not one of: expert, lead")
    add_member(connection, project_by_slug(connection, project).slug, find(connection, name).id, role)


def set_reviewer(connection: sa.Connection, name: str, *, may: bool = True) -> None:
    """Let a person see clips that are not de-identified yet and decide on them, or no more.

    Leading a project does not give this right: it is about patients, not about labels.

    Raises
    ------
    NotFoundError
        If there is no such person.
    """
    rows.set_reviewer(connection, find(connection, name).id, may=may)


def reviewer(connection: sa.Connection, name: str) -> Expert:
    """Return a person who may review.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    AccessError
        If that person may not.
    """
    found = find(connection, name)
    if not (found.reviewer and found.active):
        raise AccessError(f"{name} may not review clips; unisono user reviewer NAME gives the right")
    return found


def find(connection: sa.Connection, name: str) -> Expert:
    """Return a person by name.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    return rows.expert_by_name(connection, name)


def everybody(connection: sa.Connection) -> list[Expert]:
    """Return all persons by pseudonym."""
    return rows.all_experts(connection)


def invite(connection: sa.Connection, name: str, *, hours: float = LINK_HOURS) -> str:
    """Return the token of a fresh one-time sign-in link for a person.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    token = new_token()
    expires_at = now() + timedelta(hours=hours)
    rows.insert_link(connection, token_sha256(token), find(connection, name).id, expires_at)
    return token


def password_hash_of(connection: sa.Connection, name: str) -> str | None:
    """Return what a password is checked against; None when there is nothing to check, or nobody."""
    try:
        expert = find(connection, name)
    except NotFoundError:
        return None
    return expert.password_hash if expert.active else None


def set_password(connection: sa.Connection, expert: str, password_hash: str, *, keep_token: str) -> None:
    """Replace a password and end the person's other sign-ins."""
    rows.set_password_hash(connection, expert, password_hash)
    rows.end_sessions_of(connection, expert, but=token_sha256(keep_token))


def sign_in_by_link(connection: sa.Connection, token: str, settings: Settings) -> str:
    """Use up a link and return the token of a new session.

    Raises
    ------
    AccessError
        If the link is unknown, used or too old.
    """
    expert = rows.use_link(connection, token_sha256(token), now())
    if expert is None or not rows.expert_by_id(connection, expert).active:
        raise AccessError("this sign-in link was used already, is too old or is unknown; ask for a new one")
    return _new_session(connection, expert, settings)


def sign_in_checked(connection: sa.Connection, name: str, settings: Settings) -> str:
    """Return the token of a new session for somebody whose password was checked."""
    return _new_session(connection, find(connection, name).id, settings)


def sign_out(connection: sa.Connection, token: str) -> None:
    """End a session."""
    rows.end_session(connection, token_sha256(token))


def who_is(connection: sa.Connection, token: str, settings: Settings) -> Person | None:
    """Return who holds a session's token; None when it is unknown or has ended."""
    session = rows.session_by_token(connection, token_sha256(token))
    at = now()
    if session is None or session.ends_at <= at:
        return None
    if session.seen_at + timedelta(hours=settings.session_idle_h) <= at:
        return None
    expert = rows.expert_by_id(connection, session.expert)
    if not expert.active:
        return None
    leads = tuple(m.project for m in memberships(connection, expert.id) if m.role == "lead")
    has_password = expert.password_hash is not None
    return Person(expert.id, expert.name, expert.pseudonym, leads, has_password, expert.reviewer)


def still_here(connection: sa.Connection, token: str) -> None:
    """Say that a session was just used, so that it does not idle out."""
    rows.touch_session(connection, token_sha256(token), now())


def _new_session(connection: sa.Connection, expert: str, settings: Settings) -> str:
    token, at = new_token(), now()
    ends_at = at + timedelta(hours=settings.session_max_h)
    rows.insert_session(connection, rows.Session(token_sha256(token), expert, at, at, ends_at))
    return token


__all__ = [
    "Expert", "Person", "add_expert", "everybody", "find", "invite", "password_hash_of", "reviewer",
    "set_password", "set_reviewer", "set_role", "sign_in_by_link", "sign_in_checked", "sign_out",
    "still_here", "who_is",
]  # fmt: skip
