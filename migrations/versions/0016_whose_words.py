"""Whose words an article has: what its feed said last, and whether its text is that of its page; a feed's own ttl."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three columns; the texts of pages that came are those of their pages."""
    op.add_column("articles", sa.Column("offered_hash", sa.String(64), nullable=True))
    op.add_column("articles", sa.Column("paged", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE articles SET paged = true WHERE body_state = 'done'")
    op.add_column("feeds", sa.Column("ttl_s", sa.Float(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("feeds", "ttl_s")
    op.drop_column("articles", "paged")
    op.drop_column("articles", "offered_hash")
