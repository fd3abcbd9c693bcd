"""The rhythm of feeds: 304s counted, a pause of their own, entries by the time that they were first seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns of feeds, one index of entries."""
    op.add_column("feeds", sa.Column("pause_s", sa.Float(), nullable=True))
    op.add_column("feeds", sa.Column("unmodified", sa.Integer(), server_default="0", nullable=False))
    op.create_index(op.f("ix_entries_feed_id_first_seen_at"), "entries", ["feed_id", "first_seen_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_entries_feed_id_first_seen_at"), table_name="entries")
    with op.batch_alter_table("feeds") as feeds:
        feeds.drop_column("unmodified")
        feeds.drop_column("pause_s")
