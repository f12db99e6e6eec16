"""Some experts may see what is not de-identified yet; nobody has that right who was not given it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("expert", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reviewer", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("expert", schema=None) as batch_op:
        batch_op.alter_column("reviewer", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("expert", schema=None) as batch_op:
        batch_op.drop_column("reviewer")
