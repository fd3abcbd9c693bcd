"""A pair of countries is found by either of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two indexes."""
    first, last = sa.text("substr(pair, 1, 2)"), sa.text("substr(pair, length(pair) - 1)")
    op.create_index("ix_call_pairs_first", "call_pairs", [first], unique=False)
    op.create_index("ix_call_pairs_last", "call_pairs", [last], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_call_pairs_last", table_name="call_pairs")
    op.drop_index("ix_call_pairs_first", table_name="call_pairs")
