"""What each poll gave, and who started with which versions and settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSONB = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """One column, one table."""
    op.add_column("feeds", sa.Column("polls", JSONB, nullable=True))
    op.create_table(
        "starts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known", JSONB, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_starts")),
    )
    op.create_index(op.f("ix_starts_at"), "starts", ["at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("starts")
    op.drop_column("feeds", "polls")
