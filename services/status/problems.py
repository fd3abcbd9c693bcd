"""What is wrong with how things stand, in lines for a person; pure.

Each sweep leaves a sign of life, so a loop or a worker that works is heard of at every tick. Twenty-four ticks without
one are silence: two minutes at the usual five seconds, and never less than two, because one batch of posts may keep a
worker busy for 75 s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.status.values import Feed, Lost, Muted, Paused, Signs

SILENT_TICKS = 24
SILENT_AT_LEAST_S = 120.0
THINGS = {"body": "page", "classify": "article", "notify": "report", "post": "alert"}
LOST = {
    "body": "{thing} could not be fetched, the first that of article {id}: {why}",
    "classify": "{thing} could not be read, the first {id}: {why}; redphone explain {id}",
    "notify": "{thing} could not be decided on, the first {id}: {why}",
    "post": "{thing} refused or given up, the first {id}: {why}; redphone alerts retry {id}",
}
FULL = (
    "Redis is full ({used:.0f} of {most:.0f} MB) and takes nothing: workers wait, and nothing is lost; "
    "redis-cli --bigkeys tells what fills it, more maxmemory ends it"
)
WORKERS = ("ingest", "classify", "notify", "beat")


def silent_after(tick_s: float) -> float:
    """Seconds without a sign of life after which nobody is believed to be at work."""
    return max(SILENT_AT_LEAST_S, SILENT_TICKS * tick_s)


def silent(ages: Mapping[str, float], tick_s: float) -> list[str]:
    """Who was at work once and has not been heard of for too long."""
    limit = silent_after(tick_s)
    return [
        f"{name} showed no sign of life for {_span(age)} (expected within {_span(limit)})"
        for name, age in ages.items()
        if age > limit
    ]


def stopped(age: float) -> str:
    """The embedded loop was stopped on purpose: nobody watches the news."""
    return f"the loop was stopped {_span(age)} ago and polls nothing; redphone run starts it"


def of_signs(signs: Signs, tick_s: float) -> list[str]:
    """What is wrong by what Redis tells: a Redis that takes nothing, tasks that cannot do their work, silence."""
    used, most = signs.memory
    full = [FULL.format(used=used / 2**20, most=most / 2**20)] if 0 < most <= used else []
    kept = [f"{name}: {words}" for name, words in sorted(signs.troubles.items())]
    return [*full, *kept, *silent(signs.workers, tick_s), *missing(signs.workers)]


def missing(workers: Iterable[str]) -> list[str]:
    """Which of the workers and the beat were never heard of."""
    known = set(workers)
    return [f"{name} has not shown a sign of life yet" for name in WORKERS if name not in known]


def feeds(listed: Iterable[Feed], tick_s: float) -> list[str]:
    """Whether most feeds fail, and whether none is polled any more. A feed that is paused or not listed is left out."""
    watched = [feed for feed in listed if feed.watched]
    failing = [feed for feed in watched if feed.failures]
    said = []
    if 2 * len(failing) > len(watched):
        said.append(f"{len(failing)} of {len(watched)} feeds fail, such as {failing[0].url}: {failing[0].error}")
    overdue = min((-feed.next_poll_in_s for feed in watched), default=0.0)
    if overdue > silent_after(tick_s):
        said.append(f"no feed was polled although all have been due for {_span(overdue)}")
    return said


def remarks(listed: Iterable[Feed]) -> list[str]:
    """What somebody should look at and nobody must be woken for: feeds that answer and bring nothing any more."""
    return [
        f"{feed.outlet} ({feed.url}) brought nothing for {_span(feed.last_new_age_s)}; "
        f"it usually brings {feed.entries_a_day:.0f} entries a day"
        for feed in listed
        if feed.silent and feed.last_new_age_s is not None
    ]


def paused_feeds(listed: Iterable[Feed]) -> list[str]:
    """Which feeds are not polled because a person said so."""
    return [f"{feed.outlet} ({feed.url}) is not polled: {feed.paused}" for feed in listed if feed.paused]


def resting(paused: Paused | None, mutes: Iterable[Muted]) -> list[str]:
    """What people told the alerts to do, so that nobody takes their silence for quiet news."""
    said = []
    if paused:
        until = f"until {paused.until:%Y-%m-%d %H:%M} UTC" if paused.until else "until redphone resume notify"
        since = f"since {paused.since:%Y-%m-%d %H:%M} UTC"
        said.append(f"posting to the desk is paused {since} {until}, by {paused.by}: {paused.reason}")
    said += [f"{mute.pair} is muted until {mute.until:%Y-%m-%d} by {mute.by}: {mute.reason}" for mute in mutes]
    return said


def failed(lost: Mapping[str, Lost]) -> list[str]:
    """What nobody tries again, so that a lost article, page, report or alert is not lost unseen."""
    return [LOST[stage].format(thing=_number(row.count, THINGS[stage]), id=row.first_id, why=row.reason)
            for stage, row in lost.items()]  # fmt: skip


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _span(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length and seconds >= 600:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
