"""What is wrong with how things stand, in lines for a person; pure.

Each sweep leaves a sign of life, so a loop or a worker that works is heard of at every tick. Twenty-four ticks without
one are silence: two minutes at the usual five seconds, and never less than two, because one batch of posts may keep a
worker busy for 75 s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.status.lines import counted, line, span
from services.status.values import Channel, Feed, Lost, Muted, Paused, Signs

SILENT_TICKS = 24
SILENT_AT_LEAST_S = 120.0
#: Shorter times are told in seconds, as limits are.
IN_SECONDS_S = 600.0
#: Words for what is wrong with a channel: https://docs.slack.dev/reference/methods/conversations.info and
#: chat.postMessage, and some of our own: nobody could be asked, or nobody may look for a message.
REFUSED_TOKENS = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired")
CLOSED = ("not_in_channel", "is_archived", "channel_not_found")
UNASKED = ("missing_scope", "not_seen", "no_answer", "unreadable")
WORKERS = ("ingest", "classify", "notify", "beat")


class Problem(NamedTuple):
    """What is wrong, in a line, and for how many seconds it has been, where the rows tell."""

    words: str
    lasts_s: float | None = None


def silent_after(tick_s: float) -> float:
    """Seconds without a sign of life after which nobody is believed to be at work."""
    return max(SILENT_AT_LEAST_S, SILENT_TICKS * tick_s)


def silent(ages: Mapping[str, float], tick_s: float) -> list[Problem]:
    """Who was at work once and has not been heard of for too long."""
    limit = silent_after(tick_s)
    return [
        Problem(line("silent", name=name, span=_span(age), limit=_span(limit)), age)
        for name, age in ages.items()
        if age > limit
    ]


def stopped(age: float) -> Problem:
    """The embedded loop was stopped on purpose: nobody watches the news."""
    return Problem(line("stopped", span=_span(age)), age)


def of_signs(signs: Signs, tick_s: float) -> list[Problem]:
    """What is wrong by what Redis tells: a Redis that takes nothing, tasks that cannot do their work, silence."""
    used, most = signs.memory
    sizes = {"used": f"{used / 2**20:.0f}", "most": f"{most / 2**20:.0f}"}
    full = [Problem(line("redis_takes_nothing", **sizes))] if 0 < most <= used else []
    kept = [Problem(f"{name}: {words}") for name, words in sorted(signs.troubles.items())]
    return [*full, *kept, *silent(signs.workers, tick_s), *missing(signs.workers)]


def missing(workers: Iterable[str]) -> list[Problem]:
    """Which of the workers and the beat were never heard of."""
    known = set(workers)
    return [Problem(line("missing", name=name)) for name in WORKERS if name not in known]


def feeds(listed: Iterable[Feed], tick_s: float) -> list[Problem]:
    """Whether most feeds fail, and whether none is polled any more. A feed that is paused or not listed is left out."""
    watched = [feed for feed in listed if feed.watched]
    failing = [feed for feed in watched if feed.failures]
    said = []
    if 2 * len(failing) > len(watched):
        first, ages = failing[0], sorted((feed.last_success_age_s or 0.0 for feed in failing), reverse=True)
        # since so many fail that they are more than half
        lasts_s = ages[len(watched) // 2] or None
        words = line("feeds_fail", n=len(failing), all=len(watched), url=first.url, words=first.error)
        said.append(Problem(words, lasts_s))
    overdue = min((-feed.next_poll_in_s for feed in watched), default=0.0)
    if overdue > silent_after(tick_s):
        said.append(Problem(line("feeds_unpolled", span=_span(overdue)), overdue))
    return said


def unwatched(known: Iterable[Feed]) -> tuple[str, float | None]:
    """Why no feed at all is watched, empty where one is, and for how many seconds none has answered, as far as one ever
    did. It stands apart from :func:`feeds`: a person may want it so, and a fresh system begins with it."""
    feeds = list(known)
    if any(feed.watched for feed in feeds):
        return "", None
    listed = [feed for feed in feeds if feed.listed]
    ages = [feed.last_success_age_s for feed in listed or feeds if feed.last_success_age_s is not None]
    return line("blind_paused" if listed else "blind_unlisted"), min(ages, default=None)


def remarks(listed: Iterable[Feed]) -> list[str]:
    """What somebody should look at and nobody must be woken for: feeds that answer and bring nothing any more."""
    return [
        line(
            "feed_brings_nothing",
            outlet=feed.outlet,
            url=feed.url,
            span=_span(feed.last_new_age_s),
            n=f"{feed.entries_a_day:.0f}",
        )
        for feed in listed
        if feed.silent and feed.last_new_age_s is not None
    ]


def paused_feeds(listed: Iterable[Feed]) -> list[str]:
    """Which feeds are not polled because a person said so."""
    return [
        line("feed_not_polled", outlet=feed.outlet, url=feed.url, words=feed.paused) for feed in listed if feed.paused
    ]


def resting(paused: Paused | None, mutes: Iterable[Muted]) -> list[str]:
    """What people told the alerts to do, so that nobody takes their silence for quiet news."""
    said = []
    if paused:
        who = {"at": _moment(paused.since), "name": paused.by, "reason": paused.reason}
        until = paused.until
        said.append(line("paused_until", until=_moment(until), **who) if until else line("paused_open", **who))
    said += [
        line("muted", pair=mute.pair, day=f"{mute.until:%Y-%m-%d}", name=mute.by, reason=mute.reason) for mute in mutes
    ]
    return said


def failed(lost: Mapping[str, Lost]) -> list[str]:
    """What nobody tries again, so that a lost article, page, report or alert is not lost unseen."""
    return [counted(f"lost_{stage}", row.count, id=row.first_id, words=row.reason) for stage, row in lost.items()]


def closed(channels: Iterable[Channel]) -> list[Problem]:
    """Why no news can reach the desk's own channel: a token that is not taken, a channel that takes nothing."""
    return [Problem(channel_trouble(one)) for one in channels if one.own and one.trouble in (*REFUSED_TOKENS, *CLOSED)]


def doubted(channels: Iterable[Channel]) -> list[str]:
    """What is wrong with any other channel, whose messages go to the desk's own meanwhile, and what could not be
    asked."""
    listed = [one for one in channels if one.trouble]
    ours = {problem.words for problem in closed(listed)}
    return list(dict.fromkeys(words for one in listed if (words := channel_trouble(one)) not in ours))


def channel_trouble(channel: Channel) -> str:
    """What is wrong with a channel and what to do about it; empty for nothing."""
    word = channel.trouble
    if not word:
        return ""
    if word in REFUSED_TOKENS:
        return line("channel_token", words=word)
    key = f"channel_{word}" if word in (*CLOSED, *UNASKED) else "channel_other"
    return line(key, channel=channel.name, **({"words": word} if key == "channel_other" else {}))


def _moment(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _span(seconds: float) -> str:
    return span(seconds, IN_SECONDS_S)
