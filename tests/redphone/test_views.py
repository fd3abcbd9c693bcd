"""What many wrong alerts have in common: newspaper, feeds and the version of the rules, beside articles and alerts."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session, sessionmaker

from redphone import views
from shared.tables import AnnouncementRow, ArticleRow, CallRow, EntryRow, FeedRow, ReportRow

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
HOME, WORLD = "https://a.example/home.rss", "https://a.example/world.rss"


@pytest.fixture
def read(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Two articles, one that two feeds brought and one that was handed in, and what was made from the first."""
    with sessions.begin() as session:
        session.add_all(FeedRow(id=n, url=url, outlet="Báo A", next_poll_at=NOW) for n, url in ((1, HOME), (2, WORLD)))
        session.add(CallRow(id="c1", persons="", countries="", status="held", news=True, facts={}, updated_at=NOW))
        session.flush()
        session.add(ArticleRow(id=1, key="a", feed_id=2, outlet="Báo A", fetched_at=NOW, content_hash="",
                               rules_version="r2"))  # fmt: skip
        session.add(ArticleRow(id=2, key="b", fetched_at=NOW, content_hash=""))
        session.flush()
        session.add_all(EntryRow(feed_id=n, entry_key="a", article_id=1, first_seen_at=NOW) for n in (1, 2))
        session.add(ReportRow(id=7, article_id=1, ordinal=0, call_id="c1", report={}, verdict="new", judgement={},
                              created_at=NOW))  # fmt: skip
        session.flush()
        session.add_all(
            AnnouncementRow(key=kind, kind=kind, call_id="c1", report_id=report, channel="#a", language="en",
                            payload={}, next_attempt_at=NOW, created_at=NOW)
            for kind, report in (("root", 7), ("digest", None))
        )  # fmt: skip
    return sessions


@pytest.mark.parametrize("limit", [None, 2])
def test_articles_and_alerts_say_by_what_they_can_be_grouped(read: sessionmaker[Session], limit: int | None) -> None:
    with read() as session:
        articles = [(one.id, one.outlet, one.feeds, one.rules_version) for one in views.articles(session, limit)]
        alerts = [(one.kind, one.outlet, one.feeds, one.rules_version) for one in views.alerts(session, limit)]
    assert articles == [(2, None, [], None), (1, "Báo A", [WORLD, HOME], "r2")]
    assert alerts == [("digest", None, (), None), ("root", "Báo A", (WORLD, HOME), "r2")]
