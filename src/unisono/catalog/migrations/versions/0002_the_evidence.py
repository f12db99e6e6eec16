"""Masks, gate verdicts, inspections and the intake; clips get a state.

Clips that were taken before nobody looked at: they wait for a review like new ones. Exclusions named paths,
which may name patients: they are dropped, and the next run records them anew under keyed names.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STATES = "state in ('written', 'gated', 'approved', 'quarantined', 'rejected')"
APPEND_ONLY = ("gate", "inspection")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _clip()
    _exclusion()
    op.create_table(
        "mask",
        sa.Column("clip", sa.String(length=67), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("record", DOCUMENT, nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["clip"], ["clip.code"], name=op.f("fk_mask_clip")),
        sa.PrimaryKeyConstraint("clip", "version", name=op.f("pk_mask")),
    )
    _gate()
    _inspection()
    op.create_table(
        "intake",
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("run", sa.String(length=36), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("state in ('received', 'stored', 'withheld')", name=op.f("ck_intake_state")),
        sa.PrimaryKeyConstraint("source_key", name=op.f("pk_intake")),
    )
    for table in APPEND_ONLY:
        _refuse_changes(table)


def _clip() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Alembic would build the table anew, and frames that refer to it forbid dropping the old one.
        op.execute(
            "alter table clip add column state varchar(16) not null default 'written' "
            f"constraint ck_clip_state check ({STATES})"
        )
        op.execute("alter table clip add column mask_version integer not null default 1")
        op.execute("alter table clip add column pixels_sha256 varchar(64) not null default ''")
        op.execute("alter table clip add column dup_of varchar(67)")
    else:
        op.add_column("clip", sa.Column("state", sa.String(16), nullable=False, server_default="written"))
        op.add_column("clip", sa.Column("mask_version", sa.Integer(), nullable=False, server_default="1"))
        op.add_column("clip", sa.Column("pixels_sha256", sa.String(64), nullable=False, server_default=""))
        op.add_column("clip", sa.Column("dup_of", sa.String(67), nullable=True))
        op.create_check_constraint(op.f("ck_clip_state"), "clip", STATES)
    op.create_index(op.f("ix_clip_state"), "clip", ["state"])
    op.create_index(op.f("ix_clip_pixels_sha256"), "clip", ["pixels_sha256"])


def _exclusion() -> None:
    op.drop_table("exclusion")
    op.create_table(
        "exclusion",
        sa.Column("path_key", sa.String(length=64), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("path_key", "source_key", name=op.f("pk_exclusion")),
    )


def _gate() -> None:
    op.create_table(
        "gate",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("clip", sa.String(length=67), nullable=False),
        sa.Column("mask_version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("boxes", DOCUMENT, nullable=False),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "verdict in ('passed', 'text', 'identifier', 'not run')", name=op.f("ck_gate_verdict")
        ),
        sa.ForeignKeyConstraint(["clip"], ["clip.code"], name=op.f("fk_gate_clip")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_gate")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_gate_clip"), "gate", ["clip"], unique=False)


def _inspection() -> None:
    op.create_table(
        "inspection",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("clip", sa.String(length=67), nullable=False),
        sa.Column("mask_version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "decision in ('approve', 'reject', 'redraw')", name=op.f("ck_inspection_decision")
        ),
        sa.ForeignKeyConstraint(["clip"], ["clip.code"], name=op.f("fk_inspection_clip")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inspection")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inspection_clip"), "inspection", ["clip"], unique=False)


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
    raise NotImplementedError("evidence is never thrown away: restore a backup instead")
