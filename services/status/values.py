"""What is known about how things stand: counts, what waits, the feeds, the signs of life. Plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec


class Waiting(msgspec.Struct, frozen=True):
    """Rows that wait at one stage: how many, and the id and age in seconds of the oldest."""

    count: int
    oldest_id: int | None
    oldest_age_s: float | None


class Lost(msgspec.Struct, frozen=True):
    """Rows that failed for good at one stage: how many, and the first of them with its reason."""

    count: int
    first_id: int
    reason: str


class Feed(msgspec.Struct, frozen=True):
    """One feed: when it last gave a good answer, and what went wrong since. One that is paused or no longer listed is
    not watched; one that is silent answers and brings nothing, against its own rhythm. `missed` counts the looks that
    came too late for some entries."""

    url: str
    outlet: str
    last_success_age_s: float | None
    next_poll_in_s: float
    failures: int
    error: str | None
    watched: bool = True
    interval_s: int = 60
    entries_a_day: float = 0.0
    last_new_age_s: float | None = None
    missed: int = 0
    silent: bool = False


class Paused(msgspec.Struct, frozen=True):
    """Posting to the desk rests: who says so, why, since when and until when (None: until somebody ends it)."""

    by: str
    reason: str
    since: dt.datetime
    until: dt.datetime | None


class Muted(msgspec.Struct, frozen=True):
    """A pair of countries that makes no message: who says so, why, until when."""

    pair: str
    by: str
    reason: str
    until: dt.datetime


class Counts(msgspec.Struct, frozen=True):
    """How much there is."""

    articles: int
    calls: int
    alerts: int


class Standing(msgspec.Struct, frozen=True):
    """How things stand in the database at one moment. `stopped`: seconds since the embedded loop was
    stopped on purpose. `kept`: alerts that were not sent, by what keeps them: held, muted, unknown, refused, dead.
    `failed`: what failed for good, by its stage; a stage without such rows is left out."""

    counts: Counts
    waiting: Mapping[str, Waiting]
    feeds: list[Feed]
    heartbeats: Mapping[str, float]
    stopped: float | None
    kept: Mapping[str, int]
    failed: Mapping[str, Lost]
    paused: Paused | None
    mutes: list[Muted]
