"""What editors say of calls in Slack, as rows: each with who and when, once, and with what took it back.

What a word does (a hand on the history, a mute) is done by whoever hears it; here it is written down and read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.notify.layout import Word
from services.notify.said import Pressed
from shared.holds import look_again
from shared.tables import CallRow, DeskWordRow, HandRow, MuteRow

#: The words that make a hand on the history.
HANDS = ("drop", "merge", "split")


def heard(session: Session, pressed: Pressed) -> bool:
    """Whether this very click was heard before: Slack delivers one again whose acknowledgement it did not get."""
    return session.scalar(select(DeskWordRow.id).where(DeskWordRow.key == pressed.key)) is not None


def write(
    session: Session, pressed: Pressed, kind: str, call_id: str, now: dt.datetime, number: int | None = None,
    about: str = "",
) -> DeskWordRow:  # fmt: skip
    """Write a word down, and let the notifier look at its call."""
    row = DeskWordRow(
        key=pressed.key,
        kind=kind,
        call_id=call_id,
        about=about,
        number=number,
        by=pressed.by,
        user=pressed.user,
        at=now,
    )
    session.add(row)
    session.flush()
    _look(session, row)
    return row


def taken_back(session: Session, word: DeskWordRow, pressed: Pressed, now: dt.datetime) -> None:
    """Write down who took a word back and when; that is a word too."""
    word.undone_at, word.undone_by = now, pressed.by
    write(session, pressed, "undo", word.call_id, now, number=word.id)
    _look(session, word)


def standing(session: Session, call_id: str, now: dt.datetime) -> tuple[Word, ...]:
    """The words on a call that nobody has taken back, in their order, without those whose hand or mute was ended
    elsewhere or is over. A merge is a word on both of its calls, and one on a call that was merged into this one counts
    here."""
    return tuple(word for _, word in _standing(session, call_id, now))


def said_before(session: Session, call_id: str, kind: str, about: str, now: dt.datetime) -> DeskWordRow | None:
    """The word that says of a call, and of the same `about`, what somebody is about to say once more. Of two who press
    at once one is the second: the call's row is held until commit, unless a hand follows, which takes its own locks
    first."""
    if kind not in HANDS:
        session.get(CallRow, call_id, with_for_update=True)
    rows = (row for row, _ in _standing(session, call_id, now))
    return next((row for row in rows if row.kind == kind and row.about == about), None)


def _standing(session: Session, call_id: str, now: dt.datetime) -> Iterable[tuple[DeskWordRow, Word]]:
    merged = select(CallRow.id).where(CallRow.merged_into == call_id)
    on_it = DeskWordRow.call_id == call_id, DeskWordRow.call_id.in_(merged), DeskWordRow.about == call_id
    query = select(DeskWordRow).where(DeskWordRow.undone_at.is_(None), DeskWordRow.kind != "undo", or_(*on_it))
    for row in session.scalars(query.order_by(DeskWordRow.id)):
        word = _word(session, row)
        if word is not None and (word.until is None or word.until > now):
            yield row, word


def _word(session: Session, row: DeskWordRow) -> Word | None:
    hand = session.get(HandRow, row.number) if row.kind in HANDS else None
    if hand is not None and hand.retired_at is not None:  # undone on the command line
        return None
    if row.kind != "mute":
        return Word(row.id, row.kind, row.by, row.at, about=row.about)
    mute = session.get(MuteRow, row.number)
    return Word(row.id, row.kind, row.by, row.at, mute.until) if mute is not None and mute.ended_at is None else None


def _look(session: Session, word: DeskWordRow) -> None:
    """The root of the call, and of the one that a merge names, is to be written anew."""
    for call_id in (word.call_id, word.about if word.kind == "merge" else None):
        if call_id:
            look_again(session, call_id)
