"""Alembic's entry point. It works on the connection that `migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from shared.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
