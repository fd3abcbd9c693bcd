"""Migrations on databases that hold something, from the first schema on: they add, and nothing that is there changes.

So workers of before and after an upgrade may run side by side: what an older one writes, without the new columns, is
taken by the newer schema, and what it reads is where it was.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.dialects.postgresql import TSVECTOR

import migrations
from shared import db
from shared.tables import Base

REVISIONS = tuple(reversed(migrations.revisions()))
MOMENT = dt.datetime(2025, 3, 18, 17, 0)  # noqa: DTZ001
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database of each kind in turn, as a plain engine."""
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
        yield engine
        engine.dispose()
        return
    server = str(request.getfixturevalue("postgres_server"))
    name = f"migrated_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        engine = db.make_engine(f"{server.rpartition('/')[0]}/{name}")
        yield engine
        engine.dispose()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they are, those that others point to first."""
    known = MetaData()
    known.reflect(connection)
    return [table for table in known.sorted_tables if table.name != "alembic_version"]


def value_of(column: sa.Column[Any], number: int) -> Any:
    """Something that the column takes, another for each number."""
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        return None if target.table is column.table else value_of(target, number)
    kind = column.type
    if isinstance(kind, TSVECTOR):
        return f"words {number}"
    if isinstance(kind, sa.Boolean):
        return number % 2 == 0
    if isinstance(kind, sa.DateTime):
        aware = kind.timezone
        return (MOMENT.replace(tzinfo=dt.UTC) if aware else MOMENT) + dt.timedelta(minutes=number)
    if isinstance(kind, sa.JSON):
        return {"số": number}
    if isinstance(kind, sa.LargeBinary):
        return bytes([number])
    if isinstance(kind, sa.Integer | sa.Float):
        return number
    return f"{column.name[:8]}-{number}"[: kind.length or 100] if isinstance(kind, sa.String) else number


def write(connection: Connection, tables: list[Table], number: int) -> None:
    """A row in each table, whole."""
    for table in tables:
        connection.execute(sa.insert(table), {column.name: value_of(column, number) for column in table.columns})


def read(connection: Connection, tables: list[Table]) -> Rows:
    """All rows, by the columns that were known when the tables were looked at."""
    return {
        table.name: [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
        for table in tables
    }


# of an index on an expression, on SQLite
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_each_migration_keeps_what_is_there_and_takes_what_older_workers_write(empty: sa.Engine) -> None:
    with empty.begin() as connection:
        migrations.upgrade(connection, REVISIONS[0])
    number = 1
    for revision in REVISIONS[1:]:
        with empty.begin() as connection:
            old = tables_of(connection)
            write(connection, old, number)
            before = read(connection, old)
        with empty.begin() as connection:
            migrations.upgrade(connection, revision)
        with empty.begin() as connection:
            assert read(connection, old) == before, revision
            new = {table.name: table for table in tables_of(connection)}
            for table in old:  # nothing that an older worker knows is gone or of another kind
                for column in table.columns:
                    assert str(new[table.name].columns[column.name].type) == str(column.type), (revision, column)
            write(connection, old, number + 1)  # an older worker, side by side
        number += 2
    with empty.begin() as connection:
        write(connection, tables_of(connection), number)
        rows = read(connection, tables_of(connection))
    assert set(rows) == set(Base.metadata.tables)
    assert {name: len(found) for name, found in rows.items()}["articles"] == number


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_the_program_reads_what_every_schema_before_it_has_written(empty: sa.Engine) -> None:
    with empty.begin() as connection:
        migrations.upgrade(connection, REVISIONS[0])
        write(connection, tables_of(connection), 1)
    with empty.begin() as connection:
        migrations.upgrade(connection)
        for table in Base.metadata.sorted_tables:
            found = connection.execute(sa.select(table)).all()
            assert len(found) == (1 if table.name in FIRST else 0), table.name


FIRST = ("feeds", "hosts", "articles", "entries", "calls", "call_pairs", "reports", "announcements", "heartbeats")
