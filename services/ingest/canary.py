"""The canary, first part: every few minutes a feed with one invented article is read by the real parser and stored.

It is stored in a table of its own (`canaries`) and not among the articles, so that it never enters the record; from
there `services/classify/canary.py` and `services/notify/canary.py` take it on. What it proves, and what not:
`docs/decisions/016-the-canary.md`.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from services.ingest.parse import parse_feed
from services.ingest.values import Entry, FeedProblem, ParsedFeed
from shared.db import reading
from shared.errors import UsageError
from shared.tables import CanaryRow

KEPT = dt.timedelta(days=7)
ADDRESS = "https://canary.invalid/rss"  # a name that never resolves (RFC 6761)
FEED = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Redphone</title><item>'
    "<title>Tổng thống Aurelio Canario điện đàm với Thủ tướng Beatrix Testova</title>"
    "<description>Tổng thống Aurelio Canario và Thủ tướng Beatrix Testova đã điện đàm trong 41 phút, "
    "theo bài thử của Redphone.</description><guid>{number}</guid><pubDate>{at}</pubDate>"
    "</item></channel></rss>"
)


def send(sessions: sessionmaker[Session], now: dt.datetime, every: dt.timedelta) -> bool:
    """Store the test article of this stretch of time, once whoever asks; returns whether it was this call.

    `every`: the length of a stretch; zero sends none. Test articles of more than a week ago are forgotten.
    """
    if not every:
        return False
    number = int(now.timestamp() // max(every.total_seconds(), 1.0))
    with reading(sessions) as session:
        if session.get(CanaryRow, number) is not None:
            return False
    parsed = _parsed(now, number)
    row = CanaryRow(id=number, started_at=now, title="", summary="", stored_at=now)
    if isinstance(parsed, FeedProblem) or len(parsed.entries) != 1:
        row.failed = f"feed: {parsed.words if isinstance(parsed, FeedProblem) else 'its one entry was not found'}"
    else:
        row.title, row.summary = parsed.entries[0].title, parsed.entries[0].summary
    try:
        with sessions.begin() as session:
            session.execute(delete(CanaryRow).where(CanaryRow.started_at < now - KEPT))
            session.add(row)
    except IntegrityError:  # another worker was faster
        return False
    return True


def invented(now: dt.datetime) -> Entry:
    """The test article as the parser reads it. Raises UsageError where it does not."""
    parsed = _parsed(now, 0)
    if isinstance(parsed, FeedProblem) or len(parsed.entries) != 1:
        raise UsageError("the feed of the test article cannot be parsed")
    return parsed.entries[0]


def _parsed(now: dt.datetime, number: int) -> ParsedFeed | FeedProblem:
    return parse_feed(FEED.format(number=number, at=f"{now:%a, %d %b %Y %H:%M:%S} +0000").encode(), ADDRESS)
