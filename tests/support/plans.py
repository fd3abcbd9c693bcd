"""How a database would answer what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session


@contextmanager
def plans_of(session: Session, *, bitmaps: bool = False) -> Iterator[list[str]]:
    """How the database would answer each question that is put, if its tables were long; `bitmaps`: it may put two
    indexes together."""
    plans: list[str] = []
    connection = session.connection()
    on_server = connection.dialect.name == "postgresql"
    if on_server:
        for kind in ("seqscan",) if bitmaps else ("seqscan", "bitmapscan"):
            session.execute(text(f"SET LOCAL enable_{kind} = off"))

    def explain(cursor_of: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        cursor.execute(f"EXPLAIN {'' if on_server else 'QUERY PLAN '}{statement}", parameters)
        plans.append("".join(f"{row[-1] if not on_server else row[0]} \n" for row in cursor.fetchall()))

    event.listen(connection.engine, "before_cursor_execute", explain)
    yield plans
    event.remove(connection.engine, "before_cursor_execute", explain)


@contextmanager
def rows_touched(session: Session) -> Iterator[list[int]]:
    """How many rows PostgreSQL takes in hand to answer each question that is put, those that it lays aside included;
    it may not read whole tables, which short ones invite it to."""
    touched: list[int] = []
    session.execute(text("SET LOCAL enable_seqscan = off"))
    connection = session.connection()

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            touched.append(_rows(cursor.fetchone()[0][0]["Plan"]))

    event.listen(connection, "before_cursor_execute", explain)
    yield touched
    event.remove(connection, "before_cursor_execute", explain)


def _rows(node: dict[str, Any]) -> int:
    kinds = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")
    here = int(sum(node.get(kind, 0) for kind in kinds) * node["Actual Loops"])
    return here + sum(_rows(child) for child in node.get("Plans", ()))
