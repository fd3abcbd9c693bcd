"""A rehearsal: the seeds as a newspaper prints them, at their own times, and what the desk is told of them.

The journey plays it through workers, the containers play it too; both are held against the replay in one process.
"""

from __future__ import annotations

import datetime as dt
import html
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr

from redphone.articles import in_order
from redphone.embedded import Pipeline
from services.ingest import store as ingest
from services.ingest.body import extract_page
from services.notify.config import options
from services.notify.slack import SlackPoster
from shared import db
from shared.events import ArticlesStored
from shared.records import Article
from shared.settings import Settings
from shared.tables import AnnouncementRow, ArticleRow, FeedRow, ReportRow
from tests.support.feed_server import HTML, FeedServer
from tests.support.slack_server import CHANNEL, TOKEN, SlackServer

OUTLET = "Báo Thử"
FEEDS = "outlet,url,fetch_body,body_selector\n{outlet},{url},yes,article\n"
ITEM = "<item><title>Tin số {number}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate></item>"
RSS = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Báo Thử</title>{items}</channel></rss>'


class Newspaper:
    """The seeds as a newspaper prints them: a feed of headlines that tell nothing, and a page for each article."""

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        self._items = ""
        self.feed = server.serve("/rss/the-gioi.rss", RSS.format(items="").encode())

    def print(self, seed: Article, now: dt.datetime) -> Article:
        """Put an article on its page and into the feed; what a reader of both knows of it."""
        path, number = f"/tin-{seed.id}.html", seed.id[:3]
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in seed.text.split("\n"))
        page = f"<html><body><nav>Trang chủ</nav><article>{paragraphs}</article></body></html>".encode()
        link = self._server.serve(path, page, HTML)
        self._items += ITEM.format(number=number, link=link, date=format_datetime(now))
        self._server.serve("/rss/the-gioi.rss", RSS.format(items=self._items).encode())
        return Article(
            id=seed.id,
            title=f"Tin số {number}",
            text=extract_page(page, HTML, "article").text,
            url=link,
            outlet=OUTLET,
            published_at=now,
        )


def story(slack: SlackServer) -> list[dict[str, Any]]:
    """What stands in the channel, without timestamps: each message in order, and which one it answers."""
    order = {message["ts"]: number for number, message in enumerate(slack.posted)}
    return [
        {"text": message["text"], "blocks": message["blocks"], "answers": order.get(message.get("thread_ts", ""))}
        for message in slack.posted
    ]


def replayed(articles: list[Article], url: str) -> list[dict[str, Any]]:
    """The story as one process tells it."""
    with SlackServer() as slack:
        settings = Settings(slack_token=SecretStr(TOKEN), slack_channel=CHANNEL)
        pipeline = Pipeline(db.sessions_for(url), SlackPoster(TOKEN, slack.base_url), options(settings))
        for now, article in in_order(articles):
            with db.sessions_for(url).begin() as session:
                stored = ingest.save_replayed(session, [article], now)
            pipeline.publish(ArticlesStored(stored.new))
            pipeline.drain(now)
        return story(slack)


def all_told(url: str, articles: int) -> bool:
    """Whether so many articles are read with their pages, and nothing waits any more."""
    waiting = (
        sa.select(sa.func.count()).where(ArticleRow.classify_state == "waiting"),
        sa.select(sa.func.count()).where(ReportRow.notify_state == "waiting"),
        sa.select(sa.func.count()).where(AnnouncementRow.state.not_in(("sent", "dead", "dropped"))),
    )
    read = sa.select(sa.func.count()).where(ArticleRow.body_state == "done")
    with db.reading(db.sessions_for(url)) as session:
        return session.scalar(read) == articles and not any(session.scalar(query) for query in waiting)


def standing(url: str) -> str:
    """What the database says of feeds, articles and announcements, for the message of a test that failed."""
    shown = (
        sa.select(FeedRow.url, FeedRow.next_poll_at, FeedRow.last_error),
        sa.select(ArticleRow.key, ArticleRow.body_state, ArticleRow.body_error, ArticleRow.classify_state),
        sa.select(AnnouncementRow.key, AnnouncementRow.state, AnnouncementRow.error),
    )
    with db.reading(db.sessions_for(url)) as session:
        return "\n".join(str(tuple(row)) for query in shown for row in session.execute(query))


def set_clock(clock: Path, moment: str) -> None:
    """Set the rehearsal's clock in one step: workers read the file all the time and must never find it half-written."""
    fresh = clock.with_suffix(".new")
    fresh.write_text(moment)
    fresh.replace(clock)
