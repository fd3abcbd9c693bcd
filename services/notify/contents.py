"""What was on the table and what came of it: topics and outcomes, worded once each, with who says so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from services.notify.excerpts import Excerpts
from services.notify.voice import Voice
from shared.names import quoted
from shared.records import CallFacts, Evidence, Mode, Outcome, Topic

MOST_ITEMS = 8


class Item(msgspec.Struct, frozen=True):
    """One topic or outcome, worded, with its speaker and the number of its sentence."""

    text: str
    speaker: str
    mark: str


def topic_items(facts: CallFacts, voice: Voice, excerpts: Excerpts, mode: Mode) -> list[Item]:
    """The topics of one mode, each once, worded; not those that an outcome names ("cooperate on Syria")."""
    items = [
        Item(voice.names.topic(t, voice.language), voice.speaker(t.speaker), excerpts.mark(t.evidence))
        for t in _own_topics(facts, voice, mode)
    ]
    return unique(items, voice)


def _own_topics(facts: CallFacts, voice: Voice, mode: Mode) -> list[Topic]:
    named = {voice.names.place(name, voice.language) for outcome in facts.outcomes for name in outcome.names}
    return [
        topic
        for topic in facts.topics
        if topic.mode == mode
        and voice.names.topic(topic, voice.language) not in named
        and (topic.speaker or mode != "ruled_out")  # who rules a matter out is half of the news
    ]


def agreed_first(facts: CallFacts, voice: Voice) -> bool:
    """Whether the articles tell what was agreed before what was raised."""
    order = {source.article: place for place, source in enumerate(facts.sources)}

    def first(pieces: Iterable[Evidence | None]) -> tuple[int, int]:
        return min(((order.get(p.article, 0), p.start) for p in pieces if p is not None), default=(len(order), 0))

    agreed = first(o.evidence for o in facts.outcomes if o.mode == "reported" and slot_of(o, voice) != "length")
    return agreed < first(t.evidence for t in _own_topics(facts, voice, "reported"))


def slot_of(outcome: Outcome, voice: Voice) -> str:
    """Where an outcome stands: by its row in the data, else by its kind."""
    by_kind = {"agreed": "agreed", "promised": "status", "stated": "raised"}
    return voice.names.slot(outcome) or by_kind.get(outcome.kind, "next")


def outcome_items(facts: CallFacts, voice: Voice, excerpts: Excerpts, slot: str) -> list[Item]:
    """The outcomes of one place in the alert, each once, worded."""
    items = [
        Item(outcome_text(o, facts, voice), voice.speaker(o.speaker), excerpts.mark(o.evidence))
        for o in voice.names.told_once(facts.outcomes)
        if slot_of(o, voice) == slot and o.mode != "ruled_out"
    ]
    return unique(items, voice)


def outcome_text(outcome: Outcome, facts: CallFacts, voice: Voice) -> str:
    """An outcome in the desk's words where the data have them, else quoted from the article."""
    language = voice.language
    doer = [p for p in facts.participants if outcome.by and p.country == outcome.by]
    others = tuple(p for p in facts.participants if p.country != outcome.by)
    other_year = outcome.date is not None and outcome.date[:4] != (facts.date or outcome.date)[:4]
    values = {
        "by": voice.people(tuple(doer)) if doer else voice.names.side(outcome.by, language) if outcome.by else "",
        "other": voice.people(others) if outcome.by else "",
        "team": voice.names.adjective(outcome.by, language) if outcome.by else "",
        "pair": voice.countries(facts.participants),
        "place": voice.names.place(outcome.place, language) if outcome.place else "",
        "date": voice.day(outcome.date, year=other_year) if outcome.date else "",
        "names": voice.listed([voice.names.place(name, language) for name in outcome.names]),
    }
    return voice.names.outcome(outcome, language, values) or quoted(outcome.text)


def unique(items: Sequence[Item], voice: Voice) -> list[Item]:
    """Each wording once, with the first speaker; no more than a reader takes in, and how many more there are."""
    once: dict[str, Item] = {}
    for item in items:
        once.setdefault(item.text.casefold(), item)
    kept = list(once.values())
    left = len(kept) - MOST_ITEMS
    return kept if left < 2 else [*kept[:MOST_ITEMS], Item(voice.say("items_more", n=str(left)), "", "")]


def group(items: Sequence[Item], within: str) -> str:
    """ "a, b (X) ①; c (Y)": a speaker and a number stand once, at the end of what they hold for.

    What is a list itself stands between semicolons: "US team: A and B; visits both ways".
    """
    text = ""
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        text += item.text
        same_speaker = following is not None and following.speaker == item.speaker
        same_mark = following is not None and following.mark == item.mark
        if item.speaker and not same_speaker:
            text += f" ({item.speaker})"
        if not same_mark:
            text += item.mark
        if following is not None:
            list_of_lists = re.search("[:,]", item.text + following.text)
            text += "; " if list_of_lists or not same_speaker else ", " if same_mark else within
    return text
