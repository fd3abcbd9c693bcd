"""Hands, plans that are due, calls that wait for a look of the notifier, and runs of `reclassify`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSONB = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Four columns of calls, two tables."""
    op.add_column("calls", sa.Column("withdrawn", JSONB, nullable=True))
    op.add_column("calls", sa.Column("notify_state", sa.String(length=10), server_default="done", nullable=False))
    op.add_column("calls", sa.Column("due_at", MOMENT, nullable=True))
    op.add_column("calls", sa.Column("unconfirmed_at", MOMENT, nullable=True))
    op.create_index(op.f("ix_calls_notify_state"), "calls", ["notify_state", "id"], unique=False)
    op.create_index(op.f("ix_calls_due_at"), "calls", ["due_at"], unique=False)
    _create_hands()
    op.create_table(
        "rereadings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rereadings")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("rereadings")
    op.drop_table("hands")
    op.drop_index(op.f("ix_calls_due_at"), table_name="calls")
    op.drop_index(op.f("ix_calls_notify_state"), table_name="calls")
    with op.batch_alter_table("calls") as calls:
        for name in ("unconfirmed_at", "due_at", "notify_state", "withdrawn"):
            calls.drop_column(name)


def _create_hands() -> None:
    op.create_table(
        "hands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("call_id", sa.String(length=40), nullable=False),
        sa.Column("other_id", sa.String(length=40), nullable=True),
        sa.Column("pairs", JSONB, nullable=False),
        sa.Column("reports", JSONB, nullable=False),
        sa.Column("others", JSONB, nullable=False),
        sa.Column("edits", JSONB, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("retired_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_hands_call_id_calls")),
        sa.ForeignKeyConstraint(["other_id"], ["calls.id"], name=op.f("fk_hands_other_id_calls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hands")),
    )
    op.create_index(op.f("ix_hands_call_id"), "hands", ["call_id"], unique=False)
    op.create_index(op.f("ix_hands_retired_at"), "hands", ["retired_at"], unique=False)
