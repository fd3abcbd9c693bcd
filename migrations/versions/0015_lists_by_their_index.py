"""Lists of calls by pair and by status are answered by an index in their own order, and so is what came last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TOLD_AT = sa.text("coalesce(latest, created_at) DESC")
STANDING = "merged_into IS NULL"
OF_MORE = "length(countries) > length(replace(countries, '-', '')) + 1"
NOT_HELD = "status <> 'held'"


def upgrade() -> None:
    """Five indexes; two go that others begin with, and one is of merged calls alone."""
    of_two: list[str | sa.TextClause] = ["countries", TOLD_AT, "id", "status", "latest", "created_at", "merged_into"]
    _of_calls("of_two", of_two, STANDING)
    more: list[str | sa.TextClause] = [TOLD_AT, "id", "status", "countries", "latest", "created_at", "merged_into"]
    _of_calls("of_more", more, f"{STANDING} AND {OF_MORE}")
    not_held: list[str | sa.TextClause] = [
        "status",
        TOLD_AT,
        "id",
        "countries",
        "persons",
        "latest",
        "created_at",
        "merged_into",
    ]
    _of_calls("not_held", not_held, f"{STANDING} AND {NOT_HELD}")
    op.create_index(op.f("ix_articles_classified_at"), "articles", ["classified_at"], unique=False)
    op.create_index(op.f("ix_announcements_sent_at"), "announcements", ["sent_at"], unique=False)
    op.drop_index(op.f("ix_calls_countries"), table_name="calls")
    op.drop_index(op.f("ix_call_pairs_pair"), table_name="call_pairs")
    op.drop_index(op.f("ix_calls_merged_into"), table_name="calls")
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index(
        "ix_calls_merged_into", "calls", ["merged_into"], unique=False, sqlite_where=merged, postgresql_where=merged
    )


def downgrade() -> None:
    """The other way round."""
    op.drop_index("ix_calls_merged_into", table_name="calls")
    op.create_index(op.f("ix_calls_merged_into"), "calls", ["merged_into"], unique=False)
    op.create_index(op.f("ix_call_pairs_pair"), "call_pairs", ["pair"], unique=False)
    op.create_index(op.f("ix_calls_countries"), "calls", ["countries"], unique=False)
    op.drop_index(op.f("ix_announcements_sent_at"), table_name="announcements")
    op.drop_index(op.f("ix_articles_classified_at"), table_name="articles")
    for name in ("not_held", "of_more", "of_two"):
        op.drop_index(f"ix_calls_told_{name}", table_name="calls")


def _of_calls(name: str, columns: list[str | sa.TextClause], which: str) -> None:
    where = sa.text(which)
    op.create_index(f"ix_calls_told_{name}", "calls", columns, unique=False, sqlite_where=where, postgresql_where=where)
