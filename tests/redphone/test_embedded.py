"""The embedded pipeline: what it hands on to the functions of the services."""

from __future__ import annotations

import datetime as dt
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from redphone.articles import read_articles
from redphone.embedded import Pipeline
from services.notify.decide import Options
from shared.tables import ArticleRow, CallRow, ReportRow
from tests.support.expected import ROOT

NOW = dt.datetime(2025, 3, 19, tzinfo=dt.UTC)


def test_calls_of_one_sweep_change_one_after_the_other(sessions: sessionmaker[Session]) -> None:
    seconds = count(1)
    pipeline = Pipeline(sessions, None, Options(), lambda: NOW + next(seconds) * dt.timedelta(seconds=1))
    with sessions.begin() as session:
        for article in read_articles(str(ROOT / "seeds"), dated=True):
            session.add(ArticleRow(key=article.id, title=article.title, text=article.text, fetched_at=NOW,
                                   published_at=article.published_at, content_hash=article.id))  # fmt: skip
    pipeline.sweep(NOW)
    with sessions() as session:
        moments = set(session.scalars(select(CallRow.updated_at)))
        decided = session.execute(select(ReportRow.created_at, ReportRow.decided_at)).all()
    assert len(moments) > 1, "a reader of events goes on by these moments"
    assert decided
    assert all(done is not None and read < done for read, done in decided)
