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
    """Two tables, empty: articles come in as they are read, those of before with `redphone reclassify`."""
    op.create_table(
        "fingerprints",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_fingerprints_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_fingerprints")),
    )
    op.create_index(op.f("ix_fingerprints_origin_id"), "fingerprints", ["origin_id"], unique=False)
    op.create_table(
        "fingerprint_marks",
        sa.Column("mark", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("mark", "article_id", name=op.f("pk_fingerprint_marks")),
    )
    op.create_index(
        "ix_calls_countries_latest",
        "calls",
        ["countries", "latest"],
        unique=False,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_calls_countries_latest", table_name="calls")
    op.drop_table("fingerprint_marks")
    op.drop_table("fingerprints")
