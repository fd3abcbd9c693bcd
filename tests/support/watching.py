"""Ingest at work for tests: feeds and pages of a newspaper on loopback, polled and fetched step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from services.ingest import tasks
from services.ingest.fetch import Fetcher, Limits
from services.ingest.values import Answer, CatalogueFeed, Follows, PageResult, PollResult, Validators, anywhere
from shared.events import ArticlesStored
from shared.tables import ArticleRow, FeedRow
from tests.support.feed_server import FeedServer

NOW = dt.datetime(2026, 5, 4, 5, 30, tzinfo=dt.UTC)
NOTHING = Validators()
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
LIMITS = Limits(connect_s=2, read_s=2, total_s=5, max_bytes=300_000, max_redirects=3)


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>Thế giới</title>{"".join(items)}</channel></rss>'.encode()


def item(number: int, title: str = "", date: str = "Mon, 04 May 2026 12:05:08 GMT+7") -> str:
    title = title or f"Tin {number}"
    return f"<item><title>{title}</title><link>/tin-{number}.html</link><pubDate>{date}</pubDate></item>"


def page(*paragraphs: str, head: str = "") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article></body></html>".encode()


LONG = "Tổng thống Phần Lan hôm 4/5 điện đàm với Thủ tướng Ấn Độ trong khoảng 40 phút. " * 4


class Newsroom:
    """Ingest at work: remembers what was published, and each look is one call."""

    def __init__(self, sessions: sessionmaker[Session], server: FeedServer, fetcher: Fetcher) -> None:
        self.sessions, self.server, self.fetcher = sessions, server, fetcher
        self.looks = 0
        self.published: list[tuple[int, ...]] = []
        self.options = tasks.Options(pause=dt.timedelta(0), user_agent="Redphone-Test", random=lambda: 0.5)

    def fetch(self, url: str, validators: Validators = NOTHING, follows: Follows = anywhere) -> Answer:
        """Ask the server in no time: the newsroom's clock is its own, and a slow machine does not move it."""
        return msgspec.structs.replace(self.fetcher(url, validators, follows), took_s=0.0)

    def watch(self, *paths: str, world: bool = True, fetch_body: bool = False) -> None:
        listed = [
            CatalogueFeed(
                outlet="Báo A", url=self.server.url(path), world=world, fetch_body=fetch_body, body_selector="article"
            )
            for path in paths
        ]
        tasks.sync_catalogue(self.sessions, listed, NOW)

    def publish(self, event: ArticlesStored) -> None:
        if event.ids:
            with self.sessions() as session:  # what is said is committed already
                assert all(session.get(ArticleRow, article_id) for article_id in event.ids)
            self.published.append(event.ids)

    def poll(self, now: dt.datetime = NOW) -> PollResult:
        (result,) = self.poll_all(now)
        return result

    def poll_all(self, now: dt.datetime = NOW) -> list[PollResult]:
        return tasks.poll_due(self.sessions, now, self.fetch, self.publish, self.options)

    def pages(self) -> list[PageResult]:
        """A second later each time, and always before a feed is due again: a due feed comes first."""
        self.looks += 1
        now = NOW + dt.timedelta(seconds=self.looks)
        return tasks.fetch_pages(self.sessions, now, self.fetch, self.publish, self.options)

    def feed_is_due_at(self, at: dt.datetime) -> None:
        """Put all feeds off, so that pages have their turn."""
        with self.sessions.begin() as session:
            session.execute(update(FeedRow).values(next_poll_at=at))

    def articles(self) -> Sequence[ArticleRow]:
        with self.sessions() as session:
            return session.scalars(select(ArticleRow).order_by(ArticleRow.id)).all()

    def feed(self, path: str = "/rss") -> FeedRow:
        with self.sessions() as session:
            return session.scalars(select(FeedRow).where(FeedRow.url == self.server.url(path))).one()
