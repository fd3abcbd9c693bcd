"""What people and readings changed lately: the first question at night is what was touched."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.status.lines import line
from shared.tables import AnnouncementRow, DeedRow, HandRow, MuteRow, PauseRow, RereadingRow, StartRow

Row = TypeVar("Row")
Moments = InstrumentedAttribute[Any]
HOUR = dt.timedelta(hours=1)


def lately(session: Session, since: dt.datetime, most: int) -> list[tuple[dt.datetime, str]]:
    """Moments and words, the latest first, `most` of them: hands on calls, on feeds and on alerts, pauses, mutes, runs
    of reclassify, starts with what is another than before."""
    found = [*_hands(session, since, most), *_deeds(session, since, most), *_rests(session, since, most)]
    runs = _newest(select(RereadingRow), RereadingRow.started_at, since, most)
    found += [(row.started_at, line("changed_reclassify", n=row.articles)) for row in session.scalars(runs)]
    for start in session.scalars(_newest(select(StartRow), StartRow.at, since, most)):
        key = "changed_start_with" if start.words else "changed_start"
        found.append((start.at, line(key, name=start.service, words=start.words)))
    return sorted((one for one in found if one[0] > since), reverse=True)[:most]


def _newest(
    query: Select[Row], began: Moments, since: dt.datetime, most: int, ended: Moments | None = None
) -> Select[Row]:
    """The rows that began, or ended, since a moment; the latest of them."""
    last = began if ended is None else func.coalesce(ended, began)
    return query.where(last > since).order_by(last.desc()).limit(most)


def _hands(session: Session, since: dt.datetime, most: int) -> Iterator[tuple[dt.datetime, str]]:
    """What was put right in the history, and what of it was taken back."""
    for hand in session.scalars(_newest(select(HandRow), HandRow.at, since, most)):
        key = "changed_hand_undone" if hand.retired_at else "changed_hand"
        yield hand.at, line(key, kind=hand.kind, id=hand.call_id, name=hand.by, reason=hand.reason)
    for hand in session.scalars(_newest(select(HandRow), HandRow.retired_at, since, most)):
        if hand.retired_at is not None:
            yield hand.retired_at, line("changed_undo", id=hand.id, name=hand.retired_by or "")


def _deeds(session: Session, since: dt.datetime, most: int) -> Iterator[tuple[dt.datetime, str]]:
    """What feeds and alerts were told to do."""
    for deed in session.scalars(_newest(select(DeedRow), DeedRow.at, since, most)):
        yield deed.at, line(f"changed_deed_{deed.what}", about=deed.about, name=deed.by, reason=deed.reason)


def _rests(session: Session, since: dt.datetime, most: int) -> Iterator[tuple[dt.datetime, str]]:
    """Pauses and mutes, and what ended them before their time."""
    for pause in session.scalars(_newest(select(PauseRow), PauseRow.since, since, most, PauseRow.ended_at)):
        yield pause.since, line("changed_pause", name=pause.by, reason=pause.reason)
        if pause.ended_at is not None:
            yield pause.ended_at, line("changed_resume", name=pause.ended_by or "")
    for mute in session.scalars(_newest(select(MuteRow), MuteRow.since, since, most, MuteRow.ended_at)):
        yield mute.since, line("changed_mute", pair=mute.pair, name=mute.by, reason=mute.reason)
        if mute.ended_at is not None:
            yield mute.ended_at, line("changed_unmute", pair=mute.pair, words=mute.ended_why or "")


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
