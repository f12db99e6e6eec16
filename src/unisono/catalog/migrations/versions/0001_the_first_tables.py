"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("answer", "submission", "review")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clip",
        sa.Column("code", sa.String(length=67), nullable=False),
        sa.Column("dataset_class", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("n_frames", sa.Integer(), nullable=False),
        sa.Column("frame_times_s", DOCUMENT, nullable=True),
        sa.Column("timing", sa.String(length=64), nullable=False),
        sa.Column("regions", DOCUMENT, nullable=False),
        sa.Column("spacing_mm", DOCUMENT, nullable=True),
        sa.Column("header", DOCUMENT, nullable=False),
        sa.Column("mask", DOCUMENT, nullable=False),
        sa.Column("decoder", sa.String(length=128), nullable=False),
        sa.Column("pack_sha256", sa.String(length=64), nullable=False),
        sa.Column("pack_bytes", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_clip")),
        sa.UniqueConstraint("source_key", name=op.f("uq_clip_source_key")),
    )
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clip_subject"), ["subject"], unique=False)

    op.create_table(
        "exclusion",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("path", "source_key", name=op.f("pk_exclusion")),
    )
    op.create_table(
        "expert",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("name", name=op.f("uq_expert_name")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_expert_pseudonym")),
    )
    op.create_table(
        "project",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("protocol_name", sa.String(length=80), nullable=False),
        sa.Column("protocol_version", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_project")),
    )
    op.create_table(
        "frame",
        sa.Column("clip", sa.String(length=67), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("png_sha256", sa.String(length=64), nullable=False),
        sa.Column("pixel_sha256", sa.String(length=64), nullable=False),
        sa.Column("png_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clip"], ["clip.code"], name=op.f("fk_frame_clip")),
        sa.PrimaryKeyConstraint("clip", "index", name=op.f("pk_frame")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("clip", sa.String(length=67), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clip"], ["clip.code"], name=op.f("fk_item_clip")),
        sa.ForeignKeyConstraint(["project"], ["project.slug"], name=op.f("fk_item_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("project", "position", name=op.f("uq_item_project_position")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_clip"), ["clip"], unique=False)

    op.create_table(
        "member",
        sa.Column("project", sa.String(length=80), nullable=False),
        sa.Column("expert", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.CheckConstraint("role in ('expert', 'lead')", name=op.f("ck_member_role")),
        sa.ForeignKeyConstraint(["expert"], ["expert.id"], name=op.f("fk_member_expert")),
        sa.ForeignKeyConstraint(["project"], ["project.slug"], name=op.f("fk_member_project")),
        sa.PrimaryKeyConstraint("project", "expert", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_expert"), ["expert"], unique=False)

    op.create_table(
        "release",
        sa.Column("project", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project"], ["project.slug"], name=op.f("fk_release_project")),
        sa.PrimaryKeyConstraint("project", "version", "format", name=op.f("pk_release")),
    )
    op.create_table(
        "result",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("parameters", DOCUMENT, nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project"], ["project.slug"], name=op.f("fk_result_project")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_result")),
        sa.UniqueConstraint("id", name=op.f("uq_result_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index("ix_result_latest", ["project", "kind", "seq"], unique=False)

    op.create_table(
        "session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expert", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["expert"], ["expert.id"], name=op.f("fk_session_expert")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_expert"), ["expert"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expert", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["expert"], ["expert.id"], name=op.f("fk_sign_in_link_expert")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_in_link")),
    )
    op.create_table(
        "answer",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=36), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("expert", sa.String(length=36), nullable=False),
        sa.Column("label", DOCUMENT, nullable=False),
        sa.Column("label_sha256", sa.String(length=64), nullable=False),
        sa.Column("supersedes", sa.String(length=36), nullable=True),
        sa.Column("protocol_version", sa.Integer(), nullable=False),
        sa.Column("gesture", DOCUMENT, nullable=False),
        sa.Column("display", DOCUMENT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["expert"], ["expert.id"], name=op.f("fk_answer_expert")),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_answer_item")),
        sa.ForeignKeyConstraint(["project"], ["project.slug"], name=op.f("fk_answer_project")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_answer")),
        sa.UniqueConstraint("id", name=op.f("uq_answer_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index("ix_answer_current", ["item", "expert", "question", "seq"], unique=False)
        batch_op.create_index(
            "ix_answer_project", ["project", "item", "question", "expert", "seq"], unique=False
        )

    op.create_table(
        "submission",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=36), nullable=False),
        sa.Column("expert", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("protocol_version", sa.Integer(), nullable=False),
        sa.Column("gesture", DOCUMENT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome in ('done', 'unusable')", name=op.f("ck_submission_outcome")),
        sa.ForeignKeyConstraint(["expert"], ["expert.id"], name=op.f("fk_submission_expert")),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_submission_item")),
        sa.ForeignKeyConstraint(["project"], ["project.slug"], name=op.f("fk_submission_project")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_submission")),
        sa.UniqueConstraint("id", name=op.f("uq_submission_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index("ix_submission_current", ["project", "expert", "item", "seq"], unique=False)

    op.create_table(
        "review",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("answer", sa.String(length=36), nullable=False),
        sa.Column("lead", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict in ('ok', 'look-again')", name=op.f("ck_review_verdict")),
        sa.ForeignKeyConstraint(["answer"], ["answer.id"], name=op.f("fk_review_answer")),
        sa.ForeignKeyConstraint(["lead"], ["expert.id"], name=op.f("fk_review_lead")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_review")),
        sa.UniqueConstraint("id", name=op.f("uq_review_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_answer"), ["answer"], unique=False)

    for table in APPEND_ONLY:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    """Put the triggers on that keep a table append-only."""
    message = f"rows of {table} are never changed or deleted"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table} "
                f"begin select raise(abort, '{message}'); end"
            )
        return
    op.execute(
        f"create function {table}_append_only() returns trigger language plpgsql as "
        f"$$ begin raise exception '{message}'; end $$"
    )
    op.execute(
        f"create trigger {table}_append_only before update or delete on {table} "
        f"for each row execute function {table}_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError("the first migration cannot be undone: delete the database instead")
