"""The pages that came last, and the messages of a report and of a kind, are found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three indexes."""
    paged = sa.text("body_at IS NOT NULL")
    op.create_index(
        "ix_articles_body_at", "articles", ["body_at"], unique=False, sqlite_where=paged, postgresql_where=paged
    )
    op.create_index("ix_announcements_kind", "announcements", ["kind", "id"], unique=False)
    op.create_index(op.f("ix_announcements_report_id"), "announcements", ["report_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_announcements_report_id"), table_name="announcements")
    op.drop_index("ix_announcements_kind", table_name="announcements")
    op.drop_index("ix_articles_body_at", table_name="articles")
