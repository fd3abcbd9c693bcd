"""A call's day in a column of its own, and an index for the calls that were merged into another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSONB = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
CALLS = sa.table("calls", sa.column("facts", JSONB), sa.column("date", sa.String()))


def upgrade() -> None:
    """The day is copied out of the facts."""
    op.add_column("calls", sa.Column("date", sa.String(length=10), nullable=True))
    op.execute(sa.update(CALLS).values(date=CALLS.c.facts["date"].as_string()))
    op.create_index(op.f("ix_calls_merged_into"), "calls", ["merged_into"], unique=False)


def downgrade() -> None:
    """Drop both."""
    op.drop_index(op.f("ix_calls_merged_into"), table_name="calls")
    with op.batch_alter_table("calls") as calls:
        calls.drop_column("date")
