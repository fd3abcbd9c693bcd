"""What was found when Slack was last asked about each channel that messages go to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, a row for each channel."""
    op.create_table(
        "channels",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("channel_id", sa.String(40), nullable=False),
        sa.Column("workspace", sa.String(200), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("channels")
