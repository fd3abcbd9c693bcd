"""When an article's page was done with, and when a report was decided on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns."""
    op.add_column("articles", sa.Column("body_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reports", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("reports", "decided_at")
    op.drop_column("articles", "body_at")
