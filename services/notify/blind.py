"""Blind: when Redphone could not see, what kept it from seeing, and how the desk is told of it afterwards, once. Pure.

A silent channel must mean that nobody called. Where it meant that no feed answered, that articles lay unread, that
Slack took nothing or that the program was not running, a line says so as soon as everything is caught up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from services.notify.layout import Line, Message, bold
from services.notify.message import push_of, voice_of
from services.notify.voice import Voice
from shared.names import Language

#: So long nothing may come through before it is called blind, and so long it must be seen before it is over.
AFTER = dt.timedelta(minutes=10)
SETTLED = dt.timedelta(minutes=2)
Unseen = Literal["unlisted", "paused", "feeds"]
CAUSES = ("unlisted", "paused", "feeds", "reading", "slack", "stopped")


class Signs(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to see: when a feed last answered, when an article was last read and since when the oldest waits
    unread, when a message was last taken and since when the oldest is tried. None for what never was, or is not.
    `unseen`: the cause where no feed answers: some are watched (feeds), none is listed, or a person paused all."""

    answered: dt.datetime | None = None
    unseen: Unseen = "feeds"
    read: dt.datetime | None = None
    unread_since: dt.datetime | None = None
    taken: dt.datetime | None = None
    untold_since: dt.datetime | None = None


def causes_of(signs: Signs, now: dt.datetime) -> dict[str, dt.datetime]:
    """What keeps us from seeing, each with since when; empty where everything comes through."""
    since = {
        signs.unseen: signs.answered,
        "reading": _stuck(signs.read, signs.unread_since),
        "slack": _stuck(signs.taken, signs.untold_since),
    }
    return {cause: at for cause, at in since.items() if at is not None and now - at > AFTER}


def _stuck(last: dt.datetime | None, waits_since: dt.datetime | None) -> dt.datetime | None:
    """Since when nothing goes through: while others still do, one that waits is its own trouble."""
    return max(last, waits_since) if last and waits_since else waits_since


#: More times without sight than these are told by their number: the line is read on a phone.
FEW = 3


class Blind(msgspec.Struct, frozen=True, kw_only=True):
    """Times without sight (`windows`: since and until, the oldest first) that are over and caught up, with what was
    caught up: articles, and calls that were told."""

    causes: tuple[str, ...]
    windows: tuple[tuple[dt.datetime, dt.datetime], ...]
    caught_up: dt.datetime
    articles: int
    calls: int


def render_blind(blind: Blind, language: Language, zone: str) -> Message:
    """The line that tells it."""
    voice = voice_of(language, zone)
    headline = voice.say(
        "blind",
        windows=_windows(blind, voice),
        causes=voice.listed([voice.say(f"blind_{cause}") for cause in blind.causes]),
        at=f"{voice.local(blind.caught_up):%H:%M}",
        articles=voice.counted("article", blind.articles, none=True),
        calls=voice.counted("call", blind.calls, none=True),
    )
    return Message(push_of(headline), language, (Line("headline", (bold(headline),)),))


def _windows(blind: Blind, voice: Voice) -> str:
    """ "5 May 02:10–02:51 and 02:53–03:20": the day where it is another than just before."""
    number, windows = len(blind.windows), blind.windows
    if number > FEW:
        windows = ((windows[0][0], windows[-1][1]),)
    parts, day = list[str](), None
    for window in windows:
        moments = []
        for moment in window:
            local = voice.local(moment)
            moments.append(f"{local:%H:%M}" if local.date() == day else voice.moment(moment))
            day = local.date()
        parts.append("–".join(moments))
    return voice.say("blind_times", n=str(number), windows=parts[0]) if number > FEW else voice.listed(parts)


def joined_causes(known: Sequence[str], more: Mapping[str, dt.datetime]) -> str:
    """The causes of one time without sight, as they are stored, in their usual order."""
    return " ".join(cause for cause in CAUSES if cause in known or cause in more)
