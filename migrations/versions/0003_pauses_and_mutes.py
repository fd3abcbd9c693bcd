"""What a desk's hands say of the alerts: pauses and mutes, a row that a person released or dropped; digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two tables, two columns of the ledger; an announcement need not be about a call: a digest is not."""
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    op.create_table(
        "mutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
    )
    with op.batch_alter_table("announcements") as announcements:
        announcements.add_column(sa.Column("released", sa.Boolean(), server_default=sa.false(), nullable=False))
        announcements.add_column(sa.Column("hand", sa.Text(), nullable=True))
        announcements.alter_column("call_id", existing_type=sa.String(length=40), nullable=True)


def downgrade() -> None:
    """Drop them, and the announcements that are about no call."""
    op.execute("DELETE FROM announcements WHERE call_id IS NULL")
    with op.batch_alter_table("announcements") as announcements:
        announcements.alter_column("call_id", existing_type=sa.String(length=40), nullable=False)
        announcements.drop_column("hand")
        announcements.drop_column("released")
    op.drop_table("mutes")
    op.drop_table("pauses")
