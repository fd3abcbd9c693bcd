"""Entries a day, and when a feed is silent against its own rhythm."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session, sessionmaker

from shared.rhythm import entries_per_day, is_silent
from shared.tables import ArticleRow, EntryRow, FeedRow

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("seen_days_ago", "per_day"), [([2, 2, 2, 2, 2, 2, 0, 0], 4.0), ([0.1, 0.1], 2.0), ([1, 8, 8], 1.0), ([8], None)]
)
def test_entries_per_day(sessions: sessionmaker[Session], seen_days_ago: list[float], per_day: float | None) -> None:
    with sessions.begin() as session:
        session.add(FeedRow(id=1, url="https://a.vn/rss", outlet="A", next_poll_at=NOW))
        session.flush()
        for number, days in enumerate(seen_days_ago, start=1):
            seen = NOW - days * DAY
            session.add(ArticleRow(id=number, key=str(number), fetched_at=seen, content_hash=""))
            session.flush()
            keys = ("link", "guid")  # two keys of one entry are one entry
            session.add_all(
                EntryRow(feed_id=1, entry_key=f"{key}{number}", article_id=number, first_seen_at=seen) for key in keys
            )
    with sessions() as session:
        assert entries_per_day(session, NOW) == ({1: per_day} if per_day else {})


@pytest.mark.parametrize(
    ("hours", "per_day", "silent"),
    [
        (13, 96, True),
        (13, 10, False),  # a slow feed may be quiet for a day
        (25, 10, True),
        (11, 1000, False),  # a newsroom sleeps
        (7 * 24 + 1, 0, True),  # nothing in the days that are looked at
        (None, 96, False),
    ],
)
def test_silence_is_measured_against_the_feeds_own_rhythm(hours: float | None, per_day: float, silent: bool) -> None:
    last_new_at = None if hours is None else NOW - hours * HOUR
    assert is_silent(last_new_at, per_day, NOW) is silent
