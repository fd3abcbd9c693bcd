"""Alembic migrations, run through its API: `upgrade(connection)` is all that the program needs.

The revisions import no table of the program: a revision says for ever what it said on the day it was written.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

# any number that no other advisory lock of ours uses: two processes that migrate at once take turns
MIGRATION_LOCK = 7_282_001


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run all revisions up to `revision` inside the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    command.upgrade(alembic_config(connection), revision)


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for a connection that is already open."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def revisions() -> tuple[str, ...]:
    """All revisions that this program knows, the newest first."""
    known = ScriptDirectory(str(Path(__file__).parent)).walk_revisions()
    return tuple(script.revision for script in known)
