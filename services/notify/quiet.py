"""What keeps a message from the desk for a while: quiet hours, and the mute of a pair. Pure.

Quiet hours hold a message back until they end; pairs on the watch list pass. A mute keeps it in the ledger without a
date; it lapses where its reason is gone: a call changes its status, or two speak again who were silent for so long that
the desk calls it a first contact.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from shared.records import CallFacts, Change, Comparison

#: After so many days without a call two are called silent, unless the desk has set another number.
FIRST_CONTACT_DAYS = 30
#: States of what is kept back until a person lets it go; later news write such a root anew.
ASLEEP = ("muted", "undated")
KEPT_BACK = ("held", *ASLEEP)
HOURS = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d")


class Hours(msgspec.Struct, frozen=True):
    """From one hour to another, in the desk's zone; they may cross midnight."""

    start: dt.time
    end: dt.time

    def over_at(self, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
        """When these hours end, where `now` is within them; None where it is not."""
        local = now.astimezone(zone)
        hour, crosses = local.time(), self.start > self.end
        within = hour >= self.start or hour < self.end if crosses else self.start <= hour < self.end
        if not within:
            return None
        day = local.date() + dt.timedelta(days=1 if crosses and hour >= self.start else 0)
        return dt.datetime.combine(day, self.end, zone).astimezone(dt.UTC)

    @property
    def others(self) -> Hours:
        """The rest of the day."""
        return Hours(self.end, self.start)


def hours_of(text: str) -> Hours | None:
    """ "23:00-06:00"; None for nothing. Raises ValueError for anything else, and for hours that are no span."""
    if not text:
        return None
    start, _, end = text.partition("-")
    hours = Hours(dt.time.fromisoformat(start), dt.time.fromisoformat(end))
    if hours.start == hours.end:
        raise ValueError(f"{text}: the hours end where they begin")
    return hours


class Mute(msgspec.Struct, frozen=True):
    """A pair of countries that makes no message, as the database has it."""

    id: int
    pair: frozenset[str]
    by: str
    until: dt.datetime


class Hold(msgspec.Struct, frozen=True):
    """A message is kept: held until a moment, or muted or undated until somebody releases it."""

    state: Literal["held", "muted", "undated"]
    reason: str
    until: dt.datetime | None = None


def muted_by(facts: CallFacts, mutes: tuple[Mute, ...]) -> tuple[Mute, ...]:
    """The mutes that a call falls under."""
    countries = {person.country for person in facts.participants}
    return tuple(mute for mute in mutes if mute.pair <= countries)


def lapse(changes: tuple[Change, ...], comparison: Comparison | None, first_contact: int = FIRST_CONTACT_DAYS) -> str:
    """Why a mute must not keep this back; empty where it may. `first_contact`: after how many days two speak again.
    That a call which was held is denied disputes its status, and is a change of it."""
    if any(change.field == "status" and change.kind in ("new", "changed", "conflict") for change in changes):
        return "the status of a call changed"
    if comparison is None or comparison.days is None:
        return ""
    return f"first contact in {days_of(comparison.days)}" if comparison.days >= first_contact else ""


def days_of(number: int) -> str:
    """ "30 days", "a day": how long two were silent, in the program's own words."""
    return "a day" if number == 1 else f"{number} days"


def mute_hold(mutes: tuple[Mute, ...]) -> Hold | None:
    """The hold of the mute that lasts longest."""
    if not mutes:
        return None
    last = max(mutes, key=lambda mute: mute.until)
    return Hold("muted", f"muted by {last.by} until {last.until:%Y-%m-%d %H:%M} UTC")


def quiet_hold(spans: Iterable[Hours | None], now: dt.datetime, zone: str) -> Hold | None:
    """The hold of the spans of hours in which nothing is posted; None where none of them has come. One that ends within
    another lasts until that one ends, too."""
    until, quiet = now, [hours for hours in spans if hours is not None]
    for _ in quiet:
        until = next((end for hours in quiet if (end := hours.over_at(until, ZoneInfo(zone)))), until)
    return Hold("held", f"held back until {until:%Y-%m-%d %H:%M} UTC", until) if until > now else None
