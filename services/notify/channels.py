"""Whether Slack would take a message in each channel that the routes name: asked every few minutes, so that whoever is
on call reads it before the first alert is refused.

What was found stands in a row of its own for each channel; the status page says it in words. A terminal is not asked.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from services.notify.decide import Options
from services.notify.poster import NO_ANSWER, RATE_LIMITED, Asking, Checked, Poster
from services.notify.routes import channels
from shared.tables import ChannelRow

EVERY = dt.timedelta(minutes=5)


def check(sessions: sessionmaker[Session], now: dt.datetime, poster: Poster, options: Options) -> int:
    """Ask about the channels that are due, and write down what was said; returns how many were asked about.

    A poster that cannot ask leaves no row. One channel without an answer ends the round: the next would have none.
    """
    if not isinstance(poster, Asking):
        return 0
    asked = 0
    for name in _taken(sessions, now, options):
        said = poster.check(name)
        asked += 1
        if said.trouble != RATE_LIMITED:  # it says nothing of the channel
            with sessions.begin() as session:
                session.execute(update(ChannelRow).where(ChannelRow.name == name).values(_found(said, now)))
        if said.trouble in (NO_ANSWER, RATE_LIMITED):
            break
    return asked


def _taken(sessions: sessionmaker[Session], now: dt.datetime, options: Options) -> list[str]:
    """The channels that are due, as far as no other worker has taken them; rows of those that no route names go."""
    names = tuple(dict.fromkeys((options.channel, *(name or options.channel for name in channels(options.routes)))))
    with sessions.begin() as session:
        known = set(session.scalars(select(ChannelRow.name)))
        if gone := known - set(names):
            session.execute(delete(ChannelRow).where(ChannelRow.name.in_(gone)))
        session.execute(update(ChannelRow).values(own=ChannelRow.name == options.channel))
        added = [name for name in names if name not in known and _added(session, name, now, options)]
        due = update(ChannelRow).where(_due(now)).values(checked_at=now).returning(ChannelRow.name)
        return [*added, *sorted(session.scalars(due))]


def _added(session: Session, name: str, now: dt.datetime, options: Options) -> bool:
    with suppress(IntegrityError), session.begin_nested():  # another worker is as fast
        session.add(ChannelRow(name=name, own=name == options.channel, checked_at=now))
        return True
    return False


def _due(now: dt.datetime) -> ColumnElement[bool]:
    """A moment of the future is left from before a clock went back."""
    return or_(ChannelRow.checked_at <= now - EVERY, ChannelRow.checked_at > now)


def _found(said: Checked, now: dt.datetime) -> dict[str, object]:
    learned = {"channel_id": said.channel, "workspace": said.workspace}
    good = {} if said.trouble else {"good_at": now}
    return {"trouble": said.trouble, **good, **{name: value for name, value in learned.items() if value}}
