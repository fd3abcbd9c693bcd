"""What people say of the alerts: pause and resume, mute a pair, release, drop or retry a row of the ledger.

Each word is kept with who said it, why and when; no row is ever deleted. A word about several rows holds for all of
them or for none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notify.burst import IN_FULL
from services.notify.quiet import KEPT_BACK
from shared.errors import UsageError
from shared.holds import active_mutes, active_pause, end_mute
from shared.tables import AnnouncementRow, DeedRow, MuteRow, PauseRow

TO_RELEASE = ("waiting", *KEPT_BACK)
GIVEN_UP = ("refused", "dead")


def pause(session: Session, by: str, reason: str, now: dt.datetime, until: dt.datetime | None) -> PauseRow:
    """Post nothing from now on, until a moment or until :func:`resume`. A pause that holds already gives way to it."""
    resume(session, by, now)
    row = PauseRow(by=by, reason=reason, since=now, until=until)
    session.add(row)
    return row


def resume(session: Session, by: str, now: dt.datetime) -> PauseRow | None:
    """End the pause; returns the one that ended, None where there was none."""
    row = active_pause(session, now)
    if row is not None:
        row.ended_at, row.ended_by = now, by
    return row


def backlog(session: Session, now: dt.datetime) -> int:
    """How many messages would go out at once if nothing were paused; edits make no sound and are not counted."""
    due = select(func.count(AnnouncementRow.id)).where(
        AnnouncementRow.state.in_(("waiting", "held")),
        AnnouncementRow.next_attempt_at <= now,
        AnnouncementRow.kind != "edit",
    )
    return session.scalar(due) or 0


def mute(session: Session, pair: str, by: str, reason: str, now: dt.datetime, until: dt.datetime) -> MuteRow:
    """Make no message of the calls of a pair ("RU-US") until a moment. An earlier mute of the pair gives way to it."""
    unmute(session, pair, by, now)
    row = MuteRow(pair=pair, by=by, reason=reason, since=now, until=until)
    session.add(row)
    return row


def unmute(session: Session, pair: str, by: str, now: dt.datetime) -> bool:
    """End the mute of a pair; returns whether there was one."""
    rows = [row for row in active_mutes(session, now) if row.pair == pair]
    for row in rows:
        end_mute(session, row, f"ended by {by}", now)
    return bool(rows)


def release(session: Session, ids: Collection[int], by: str, reason: str, now: dt.datetime) -> tuple[int, ...]:
    """Let rows go that are held, muted, undated or kept by a pause, with those before them in their call, and with a
    brief root the reply that tells it in full.

    Returns all of them. Raises UsageError for a row that is not kept back.
    """
    rows = {row.id: row for row in _rows(session, ids, TO_RELEASE, "release")}
    for row in list(rows.values()):
        rows |= {other.id: other for other in _of_call(session, row) if other.id < row.id or _tells_it(other, row)}
    for row in rows.values():
        row.state, row.next_attempt_at, row.released = "waiting", now, True
        row.hand = _word("released", by, reason, now)
    return _done(session, "release", rows, by, reason, now)


def drop(session: Session, ids: Collection[int], by: str, reason: str, now: dt.datetime) -> tuple[int, ...]:
    """Put rows to rest that are not to be sent; with a root that was never sent goes what follows it in its call.

    Raises UsageError for a row that was sent or is being sent, and for one of which nobody knows: it settles itself.
    """
    rows = {row.id: row for row in _rows(session, ids, (*TO_RELEASE, *GIVEN_UP), "drop")}
    for root in [row for row in rows.values() if row.kind == "root"]:
        rows |= {later.id: later for later in _of_call(session, root) if later.id > root.id}
    for row in rows.values():
        row.state, row.claimed_until, row.hand = "dropped", None, _word("dropped", by, reason, now)
    return _done(session, "drop", rows, by, reason, now)


def retry(session: Session, ids: Collection[int], by: str, now: dt.datetime) -> tuple[int, ...]:
    """Set rows that were refused or given up back to waiting, with their attempts counted anew; returns them.

    Raises UsageError for a row that is neither.
    """
    rows = _rows(session, ids, GIVEN_UP, "retry")
    for row in rows:
        row.state, row.next_attempt_at, row.attempts, row.error = "waiting", now, 0, None
        row.hand = _word("reopened", by, "", now)
    return _done(session, "retry", [row.id for row in rows], by, "", now)


def _done(session: Session, what: str, ids: Collection[int], by: str, reason: str, now: dt.datetime) -> tuple[int, ...]:
    """Write down what was done to some rows; their ids in order."""
    done = tuple(sorted(ids))
    if done:
        session.add(DeedRow(what=what, about=" ".join(map(str, done)), by=by, reason=reason, at=now))
    return done


def _rows(session: Session, ids: Collection[int], states: Collection[str], verb: str) -> list[AnnouncementRow]:
    query = select(AnnouncementRow).where(AnnouncementRow.id.in_(ids)).order_by(AnnouncementRow.id).with_for_update()
    rows = list(session.scalars(query))
    missing = set(ids) - {row.id for row in rows}
    if missing:
        raise UsageError(f"{min(missing)}: no alert has this id; redphone alerts lists them")
    for row in rows:
        if row.state not in states:
            raise UsageError(f"alert {row.id} is {row.state}; {verb} is for one that is {' or '.join(states)}")
    return rows


def _of_call(session: Session, row: AnnouncementRow) -> list[AnnouncementRow]:
    """What is kept back of the same call in the same channel."""
    if row.call_id is None:
        return []
    query = select(AnnouncementRow).where(
        AnnouncementRow.call_id == row.call_id,
        AnnouncementRow.channel == row.channel,
        AnnouncementRow.state.in_(TO_RELEASE),
    )
    return list(session.scalars(query.with_for_update()))


def _tells_it(row: AnnouncementRow, root: AnnouncementRow) -> bool:
    """Whether a row is the reply that tells a brief root in full."""
    return root.kind == "root" and row.key.startswith(IN_FULL)


def _word(what: str, by: str, reason: str, now: dt.datetime) -> str:
    return f"{what} by {by} at {now:%Y-%m-%d %H:%M} UTC" + (f": {reason}" if reason else "")
