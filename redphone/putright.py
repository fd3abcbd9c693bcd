"""`redphone calls merge|split|drop|edit|undo|hands`: what a person puts right in the history, on the command line."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from redphone.lines import encode
from redphone.show import opened, prepare, require_history
from redphone.terminal import Terminal
from services.classify import by_hand
from services.classify.by_hand import Why
from services.ingest.urls import key_of
from shared import db
from shared.clock import utc_now
from shared.errors import UsageError
from shared.settings import load_settings
from shared.tables import HandRow

Answer = TypeVar("Answer")
MOST_BY = 100


class HandView(msgspec.Struct, frozen=True, kw_only=True):
    """A hand as a row: `other` is the second call of a merge, `what` the edits or the reports that were set apart."""

    id: int
    kind: str
    call_id: str
    other: str | None
    what: str
    reason: str
    by: str
    at: dt.datetime
    undone_at: dt.datetime | None
    undone_by: str | None


def merge(one: str, other: str, reason: str, by: str | None, *, sure: bool) -> None:
    """Two calls are one; `sure`: although other people are on them."""

    def lay(session: Session, why: Why) -> int:
        if not sure and (people := by_hand.other_people(session, one, other)):
            raise UsageError(f"{people}; say --yes where they are one call all the same")
        return by_hand.merge(session, one, other, why)

    _lay(lay, reason, by, "one call: {calls}")


def split(call_id: str, reports: Sequence[str], reason: str, by: str | None) -> None:
    """Some reports of a call tell of another; an article's address stands for all that it tells of the call."""
    keys = [key_of(report) for report in reports]
    _lay(lambda session, why: by_hand.split(session, call_id, keys, why), reason, by, "a call of its own: {calls}")


def drop(call_id: str, reason: str, by: str | None) -> None:
    """It was no call."""
    _lay(lambda session, why: by_hand.drop(session, call_id, why), reason, by, "withdrawn: {calls}")


def edit(call_id: str, edits: Sequence[str], reason: str, by: str | None) -> None:
    """Some facts of a call are others than the reports say; `edits` are written FIELD=VALUE."""
    values = dict(_edit(one) for one in edits)
    _lay(lambda session, why: by_hand.edit(session, call_id, values, why), reason, by, "put right: {calls}")


def undo(number: int, by: str | None) -> None:
    """Take a hand back."""
    _written(lambda session: by_hand.undo(session, number, _who(by), utc_now()))
    _say(f"hand {number} is undone")


def hands(call_id: str | None, *, as_json: bool) -> None:
    """List the hands, or those on one call, the latest first."""
    settings = load_settings()
    rows = opened(settings, lambda session: [_view(row) for row in by_hand.listed(session, call_id)])
    if as_json:
        sys.stdout.writelines(encode(row) + "\n" for row in rows)
        return
    zone = ZoneInfo(settings.timezone)
    table = Table("hand", f"when\n({settings.timezone})", "by", "what", "reason", "undone", box=None, pad_edge=False)
    for row in rows:
        what = " ".join(filter(None, (row.kind, row.call_id, row.other, row.what)))
        undone = f"{_moment(row.undone_at, zone)} {row.undone_by}" if row.undone_at else ""
        table.add_row(str(row.id), _moment(row.at, zone), *(Text(t) for t in (row.by, what, row.reason, undone)))
    Terminal().print(table)


def _lay(lay: Callable[[Session, Why], int], reason: str, by: str | None, words: str) -> None:
    if not reason.strip():
        raise UsageError("a hand needs a reason: --reason says why, for those who read the record later")
    why = Why(by=_who(by), at=utc_now(), reason=reason.strip())
    number = _written(lambda session: lay(session, why))
    calls = opened(load_settings(), lambda session: by_hand.homes(session, number))
    _say(f"hand {number}: {words.format(calls=', '.join(calls))}; redphone calls undo {number} takes it back")


def _written(work: Callable[[Session], Answer]) -> Answer:
    url = load_settings().database_url
    require_history(url)
    prepare(url)
    with db.explained(url), db.sessions_for(url).begin() as session:
        return work(session)


def _edit(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is no edit: write FIELD=VALUE, such as duration=90")
    return field.strip(), value.strip()


def _who(by: str | None) -> str:
    """Who does it: as said, else the user of this machine."""
    try:
        return (by or getpass.getuser()).strip()[:MOST_BY]
    except (KeyError, OSError) as error:
        raise UsageError("this machine does not know its user's name: say who it is with --by") from error


def _view(row: HandRow) -> HandView:
    edits = " ".join(f"{field}={value}" for field, value in row.edits.items())
    return HandView(
        id=row.id,
        kind=row.kind,
        call_id=row.call_id,
        other=row.other_id,
        what=edits or (" ".join(row.reports) if row.kind == "split" else ""),
        reason=row.reason,
        by=row.by,
        at=row.at,
        undone_at=row.retired_at,
        undone_by=row.retired_by,
    )


def _moment(at: dt.datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%d/%m/%Y %H:%M") if at else ""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
