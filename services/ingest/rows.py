"""Rows that go in where their unique key is free: how ingest may do anything twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_CHUNK = 400  # parameters of one statement stay far below SQLite's limit


def insert_ignore(
    session: Session, table: type[Any], rows: Sequence[Mapping[str, Any]], *returning: str
) -> list[tuple[Any, ...]]:
    """Insert the rows whose unique keys are free; the named columns of those that went in."""
    if not rows:
        return []
    target: Table = table.__table__
    on_postgres = session.get_bind().dialect.name == "postgresql"
    statement: Any = postgresql.insert(target) if on_postgres else sqlite.insert(target)
    statement = statement.on_conflict_do_nothing()
    if not returning:
        session.execute(statement, list(rows))
        return []
    statement = statement.returning(*(target.c[name] for name in returning))
    return [tuple(row) for row in session.execute(statement, list(rows))]


def chunks(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """The values, so many at a time that a statement may name them all."""
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
