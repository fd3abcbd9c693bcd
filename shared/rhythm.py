"""How often a feed brings something, and whether it is silent against its own rhythm.

A feed that answers and brings nothing looks healthy and may be dead: moved, frozen, or served from a cache for ever.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.tables import EntryRow, FeedRow

DAYS = 7
USUAL_PAUSES = 10
NIGHT = dt.timedelta(hours=12)  # newsrooms sleep: less than this is no silence


def entries_per_day(session: Session, now: dt.datetime, days: int = DAYS) -> dict[int, float]:
    """How many new entries each feed brought a day, over the last `days` days, or since it was first asked. A feed
    that brought none is not among them."""
    since = now - dt.timedelta(days=days)
    query = (
        select(EntryRow.feed_id, func.count(func.distinct(EntryRow.article_id)), func.min(EntryRow.first_seen_at))
        .where(EntryRow.first_seen_at > since)
        .group_by(EntryRow.feed_id)
    )
    return {
        feed_id: count / max(1.0, (now - first) / dt.timedelta(days=1))
        for feed_id, count, first in session.execute(query)
    }


def silent_feeds(session: Session, now: dt.datetime) -> list[FeedRow]:
    """The feeds that are polled, answer, and are silent."""
    query = select(FeedRow).where(
        FeedRow.listed, ~FeedRow.paused, FeedRow.failures == 0, FeedRow.last_new_at < now - NIGHT
    )
    quiet = session.scalars(query).all()
    per_day = entries_per_day(session, now) if quiet else {}
    return [feed for feed in quiet if is_silent(feed.last_new_at, per_day.get(feed.id, 0.0), now)]


def is_silent(last_new_at: dt.datetime | None, per_day: float, now: dt.datetime) -> bool:
    """Whether a feed is quiet against its own rhythm: nothing for ten times its usual pause, and for half a day."""
    if last_new_at is None:
        return False
    usual = dt.timedelta(days=1) / per_day if per_day > 0 else dt.timedelta(days=DAYS) / USUAL_PAUSES
    return now - last_new_at > max(USUAL_PAUSES * usual, NIGHT)
