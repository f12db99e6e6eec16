"""Leases that are open are found without reading those that were given back, of which there are millions."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_intake_state_run", "intake", ["state", "run"])


def downgrade() -> None:
    op.drop_index("ix_intake_state_run", "intake")
