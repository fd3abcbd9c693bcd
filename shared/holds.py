"""What keeps messages from the desk on purpose: the pause of all posting, and the mutes of pairs of countries.

The roots under which mutes were set name them while they hold.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shared.tables import CallRow, DeskWordRow, MuteRow, PauseRow, ReportRow


def active_pause(session: Session, now: dt.datetime) -> PauseRow | None:
    """The pause that holds at `now`; None where posting goes on. One whose time is over ends by itself."""
    query = select(PauseRow).where(PauseRow.ended_at.is_(None), or_(PauseRow.until.is_(None), PauseRow.until > now))
    return session.scalars(query.order_by(PauseRow.id.desc()).limit(1)).first()


def active_mutes(session: Session, now: dt.datetime) -> list[MuteRow]:
    """The mutes that hold at `now`, the oldest first."""
    query = select(MuteRow).where(MuteRow.ended_at.is_(None), MuteRow.until > now)
    return list(session.scalars(query.order_by(MuteRow.since, MuteRow.id)))


def end_mute(session: Session, mute: MuteRow, why: str, now: dt.datetime) -> None:
    """End a mute, for a reason. The root under which it was set by its button says so no longer."""
    mute.ended_at, mute.ended_why = now, why
    query = select(DeskWordRow.call_id).where(DeskWordRow.kind == "mute", DeskWordRow.number == mute.id)
    for call_id in session.scalars(query.where(DeskWordRow.undone_at.is_(None))):
        look_again(session, call_id)


def look_again(session: Session, call_id: str) -> None:
    """The root of a call is to be written anew, without a reply for that. Where a report of it waits, that decision
    does it, and has its reply: a look before it would take the news in silence."""
    call = session.get(CallRow, call_id)
    waits = select(ReportRow.id).where(ReportRow.call_id == call_id, ReportRow.notify_state == "waiting")
    if call is not None and call.notify_state == "done" and session.scalar(waits.limit(1)) is None:
        call.notify_state = "quiet"
