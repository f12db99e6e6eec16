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


def column(name: str, kind: Any, *rest: Any, **options: Any) -> sa.Column[Any]:  # noqa: ANN401
    """Return a column that holds a value unless it says otherwise."""
    options.setdefault("nullable", False)
    return sa.Column(name, kind, *rest, **options)


clip = sa.Table(
    "clip",
    metadata,
    column("code", sa.String(67), primary_key=True),
    column("dataset_class", sa.String(2)),
    column("subject", sa.String(64), index=True),
    column("kind", sa.String(16)),
    column("rows", sa.Integer),
    column("columns", sa.Integer),
    column("n_frames", sa.Integer),
    column("frame_times_s", Document, nullable=True),
    column("timing", sa.String(64)),
    column("regions", Document),
    column("spacing_mm", Document, nullable=True),
    column("header", Document),
    column("mask", Document),
    column("decoder", sa.String(128)),
    column("pack_sha256", sa.String(64)),
    column("pack_bytes", sa.BigInteger),
    column("source_key", sa.String(64), unique=True),
    column("origin", sa.Text),
    column("licence", sa.Text),
    column("simulated", sa.Boolean),
    column("created_at", Instant),
    column("state", sa.String(16), index=True),
    column("mask_version", sa.Integer),
    column("pixels_sha256", sa.String(64), index=True),
    column("dup_of", sa.String(67), nullable=True),
    column("part", Document, nullable=True),
    sa.CheckConstraint("state in ('written', 'gated', 'approved', 'quarantined', 'rejected')", name="state"),
)

frame = sa.Table(
    "frame",
    metadata,
    column("clip", sa.String(67), sa.ForeignKey("clip.code"), primary_key=True),
    column("index", sa.Integer, primary_key=True),
    column("png_sha256", sa.String(64)),
    column("pixel_sha256", sa.String(64)),
    column("png_bytes", sa.BigInteger),
)

exclusion = sa.Table(
    "exclusion",
    metadata,
    column("path_key", sa.String(64), primary_key=True),
    column("source_key", sa.String(64), primary_key=True),
    column("code", sa.String(32)),
    column("reason", sa.Text),
    column("at", Instant),
)

expert = sa.Table(
    "expert",
    metadata,
    column("id", sa.String(36), primary_key=True),
    column("name", sa.String(200), unique=True),
    column("pseudonym", sa.String(40), unique=True),
    column("simulated", sa.Boolean),
    column("active", sa.Boolean),
    column("password_hash", sa.Text, nullable=True),
    column("created_at", Instant),
    column("reviewer", sa.Boolean),
)

sign_in_link = sa.Table(
    "sign_in_link",
    metadata,
    column("token_sha256", sa.String(64), primary_key=True),
    column("expert", sa.String(36), sa.ForeignKey("expert.id")),
    column("expires_at", Instant),
    column("used_at", Instant, nullable=True),
)

session = sa.Table(
    "session",
    metadata,
    column("token_sha256", sa.String(64), primary_key=True),
    column("expert", sa.String(36), sa.ForeignKey("expert.id"), index=True),
    column("created_at", Instant),
    column("seen_at", Instant),
    column("ends_at", Instant),
)

project = sa.Table(
    "project",
    metadata,
    column("slug", sa.String(80), primary_key=True),
    column("title", sa.String(200)),
    column("protocol", sa.Text),
    column("protocol_name", sa.String(80)),
    column("protocol_version", sa.Integer),
    column("seed", sa.String(64)),
    column("simulated", sa.Boolean),
    column("created_at", Instant),
)

member = sa.Table(
    "member",
    metadata,
    column("project", sa.String(80), sa.ForeignKey("project.slug"), primary_key=True),
    column("expert", sa.String(36), sa.ForeignKey("expert.id"), primary_key=True, index=True),
    column("role", sa.String(16)),
    sa.CheckConstraint("role in ('expert', 'lead')", name="role"),
)

item = sa.Table(
    "item",
    metadata,
    column("id", sa.String(36), primary_key=True),
    column("project", sa.String(80), sa.ForeignKey("project.slug")),
    column("position", sa.Integer),
    column("clip", sa.String(67), sa.ForeignKey("clip.code"), index=True),
    column("frame", sa.Integer, nullable=True),
    column("repeat_of", sa.String(36), sa.ForeignKey("item.id"), nullable=True),
    sa.UniqueConstraint("project", "position"),
)

item_member = sa.Table(
    "item_member",
    metadata,
    column("item", sa.String(36), sa.ForeignKey("item.id"), primary_key=True),
    column("place", sa.Integer, primary_key=True),
    column("clip", sa.String(67), sa.ForeignKey("clip.code"), index=True),
    column("frame", sa.Integer, nullable=True),
)

answer = sa.Table(
    "answer",
    metadata,
    column("seq", Sequence, primary_key=True, autoincrement=True),
    column("id", sa.String(36), unique=True),
    column("project", sa.String(80), sa.ForeignKey("project.slug")),
    column("item", sa.String(36), sa.ForeignKey("item.id")),
    column("question", sa.String(80)),
    column("expert", sa.String(36), sa.ForeignKey("expert.id")),
    column("label", Document),
    column("label_sha256", sa.String(64)),
    column("supersedes", sa.String(36), nullable=True),
    column("protocol_version", sa.Integer),
    column("gesture", Document),
    column("display", Document),
    column("at", Instant),
    sa.Index("ix_answer_current", "item", "expert", "question", "seq"),
    sa.Index("ix_answer_project", "project", "item", "question", "expert", "seq"),
    sqlite_autoincrement=True,
)

submission = sa.Table(
    "submission",
    metadata,
    column("seq", Sequence, primary_key=True, autoincrement=True),
    column("id", sa.String(36), unique=True),
    column("project", sa.String(80), sa.ForeignKey("project.slug")),
    column("item", sa.String(36), sa.ForeignKey("item.id")),
    column("expert", sa.String(36), sa.ForeignKey("expert.id")),
    column("outcome", sa.String(16)),
    column("reason", sa.String(200)),
    column("comment", sa.Text),
    column("protocol_version", sa.Integer),
    column("gesture", Document),
    column("at", Instant),
    sa.CheckConstraint("outcome in ('done', 'unusable')", name="outcome"),
    sa.Index("ix_submission_current", "project", "expert", "item", "seq"),
    sqlite_autoincrement=True,
)

review = sa.Table(
    "review",
    metadata,
    column("seq", Sequence, primary_key=True, autoincrement=True),
    column("id", sa.String(36), unique=True),
    column("answer", sa.String(36), sa.ForeignKey("answer.id"), index=True),
    column("lead", sa.String(36), sa.ForeignKey("expert.id")),
    column("verdict", sa.String(16)),
    column("comment", sa.Text),
    column("at", Instant),
    sa.CheckConstraint("verdict in ('ok', 'look-again')", name="verdict"),
    sqlite_autoincrement=True,
)

result = sa.Table(
    "result",
    metadata,
    column("seq", Sequence, primary_key=True, autoincrement=True),
    column("id", sa.String(36), unique=True),
    column("project", sa.String(80), sa.ForeignKey("project.slug")),
    column("kind", sa.String(40)),
    column("method", sa.String(200)),
    column("parameters", Document),
    column("code_version", sa.String(40)),
    column("input_sha256", sa.String(64)),
    column("body", Document),
    column("created_at", Instant),
    sa.Index("ix_result_latest", "project", "kind", "seq"),
    sqlite_autoincrement=True,
)

release = sa.Table(
    "release",
    metadata,
    column("project", sa.String(80), sa.ForeignKey("project.slug"), primary_key=True),
    column("version", sa.String(40), primary_key=True),
    column("format", sa.String(40), primary_key=True),
    column("manifest_sha256", sa.String(64)),
    column("path", sa.Text),
    column("created_at", Instant),
)

APPEND_ONLY = ("answer", "submission", "review")
"""Tables whose rows never change; migrations put the triggers on."""
