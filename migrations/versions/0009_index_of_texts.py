"""Whose text stands in which article, and the calls of a set of countries by their time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STANDING = sa.text("merged_into IS NULL")


def upgrade() -> None:
    """One index of calls."""
    op.create_index(
        "ix_calls_countries_latest",
        "calls",
        ["countries", "latest"],
        unique=False,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_calls_countries_latest", table_name="calls")
