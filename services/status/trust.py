"""May the desk trust the silence? One sentence, and the blind windows of the last day, from test articles. Pure.

A part that answers a ping proves nothing; a test article that came through every stage lately does. So the answer is
yes only while the last one that passed is young, and nothing is known to keep messages from the desk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from services.status import problems
from services.status.lines import line, span
from services.status.values import Blind, Canary, Snapshot, Trust

#: How long a test article may be on its way before it counts as stuck.
PATIENCE = dt.timedelta(minutes=2)
WAY, SHORT_WAY = "feed → stored → read → Slack", "feed → stored → read → message (no channel is set to post it to)"
#: Stages in which rows may be left over from a blind window.
LEFTOVER_S = 60.0


def trust(snapshot: Snapshot, every: dt.timedelta) -> Trust:
    """The sentence. `every`: how often a test article is sent; zero for never."""
    passed = [one for one in snapshot.canaries if one.told_at is not None]
    last = passed[-1] if passed else None
    cause, since = _obstacle(snapshot, last, every)
    untested = not cause and not every
    if not cause:
        cause = _overdue(snapshot, every)
        since = min(last.started_at + every, snapshot.at) if last is not None else None
    if not cause and last is not None and last.told_at is not None:
        took = (last.told_at - last.started_at).total_seconds()
        way = WAY if last.channel else SHORT_WAY
        ago = span((snapshot.at - last.told_at).total_seconds())
        sentence = f"Yes, the desk can trust the silence: a test article went {way} in {span(took)}, {ago} ago."
        posted = bool(last.channel)
        return Trust(yes=True, sentence=sentence, last_passed_at=last.told_at, took_s=took, posted=posted)
    when = f"since {since:%Y-%m-%d %H:%M} UTC: " if since else ""
    sentence = f"No, {when}{cause}."
    passed_at = last.told_at if last else None
    return Trust(yes=False, sentence=sentence, cause=cause, since=since, last_passed_at=passed_at, untested=untested)


def _obstacle(snapshot: Snapshot, last: Canary | None, every: dt.timedelta) -> tuple[str, dt.datetime | None]:
    """What is known to keep news from the desk, and since when where that is known too; empty for nothing.

    `last`: the last test article that passed; from when the next was due nothing is proved.
    """
    blind = next((one for one in snapshot.unseeing if one.until is None), None)
    if snapshot.problems:
        due = last.started_at + every if last is not None and every else None
        known = (blind.since if blind else None, snapshot.wrong_since, due if due and _is_late(due, snapshot) else None)
        return snapshot.problems[0], min((at for at in known if at is not None), default=None)
    if blind is not None:
        return blind.cause, blind.since
    standing = snapshot.standing
    unwatched, age_s = problems.unwatched(standing.feeds) if standing else ("", None)
    if unwatched:
        return unwatched, None if age_s is None else snapshot.at - dt.timedelta(seconds=age_s)
    paused = standing.paused if standing else None
    return (line("paused", name=paused.by, reason=paused.reason), paused.since) if paused else ("", None)


def _is_late(due: dt.datetime, snapshot: Snapshot) -> bool:
    return snapshot.at - due > PATIENCE


def _overdue(snapshot: Snapshot, every: dt.timedelta) -> str:
    """Why no test article proves anything now; empty where one does."""
    if not every:
        return line("canary_off")
    if not snapshot.canaries:
        return line("canary_none")
    for one in reversed(snapshot.canaries):
        if one.told_at is not None:
            late = _is_late(one.started_at + every, snapshot)
            return line("canary_overdue") if late else ""
        if one.failed or snapshot.at - one.started_at > PATIENCE:
            return stuck(one)
    return line("canary_first")


def stuck(one: Canary) -> str:
    """Where a test article came to, in words."""
    clock = f"{one.started_at:%H:%M} UTC"
    if one.failed:
        return line("canary_failed", clock=clock, words=one.failed)
    return line("canary_unread" if one.read_at is None else "canary_untold", clock=clock)


def late(one: Canary) -> str:
    """Where a test article was kept that came through after all, in words."""
    key = "canary_read_late" if one.read_at is None or one.read_at - one.started_at > PATIENCE else "canary_told_late"
    return line(key, clock=f"{one.started_at:%H:%M} UTC")


def blind_windows(
    canaries: Sequence[Canary], now: dt.datetime, every: dt.timedelta, waiting: Iterable[float | None]
) -> list[Blind]:
    """The times without proof, the oldest first. `waiting`: seconds for which each stage's oldest row has waited."""
    oldest = max((age for age in waiting if age is not None), default=0.0)
    return [
        Blind(since=since, until=until, cause=cause, caught_up=_caught_up(until, now, oldest))
        for since, until, cause in _gaps(canaries, now, every)
    ]


def _caught_up(until: dt.datetime | None, now: dt.datetime, oldest_s: float) -> bool:
    return until is not None and (oldest_s < LEFTOVER_S or now - dt.timedelta(seconds=oldest_s) > until)


def _gaps(
    canaries: Sequence[Canary], now: dt.datetime, every: dt.timedelta
) -> Iterator[tuple[dt.datetime, dt.datetime | None, str]]:
    """Between two that passed, and behind the last, wherever more time lies than it should."""
    if not every or not canaries:
        return
    last, cause = canaries[0].started_at, ""
    for one in canaries:
        if one.told_at is None:
            if one.failed or now - one.started_at > PATIENCE:
                cause = cause or stuck(one)
            continue
        is_late = one.told_at - one.started_at > PATIENCE
        if is_late and one.started_at >= last:  # else it lay in the window before, and came through as that ended
            cause = cause or late(one)
        if cause or one.started_at - last > every + PATIENCE:
            yield last, one.told_at, cause or line("canary_unsent")
        last, cause = max(last, one.told_at if is_late else one.started_at), ""
    if cause or now - last > every + PATIENCE:
        yield last, None, cause or line("canary_silent")
