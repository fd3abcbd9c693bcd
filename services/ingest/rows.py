"""Rows that go in where their unique key is free: how ingest may do anything twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Column, Table, Text, bindparam, cast, column, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.tables import UtcDateTime

_CHUNK = 400  # parameters of one statement stay far below SQLite's limit


def insert_ignore(
    session: Session, table: type[Any], rows: Sequence[Mapping[str, Any]], *returning: str
) -> list[tuple[Any, ...]]:
    """Insert the rows, which all have the same columns, whose unique keys are free; the named columns of those that
    went in."""
    if not rows:
        return []
    target: Table = table.__table__
    on_postgres = session.get_bind().dialect.name == "postgresql"
    statement = _statement(target, tuple(rows[0]), returning, on_postgres=on_postgres)
    if not on_postgres:
        return _went_in(session, statement, list(rows), returning)
    _refuse_naive(target, rows)
    went_in: list[tuple[Any, ...]] = []
    for some in chunks(rows):  # PostgreSQL reads the rows of a statement more than once, to plan it and to run it
        went_in += _went_in(session, statement, {"rows": msgspec.json.encode(some).decode()}, returning)
    return went_in


def _went_in(session: Session, statement: Any, given: Any, returning: Sequence[str]) -> list[tuple[Any, ...]]:
    result = session.execute(statement, given)
    return [tuple(row) for row in result] if returning else []


@lru_cache  # putting it together costs as much as running it for a feed's entries
def _statement(target: Table, given: tuple[str, ...], returning: tuple[str, ...], *, on_postgres: bool) -> Any:
    statement = _from_json(target, given) if on_postgres else sqlite.insert(target)
    statement = statement.on_conflict_do_nothing()
    return statement.returning(*(target.c[name] for name in returning)) if returning else statement


def _from_json(target: Table, given: Sequence[str]) -> postgresql.Insert:
    """An insert of rows that come as one parameter, which PostgreSQL takes apart: with one for each value, most of the
    time would go into numbering them (https://www.postgresql.org/docs/current/functions-json.html)."""
    cells = (
        func.json_to_recordset(cast(bindparam("rows", type_=Text), postgresql.JSON))
        .table_valued(*(column(name, target.c[name].type) for name in given), name="given")
        .render_derived(with_types=True)
    )
    ours = [own for name, own in target.c.items() if name not in given and own.default is not None]
    defaults = [literal(_default(own), own.type) for own in ours]
    names = [*given, *(own.name for own in ours)]
    return postgresql.insert(target).from_select(names, select(*cells.c, *defaults), include_defaults=False)


def _default(own: Column[Any]) -> Any:
    default: Any = own.default
    return default.arg(None) if default.is_callable else default.arg


def _refuse_naive(target: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """PostgreSQL would take a time without a zone for one of its own zone; through a parameter the type sees to it."""
    moments = [name for name in rows[0] if isinstance(target.c[name].type, UtcDateTime)]
    for value in (row[name] for row in rows for name in moments):
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: times in the database are UTC and aware")


def chunks(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """The values, so many at a time that a statement may name them all."""
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
