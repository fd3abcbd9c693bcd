"""Rows that go in where their unique key is free: how ingest may do anything twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Table, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

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
    statement: Any = _from_json(target, tuple(rows[0])) if on_postgres else sqlite.insert(target)
    statement = statement.on_conflict_do_nothing()
    if returning:
        statement = statement.returning(*(target.c[name] for name in returning))
    result = session.execute(statement, {"rows": _as_json(target, rows)} if on_postgres else list(rows))
    return [tuple(row) for row in result] if returning else []


def _from_json(target: Table, given: Sequence[str]) -> postgresql.Insert:
    """An insert of rows that come as one parameter, which PostgreSQL takes apart: with one for each value, most of the
    time would go into numbering them (https://www.postgresql.org/docs/current/functions-json.html)."""
    names = [*given, *_left_to_us(target, given)]
    cells = (
        func.json_to_recordset(cast(bindparam("rows", type_=Text), postgresql.JSON))
        .table_valued(*(column(name, target.c[name].type) for name in names), name="given")
        .render_derived(with_types=True)
    )
    return postgresql.insert(target).from_select(names, select(*cells.c), include_defaults=False)


def _as_json(target: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    defaults = {name: _default(target, name) for name in _left_to_us(target, tuple(rows[0]))}
    plain = [{**defaults, **{name: _plain(value) for name, value in row.items()}} for row in rows]
    return msgspec.json.encode(plain).decode()


def _left_to_us(target: Table, given: Sequence[str]) -> list[str]:
    """The columns whose default is ours and not the database's."""
    return [name for name, own in target.c.items() if name not in given and own.default is not None]


def _default(target: Table, name: str) -> Any:
    default: Any = target.c[name].default
    return default.arg(None) if default.is_callable else default.arg


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise ValueError(f"naive datetime {value!r}: times in the database are UTC and aware")
    return value


def chunks(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """The values, so many at a time that a statement may name them all."""
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
