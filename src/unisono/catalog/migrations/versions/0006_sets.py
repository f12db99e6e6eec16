"""Items that show several recordings at once, and items that are asked a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Written out, because Alembic adds the constraint by a statement of its own, which SQLite has not.
    op.execute(
        "alter table item add column repeat_of varchar(36) constraint fk_item_repeat_of references item (id)"
    )
    op.create_table(
        "item_member",
        sa.Column("item", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("clip", sa.String(length=67), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_item_member_item")),
        sa.ForeignKeyConstraint(["clip"], ["clip.code"], name=op.f("fk_item_member_clip")),
        sa.PrimaryKeyConstraint("item", "place", name=op.f("pk_item_member")),
    )
    op.create_index(op.f("ix_item_member_clip"), "item_member", ["clip"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("answers about sets would lose what they are about: restore a backup instead")
