"""A call is found by its words: an index in place of looking through all. Those that are there get theirs from the
classifier's tick, a thousand at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, which may be empty, and an index of what is in it (PostgreSQL) and of where nothing is."""
    op.add_column("calls", sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_calls_words", "calls", ["words"], unique=False, postgresql_using="gin")
    empty = sa.text("words IS NULL")
    op.create_index("ix_calls_without_words", "calls", ["id"], unique=False, sqlite_where=empty, postgresql_where=empty)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_calls_without_words", table_name="calls")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_calls_words", table_name="calls")
    op.drop_column("calls", "words")
