"""How often a feed brings something, and whether it is silent against its own rhythm.

A feed that answers and brings nothing looks healthy and may be dead: moved, frozen, or served from a cache for ever.
Its rhythm is that of the weeks before it fell silent: measured up to now, silence would become the rhythm.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shared.tables import EntryRow, FeedRow

DAYS = 7
USUAL_PAUSES = 10
WEEKS = dt.timedelta(weeks=4)  # before its last entry, in which a feed's rhythm is looked for
NIGHT = dt.timedelta(hours=12)  # newsrooms sleep: less than this is no silence
LONGEST = dt.timedelta(days=7)  # the silence of a feed whose rhythm is not known: it brought something once
EMPTY = dt.timedelta(days=1)  # so long a feed may be empty that never brought anything


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
    nothing_new = or_(FeedRow.last_new_at.is_(None), FeedRow.last_new_at < now - NIGHT)
    query = select(FeedRow).where(FeedRow.listed, ~FeedRow.paused, FeedRow.failures == 0, nothing_new)
    return [feed for feed in session.scalars(query).all() if _is_silent(session, feed, now)]


def _is_silent(session: Session, feed: FeedRow, now: dt.datetime) -> bool:
    if feed.last_new_at is None:
        return feed.last_success_at is not None and now - feed.created_at > EMPTY
    return is_silent(feed.last_new_at, usual_pause(session, feed.id, feed.last_new_at), now)


def usual_pause(session: Session, feed_id: int, last_new_at: dt.datetime) -> dt.timedelta | None:
    """The mean time between two looks that brought something, in the weeks up to the last of them; None where there
    was one only. What came together counts once: a first look brings everything."""
    query = select(func.count(func.distinct(EntryRow.first_seen_at)), func.min(EntryRow.first_seen_at)).where(
        EntryRow.feed_id == feed_id, EntryRow.first_seen_at > last_new_at - WEEKS
    )
    looks, first = session.execute(query).one()
    return (last_new_at - first) / (looks - 1) if looks > 1 else None


def is_silent(last_new_at: dt.datetime, usual: dt.timedelta | None, now: dt.datetime) -> bool:
    """Whether a feed is quiet against its own rhythm: nothing for ten times its usual pause, and for half a day."""
    return now - last_new_at > (max(USUAL_PAUSES * usual, NIGHT) if usual is not None else LONGEST)
