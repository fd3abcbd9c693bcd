"""Many calls at once: each keeps its own root, told briefly, and one list names them all, by pair. Pure.

A summit day must not bury a call under the text of nine others. Of a burst, the root of each call beyond the first ones
has its head and its sources, and everything else opens its thread; the list is edited with each further call. In the
same brief form goes a call that an article tells beside its main news.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

import msgspec

from services.notify.layout import Line, Message, Span, bold, joined
from services.notify.message import SIGN, news_of, push_of, voice_of
from services.notify.voice import Voice
from shared.names import Language
from shared.records import CallFacts

MARKS = re.compile(r" ?[①②③]")
KEPT = ("headline", "status", "note", "sources", "edited")
MOST_PAIRS = 20
#: How the key of a reply begins in the ledger that tells a brief root in full: it is no update.
IN_FULL = "full:"


class Rule(msgspec.Struct, frozen=True):
    """More than so many `calls` in one channel within a `window` are a burst."""

    calls: int
    window: dt.timedelta


class Entry(msgspec.Struct, frozen=True):
    """A call of a burst, where its page is, and whether it was taken back since."""

    facts: CallFacts
    page_url: str | None = None
    gone: bool = False


def rule_of(text: str) -> Rule | None:
    """ "4 in 10m"; None for "never". Raises ValueError for anything else."""
    if text == "never":
        return None
    calls, _, minutes = text.partition(" in ")
    return Rule(int(calls), dt.timedelta(minutes=int(minutes.removesuffix("m"))))


def brief(message: Message) -> Message:
    """A root in its head and its sources; what is left out, the quotations with it, is in the thread."""
    lines = tuple(
        msgspec.structs.replace(line, spans=tuple(_unmarked(span) for span in line.spans))
        for line in message.lines
        if line.kind in KEPT
    )
    return msgspec.structs.replace(message, lines=lines)


def in_full(message: Message, voice: Voice) -> Message:
    """A whole root as the first reply under its brief form."""
    headline = voice.say("brief_headline", headline=message.headline.removeprefix(SIGN))
    style = message.lines[0].spans[0].style  # of a call that was taken back it is struck through here, too
    lines = (Line("headline", (Span(headline, style),)), *message.lines[1:])
    push = push_of(voice.say("brief_headline", headline=message.push))
    return msgspec.structs.replace(message, push=push, lines=lines, buttons=())


def _unmarked(span: Span) -> Span:
    return msgspec.structs.replace(span, text=MARKS.sub("", span.text))


def render_list(entries: Sequence[Entry], since: dt.datetime, language: Language, zone: str) -> Message:
    """The list of a burst: how many calls since when, and a line for each pair of countries with all of its calls."""
    voice = voice_of(language, zone)
    pairs: dict[frozenset[str | None], list[Entry]] = {}
    for entry in entries:
        pairs.setdefault(frozenset(person.country for person in entry.facts.participants), []).append(entry)
    headline = voice.say("burst_headline", calls=voice.counted("call", len(entries)), at=voice.moment(since))
    names = ", ".join(voice.pair(entry.facts.participants) for entry in entries)
    lines = [Line("headline", (bold(SIGN + headline),)), *_listed(list(pairs.values()), voice)]
    note = Line("note", (Span(voice.say("burst_note"), "italic"),))
    return Message(push_of(f"{headline}: {names}"), language, (*lines, note))


def _listed(pairs: Sequence[Sequence[Entry]], voice: Voice) -> Iterable[Line]:
    for entries in pairs[:MOST_PAIRS]:
        told = joined([(_linked(entry, voice),) for entry in entries], "; ")
        pair = voice.countries(entries[0].facts.participants)
        yield Line("bullet", (Span("• "), bold(pair), Span(": "), *told))
    left = sum(map(len, pairs[MOST_PAIRS:]))
    if left:
        yield Line("bullet", (Span(f"• +{left} …"),))


def _linked(entry: Entry, voice: Voice) -> Span:
    return Span(news_of(entry.facts, voice), "strike" if entry.gone else "plain", url=entry.page_url)
