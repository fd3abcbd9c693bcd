"""What people and readings changed lately: the first question at night is what was touched."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.tables import HandRow, MuteRow, PauseRow, RereadingRow

MOST = 10


def lately(session: Session, since: dt.datetime) -> list[tuple[dt.datetime, str]]:
    """Moments and words, the latest first: hands on calls, pauses, mutes, runs of reclassify."""
    found: list[tuple[dt.datetime, str]] = []
    for hand in session.scalars(select(HandRow).where(HandRow.at > since).order_by(HandRow.id.desc()).limit(MOST)):
        undone = " (undone since)" if hand.retired_at else ""
        found.append((hand.at, f"calls {hand.kind} {hand.call_id} by {hand.by}: {hand.reason}{undone}"))
    for pause in session.scalars(
        select(PauseRow).where(PauseRow.since > since).order_by(PauseRow.id.desc()).limit(MOST)
    ):
        found.append((pause.since, f"pause notify by {pause.by}: {pause.reason}"))
        if pause.ended_at is not None:
            found.append((pause.ended_at, f"resume notify by {pause.ended_by}"))
    mutes = select(MuteRow).where(MuteRow.since > since).order_by(MuteRow.id.desc()).limit(MOST)
    found += [(row.since, f"mute {row.pair} by {row.by}: {row.reason}") for row in session.scalars(mutes)]
    runs = select(RereadingRow).where(RereadingRow.started_at > since).order_by(RereadingRow.id.desc()).limit(MOST)
    found += [(row.started_at, f"reclassify: {row.articles} articles read again") for row in session.scalars(runs)]
    return sorted(found, reverse=True)[:MOST]
