"""Test articles, and the indexes that lists of calls and streams of changes are read from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSONB = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TOLD = sa.text("coalesce(latest, created_at) DESC")
STANDING = sa.text("merged_into IS NULL")


def upgrade() -> None:
    """One table, two indexes of calls."""
    op.create_table(
        "canaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("stored_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("facts", JSONB, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=True),
        sa.Column("ts", sa.String(length=40), nullable=True),
        sa.Column("failed", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canaries")),
    )
    op.create_index(op.f("ix_canaries_started_at"), "canaries", ["started_at"], unique=False)
    op.create_index(op.f("ix_calls_updated_at"), "calls", ["updated_at"], unique=False)
    op.create_index(
        "ix_calls_told",
        "calls",
        [TOLD, "id", "status", "countries", "persons", "latest", "created_at"],
        unique=False,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_calls_told", table_name="calls")
    op.drop_index(op.f("ix_calls_updated_at"), table_name="calls")
    op.drop_table("canaries")
