"""The tables, for SQLite and PostgreSQL alike.

Three rules hold. Answers, submissions and reviews are only ever appended: a trigger refuses to change or
delete them. Everything derived (`result`, `release`) names its method, parameters and the hash of its inputs.
No table holds a patient's name, number or date.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name from day one: SQLite cannot drop one that has none."""


class Instant(TypeDecorator[datetime]):
    """A UTC instant; aware on the way in and out, also on SQLite, which forgets the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive instant, and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone; got {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
Sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite autoincrements INTEGER only
metadata = sa.MetaData(naming_convention=NAMES)


def _column(name: str, kind: Any, *rest: Any, **options: Any) -> sa.Column[Any]:  # noqa: ANN401
    options.setdefault("nullable", False)
    return sa.Column(name, kind, *rest, **options)


clip = sa.Table(
    "clip",
    metadata,
    _column("code", sa.String(67), primary_key=True),
    _column("dataset_class", sa.String(2)),
    _column("subject", sa.String(64), index=True),
    _column("kind", sa.String(16)),
    _column("rows", sa.Integer),
    _column("columns", sa.Integer),
    _column("n_frames", sa.Integer),
    _column("frame_times_s", Document, nullable=True),
    _column("timing", sa.String(64)),
    _column("regions", Document),
    _column("spacing_mm", Document, nullable=True),
    _column("header", Document),
    _column("mask", Document),
    _column("decoder", sa.String(128)),
    _column("pack_sha256", sa.String(64)),
    _column("pack_bytes", sa.BigInteger),
    _column("source_key", sa.String(64), unique=True),
    _column("origin", sa.Text),
    _column("licence", sa.Text),
    _column("simulated", sa.Boolean),
    _column("created_at", Instant),
)

frame = sa.Table(
    "frame",
    metadata,
    _column("clip", sa.String(67), sa.ForeignKey("clip.code"), primary_key=True),
    _column("index", sa.Integer, primary_key=True),
    _column("png_sha256", sa.String(64)),
    _column("pixel_sha256", sa.String(64)),
    _column("png_bytes", sa.BigInteger),
)

exclusion = sa.Table(
    "exclusion",
    metadata,
    _column("path", sa.Text, primary_key=True),
    _column("source_key", sa.String(64), primary_key=True),
    _column("code", sa.String(32)),
    _column("reason", sa.Text),
    _column("at", Instant),
)

expert = sa.Table(
    "expert",
    metadata,
    _column("id", sa.String(36), primary_key=True),
    _column("name", sa.String(200), unique=True),
    _column("pseudonym", sa.String(40), unique=True),
    _column("simulated", sa.Boolean),
    _column("active", sa.Boolean),
    _column("password_hash", sa.Text, nullable=True),
    _column("created_at", Instant),
)

sign_in_link = sa.Table(
    "sign_in_link",
    metadata,
    _column("token_sha256", sa.String(64), primary_key=True),
    _column("expert", sa.String(36), sa.ForeignKey("expert.id")),
    _column("expires_at", Instant),
    _column("used_at", Instant, nullable=True),
)

session = sa.Table(
    "session",
    metadata,
    _column("token_sha256", sa.String(64), primary_key=True),
    _column("expert", sa.String(36), sa.ForeignKey("expert.id"), index=True),
    _column("created_at", Instant),
    _column("seen_at", Instant),
    _column("ends_at", Instant),
)

project = sa.Table(
    "project",
    metadata,
    _column("slug", sa.String(80), primary_key=True),
    _column("title", sa.String(200)),
    _column("protocol", sa.Text),
    _column("protocol_name", sa.String(80)),
    _column("protocol_version", sa.Integer),
    _column("seed", sa.String(64)),
    _column("simulated", sa.Boolean),
    _column("created_at", Instant),
)

member = sa.Table(
    "member",
    metadata,
    _column("project", sa.String(80), sa.ForeignKey("project.slug"), primary_key=True),
    _column("expert", sa.String(36), sa.ForeignKey("expert.id"), primary_key=True, index=True),
    _column("role", sa.String(16)),
    sa.CheckConstraint("role in ('expert', 'lead')", name="role"),
)

item = sa.Table(
    "item",
    metadata,
    _column("id", sa.String(36), primary_key=True),
    _column("project", sa.String(80), sa.ForeignKey("project.slug")),
    _column("position", sa.Integer),
    _column("clip", sa.String(67), sa.ForeignKey("clip.code"), index=True),
    _column("frame", sa.Integer, nullable=True),
    sa.UniqueConstraint("project", "position"),
)

answer = sa.Table(
    "answer",
    metadata,
    _column("seq", Sequence, primary_key=True, autoincrement=True),
    _column("id", sa.String(36), unique=True),
    _column("project", sa.String(80), sa.ForeignKey("project.slug")),
    _column("item", sa.String(36), sa.ForeignKey("item.id")),
    _column("question", sa.String(80)),
    _column("expert", sa.String(36), sa.ForeignKey("expert.id")),
    _column("label", Document),
    _column("label_sha256", sa.String(64)),
    _column("supersedes", sa.String(36), nullable=True),
    _column("protocol_version", sa.Integer),
    _column("gesture", Document),
    _column("display", Document),
    _column("at", Instant),
    sa.Index("ix_answer_current", "item", "expert", "question", "seq"),
    sa.Index("ix_answer_project", "project", "item", "question", "expert", "seq"),
    sqlite_autoincrement=True,
)

submission = sa.Table(
    "submission",
    metadata,
    _column("seq", Sequence, primary_key=True, autoincrement=True),
    _column("id", sa.String(36), unique=True),
    _column("project", sa.String(80), sa.ForeignKey("project.slug")),
    _column("item", sa.String(36), sa.ForeignKey("item.id")),
    _column("expert", sa.String(36), sa.ForeignKey("expert.id")),
    _column("outcome", sa.String(16)),
    _column("reason", sa.String(200)),
    _column("comment", sa.Text),
    _column("protocol_version", sa.Integer),
    _column("gesture", Document),
    _column("at", Instant),
    sa.CheckConstraint("outcome in ('done', 'unusable')", name="outcome"),
    sa.Index("ix_submission_current", "project", "expert", "item", "seq"),
    sqlite_autoincrement=True,
)

review = sa.Table(
    "review",
    metadata,
    _column("seq", Sequence, primary_key=True, autoincrement=True),
    _column("id", sa.String(36), unique=True),
    _column("answer", sa.String(36), sa.ForeignKey("answer.id"), index=True),
    _column("lead", sa.String(36), sa.ForeignKey("expert.id")),
    _column("verdict", sa.String(16)),
    _column("comment", sa.Text),
    _column("at", Instant),
    sa.CheckConstraint("verdict in ('ok', 'look-again')", name="verdict"),
    sqlite_autoincrement=True,
)

result = sa.Table(
    "result",
    metadata,
    _column("seq", Sequence, primary_key=True, autoincrement=True),
    _column("id", sa.String(36), unique=True),
    _column("project", sa.String(80), sa.ForeignKey("project.slug")),
    _column("kind", sa.String(40)),
    _column("method", sa.String(200)),
    _column("parameters", Document),
    _column("code_version", sa.String(40)),
    _column("input_sha256", sa.String(64)),
    _column("body", Document),
    _column("created_at", Instant),
    sa.Index("ix_result_latest", "project", "kind", "seq"),
    sqlite_autoincrement=True,
)

release = sa.Table(
    "release",
    metadata,
    _column("project", sa.String(80), sa.ForeignKey("project.slug"), primary_key=True),
    _column("version", sa.String(40), primary_key=True),
    _column("format", sa.String(40), primary_key=True),
    _column("manifest_sha256", sa.String(64)),
    _column("path", sa.Text),
    _column("created_at", Instant),
)

APPEND_ONLY = ("answer", "submission", "review")
"""Tables whose rows never change; migrations put the triggers on."""
