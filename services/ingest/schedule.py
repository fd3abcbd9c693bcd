"""When to look at a feed again: a decision from the last answer, with its reason, made without a clock.

A world-news feed is looked at every minute unless its server asks for less, and sooner for a while where entries were
missed. Any other feed moves between its own shortest interval and half an hour, faster while it brings entries and
slower while it does not, and honours up to an hour what the server and the feed say about freshness, unless entries
were missed. A feed whose own interval is longer is never asked sooner than that. Trouble backs off linearly to a cap
and never ends: feeds come back to life.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Literal, NamedTuple, TypeAlias

from services.ingest.values import Failed, Random

Success: TypeAlias = Literal["new", "quiet", "gap"]
Outcome: TypeAlias = Success | Failed

LONGEST_S = 30 * 60  # no feed is looked at less often than this of our own accord, unless its own interval is longer
FRESH_CAP_S = 60 * 60  # max-age and ttl are honoured up to this: many are set once and never thought of again
WORLD_BACKOFF_S = 10 * 60  # a world-news feed in trouble is tried again at least this often
RETRY_AFTER_CAP_S = 24 * 3600  # a server's wish is honoured up to a day
BUSY_WAIT_S = 5 * 60  # the wait after a 429 that names none
PAGE_WISH_CAP_S = WORLD_BACKOFF_S  # a wish in answer to a page is one to the feeds of its host up to this
GAP_S = 30  # the shortest interval, when entries were missed
JITTER = 0.05  # spreads polls over ± 5 % of the interval; p95 from entry to article stays inside 65 s
TOGETHER_JITTER = 0.5  # spreads feeds that came due together over half an interval, once; none waits longer for it
BUSY_JITTER = 0.5  # after a 429 everybody comes back at once, so spread wider
ELSEWHERE_S = 3  # the wait for a host that a redirect leads to and that is being asked
PAGE_TRIES, PAGE_TRIES_REFUSED, PAGE_WAIT_S = 8, 3, 120
FULL_GET_POLLS = 30  # 304 may lie: after so many the feed is asked for without conditions
FULL_GET_EVERY = dt.timedelta(hours=2)  # and a slow feed at least this often
LATE_ENTRY = dt.timedelta(minutes=10)  # how long after its own date an entry may appear in its feed


class Rhythm(NamedTuple):
    """What a feed's row says about its polling. Seconds.

    `together`: it was due with many others, at the first start or after a time in which nobody polled.
    """

    world: bool
    base_interval_s: int
    interval_s: int
    failures: int = 0
    together: bool = False


class NextPoll(NamedTuple):
    """The decision: when, the interval to remember, and why."""

    at: dt.datetime
    interval_s: int
    reason: str


def next_poll(
    rhythm: Rhythm,
    outcome: Outcome,
    now: dt.datetime,
    random: Random,
    freshness_s: float | None = None,
) -> NextPoll:
    """Decide on the next look. `rhythm.failures` counts this failure too; `freshness_s` is what the server and the
    feed say about how long the answer stays fresh (:func:`freshness`); `random` gives a number from 0 up to 1."""
    if isinstance(outcome, Failed):
        return _after_failure(rhythm, outcome, now, random())
    interval, reason = _interval(rhythm, outcome)
    # a feed with a gap moves faster than it says that it does
    asked = 0.0 if rhythm.world or outcome == "gap" else min(freshness_s or 0.0, FRESH_CAP_S)
    if asked > interval:
        interval, reason = asked, "the server says that the answer stays fresh"
    wait = interval * (1 + _shift(rhythm, interval, asked, random()))
    if rhythm.together:
        wait, reason = max(wait, GAP_S), f"{reason}; spread, since many were due together"
    return NextPoll(now + dt.timedelta(seconds=wait), round(interval), reason)


def came_together(interval_s: int, due_at: dt.datetime, last_polled_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a feed was due with many others: nobody has ever asked it, or nobody did when it was due."""
    return last_polled_at is None or now - due_at > dt.timedelta(seconds=interval_s) / 2


def wants_full_get(unmodified: int, last_full_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether it is time to ask without conditions, to check that the `unmodified` 304s since the last answer with a
    body told the truth."""
    return last_full_at is None or unmodified >= FULL_GET_POLLS or now - last_full_at >= FULL_GET_EVERY


def gave_false_304(published: Iterable[dt.datetime | None], last_304_at: dt.datetime) -> bool:
    """Whether entries that a check without conditions brought stood there when the server last said 304. One entry
    may have come late with an old date; two tell."""
    return sum(at is not None and at < last_304_at - LATE_ENTRY for at in published) >= 2


def is_gap(entries: int, unseen: int) -> bool:
    """Whether an answer has nothing in common with what the feed showed before: its oldest entry is newer than the
    newest that we knew, so that entries between were missed."""
    return entries > 1 and unseen == entries


def freshness(headers: Mapping[str, str], ttl_s: float | None) -> float | None:
    """Seconds that an answer stays fresh: the longer of what its headers say (RFC 9111) and the feed's own ttl."""
    said = [seconds for seconds in (_fresh_by_headers(headers), ttl_s) if seconds]
    return max(said, default=None)


def _fresh_by_headers(headers: Mapping[str, str]) -> float:
    """What is left of Cache-Control max-age for an answer that has lain in a cache for its Age. no-cache and no-store
    let nothing be used unasked; no-cache with names of headers is of those headers alone (RFC 9111, 5.2.2.4)."""
    control = headers.get("cache-control", "").lower()
    longest = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,8})", control)
    if longest is None or re.search(r"(?:^|[\s,])no-(?:cache|store)\s*(?:,|$)", control):
        return 0.0
    age = re.fullmatch(r"\s*([0-9]{1,9})\s*", headers.get("age", ""))
    return max(0.0, float(longest[1]) - (float(age[1]) if age else 0.0))


def _interval(rhythm: Rhythm, outcome: Success) -> tuple[float, str]:
    base = max(rhythm.base_interval_s, GAP_S)
    longest = max(base, LONGEST_S)
    if outcome == "gap":
        return max(GAP_S, min(rhythm.interval_s, longest) / 2), "entries were missed: looking sooner"
    if rhythm.world and rhythm.interval_s < base:
        return min(base, max(GAP_S, rhythm.interval_s * 1.25)), "a world-news feed, after a gap"
    if rhythm.world:
        return base, "a world-news feed"
    if outcome == "new":
        return max(base, min(rhythm.interval_s, longest) / 2), "it brings entries: looking sooner"
    return min(longest, max(base, rhythm.interval_s * 1.25)), "nothing new: looking later"


def _shift(rhythm: Rhythm, interval: float, asked: float, chance: float) -> float:
    """Which part of the interval a wait is longer or, below 0, shorter. What is asked for is a lower bound, and spread
    no further than the cap lets any feed wait."""
    if not rhythm.together:
        usual = JITTER * (2 * chance - 1)
        return abs(usual) if asked >= interval else usual
    if asked < interval:
        return -TOGETHER_JITTER * chance
    return chance * min(TOGETHER_JITTER, FRESH_CAP_S * (1 + JITTER) / asked - 1)


def _after_failure(rhythm: Rhythm, failed: Failed, now: dt.datetime, chance: float) -> NextPoll:
    base = max(rhythm.base_interval_s, GAP_S)
    cap = max(base, WORLD_BACKOFF_S if rhythm.world else LONGEST_S)
    wait: float = min(cap, base * (1 + rhythm.failures))
    reason = f"failure {rhythm.failures}: waiting longer each time"
    asked, busy = asked_for(failed.retry_after or 0.0), failed.kind == "busy"
    if busy and not asked:
        wait, reason = max(wait, BUSY_WAIT_S), "the server is busy"
    wait *= 1 + (BUSY_JITTER if busy else JITTER) * chance
    wished = asked * (1 + JITTER * chance)  # the server's wish is a lower bound, so jitter only adds to it
    if wished > wait:
        wait, reason = wished, f"the server asks for {asked} s"
    return NextPoll(now + dt.timedelta(seconds=wait), rhythm.interval_s, reason)


def host_rests_until(failed: Failed, now: dt.datetime, *, again: bool) -> dt.datetime | None:
    """Until when the host of a feed or page is asked for nothing else of its kind; None where this failure says nothing
    of its host. `again`: the host was asked for the same before and was busy then too.

    A wish of the server's always counts. A server that is busy and names no time is left alone at the first such
    answer: a feed or page that stays busy may be alone with it, and its sisters find out for themselves.
    """
    wait = asked_for(failed.retry_after or 0.0) or (BUSY_WAIT_S if failed.kind == "busy" and not again else 0)
    return now + dt.timedelta(seconds=wait) if wait else None


def feeds_rest_until(failed: Failed, now: dt.datetime) -> dt.datetime | None:
    """Until when the feeds of a host are not asked either, after a page or robots.txt of it failed; None where it asks
    for no pause.

    A server counts what we ask for as it likes (RFC 6585, section 4), so its wish is one to the feeds too; but after
    ten minutes they ask for themselves, and are told so if it is meant for them.
    """
    wait = min(asked_for(failed.retry_after or 0.0), PAGE_WISH_CAP_S)
    return now + dt.timedelta(seconds=wait) if wait else None


def asked_for(retry_after: float) -> int:
    """The whole seconds of a server's wish (RFC 9110, Retry-After), up to a day; rounded up, as it is a lower bound."""
    return ceil(min(retry_after, RETRY_AFTER_CAP_S))


def when_elsewhere(now: dt.datetime, random: Random) -> dt.datetime:
    """When to try again what redirects to a host that somebody else asks now, or that rests."""
    return now + dt.timedelta(seconds=ELSEWHERE_S * (1 + BUSY_JITTER * random()))


def next_page_try(attempts: int, failed: Failed, now: dt.datetime, random: Random) -> dt.datetime | None:
    """When to ask for an article page again after `attempts` tries, or None where it is time to stop.

    The article keeps its summary either way. A page that is refused or gone is given up sooner than a server that is
    down.
    """
    final = failed.kind in {"missing", "gone", "forbidden", "address", "too_large", "status", "redirects"}
    if attempts >= (PAGE_TRIES_REFUSED if final else PAGE_TRIES):
        return None
    wait = PAGE_WAIT_S * attempts * (1 + BUSY_JITTER * random())
    return now + dt.timedelta(seconds=max(wait, asked_for(failed.retry_after or 0.0)))
