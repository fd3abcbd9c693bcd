"""Whether Redphone can see, as stretches of time in the database: each look lengthens the last one or begins the next.

A stretch with causes is one without sight. A gap between two looks was one too: nobody looked.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.notify.blind import AFTER, SETTLED, Blind, Signs, Unseen, causes_of, joined_causes
from services.notify.known import calls_told
from shared.holds import active_pause
from shared.records import OVER
from shared.tables import AnnouncementRow, ArticleRow, FeedRow, SightRow

Times = Select[dt.datetime | None, dt.datetime, int]
TRIED = ("waiting", "unknown")


def look(session: Session, now: dt.datetime) -> None:
    """Write down whether there is sight at this moment."""
    last = session.scalars(select(SightRow).order_by(SightRow.id.desc()).limit(1)).first()
    if last is not None and now - last.seen_at > AFTER:
        if not last.causes:
            session.add(SightRow(causes="stopped", since=last.seen_at, seen_at=now))
            session.flush()
            last = None
        else:
            last.causes = joined_causes([*last.causes.split(), "stopped"], {})
    causes = causes_of(signs(session, now), now)
    if last is not None and bool(last.causes) == bool(causes):
        last.seen_at, last.causes = now, joined_causes(last.causes.split(), causes)
        return
    since = min(causes.values()) if causes else now
    session.add(SightRow(causes=joined_causes((), causes), since=since, seen_at=now))


def signs(session: Session, now: dt.datetime) -> Signs:
    """What there is to see. What a pause keeps back is no sign of a Slack that takes nothing."""
    unread = ArticleRow.classify_state == "waiting", ~ArticleRow.silent
    untold = (
        AnnouncementRow.state.in_(TRIED),
        AnnouncementRow.attempts > 0,
        AnnouncementRow.kind != "edit",
    )
    paused = active_pause(session, now) is not None
    unseen, answered = _answered(session)
    return Signs(
        answered=answered,
        unseen=unseen,
        read=session.scalar(select(func.max(ArticleRow.classified_at))),
        unread_since=session.scalar(select(func.min(ArticleRow.fetched_at)).where(*unread)),
        taken=session.scalar(select(func.max(AnnouncementRow.sent_at))),
        untold_since=None if paused else session.scalar(select(func.min(AnnouncementRow.created_at)).where(*untold)),
    )


def _answered(session: Session) -> tuple[Unseen, dt.datetime | None]:
    """When a watched feed last answered, one that never did as if at its first interval's end. Where none is watched,
    when one last answered that was, or since when nobody has known any; and what to call it."""
    times = select(FeedRow.last_success_at, FeedRow.created_at, FeedRow.interval_s)
    listed = times.where(FeedRow.listed)
    asked: dict[Unseen, Times] = {"feeds": listed.where(~FeedRow.paused), "paused": listed, "unlisted": times}
    for unseen, query in asked.items():
        if rows := session.execute(query).all():
            return unseen, max(answered or added + dt.timedelta(seconds=every) for answered, added, every in rows)
    return "unlisted", session.scalar(select(SightRow.since).order_by(SightRow.id.desc()).limit(1))


def blind_at(session: Session, moment: dt.datetime | None) -> bool:
    """Whether there was no sight at a moment: what came out then is told late."""
    if moment is None:
        return False
    row = session.scalars(
        select(SightRow).where(SightRow.since <= moment).order_by(SightRow.id.desc()).limit(1)
    ).first()
    return row is not None and bool(row.causes)


def looked_at(session: Session, moment: dt.datetime) -> bool:
    """Whether somebody looked at a moment, whatever there was to see."""
    stretch = select(SightRow.id).where(SightRow.since <= moment, SightRow.seen_at >= moment - AFTER)
    return session.scalar(stretch.limit(1)) is not None


def to_tell(session: Session, now: dt.datetime) -> tuple[list[SightRow], Blind] | None:
    """All stretches without sight of which the desk was not told, where the last of them is over and caught up; None
    for none."""
    told = select(func.coalesce(func.max(SightRow.id), 0)).where(SightRow.told_at.is_not(None)).scalar_subquery()
    rows = session.scalars(select(SightRow).where(SightRow.id > told).order_by(SightRow.id)).all()
    blind = [row for row in rows if row.causes]
    if not blind or rows[-1].causes:
        return None
    found = signs(session, now)
    waits = found.unread_since or found.untold_since
    if now - rows[-1].since < SETTLED or waits is not None:
        return None
    since = blind[0].since
    came = ArticleRow.fetched_at >= since, ArticleRow.fetched_at <= now, ~ArticleRow.silent
    return blind, Blind(
        causes=tuple(joined_causes([cause for row in blind for cause in row.causes.split()], {}).split()),
        windows=tuple((row.since, after.since) for row, after in pairwise(rows) if row.causes),
        caught_up=now,
        articles=session.scalar(select(func.count(ArticleRow.id)).where(*came)) or 0,
        calls=sum(call.announced or call.facts.status in OVER for call in calls_told(session, since, now)),
    )
