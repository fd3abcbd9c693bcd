"""What people and readings changed lately: the first question at night is what was touched."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.status.lines import line
from shared.tables import AnnouncementRow, HandRow, MuteRow, PauseRow, RereadingRow, StartRow

MOST = 10
HOUR = dt.timedelta(hours=1)


def lately(session: Session, since: dt.datetime) -> list[tuple[dt.datetime, str]]:
    """Moments and words, the latest first: hands on calls, pauses, mutes, runs of
    reclassify, starts with what is another than before."""
    found: list[tuple[dt.datetime, str]] = []
    for hand in session.scalars(select(HandRow).where(HandRow.at > since).order_by(HandRow.id.desc()).limit(MOST)):
        key = "changed_hand_undone" if hand.retired_at else "changed_hand"
        found.append((hand.at, line(key, kind=hand.kind, id=hand.call_id, name=hand.by, reason=hand.reason)))
    for pause in session.scalars(
        select(PauseRow).where(PauseRow.since > since).order_by(PauseRow.id.desc()).limit(MOST)
    ):
        found.append((pause.since, line("changed_pause", name=pause.by, reason=pause.reason)))
        if pause.ended_at is not None:
            found.append((pause.ended_at, line("changed_resume", name=pause.ended_by)))
    mutes = select(MuteRow).where(MuteRow.since > since).order_by(MuteRow.id.desc()).limit(MOST)
    found += [
        (row.since, line("changed_mute", pair=row.pair, name=row.by, reason=row.reason))
        for row in session.scalars(mutes)
    ]
    runs = select(RereadingRow).where(RereadingRow.started_at > since).order_by(RereadingRow.id.desc()).limit(MOST)
    found += [(row.started_at, line("changed_reclassify", n=row.articles)) for row in session.scalars(runs)]
    starts = select(StartRow).where(StartRow.at > since).order_by(StartRow.id.desc()).limit(MOST)
    for start in session.scalars(starts):
        key = "changed_start_with" if start.words else "changed_start"
        found.append((start.at, line(key, name=start.service, words=start.words)))
    return sorted(found, reverse=True)[:MOST]


def told_beside(session: Session, moments: list[dt.datetime]) -> list[tuple[int, int]]:
    """How many messages the desk was sent in the hour before each moment and in the hour after it."""
    if not moments:
        return []
    first, last = min(moments) - HOUR, max(moments) + HOUR
    query = select(AnnouncementRow.sent_at).where(
        AnnouncementRow.kind != "edit", AnnouncementRow.sent_at > first, AnnouncementRow.sent_at <= last
    )
    sent = sorted(at for at in session.scalars(query) if at is not None)
    return [
        (bisect_right(sent, at) - bisect_right(sent, at - HOUR), bisect_right(sent, at + HOUR) - bisect_right(sent, at))
        for at in moments
    ]
