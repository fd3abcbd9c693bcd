"""What persons have put right: how their hands bind the reports of the history, and what they say of a call.

A hand holds on to reports and not to a call, so that it lasts when calls are put together anew. Of hands that speak
against each other the later one counts. Pure: hands are values, their rows are the business of `by_hand`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Literal, get_args

import msgspec

from services.classify.identity import Bond
from services.classify.regex import regex
from services.classify.spans import span_of_day
from shared.records import (
    Bound,
    ByHand,
    CallFacts,
    Channel,
    Denial,
    Duration,
    Initiator,
    Speaker,
    Status,
    When,
)

HandKind = Literal["merge", "split", "drop", "edit"]
FIELDS = ("date", "status", "channel", "duration", "initiator")
_LENGTH = regex(r"(?:(about|over|under) )?(\d{1,4})")


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """A hand that stands. `reports` and `others` are keys of reports that are still there, the first of a call first.

    A merge binds `reports` and `others` together, a split sets them apart; a drop and an edit are about the call that
    the first of `reports` belongs to. `beyond`: the pairs of countries that it binds and that were not asked for.
    """

    id: int
    kind: HandKind
    reports: tuple[str, ...]
    others: tuple[str, ...] = ()
    edits: Mapping[str, str] = {}
    reason: str = ""
    by: str = ""
    at: dt.datetime
    beyond: tuple[str, ...] = ()


def bonds(hands: Iterable[Hand]) -> tuple[Bond, ...]:
    """Which reports must be one call, and which must not: the later hand undoes what it contradicts."""
    together: list[tuple[Hand, list[str]]] = []
    apart: dict[frozenset[str], Hand] = {}
    for hand in sorted(hands, key=lambda hand: hand.id):
        if hand.kind == "merge":
            keys = [*hand.reports, *(key for key in hand.others if key not in hand.reports)]
            for pair in map(frozenset, combinations(keys, 2)):
                apart.pop(pair, None)
            together.append((hand, keys))
        elif hand.kind == "split":
            for _, keys in together:
                if any(key in hand.others for key in keys):
                    keys[:] = [key for key in keys if key not in hand.reports]
            apart |= {frozenset(pair): hand for pair in product(hand.reports, hand.others)}
            together.append((hand, list(hand.reports)))
    firm = (Bond("together", keys[0], key, _why(hand)) for hand, keys in together for key in keys[1:])
    loose = (Bond("apart", min(pair), max(pair), _why(hand)) for pair, hand in apart.items())
    return (*firm, *loose)


def _why(hand: Hand) -> str:
    return f"{hand.reason} ({hand.by})" if hand.by else hand.reason


def days(hands: Iterable[Hand]) -> dict[str, dt.date]:
    """The days that persons have set, by the key of the report that the hand holds on to; the later hand counts."""
    dated = [h for h in sorted(hands, key=lambda h: h.id) if h.kind == "edit" and h.reports and "date" in h.edits]
    last = {hand.reports[0]: hand.edits["date"] for hand in dated}
    return {key: dt.date.fromisoformat(day) for key, day in last.items() if day}


def about(hands: Iterable[Hand], keys: Collection[str]) -> tuple[Hand | None, tuple[Hand, ...]]:
    """The hand that dropped the call of these reports, if any did, and those that edited it, the earliest first."""
    own = [hand for hand in sorted(hands, key=lambda h: h.id) if hand.reports and hand.reports[0] in keys]
    dropped = next((hand for hand in reversed(own) if hand.kind == "drop"), None)
    return dropped, tuple(hand for hand in own if hand.kind == "edit")


# --- edited facts --------------------------------------------------------------------------------------------------


def problem_of(field: str, value: str) -> str:
    """What is wrong with an edit, in words for a person; empty where nothing is. An empty value means "not stated"."""
    if field not in FIELDS:
        return f"{field} is no field of a call that can be edited: {', '.join(FIELDS)}"
    if not value:
        return "a call has a status: it cannot be empty" if field == "status" else ""
    wanted = {
        "date": ("a day such as 2025-03-18", _is_day(value)),
        "status": ("one of " + ", ".join((*get_args(Status), *get_args(Denial)[1:])), _status(value) is not None),
        "channel": ("phone or video", value in get_args(Channel)),
        "duration": ("minutes, such as 90, about 60 or over 90", _LENGTH.fullmatch(value) is not None),
        "initiator": (
            "a country's code, such as US, or both",
            value == "both" or re.fullmatch("[A-Z]{2,3}", value) is not None,
        ),
    }
    words, right = wanted[field]
    return "" if right else f"{field}={value}: write {words}"


def edited(facts: CallFacts, hands: Sequence[Hand]) -> CallFacts:
    """The facts with what persons have put right, the later hand over the earlier, each named as the source of its
    value. What the reports say otherwise stays behind it; a contradiction that is settled goes."""
    for hand in hands:
        for field, value in hand.edits.items():
            facts = _set(facts, field, value, Speaker(id=f"hand:{hand.id}", text=hand.by))
            note = ByHand(field=field, value=value, by=hand.by, at=hand.at, reason=hand.reason, hand=hand.id)
            facts = msgspec.structs.replace(
                facts,
                by_hand=(*(n for n in facts.by_hand if n.field != field), note),
                contradictions=tuple(c for c in facts.contradictions if c.field != field),
            )
    return facts


def _set(facts: CallFacts, field: str, value: str, by: Speaker) -> CallFacts:
    if field == "date":
        return _dated(facts, value, by)
    if field == "status":
        status, denial = _status(value) or (facts.status, facts.denial)
        return msgspec.structs.replace(facts, status=status, denial=denial)
    if field == "channel":
        return msgspec.structs.replace(facts, channel=value or None)
    if field == "duration":
        found = _LENGTH.fullmatch(value)
        bound: Bound = (found[1] or "exact") if found else "exact"  # type: ignore[assignment]  # the pattern's words
        own = [Duration(minutes=int(found[2]), bound=bound, text=value, speaker=by)] if found else []
        return msgspec.structs.replace(facts, durations=(*own, *(facts.durations if own else ())))
    asked = (Initiator(side=value, how="requested", speaker=by),) if value else ()
    return msgspec.structs.replace(facts, initiators=asked)


def _dated(facts: CallFacts, value: str, by: Speaker) -> CallFacts:
    """Another day, or none: then the call can have been when its reports have it."""
    if not value:
        return msgspec.structs.replace(facts, date=None, date_derived=None, date_clues=(), whens=())
    earliest, latest = span_of_day(dt.date.fromisoformat(value), [p.country for p in facts.participants])
    same = tuple(when for when in facts.whens if when.date == value)
    others = [when for when in facts.whens if when.date != value and when.start is None]
    return msgspec.structs.replace(
        facts,
        date=value,
        date_derived=None,
        date_clues=(),
        whens=(*(same or (When(date=value, speaker=by),)), *others),
        earliest=earliest,
        latest=latest,
    )


def _status(value: str) -> tuple[Status, Denial | None] | None:
    """A status, or a kind of denial: "cancelled" is a denial that says how."""
    kind = next((denial for denial in get_args(Denial) if denial == value), None)
    if kind is not None:
        return "denied", kind
    status: Status | None = next((status for status in get_args(Status) if status == value), None)
    return (status, None) if status is not None else None


def _is_day(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
