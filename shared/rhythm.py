"""How often a feed brings something, and whether it is silent against its own rhythm.

A feed that answers and brings nothing looks healthy and may be dead: moved, frozen, or served from a cache for ever.
Its rhythm is that of the weeks before it fell silent: measured up to now, silence would become the rhythm. And silence
lasts until the last answer: of the time since then, in which nobody asked or a person paused it, nothing is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from shared.tables import ArticleRow, EntryRow, FeedRow

DAYS = 7
USUAL_PAUSES = 10
WEEKS = dt.timedelta(weeks=4)  # before its last entry, in which a feed's rhythm is looked for
NIGHT = dt.timedelta(hours=12)  # newsrooms sleep: less than this is no silence, where a night may be part of it
MORNING, EVENING = dt.time(7), dt.time(22)  # between which a newsroom is awake
AWAKE = dt.timedelta(hours=4)  # so long without a word on one day is silence enough
LONGEST = dt.timedelta(days=7)  # the silence of a feed whose rhythm is not known: it brought something once
EMPTY = dt.timedelta(days=1)  # so long a feed may be empty that never brought anything


def entries_per_day(session: Session, now: dt.datetime, days: int = DAYS) -> dict[int, float]:
    """How many new entries each feed brought a day, over the last `days` days, or since the oldest that its first look
    showed. A feed that brought none is not among them.

    What a first look shows is of the days that it names, or of none: it came on any day before.
    """
    since = now - dt.timedelta(days=days)
    first_look = select(func.min(EntryRow.first_seen_at)).where(EntryRow.feed_id == FeedRow.id).scalar_subquery()
    looked = {row.id: row.at for row in session.execute(select(FeedRow.id, first_look.label("at"))) if row.at}
    lately = [feed_id for feed_id, at in looked.items() if at > since]
    brought = (
        select(EntryRow.feed_id, func.count(func.distinct(EntryRow.article_id)))
        .where(EntryRow.first_seen_at > since, EntryRow.feed_id.not_in(lately))
        .group_by(EntryRow.feed_id)
    )
    per_day = {feed_id: count / days for feed_id, count in session.execute(brought)}
    for feed_id, count, oldest in _since_they_are_known(session, since):
        known = min(oldest or looked[feed_id], looked[feed_id])
        per_day[feed_id] = count / max(1.0, (now - known) / dt.timedelta(days=1))
    return per_day


def _since_they_are_known(session: Session, since: dt.datetime) -> Iterable[tuple[int, int, dt.datetime | None]]:
    """Of each feed first looked at after `since`: how many entries it brought after that look, and those that this
    showed and that say to be of after `since`; and when the oldest of the latter came out."""
    first = (
        select(EntryRow.feed_id, func.min(EntryRow.first_seen_at).label("at"))
        .group_by(EntryRow.feed_id)
        .having(func.min(EntryRow.first_seen_at) > since)
        .subquery()
    )
    dated = and_(ArticleRow.published_at > since, ArticleRow.published_at < first.c.at)
    query = (
        select(
            EntryRow.feed_id,
            func.count(func.distinct(EntryRow.article_id)),
            func.min(case((dated, ArticleRow.published_at))),
        )
        .join(first, first.c.feed_id == EntryRow.feed_id)
        .join(ArticleRow, ArticleRow.id == EntryRow.article_id)
        .where(or_(EntryRow.first_seen_at > first.c.at, dated))
        .group_by(EntryRow.feed_id)
    )
    return ((feed_id, count, oldest) for feed_id, count, oldest in session.execute(query))


def silent_feeds(session: Session, now: dt.datetime) -> list[FeedRow]:
    """The feeds that are polled, answer, and are silent."""
    nothing_new = or_(FeedRow.last_new_at.is_(None), FeedRow.last_new_at < now - AWAKE)
    query = select(FeedRow).where(FeedRow.listed, ~FeedRow.paused, FeedRow.failures == 0, nothing_new)
    return [feed for feed in session.scalars(query).all() if _is_silent(session, feed)]


def _is_silent(session: Session, feed: FeedRow) -> bool:
    if feed.last_success_at is None:
        return False
    if feed.last_new_at is None:
        return feed.last_success_at - feed.created_at > EMPTY
    usual = usual_pause(session, feed.id, feed.last_new_at)
    return is_silent(feed.last_new_at, usual, feed.last_success_at, ZoneInfo(feed.timezone))


def usual_pause(session: Session, feed_id: int, last_new_at: dt.datetime) -> dt.timedelta | None:
    """The mean time between two looks that brought something, in the weeks up to the last of them; None where there
    was one only. What came together counts once: a first look brings everything."""
    query = select(func.count(func.distinct(EntryRow.first_seen_at)), func.min(EntryRow.first_seen_at)).where(
        EntryRow.feed_id == feed_id, EntryRow.first_seen_at > last_new_at - WEEKS
    )
    looks, first = session.execute(query).one()
    return (last_new_at - first) / (looks - 1) if looks > 1 else None


def is_silent(last_new_at: dt.datetime, usual: dt.timedelta | None, answered_at: dt.datetime, zone: dt.tzinfo) -> bool:
    """Whether a feed that last answered then is quiet against its own rhythm: nothing for ten times its usual pause,
    and for half a day, or for four hours of the day on which it brought something last."""
    quiet = answered_at - last_new_at
    if usual is None:
        return quiet > LONGEST
    return quiet > USUAL_PAUSES * usual and (quiet > NIGHT or _awake(last_new_at, answered_at, zone) > AWAKE)


def _awake(since: dt.datetime, until: dt.datetime, zone: dt.tzinfo) -> dt.timedelta:
    """The waking hours between two moments, of the first one's day alone."""
    day = since.astimezone(zone).date()
    morning, evening = (dt.datetime.combine(day, hour, zone) for hour in (MORNING, EVENING))
    return min(until, evening) - max(since, morning)
