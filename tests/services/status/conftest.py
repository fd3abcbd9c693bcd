"""The history that the API and the pages are tested with, made once for a module on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.orm import Session, sessionmaker

from shared import db
from tests.support.history import fill


@pytest.fixture(scope="module")
def seeded(postgres_server: str) -> Iterator[sessionmaker[Session]]:
    """The seeds' history on PostgreSQL; whoever asks for it only reads."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE seeded TEMPLATE template")
    url = f"{postgres_server.rpartition('/')[0]}/seeded"
    sessions = db.sessions_for(url)
    fill(sessions)
    yield sessions
    db.close(url)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP DATABASE seeded WITH (FORCE)")


@pytest.fixture(scope="module")
def seeded_file(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sessionmaker[Session]]:
    """The same on SQLite."""
    path = tmp_path_factory.mktemp("seeded") / "seeded.sqlite"
    path.write_bytes(_sqlite_template.read_bytes())
    url = f"sqlite:///{path}"
    sessions = db.sessions_for(url)
    fill(sessions)
    yield sessions
    db.close(url)
