"""Entries a day, and when a feed is silent against its own rhythm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session, sessionmaker

from shared.rhythm import entries_per_day, is_silent, silent_feeds
from shared.tables import ArticleRow, EntryRow, FeedRow

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def shown(sessions: sessionmaker[Session], moments: Sequence[dt.datetime], **changes: object) -> None:
    """A feed that brought an entry at each of these moments, and its row as polls leave it behind."""
    with sessions.begin() as session:
        row = {"url": "https://a.vn/rss", "outlet": "A", "next_poll_at": NOW, "last_success_at": NOW, **changes}
        session.add(FeedRow(id=1, last_new_at=max(moments, default=None), **row))
        session.flush()
        for number, seen in enumerate(moments, start=1):
            session.add(ArticleRow(id=number, key=str(number), fetched_at=seen, content_hash=""))
            session.flush()
            keys = ("link", "guid")  # two keys of one entry are one entry
            session.add_all(
                EntryRow(feed_id=1, entry_key=f"{key}{number}", article_id=number, first_seen_at=seen) for key in keys
            )


@pytest.mark.parametrize(
    ("days_ago", "per_day"),  # when each entry was first seen, and published where it says so
    [
        ([(8, None), (2, None), *[(1, None)] * 6], 1.0),
        ([(8, None), (0, None)], 1 / 7),  # it is watched for a week, though it brought nothing in most of it
        ([(8, None)], None),
        ([(0.1, None)] * 50, None),  # the first look shows what came on any day
        ([(2, None)] * 50 + [(0, None)] * 2, 1.0),
        ([(0.1, 5), *[(0.1, 0.5)] * 9], 2.0),  # and where it says on which, on that
        ([(0.1, 0.5)] * 9, 9.0),
        ([(2, 30)] * 950 + [(2, 4)] * 49 + [(0, 0)], 12.5),
        ([(2, 3), (0, 9)], 2 / 3),  # what came later came late
    ],
)
def test_entries_per_day(
    sessions: sessionmaker[Session], days_ago: list[tuple[float, float | None]], per_day: float | None
) -> None:
    shown(sessions, [NOW - seen * DAY for seen, _ in days_ago])
    with sessions.begin() as session:
        for number, (_, published) in enumerate(days_ago, start=1):
            session.get_one(ArticleRow, number).published_at = None if published is None else NOW - published * DAY
    with sessions() as session:
        assert entries_per_day(session, NOW) == ({1: pytest.approx(per_day)} if per_day else {})


@pytest.mark.parametrize(
    ("hours", "usual", "silent"),
    [
        (13, HOUR / 4, True),
        (13, 2.4 * HOUR, False),  # a slow feed may be quiet for a day
        (25, 2.4 * HOUR, True),
        (3, HOUR / 12, False),
        (5, HOUR / 12, True),  # of one day
        (5, HOUR, False),
        (9, HOUR / 12, True),  # five hours of it since the morning
        (7 * 24 - 1, None, False),  # its rhythm is not known
        (7 * 24 + 1, None, True),
    ],
)
def test_silence_is_measured_against_the_feeds_own_rhythm(
    hours: float, usual: dt.timedelta | None, silent: bool
) -> None:
    assert is_silent(NOW - hours * HOUR, usual, NOW, VIETNAM) is silent


@pytest.mark.parametrize(
    ("last", "answered", "silent"),
    [("15:00", "18:59", False), ("15:00", "19:01", True), ("15:00", "23:59", True), ("19:00", "23:59", False),
     ("02:00", "10:59", False), ("02:00", "11:01", True)],
)  # fmt: skip
def test_a_newsroom_sleeps(last: str, answered: str, silent: bool) -> None:
    brought, asked = (dt.datetime.fromisoformat(f"2026-05-04T{at}+07:00") for at in (last, answered))
    assert is_silent(brought, HOUR / 12, asked, VIETNAM) is silent


def is_quiet(sessions: sessionmaker[Session], now: dt.datetime, answered_at: dt.datetime | None = None) -> bool:
    """Whether the feed is called silent, its last answer being of now or of that moment."""
    with sessions.begin() as session:
        session.get_one(FeedRow, 1).last_success_at = answered_at or now
        return [feed.id for feed in silent_feeds(session, now)] == [1]


@pytest.mark.parametrize("every", [8 * HOUR, 12 * HOUR, DAY, 3 * DAY])
def test_a_slow_feed_is_silent_after_ten_of_its_pauses_and_stays_so(
    sessions: sessionmaker[Session], every: dt.timedelta
) -> None:
    """Its silence is not taken for its rhythm, however long it lasts, nor is a look without entries within it."""
    last = NOW - 10 * every
    shown(sessions, [last - number * every for number in range(6)])
    assert not is_quiet(sessions, NOW - HOUR)
    for later in (HOUR, DAY, 30 * DAY, 300 * DAY):
        assert is_quiet(sessions, NOW + later)


def test_a_feed_that_speaks_again_is_not_silent(sessions: sessionmaker[Session]) -> None:
    shown(sessions, [NOW - 40 * DAY + number * HOUR for number in range(24)] + [NOW - HOUR])
    assert not is_quiet(sessions, NOW)
    assert not is_quiet(sessions, NOW + 6 * DAY)
    assert is_quiet(sessions, NOW + 8 * DAY)  # what it did before that long silence is forgotten


def test_while_nobody_asks_no_feed_falls_silent(sessions: sessionmaker[Session]) -> None:
    shown(sessions, [NOW - 4 * DAY - number * HOUR for number in range(24)])
    assert not is_quiet(sessions, NOW, answered_at=NOW - 4 * DAY)
    assert is_quiet(sessions, NOW, answered_at=NOW)


def test_while_nobody_asks_no_empty_feed_falls_silent(sessions: sessionmaker[Session]) -> None:
    shown(sessions, [], created_at=NOW - 4 * DAY)
    assert not is_quiet(sessions, NOW, answered_at=NOW - 4 * DAY)


def test_what_the_first_look_brings_together_is_no_rhythm(sessions: sessionmaker[Session]) -> None:
    shown(sessions, [NOW - 13 * HOUR] * 50)
    assert not is_quiet(sessions, NOW)
    assert is_quiet(sessions, NOW + 7 * DAY)


def test_a_feed_that_is_empty_from_its_first_look_on_is_silent_after_a_day(sessions: sessionmaker[Session]) -> None:
    shown(sessions, [], created_at=NOW - 25 * HOUR)
    assert is_quiet(sessions, NOW)
    assert not is_quiet(sessions, NOW - 2 * HOUR)


def test_a_feed_that_never_answered_or_fails_is_not_called_silent(sessions: sessionmaker[Session]) -> None:
    shown(sessions, [], created_at=NOW - 9 * DAY, last_success_at=None)
    with sessions.begin() as session:
        assert silent_feeds(session, NOW) == []
        session.get_one(FeedRow, 1).failures = 3
    assert not is_quiet(sessions, NOW, answered_at=NOW - DAY)
