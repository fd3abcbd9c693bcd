"""Rows that go in where their key is free, the same on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, sessionmaker

from services.ingest.rows import insert_ignore
from shared.tables import ArticleRow, HostRow

NOW = dt.datetime(2031, 5, 6, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
HARD = 'Ông "Trump" \\u0041 \\n {1,NULL} $1 %s :rows – điện đàm\n\t☎\U0001f600'


def row(key: str, **others: Any) -> dict[str, Any]:
    return {"key": key, "title": HARD, "published_at": None, "fetched_at": NOW, "content_hash": "h", **others}


def insert(sessions: sessionmaker[Session], *rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    with sessions.begin() as session:
        return insert_ignore(session, ArticleRow, rows, "id", "key")


def test_free_keys_go_in_in_their_order_and_are_given_back(sessions: sessionmaker[Session]) -> None:
    first = insert(sessions, row("b"), row("a"))
    second = insert(sessions, row("c"), row("a", title="another"))
    assert [key for _, key in first] == ["b", "a"]
    assert [number for number, _ in first] == sorted(number for number, _ in first)
    assert [key for _, key in second] == ["c"]
    with sessions() as session:
        assert session.scalars(select(ArticleRow.title)).all() == [HARD] * 3


def test_what_is_not_given_has_its_default(sessions: sessionmaker[Session]) -> None:
    insert(sessions, row("a", silent=True))
    with sessions() as session:
        stored = session.scalars(select(ArticleRow)).one()
    assert (stored.silent, stored.published_at, stored.fetched_at) == (True, None, NOW)
    assert (stored.rejections, stored.revision, stored.classify_state, stored.text) == ([], 1, "waiting", "")
    assert stored.created_at is not None


def test_a_time_without_a_zone_is_refused(sessions: sessionmaker[Session]) -> None:
    with pytest.raises((StatementError, ValueError), match="naive datetime"):
        insert(sessions, row("a", fetched_at=NOW.replace(tzinfo=None)))


def test_nothing_is_asked_for_where_there_is_nothing(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        assert insert_ignore(session, HostRow, []) == []
        assert insert_ignore(session, HostRow, [{"name": "a.vn"}, {"name": "a.vn"}]) == []
        assert session.scalars(select(HostRow.name)).all() == ["a.vn"]


def test_more_rows_than_one_statement_takes_go_in_in_their_order(sessions: sessionmaker[Session]) -> None:
    keys = [f"{number:04}" for number in range(901)]
    insert(sessions, row("0400"))
    assert [key for _, key in insert(sessions, *map(row, keys))] == [key for key in keys if key != "0400"]
