"""Some experts may see what is not de-identified yet; nobody has that right who was not given it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A default that stays: to take it off, SQLite would have to drop a table that others refer to.
    op.add_column("expert", sa.Column("reviewer", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise NotImplementedError("who may see what is held is not forgotten: restore a backup instead")
