"""What a feed shows now, and what it said of an article that is another feed's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSONB = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns, empty: neither was known before."""
    op.add_column("feeds", sa.Column("shown", JSONB, nullable=True))
    op.add_column("entries", sa.Column("offered_hash", sa.String(16), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("entries", "offered_hash")
    op.drop_column("feeds", "shown")
