"""The canary, first part: every few minutes a feed with one invented article is published, fetched, parsed and stored.

It goes the way of any feed: over HTTP, from an address of this machine's own that lives only meanwhile, by the fetcher,
the parser and the store that newspapers' feeds go through. What it leaves is a row in a table of its own (`canaries`):
the transaction in which it becomes an article is never committed, so that it never enters the record. From there
`services/classify/canary.py` and `services/notify/canary.py` take it on. What it proves, and what not:
`docs/decisions/016-the-canary.md`.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from services.ingest import store
from services.ingest.loopback import published
from services.ingest.parse import not_in_future, parse_feed
from services.ingest.urls import host_of
from services.ingest.values import Entry, Failed, FeedProblem, Fetch, Fetched, NotModified, ParsedFeed
from shared.blame import is_servers_own
from shared.db import reading
from shared.errors import UsageError
from shared.limits import OUT_OF_LIMITS
from shared.tables import ArticleRow, CanaryRow, FeedRow

Publish: TypeAlias = Callable[[bytes], AbstractContextManager[str]]
"""Serves a document inside a `with`, which gives its address."""
FetcherTo: TypeAlias = Callable[[str], AbstractContextManager[Fetch]]
"""Gives a fetcher that may ask this place (host and port), though it is of this machine's own."""

KEPT = dt.timedelta(days=7)
SITE = "https://canary.invalid"  # a name that never resolves (RFC 6761)
FEED = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Redphone</title><item>'
    "<title>Tổng thống Aurelio Canario điện đàm với Thủ tướng Beatrix Testova</title>"
    "<description>Tổng thống Aurelio Canario và Thủ tướng Beatrix Testova đã điện đàm trong 41 phút, "
    "theo bài thử của Redphone.</description><link>{site}/{number}</link><pubDate>{at}</pubDate>"
    "</item></channel></rss>"
)
_MOST = 500  # characters of what went wrong


class _Stopped(Exception):  # noqa: N818  the end of the test article's way, told in its row
    """The test article came no further than this; the words begin with the stage."""


def send(
    sessions: sessionmaker[Session],
    now: dt.datetime,
    every: dt.timedelta,
    fetcher_to: FetcherTo,
    publish: Publish = published,
) -> bool:
    """Send the test article of this stretch of time on its way, once whoever asks; returns whether it was this call.

    `every`: the length of a stretch; zero sends none. Where it comes no further, its row says at which stage and why;
    only a database that is away or takes nothing goes up, and the next call tries again. Test articles of more than a
    week ago are forgotten.
    """
    if not every:
        return False
    number = int(now.timestamp() // max(every.total_seconds(), 1.0))
    with reading(sessions) as session:
        if session.get(CanaryRow, number) is not None:
            return False
    began = time.monotonic()
    row = CanaryRow(id=number, started_at=now, title="", summary="")
    try:
        answer = _fetched(_document(now, number), fetcher_to, publish)
        row.title, row.summary = _stored(sessions, _parsed(answer), answer.url, now)
    except _Stopped as stopped:
        row.failed = str(stopped)
    row.stored_at = now + dt.timedelta(seconds=time.monotonic() - began)
    try:
        with sessions.begin() as session:
            session.execute(delete(CanaryRow).where(CanaryRow.started_at < now - KEPT))
            session.add(row)
    except IntegrityError:  # another worker was faster
        return False
    return True


def invented(now: dt.datetime) -> Entry:
    """The test article as the parser reads it. Raises UsageError where it does not."""
    try:
        return _parsed(Fetched(url=f"{SITE}/rss", body=_document(now, 0), headers={})).entries[0]
    except _Stopped as stopped:
        raise UsageError("the feed of the test article cannot be parsed") from stopped


def _document(now: dt.datetime, number: int) -> bytes:
    return FEED.format(site=SITE, number=number, at=f"{now:%a, %d %b %Y %H:%M:%S} +0000").encode()


def _fetched(document: bytes, fetcher_to: FetcherTo, publish: Publish) -> Fetched:
    """The document as the fetcher brings it from where it is published; asked once more with the validators of that
    answer, its server must be heard to say that nothing has changed. Raises _Stopped."""
    try:
        with publish(document) as url, fetcher_to(host_of(url)) as fetch:
            answer = fetch(url)
            again = fetch(url, answer.validators) if isinstance(answer, Fetched) else answer
    except OUT_OF_LIMITS:
        raise
    except Exception as error:  # no port, no thread, no certificates: newspapers are asked no better
        raise _Stopped(f"fetch: {_words(error)}") from error
    if isinstance(again, Failed):
        raise _Stopped(f"fetch: {again.kind}: {again.words}"[:_MOST])
    if not isinstance(answer, Fetched) or not isinstance(again, NotModified):
        raise _Stopped("fetch: its address did not answer as it should")
    return answer


def _parsed(answer: Fetched) -> ParsedFeed:
    """The feed with its one entry. Raises _Stopped."""
    parsed = parse_feed(answer.body, answer.url, answer.headers)
    if isinstance(parsed, FeedProblem):
        raise _Stopped(f"feed: {parsed.kind}: {parsed.words}"[:_MOST])
    if len(parsed.entries) != 1:
        raise _Stopped("feed: its one entry was not found")
    return parsed


def _stored(sessions: sessionmaker[Session], parsed: ParsedFeed, url: str, now: dt.datetime) -> tuple[str, str]:
    """Title and summary of the article that a feed's entry becomes in the database, in a transaction that is rolled
    back. Raises _Stopped; the error of a database that is away, or takes nothing at all, goes up."""
    try:
        with sessions() as session:  # never committed, so that nobody else ever sees the feed or the article
            feed = FeedRow(url=url, outlet="Redphone", host=host_of(url), listed=False, next_poll_at=now)
            session.add(feed)
            session.flush()
            stored = store.save_articles(session, not_in_future(parsed.entries, now), feed, now)
            article = session.get_one(ArticleRow, stored.ids[0])
            return article.title, article.summary
    except OUT_OF_LIMITS:
        raise
    except Exception as error:
        if isinstance(error, DBAPIError) and is_servers_own(error):
            raise
        raise _Stopped(f"store: {_words(error)}") from error


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:_MOST]
