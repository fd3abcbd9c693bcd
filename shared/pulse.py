"""The pulse: at each tick ingest looks at its clock and at how much waits to be read, and writes down what it found.

A clock that was put back leaves everything that waits "until then" waiting for hours: feeds, leases, messages. So
nothing waits for those hours once more: feeds become due, and everything else waits for as long as it had still to wait
at the last look before, because whoever has it in hand may still be at work; at most as long as a lease from now on.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TypeAlias

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from shared.brake import FREE, Backlog, Step, level_of, step_at
from shared.clock import WENT_BACK
from shared.tables import AnnouncementRow, ArticleRow, FeedRow, HostRow, PulseRow

#: So long without a tick, and nothing ran, or the clock was put forward.
WENT_ON = dt.timedelta(minutes=10)
#: Where two machines' clocks differ by more, each tick would look like a jump: one in so long is believed.
SELDOM = dt.timedelta(minutes=10)
#: How long a jump is told of.
TOLD = dt.timedelta(hours=1)
#: No lease that is taken in the tables below is longer.
LONGEST_LEASE = dt.timedelta(seconds=20)
#: So many different moments are put back by as much as the clock; what waits for one more waits for a whole lease.
MOST_MOVED = 500
#: A host rests for a second or two between two requests.
A_REST = dt.timedelta(seconds=5)
#: Whoever was at work when the clock went back may still write down a time by the hour before. So it is looked at once
#: more when those are through who asked a newspaper or Slack then, and when the longest task is.
AFTERWARDS = (LONGEST_LEASE, dt.timedelta(seconds=130))
_ONLY = 1

Moment: TypeAlias = InstrumentedAttribute[dt.datetime | None] | InstrumentedAttribute[dt.datetime]

# what waits until a moment → how long it may at most have to wait from now on
_WAITS: tuple[tuple[Moment, dt.timedelta], ...] = (
    (FeedRow.next_poll_at, dt.timedelta()),
    (FeedRow.claimed_until, LONGEST_LEASE),
    (HostRow.next_request_at, A_REST),
    (HostRow.next_page_at, LONGEST_LEASE),
    (HostRow.claimed_until, LONGEST_LEASE),
    (ArticleRow.classify_next_at, LONGEST_LEASE),
    (ArticleRow.body_next_at, LONGEST_LEASE),
    (AnnouncementRow.claimed_until, LONGEST_LEASE),
)


def look(session: Session, now: dt.datetime, steps: tuple[Step, ...]) -> None:
    """Look at the clock and at what waits to be read, and write it down."""
    row = _held(session, now)
    _look_at_clock(session, row, now)
    backlog = _backlog(session, now)
    row.brake, row.waiting, row.oldest_s = level_of(backlog, row.brake, steps), backlog.waiting, backlog.oldest_s


def note(session: Session, now: dt.datetime) -> None:
    """Whoever is about to take work by a clock that is far ahead of the last look says so: it may be put back before
    any tick comes, and what was done by it would wait for its hour. To be called before rows are taken, as a look is,
    so that no two wait for each other in a circle."""
    seen_at = session.scalar(select(PulseRow.seen_at))
    if seen_at is None or now - seen_at >= WENT_ON:
        _look_at_clock(session, _held(session, now), now)


def _held(session: Session, now: dt.datetime) -> PulseRow:
    """The row, for us alone: of two looks at once, the one by the hour before would hide the other's jump."""
    if session.get(PulseRow, _ONLY) is None:
        with suppress(IntegrityError), session.begin_nested():  # another worker is as fast
            session.add(PulseRow(id=_ONLY, seen_at=now))
    return session.get_one(PulseRow, _ONLY, populate_existing=True, with_for_update=True)


def _look_at_clock(session: Session, row: PulseRow, now: dt.datetime) -> None:
    jump = now - row.seen_at
    if -WENT_BACK < jump < WENT_ON:
        if _comes_after(row, now):
            _wait_no_longer(session, now, dt.timedelta(seconds=row.jumped_s))
        row.seen_at = now
    elif row.jumped_at is None or abs(now - row.jumped_at) > SELDOM:
        if jump < dt.timedelta():
            _wait_no_longer(session, now, jump)
        row.seen_at, row.jumped_at, row.jumped_s = now, now, jump.total_seconds()
    else:
        row.seen_at = max(row.seen_at, now)


def _comes_after(row: PulseRow, now: dt.datetime) -> bool:
    """Whether this is the look at those who were at work when the clock went back; one by a clock that is far ahead is
    none."""
    if row.jumped_at is None or row.jumped_s >= 0:
        return False
    due = [row.jumped_at + after for after in AFTERWARDS]
    return any(row.seen_at < at <= now < at + WENT_BACK for at in due)


def _wait_no_longer(session: Session, now: dt.datetime, jump: dt.timedelta) -> None:
    for column, wait in _WAITS:
        if wait:
            _move(session, column, now, wait, jump)
        _cap(session, column, now + wait)
    waits = AnnouncementRow.state.in_(("waiting", "unknown"))  # what is held waits for an hour of the day
    for tried, latest in ((AnnouncementRow.attempts > 0, now + LONGEST_LEASE), (AnnouncementRow.attempts == 0, now)):
        _cap(session, AnnouncementRow.next_attempt_at, latest, waits, tried)


def _move(session: Session, column: Moment, now: dt.datetime, wait: dt.timedelta, jump: dt.timedelta) -> None:
    """Put back by a jump what is to wait for longer than `wait`; what has waited long enough by then waits no more."""
    moments = select(column).where(column > now + wait).distinct().limit(MOST_MOVED)
    for moment in filter(None, session.scalars(moments).all()):
        _set(session, column, max(now, min(now + wait, moment + jump)), column == moment)


def _cap(session: Session, column: Moment, latest: dt.datetime, *where: ColumnElement[bool]) -> None:
    _set(session, column, latest, column > latest, *where)


def _set(session: Session, column: Moment, moment: dt.datetime, *where: ColumnElement[bool]) -> None:
    session.execute(
        update(column.class_).where(*where).values({column.key: moment}),
        execution_options={"synchronize_session": False},
    )


def _backlog(session: Session, now: dt.datetime) -> Backlog:
    waiting = select(func.count(), func.min(ArticleRow.fetched_at)).where(ArticleRow.classify_state == "waiting")
    count, oldest = session.execute(waiting).one()
    return Backlog(count, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)


def read(session: Session, steps: tuple[Step, ...]) -> tuple[int, Step, Backlog]:
    """The level of the brake that holds with its step, and what the last look found."""
    row = session.get(PulseRow, _ONLY)
    if row is None:
        return 0, FREE, FREE.backlog
    return row.brake, step_at(row.brake, steps), Backlog(row.waiting, row.oldest_s)


def jump_told(session: Session, now: dt.datetime) -> str:
    """A jump of the clock that was seen within the hour, in words; empty for none."""
    row = session.get(PulseRow, _ONLY)
    if row is None or row.jumped_at is None or not dt.timedelta() <= now - row.jumped_at < TOLD:
        return ""
    by, at = f"{abs(row.jumped_s) / 60:.0f} min", f"{row.jumped_at:%Y-%m-%d %H:%M} UTC"
    if row.jumped_s < 0:
        return f"the clock went back by {by} at {at}: what had to wait for a later time was made due"
    return f"no tick came for {by} until {at}: nothing ran, or the clock was put forward"
