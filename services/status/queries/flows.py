"""What passed each stage lately: moments of arrival, and of passing, each from its own newest rows.

What waits is taken up the oldest first: while much waits, the rows that pass are not those that come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.status.values import Passed, Traffic
from shared.tables import AnnouncementRow, ArticleRow, HandRow, ReportRow, RereadingRow

#: The newest rows that are looked at, of those that came and of those that passed: more than five hundred feeds bring
#: in half an hour. Where there are more, these tell how fast.
NEWEST = 2000
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def passed(session: Session, now: dt.datetime) -> dict[str, Traffic]:
    """Stage → what came and what passed within the hour."""
    since = now - HOUR
    articles = session.execute(_ARTICLES).all()
    stored = [row.fetched_at for row in articles]
    with_page = [row.fetched_at for row in articles if row.body_state != "none"]
    reports = session.execute(_REPORTS).all()
    told = [row.created_at for row in reports]
    touched = _by_hand(session, since)
    decided = [
        (row.created_at, row.decided_at)
        for row in reports
        if row.decided_at is not None
        and not any(row.created_at < at <= row.decided_at for at in touched.get(row.call_id, ()))
    ]
    written = session.scalars(_MESSAGES).all()
    fetched = _left(session, ArticleRow.fetched_at, ArticleRow.body_at, since)
    read = _left(session, ArticleRow.fetched_at, ArticleRow.classified_at, since)
    sent = _left(session, AnnouncementRow.created_at, AnnouncementRow.sent_at, since)
    if _read_again(session, now):  # what is read again long after it came does not tell how long it takes
        read = [(came, left) for came, left in read if came > since]
    return {
        "body": _traffic(with_page, _whole_since(stored, since), fetched, since),
        "classify": _traffic(stored, _whole_since(stored, since), read, since),
        "notify": _traffic(told, _whole_since(told, since), decided, since),
        "post": _traffic(written, _whole_since(written, since), sent, since),
    }


def _traffic(
    came: Iterable[dt.datetime], came_since: dt.datetime, left: Sequence[Moments], since: dt.datetime
) -> Traffic:
    return Traffic(
        came=[at for at in came if at > since],
        came_since=came_since,
        passed=[Passed(came, left) for came, left in left if left > since],
        passed_since=_whole_since([left for _, left in left], since),
    )


def _whole_since(newest: Sequence[dt.datetime], since: dt.datetime) -> dt.datetime:
    """From when on these moments, the newest first, are all that there are."""
    return max(newest[-1], since) if len(newest) == NEWEST else since


def _left(
    session: Session,
    came: InstrumentedAttribute[dt.datetime],
    left: InstrumentedAttribute[dt.datetime | None],
    since: dt.datetime,
) -> list[Moments]:
    """When the rows that passed a stage last had come, and when they passed; the last first."""
    rows = session.execute(select(came, left).where(left > since).order_by(left.desc()).limit(NEWEST))
    return [(came_at, left_at) for came_at, left_at in rows if left_at is not None]


def _read_again(session: Session, now: dt.datetime) -> bool:
    """Whether `redphone reclassify` ran within the hour, or runs."""
    ended = RereadingRow.finished_at
    runs = or_(ended > now - HOUR, and_(ended.is_(None), RereadingRow.started_at > now - DAY))
    return session.scalar(select(RereadingRow.id).where(runs).limit(1)) is not None


def _by_hand(session: Session, since: dt.datetime) -> dict[str, list[dt.datetime]]:
    """Call → when somebody put it right: its reports are decided on anew, which does not tell how long that takes."""
    at, undone = HandRow.at, HandRow.retired_at
    hands = select(HandRow.call_id, HandRow.other_id, at, undone).where(or_(at > since, undone > since))
    found: dict[str, list[dt.datetime]] = {}
    for call_id, other_id, *moments in session.execute(hands.order_by(HandRow.id.desc()).limit(NEWEST)):
        for name in (call_id, *([other_id] if other_id else [])):
            found.setdefault(name, []).extend(moment for moment in moments if moment is not None)
    return found


Moments = tuple[dt.datetime, dt.datetime]
_ARTICLES = select(ArticleRow.fetched_at, ArticleRow.body_state).order_by(ArticleRow.id.desc()).limit(NEWEST)
_REPORTS = (
    select(ReportRow.created_at, ReportRow.decided_at, ReportRow.call_id).order_by(ReportRow.id.desc()).limit(NEWEST)
)
_MESSAGES = select(AnnouncementRow.created_at).order_by(AnnouncementRow.id.desc()).limit(NEWEST)
