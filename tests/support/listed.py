"""Three feeds of two newspapers in a database, and their entries: what the tests of ingest's database begin with."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from services.ingest import feeds, store
from services.ingest.values import CatalogueFeed, Entry
from shared.tables import ArticleRow, EntryRow, FeedRow

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
WORLD = CatalogueFeed(outlet="VnExpress", url="https://vnexpress.net/rss/the-gioi.rss", body_selector=".fck_detail")
HOME = CatalogueFeed(
    outlet="VnExpress", url="https://vnexpress.net/rss/tin-moi-nhat.rss", world=False, fetch_body=False, interval_s=300
)
OTHER = CatalogueFeed(outlet="Báo A", url="https://a.vn/rss")
Sessions = sessionmaker[Session]


def entry(number: int, **changes: object) -> Entry:
    values = {
        "title": f"Tin {number}",
        "summary": f"Tóm tắt {number}",
        "url": f"https://vnexpress.net/tin-{4_000_000 + number}.html",
        "published_at": NOW - number * MINUTE,
        **changes,
    }
    return Entry(**values)  # type: ignore[arg-type]


def feed_of(session: Session, listed: CatalogueFeed) -> FeedRow:
    return session.scalars(select(FeedRow).where(FeedRow.url == listed.url)).one()


def save(sessions: Sessions, listed: CatalogueFeed, *entries: Entry, now: dt.datetime = NOW) -> store.Stored:
    with sessions.begin() as session:
        return store.save_articles(session, entries, feed_of(session, listed), now, silent_before=now - 36 * HOUR)


def article(sessions: Sessions, article_id: int) -> ArticleRow:
    with sessions() as session:
        return session.get_one(ArticleRow, article_id)


def count(sessions: Sessions, table: type[ArticleRow] | type[EntryRow] | type[FeedRow]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def listed(sessions: Sessions, *catalogue: CatalogueFeed) -> None:
    """The table follows this catalogue, or the three."""
    with sessions.begin() as session:
        feeds.sync_feeds(session, catalogue or [WORLD, HOME, OTHER], NOW)
