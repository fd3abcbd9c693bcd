"""What a person puts right in the history: each hand is a row with who, when, why and what, and can be taken back.

A hand binds reports (see `hands`); the calls that it touches are put together anew at once, under the locks of their
pairs of countries, and whatever is read later finds the hand standing. Raises UsageError, in words for that person, for
what cannot be done; then nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.classify import history
from services.classify.hands import HandKind, problem_of
from services.classify.history import Known
from services.classify.rebuild import Rebuilder
from shared.errors import UsageError
from shared.tables import ArticleRow, CallRow, HandRow


class Why(msgspec.Struct, frozen=True):
    """Who puts something right, when, and for what reason."""

    by: str
    at: dt.datetime
    reason: str


def merge(session: Session, one: str, other: str, why: Why) -> int:
    """Two calls are one: their reports stay together. Returns the number of the hand."""
    calls = _locked(session, (one, other))
    if len(calls) < 2:
        raise UsageError(f"{one} and {other} are one call already")
    first, second = (_keys(history.members(session, [call.id])) for call in calls)
    return _lay(session, "merge", calls, why, reports=first, others=second)


def other_people(session: Session, one: str, other: str) -> str | None:
    """Who is on either of two calls, in one line, where they cannot be one call as far as the names are known; None
    where they can: one that names somebody by office alone, or leaves somebody out, may be the other."""
    first, second = (_call(session, name) for name in (one, other))
    known = ({key for key in call.persons.split("|") if not key.startswith("?")} for call in (first, second))
    mine, theirs = known
    if mine <= theirs or theirs <= mine:
        return None
    return f"{first.id} is a call of {_named_on(first)}, {second.id} of {_named_on(second)}"


def _named_on(call: CallRow) -> str:
    return " and ".join(p.name or p.country or "?" for p in history.facts_of(call.facts).participants)


def split(session: Session, call_id: str, reports: Sequence[str], why: Why) -> int:
    """Some reports tell of another call: they are set apart from all that is known around them, and so make a call of
    their own. A report is named by its article (key, row number) and, where that tells twice of the call, "#" and its
    number. Returns the number of the hand."""
    (call,) = _locked(session, (call_id,))
    known = history.members(session, [call.id])
    chosen = [k for name in reports for k in _named(session, known, name)]
    if len({k.row_id for k in chosen}) == len(known):
        raise UsageError(f"nothing would be left of {call.id}: it has no other report")
    near = {call.id}.union(*(history.calls_around(session, k.stored) for k in chosen))
    apart = [key for key in _keys(history.members(session, near)) if key not in _keys(chosen)]
    return _lay(session, "split", [call], why, reports=_keys(chosen), others=apart)


def drop(session: Session, call_id: str, why: Why) -> int:
    """It was no call: it leaves the history, and what was told of it is withdrawn. Returns the number of the hand."""
    (call,) = _locked(session, (call_id,))
    return _lay(session, "drop", [call], why, reports=_keys(history.members(session, [call.id])))


def edit(session: Session, call_id: str, edits: Mapping[str, str], why: Why) -> int:
    """Some facts are others than the reports say; an empty value is "not stated". Returns the number of the hand."""
    for field, value in edits.items():
        if problem := problem_of(field, value):
            raise UsageError(problem)
    (call,) = _locked(session, (call_id,))
    return _lay(session, "edit", [call], why, reports=_keys(history.members(session, [call.id])), edits=edits)


def undo(session: Session, number: int, by: str, now: dt.datetime) -> None:
    """Take a hand back: its row stays, and the calls that it touched are put together without it."""
    row = session.get(HandRow, number, with_for_update=True)
    if row is None:
        raise UsageError(f"there is no hand {number}; redphone calls hands lists them")
    if row.retired_at is not None:
        raise UsageError(f"hand {number} was undone already, by {row.retired_by}")
    history.lock_pairs(session, row.pairs)
    row.retired_at, row.retired_by = now, by
    session.flush()
    touched = history.calls_of_keys(session, [*row.reports, *row.others])
    Rebuilder(session, row.pairs, now).rebuild(touched)


def listed(session: Session, call_id: str | None) -> list[HandRow]:
    """All hands, or those on a call under any of its names, the latest first."""
    query = select(HandRow).order_by(HandRow.id.desc())
    if call_id is not None:
        query = query.where(or_(HandRow.call_id == call_id, HandRow.other_id == call_id))
    return list(session.scalars(query))


def homes(session: Session, number: int) -> list[str]:
    """The calls that the reports of a hand belong to now."""
    return sorted(history.calls_of_keys(session, session.get_one(HandRow, number).reports))


# --- the steps of each ---------------------------------------------------------------------------------------------


def _locked(session: Session, names: Iterable[str]) -> list[CallRow]:
    """The calls of these names, each once, as they are when all their pairs of countries are ours."""
    calls = [_call(session, name) for name in names]
    history.lock_pairs(session, {pair for call in calls for pair in history.pairs_of(call.countries)})
    for call in calls:
        session.refresh(call)
        if call.merged_into is not None or not history.members(session, [call.id]):
            raise UsageError(f"{call.id} has just changed: look at redphone calls again")
    return list({call.id: call for call in calls}.values())


def _call(session: Session, name: str) -> CallRow:
    """A call by its id, or the one that it was merged into."""
    row = session.get(CallRow, name)
    while row is not None and row.merged_into is not None:
        row = session.get_one(CallRow, row.merged_into)
    if row is None:
        raise UsageError(f"{name} is no call of the history; redphone calls lists them")
    if not history.members(session, [row.id]):
        raise UsageError(f"no article tells of {name} any more: there is nothing to put right")
    return row


def _keys(known: Iterable[Known]) -> list[str]:
    return list(dict.fromkeys(k.stored.key for k in known))


def _named(session: Session, known: Sequence[Known], name: str) -> list[Known]:
    """The reports of a call that are meant by an article's key or row number, and "#" with the report's number."""
    article, _, number = name.rpartition("#")  # a key may have such a sign itself: vnexpress.net#4859999
    all_of, one_of = _articles(session, name), _articles(session, article)
    found = [
        k
        for k in known
        if k.stored.article in all_of or (k.stored.article in one_of and k.stored.key == f"{k.stored.article}#{number}")
    ]
    if not found:
        there = ", ".join(_keys(known))
        raise UsageError(f"{name} is no report of this call; it has {there}")
    return found


def _articles(session: Session, name: str) -> set[str]:
    """The keys that are meant by a key or a row number."""
    if not name.isdecimal() or len(name) >= 19:
        return {name}
    return {name, *session.scalars(select(ArticleRow.key).where(ArticleRow.id == int(name)))}


def _lay(
    session: Session,
    kind: HandKind,
    calls: Sequence[CallRow],
    why: Why,
    *,
    reports: Sequence[str],
    others: Sequence[str] = (),
    edits: Mapping[str, str] | None = None,
) -> int:
    """Write the hand down and put the calls that it is about together anew."""
    pairs: Collection[str] = sorted({pair for call in calls for pair in history.pairs_of(call.countries)})
    row = HandRow(
        kind=kind,
        call_id=calls[0].id,
        other_id=calls[1].id if len(calls) > 1 else None,
        pairs=list(pairs),
        reports=list(reports),
        others=list(others),
        edits=dict(edits or {}),
        reason=why.reason,
        by=why.by,
        at=why.at,
    )
    session.add(row)
    session.flush()
    Rebuilder(session, pairs, why.at).rebuild([call.id for call in calls])
    return row.id
