"""The digest of a newsroom's hours: calls since the one before, first contacts, plans, silent feeds, what was not sent.

Short by intention: a line for each call, the news first; what needs no word is left out. What only a digest tells is
never cut: it comes first, and where one message does not hold it a second goes on. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from services.notify.layout import Line, Message, Span, bold
from services.notify.message import news_of, push_of, voice_of
from services.notify.quiet import FIRST_CONTACT_DAYS
from services.notify.since import days_after
from services.notify.voice import Voice
from shared.names import Language
from shared.records import OVER, CallFacts, Comparison

#: A digest that could not be written in time is left out after this long: the next one tells of the same hours.
STALE = dt.timedelta(hours=2)
#: So many are named of what can be read elsewhere too: calls that have messages of their own, silent feeds.
MOST_NAMED = 12
#: Lines of one message: with a line of usual length, as plain text too (`blocks.PLAIN_LIMIT`).
MOST_LINES = 40


class Call(msgspec.Struct, frozen=True):
    """A call that was told of since the digest before; `announced`: it has a message of its own."""

    facts: CallFacts
    comparison: Comparison | None
    announced: bool


class Silent(msgspec.Struct, frozen=True):
    """A feed that answers and brings nothing, against its own rhythm."""

    feed: str
    since: dt.datetime


class Rest(msgspec.Struct, frozen=True):
    """A mute of a pair of countries, or the pause of all posting (without a pair)."""

    by: str
    reason: str
    at: dt.datetime
    pair: tuple[str, ...] = ()


class Blindness(msgspec.Struct, frozen=True):
    """What keeps Redphone from seeing at this moment (see `blind.CAUSES`), and since when."""

    causes: tuple[str, ...]
    since: dt.datetime


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """All that a digest tells, of the time from `since` to `at`. `kept`: alerts that were not sent, by their state.
    `failing`: feeds that gave no answer when they were last asked. `first_contact`: see :data:`FIRST_CONTACT_DAYS`."""

    at: dt.datetime
    since: dt.datetime
    calls: tuple[Call, ...] = ()
    plans: tuple[CallFacts, ...] = ()
    silent: tuple[Silent, ...] = ()
    mutes: tuple[Rest, ...] = ()
    paused: Rest | None = None
    kept: Mapping[str, int] = {}
    feeds: int = 0
    failing: int = 0
    first_contact: int = FIRST_CONTACT_DAYS
    blind: Blindness | None = None
    last_alert: dt.datetime | None = None


def slot(hours: Iterable[dt.time], now: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime] | None:
    """The digest that is due at `now` and the one before it, as moments in UTC; None where none is due any more."""
    today = now.astimezone(zone).date()
    days = [today + dt.timedelta(days=back) for back in (-2, -1, 0)]
    moments = sorted(dt.datetime.combine(day, hour, zone).astimezone(dt.UTC) for day in days for hour in set(hours))
    past = [moment for moment in moments if moment <= now]
    if len(past) < 2 or now - past[-1] > STALE:
        return None
    return past[-2], past[-1]


def render_digest(digest: Digest, language: Language, zone: str) -> tuple[Message, ...]:
    """The messages of a digest, one unless there is more to tell than one holds; the news first, so that the push line
    tells it."""
    voice = voice_of(language, zone)
    parts = list(_parts(_sections(digest, voice)))
    parts[-1].append(_foot(digest, voice))
    return tuple(
        _message(_headline(digest, number, len(parts), voice), lines, language) for number, lines in enumerate(parts, 1)
    )


def render_watch(digest: Digest, language: Language, zone: str) -> Message:
    """The proof of life: how many feeds are watched, and when the desk was last told of a call, in one line."""
    words = _watch(digest, voice_of(language, zone))
    return _message(words[:1].upper() + words[1:], (), language)


def _message(headline: str, lines: Iterable[Line], language: Language) -> Message:
    return Message(push_of(headline), language, (Line("headline", (bold(headline),)), *lines))


def _headline(digest: Digest, number: int, parts: int, voice: Voice) -> str:
    at = voice.moment(digest.at)
    if number == 1:
        return voice.say("digest_headline", at=at, news=_news(digest, voice))
    return voice.say("digest_more", at=at, n=str(number), parts=str(parts))


def _news(digest: Digest, voice: Voice) -> str:
    """How many took place, and by itself what did not, or not yet: who reads a push line looks for the calls."""
    over = sum(call.facts.status in OVER for call in digest.calls)
    others = sum(call.facts.status not in OVER and call.facts not in digest.plans for call in digest.calls)
    news = voice.counted("call", over) if over else voice.say("digest_none", at=voice.moment(digest.since))
    rest = voice.say("digest_others", n=str(others)) if others else ""
    plans = voice.say("digest_plans_brief", n=str(len(digest.plans))) if digest.plans else ""
    return ", ".join(part for part in (news, plans, rest) if part)


def _sections(digest: Digest, voice: Voice) -> Iterable[tuple[str, list[str]]]:
    """Headings and their lines; empty where there is nothing to tell."""
    yield voice.say("digest_calls", at=voice.moment(digest.since)), _calls(digest.calls, voice)
    yield voice.say("digest_first", days=voice.days(digest.first_contact)), _first(digest, voice)
    yield voice.say("digest_plans"), [news_of(facts, voice) for facts in digest.plans]
    yield voice.say("digest_silent"), _some([_silent(feed, voice) for feed in digest.silent])
    yield voice.say("digest_mutes"), [_mute(mute, voice) for mute in digest.mutes]
    yield voice.say("digest_kept"), _kept(digest, voice)


def _parts(sections: Iterable[tuple[str, Sequence[str]]]) -> Iterable[list[Line]]:
    """The lines of each message: a heading stands before the first of its lines, and again where a message goes on."""
    lines: list[Line] = []
    for title, items in sections:
        heading = Line("section", (bold(title),))
        for item in items:
            if len(lines) >= MOST_LINES:
                yield lines
                lines = []
            lines += [] if heading in lines else [heading]
            lines.append(Line("bullet", (Span(f"• {item}"),)))
    yield lines


def _calls(calls: Sequence[Call], voice: Voice) -> list[str]:
    """First, and all of them, the calls that only the digest tells."""
    alone = [news_of(call.facts, voice) for call in calls if not call.announced]
    told = [news_of(call.facts, voice) for call in calls if call.announced]
    return [*(voice.say("digest_not_told", headline=headline) for headline in alone), *_some(told)]


def _some(items: list[str]) -> list[str]:
    """The first of many, and how many more there are."""
    left = len(items) - MOST_NAMED
    return [*items[:MOST_NAMED], *([f"+{left} …"] if left > 0 else [])]


def _first(digest: Digest, voice: Voice) -> list[str]:
    """Who spoke again after a long silence; over a thin record nobody can tell, and who only means to has not."""
    found = []
    for call in digest.calls:
        compared = call.comparison if call.facts.status in OVER else None
        if compared is None or compared.days is None or compared.coverage.thin or compared.days < digest.first_contact:
            continue
        words = voice.say(days_after(compared.days, backed=False), days=str(compared.days))
        found.append(voice.say("digest_first_item", pair=voice.pair(call.facts.participants), words=words))
    return found


def _silent(feed: Silent, voice: Voice) -> str:
    return voice.say("digest_silent_item", feed=feed.feed, at=voice.moment(feed.since))


def _mute(mute: Rest, voice: Voice) -> str:
    pair = ("–" if voice.language == "en" else " – ").join(
        voice.names.country(code, voice.language) for code in mute.pair
    )
    return voice.say(
        "digest_mute_item", pair=pair, at=voice.moment(mute.at), by=mute.by, reason=voice.reason(mute.reason)
    )


def _kept(digest: Digest, voice: Voice) -> list[str]:
    paused = digest.paused
    said = [voice.say(f"kept_{state}", n=str(count)) for state, count in digest.kept.items()]
    if paused:
        said.insert(0, voice.say("digest_paused", at=voice.moment(paused.at), by=paused.by, reason=paused.reason))
    return said


def _foot(digest: Digest, voice: Voice) -> Line:
    return Line("sources", (Span(_watch(digest, voice)),))


def _watch(digest: Digest, voice: Voice) -> str:
    feeds, failing = voice.counted("feed", digest.feeds), str(digest.failing or "")
    parts = [voice.say("digest_watch", feeds=feeds, silent=str(len(digest.silent)), failing=failing)]
    if digest.blind:
        causes = voice.listed([voice.say(f"blind_{cause}") for cause in digest.blind.causes])
        parts.insert(0, voice.say("blind_now", since=voice.moment(digest.blind.since), causes=causes))
    if digest.last_alert:
        parts.append(voice.say("digest_last", at=voice.moment(digest.last_alert)))
    return " · ".join(parts)
