"""What is asked of the history: which calls are those of a pair, and that indexes answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session, sessionmaker

from services.classify.history import calls_of_pairs, lock_pairs
from shared import db
from shared.tables import ArticleRow, CallRow
from tests.support.newsroom import Newsroom, comparison_of
from tests.support.reports import at, report

TRIO = ("Carter", "Petrova", "Haddad")


@pytest.fixture
def newsroom(sessions: sessionmaker[Session]) -> Newsroom:
    room = Newsroom(sessions)
    room.tells("three", "2031-01-06 22:00", report(TRIO, "2031-01-06"))
    room.tells("two", "2031-03-06 22:00", report(("Carter", "Petrova"), "2031-03-06"))
    room.tells("others", "2031-05-06 22:00", report(("Carter", "Haddad"), "2031-05-06"))
    return room


def call_of(newsroom: Newsroom, article: str) -> str:
    (told,) = newsroom.reports(article)
    return told.call_id


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        (["RU-US"], ["three", "two"]),
        (["TR-US"], ["others", "three"]),
        (["RU-TR"], ["three"]),
        (["RU-TR", "RU-US", "TR-US"], ["others", "three", "two"]),
        (["JP-VN"], []),
        ([], []),
    ],
)
def test_the_calls_of_a_pair_each_once_in_whatever_company(
    newsroom: Newsroom, pairs: list[str], found: list[str]
) -> None:
    with newsroom.sessions() as session:
        calls = calls_of_pairs(session, pairs)
    assert sorted(call.call_id for call in calls) == sorted(call_of(newsroom, article) for article in found)


@pytest.mark.parametrize("gone", ["three", "two"])
@pytest.mark.parametrize("how", ["withdrawn", "merged"])
def test_a_call_that_is_none_any_more_is_not_of_the_pair(newsroom: Newsroom, gone: str, how: str) -> None:
    left = call_of(newsroom, {"three": "two", "two": "three"}[gone])
    change = update(CallRow).where(CallRow.id == call_of(newsroom, gone))
    with newsroom.sessions.begin() as session:
        session.execute(change.values({"status": "withdrawn"} if how == "withdrawn" else {"merged_into": left}))
        assert [call.call_id for call in calls_of_pairs(session, ["RU-US"])] == [left]


def test_plans_are_kept_for_as_long_as_a_pair_is_held(postgres_url: str) -> None:
    sessions, mode = db.sessions_for(postgres_url), text("SHOW plan_cache_mode")
    with sessions.begin() as session:
        lock_pairs(session, ["RU-US"])
        assert session.scalar(mode) == "force_generic_plan"
    with sessions.begin() as session:
        assert session.scalar(mode) == "auto"


@pytest.mark.parametrize("told", ["2031-06-06", "2031-06-05"], ids=["a new call", "a call that is known"])
def test_a_report_asks_as_often_however_long_its_record_is(newsroom: Newsroom, told: str) -> None:
    newsroom.tells("before", "2031-06-05 22:00", report(day="2031-06-05"))
    few = _asked(newsroom, newsroom.stores("few", f"{told} 23:00", report(day=told)))
    for year in range(2016, 2031):
        newsroom.tells(str(year), f"{year}-08-01 22:00", report(day=f"{year}-08-01"))
    newsroom.tells("last", "2031-07-05 22:00", report(day="2031-07-05"))
    told = told.replace("-06-", "-07-")
    many = _asked(newsroom, newsroom.stores("many", f"{told} 23:00", report(day=told)))
    assert [statement for statement in many if statement not in few] == []
    assert len(many) <= len(few)


@pytest.mark.parametrize(
    ("last_articles", "told", "thin"),
    [
        ("2031-06-30", "2031-07-01", False),
        ("2031-06-30", "2031-07-25", True),
        ("2031-05-20", "2031-07-01", True),
        ("2031-07-20", "2031-07-25", False),
    ],
    ids=["the first of a month", "weeks without an article", "none in the month before", "the end of a month"],
)
def test_a_record_is_no_thinner_on_the_first_of_a_month(
    newsroom: Newsroom, last_articles: str, told: str, thin: bool
) -> None:
    last = at(f"{last_articles} 12:00")
    rows = [
        ArticleRow(key=f"n{n}", published_at=last - n * dt.timedelta(hours=6), fetched_at=last, content_hash=str(n))
        for n in range(300)
    ]
    with newsroom.sessions.begin() as session:
        session.add_all(rows)
    newsroom.tells("may", "2031-05-20 22:00", report(day="2031-05-20"))
    newsroom.tells("now", f"{told} 08:00", report(day=told))
    assert comparison_of(newsroom.calls()[-1].comparison).coverage.thin is thin


def test_what_two_are_compared_with_stands_in_an_index(newsroom: Newsroom) -> None:
    with newsroom.sessions() as session, _listening(newsroom) as asked:
        calls_of_pairs(session, ["RU-US"])
        plan = _plan(session, *asked[-1])
    assert "ix_calls_record" in plan
    assert "COVERING INDEX ix_calls_record" in plan or "Index Only Scan using ix_calls_record" in plan
    assert "SCAN calls" not in plan
    assert "Seq Scan" not in plan


@contextmanager
def _listening(newsroom: Newsroom) -> Iterator[list[tuple[str, Any]]]:
    """The statements that the database is asked, each with its parameters."""
    asked: list[tuple[str, Any]] = []
    engine = newsroom.sessions.kw["bind"]

    def note(*said: Any) -> None:
        asked.append(said[2:4])

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def _asked(newsroom: Newsroom, article: int) -> list[str]:
    with _listening(newsroom) as asked:
        newsroom.reads(article)
    return [statement for statement, _ in asked]


def _plan(session: Session, statement: str, parameters: Any) -> str:
    """How the database would answer, if its tables were long."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        lines = session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return "\n".join(row[0] for row in lines)
    lines = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return "\n".join(row.detail for row in lines)
