"""Clips that are parts of a longer recording; inspections of every verb that exists.

Inspections so far called every reading again a redrawing; they stay as they were written.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
VERBS = "decision in ('approve', 'reject', 'redraw', 'remask', 'recheck', 'withdraw', 'look')"
COPY = """insert into inspection (seq, clip, mask_version, "by", decision, reason, at)
    select seq, clip, mask_version, "by", decision, reason, at from inspection_before order by seq"""
REFUSAL = "begin select raise(abort, 'rows of inspection are never changed or deleted'); end"

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clip", sa.Column("part", DOCUMENT, nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _built_anew()
    else:
        op.drop_constraint(op.f("ck_inspection_decision"), "inspection")
        op.create_check_constraint(op.f("ck_inspection_decision"), "inspection", VERBS)


def _built_anew() -> None:
    # SQLite changes no constraint. A copy made by its own statement keeps every other one, and no row refers
    # to an inspection, so that the old table may go.
    found = (
        op.get_bind().execute(sa.text("select sql from sqlite_master where name = 'inspection'")).scalar_one()
    )
    before = "decision in ('approve', 'reject', 'redraw')"
    if before not in found:
        raise ValueError("the table of inspections is not the one that version 0002 made")
    op.execute("drop trigger inspection_no_update")
    op.execute("drop trigger inspection_no_delete")
    op.execute("alter table inspection rename to inspection_before")
    op.execute(found.replace(before, VERBS))
    op.execute(COPY)
    op.execute("drop table inspection_before")
    op.create_index(op.f("ix_inspection_clip"), "inspection", ["clip"], unique=False)
    for verb in ("update", "delete"):
        op.execute(f"create trigger inspection_no_{verb} before {verb} on inspection {REFUSAL}")


def downgrade() -> None:
    raise NotImplementedError("evidence is never thrown away: restore a backup instead")
