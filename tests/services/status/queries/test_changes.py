"""What was touched: each word of a person with its own moment, also one that took another back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session, sessionmaker

from services.ingest import feeds
from services.notify import holds
from services.status.queries.changes import lately
from shared.tables import AnnouncementRow, CallRow, FeedRow, HandRow
from tests.support.history import NOW, ago

WEEK = ago(7 * 24 * 60)


def told(session: Session, most: int = 30) -> list[tuple[int, str]]:
    """Minutes before NOW, and words."""
    session.flush()
    return [(round((NOW - at) / dt.timedelta(minutes=1)), words) for at, words in lately(session, WEEK, most)]


def test_feeds_and_alerts_are_touched_too(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(FeedRow(url="https://a.example/rss", outlet="Báo A", next_poll_at=NOW))
        for number, state in ((12, "held"), (13, "muted"), (14, "undated"), (15, "dead")):
            session.add(AnnouncementRow(id=number, key=state, kind="digest", channel="#a", language="en", payload={},
                                        state=state, next_attempt_at=NOW, created_at=ago(90)))  # fmt: skip
        session.flush()
        feeds.pause_feeds(session, "Báo A", "lan", "archive", ago(50))
        feeds.resume_feeds(session, "Báo A", "minh", ago(40))
        feeds.resume_feeds(session, "Báo A", "minh", ago(39))  # was not paused
        holds.release(session, [13, 12], "lan", "news", ago(30))
        holds.drop(session, [14], "lan", "of 2019", ago(20))
        holds.retry(session, [15], "lan", ago(10))
        assert told(session) == [
            (10, "alerts retry 15 by lan"),
            (20, "alerts drop 14 by lan: of 2019"),
            (30, "alerts release 12 13 by lan: news"),
            (40, "feeds resume Báo A by minh"),
            (50, "feeds pause Báo A by lan: archive"),
        ]


def test_what_ended_lately_is_told_though_it_began_long_ago(sessions: sessionmaker[Session]) -> None:
    long_ago = WEEK - dt.timedelta(days=1)
    with sessions.begin() as session:
        session.add(CallRow(id="c1", persons="", countries="", status="held", news=True, facts={}, updated_at=NOW))
        session.flush()
        session.add(HandRow(id=3, kind="drop", call_id="c1", pairs=[], reports=[], others=[], edits={}, reason="no",
                            by="lan", at=long_ago, retired_at=ago(30), retired_by="minh"))  # fmt: skip
        holds.mute(session, "RU-US", "lan", "summit", long_ago, NOW + dt.timedelta(days=1))
        holds.pause(session, "lan", "storm", long_ago, None)
        session.flush()
        holds.unmute(session, "RU-US", "minh", ago(20))
        holds.resume(session, "minh", ago(10))
        assert told(session) == [
            (10, "resume notify by minh"),
            (20, "unmute RU-US: ended by minh"),
            (30, "calls undo 3 by minh"),
        ]


def test_of_many_changes_the_latest_are_told(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for minutes in range(20):
            holds.pause(session, "lan", "storm", ago(100 - minutes), None)
            session.flush()
            holds.resume(session, "lan", ago(100 - minutes - 0.5))
        assert [words for _, words in told(session, 3)] == [
            "resume notify by lan",
            "pause notify by lan: storm",
            "resume notify by lan",
        ]
