"""What keeps messages from the desk on purpose: the pause of all posting, and the mutes of pairs of countries."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shared.tables import MuteRow, PauseRow


def active_pause(session: Session, now: dt.datetime) -> PauseRow | None:
    """The pause that holds at `now`; None where posting goes on. One whose time is over ends by itself."""
    query = select(PauseRow).where(PauseRow.ended_at.is_(None), or_(PauseRow.until.is_(None), PauseRow.until > now))
    return session.scalars(query.order_by(PauseRow.id.desc()).limit(1)).first()


def active_mutes(session: Session, now: dt.datetime) -> list[MuteRow]:
    """The mutes that hold at `now`, the oldest first."""
    query = select(MuteRow).where(MuteRow.ended_at.is_(None), MuteRow.until > now)
    return list(session.scalars(query.order_by(MuteRow.since, MuteRow.id)))
