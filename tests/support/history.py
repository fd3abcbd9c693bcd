"""A small history to show: the five seeds as they were told to the desk, two feeds, test articles that passed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session, sessionmaker

from redphone.articles import in_order, read_articles
from redphone.replay import Replay
from shared.settings import Settings
from shared.tables import LOOP, CanaryRow, FeedRow, HeartbeatRow
from tests.support.expected import ROOT, Desk

NOW = dt.datetime(2025, 3, 19, 3, 0, tzinfo=dt.UTC)


def ago(minutes: float) -> dt.datetime:
    """A moment before NOW."""
    return NOW - dt.timedelta(minutes=minutes)


def passed(minutes: float, channel: str | None = "C9") -> CanaryRow:
    """A test article that was sent so many minutes ago and went through in 41 s."""
    return passed_before(NOW, minutes, channel)


def passed_before(now: dt.datetime, minutes: float, channel: str | None = "C9") -> CanaryRow:
    """The same, so many minutes before another moment."""
    at = now - dt.timedelta(minutes=minutes)
    told = at + dt.timedelta(seconds=41)
    return CanaryRow(
        started_at=at, title="", summary="", stored_at=at, read_at=told, facts={}, told_at=told, channel=channel
    )


def answering(now: dt.datetime = NOW) -> FeedRow:
    """A feed that has just answered: without one nothing can be trusted."""
    return FeedRow(url="https://answers.example/rss", outlet="Báo C", host="answers.example", next_poll_at=now,
                   last_success_at=now)  # fmt: skip


def fill(sessions: sessionmaker[Session]) -> None:
    """Play the seeds at their own times, and stand a loop and two feeds beside them."""
    replay = Replay(sessions, Settings(), Desk())
    for moment, article in in_order(read_articles(str(ROOT / "seeds"), dated=True)):
        replay.play(article, moment)
    with sessions.begin() as session:
        session.add(HeartbeatRow(name=LOOP, at=ago(0.1)))
        session.add_all([passed(minutes) for minutes in range(24 * 60 - 5, 0, -5)])
        session.add(FeedRow(url="https://a.example/rss", outlet="Báo A", host="a.example", next_poll_at=ago(-1),
                            last_success_at=ago(1), last_new_at=ago(30)))  # fmt: skip
        session.add(FeedRow(url="https://b.example/rss", outlet="Báo B", host="b.example", next_poll_at=ago(-1),
                            last_success_at=ago(90), failures=3, last_error="dns: no such host"))  # fmt: skip
