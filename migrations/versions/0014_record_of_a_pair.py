"""What a report is compared with is answered by indexes alone: the calls of a pair, the articles that tell of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STANDING = sa.text("merged_into IS NULL")


def upgrade() -> None:
    """Three indexes."""
    op.create_index(
        "ix_calls_record",
        "calls",
        ["countries", "latest", "id", "persons", "status", "earliest", "date", "merged_into"],
        unique=False,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index("ix_call_pairs_pair_call_id", "call_pairs", ["pair", "call_id"], unique=False)
    op.create_index("ix_reports_told", "reports", ["call_id", "published_at", "article_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_reports_told", table_name="reports")
    op.drop_index("ix_call_pairs_pair_call_id", table_name="call_pairs")
    op.drop_index("ix_calls_record", table_name="calls")
