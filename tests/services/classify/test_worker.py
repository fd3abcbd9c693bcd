"""The reader's tick: what nobody rang for is read to its end, and a database that takes nothing is not run against."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from services.classify import tasks, worker
from shared import db
from shared.celery_app import app
from shared.settings import load_settings
from shared.tables import ArticleRow

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
ARTICLES = 2 * tasks.BATCH + 50


@pytest.fixture
def backlog(sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> sessionmaker[Session]:
    """Articles that wait, for which nobody rang."""
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(app.conf, "broker_url", redis_url)
    load_settings.cache_clear()
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add_all(
            ArticleRow(key=str(n), title=f"Tin {n}", fetched_at=NOW, content_hash=str(n)) for n in range(ARTICLES)
        )
    return sessions


def unread(sessions: sessionmaker[Session]) -> int:
    with db.reading(sessions) as session:
        waiting = select(func.count(ArticleRow.id)).where(ArticleRow.classify_state == "waiting")
        return session.scalar(waiting) or 0


def test_a_tick_reads_all_that_waits(backlog: sessionmaker[Session]) -> None:
    worker.sweep()
    assert unread(backlog) == 0


def test_a_tick_gives_up_for_now_where_the_database_takes_nothing(
    backlog: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def full(*_: object) -> None:
        tried.append(1)
        raise OperationalError("UPDATE …", {}, Exception("disk full"))

    monkeypatch.setattr(tasks, "classify_batch", full)
    worker.sweep()
    assert (len(tried), unread(backlog)) == (1, ARTICLES)
