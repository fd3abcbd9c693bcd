"""The pause that a robots.txt names, pages that were redirected to another host, who paused a feed and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column for each."""
    op.add_column("hosts", sa.Column("next_page_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("articles", sa.Column("page_url", sa.Text(), nullable=True))
    op.add_column("feeds", sa.Column("hand", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    for table, column in (("feeds", "hand"), ("articles", "page_url"), ("hosts", "next_page_at")):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)
