"""How a page tells whether the silence can be trusted, and of a call: its people, day, length, what changed, its facts
line by line. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from services.status.lines import told
from services.status.values import Trust
from services.status.wording import Voice, phrases
from shared.names import alphabetical, load_names
from shared.records import OVER, CallFacts, Outcome, Speaker, Topic


def trust_words(trust: Trust, at: dt.datetime, voice: Voice) -> str:
    """The sentence of trust behind its yes or no, in a page's language; `at` is the moment that it is said of."""
    if trust.yes and trust.last_passed_at is not None and trust.took_s is not None:
        way = voice.say("way_slack" if trust.posted else "way_short")
        ago = voice.span((at - trust.last_passed_at).total_seconds())
        return voice.say("proof", way=way, took=voice.span(trust.took_s), ago=ago)
    when = f"{voice.say('since', at=voice.at(trust.since))}: " if trust.since else ""
    words = f"{when}{told(trust.cause, voice)}."
    return words[:1].upper() + words[1:]


class PersonLike(Protocol):
    """A participant as the API gives it."""

    name: str | None
    name_vi: str | None
    country: str | None


class CallLike(Protocol):
    """A call as the API gives it in short."""

    participants: Sequence[PersonLike]
    date: str | None
    status: str
    denial: str | None
    channel: str | None
    duration_min: int | None
    duration: str | None
    sources: int
    days_since: int | None
    compared_with: str | None
    length_since: str | None
    topics_new: Sequence[str]
    topics_again: Sequence[str]


class DetailLike(CallLike, Protocol):
    """A call with its facts as they are stored."""

    facts: dict[str, object]


class Teller(msgspec.Struct, frozen=True):
    """Tells of calls in one language."""

    voice: Voice

    def people(self, call: CallLike) -> str:
        """ "Putin – Trump": whom a call is of; a country where no name is known."""
        return " – ".join(self._person(person) for person in call.participants)

    def _person(self, person: PersonLike) -> str:
        own = person.name_vi if self.voice.language == "vi" or person.country == "VN" else person.name
        return own or person.name or load_names().country(person.country, self.voice.language)

    def day(self, call: CallLike) -> str:
        """The day, as far as it is known."""
        return (self.voice.day(call.date) if call.date else "") or self.voice.say("day_unknown")

    def status(self, call: CallLike) -> str:
        """The status in words; of a denied call how it was denied."""
        known = call.denial if call.status == "denied" and call.denial else call.status
        return self.voice.say(f"status_{known}")

    def about(self, call: CallLike) -> str:
        """Countries, means, length and sources in one line."""
        names, say = load_names(), self.voice.say
        countries = [names.country(person.country, self.voice.language) for person in call.participants]
        parts = [" – ".join(countries), say(f"channel_{call.channel}") if call.channel else "", self.length(call)]
        parts.append(say("sources_1") if call.sources == 1 else say("sources", n=call.sources))
        return " · ".join(part for part in parts if part)

    def length(self, call: CallLike) -> str:
        """ "over 90 minutes"; empty where nobody says."""
        if call.duration_min is None or call.duration is None:
            return ""
        bound = call.duration.rpartition(" ")[0]
        return self.voice.say(f"minutes_{bound}" if bound else "minutes", n=call.duration_min)

    def change(self, call: CallLike) -> str:
        """What is different from the call before, in one line; empty where nothing is known of it."""
        say, parts = self.voice.say, list[str]()
        if call.compared_with is None:
            return say("first_contact") if call.status in OVER else ""
        if call.days_since is not None:
            few = f"days_since_{call.days_since}" if call.days_since in (0, 1) else "days_since"
            parts.append(say(few, n=call.days_since))
        if call.length_since:
            parts.append(say(f"length_{call.length_since}"))
        for key, topics in (("topics_new", call.topics_new), ("topics_again", call.topics_again)):
            if topics:
                parts.append(say(key, topics=", ".join(self.topic(topic) for topic in topics)))
        return " · ".join(parts)

    def topic(self, topic: str) -> str:
        """The name of a topic."""
        return load_names().topic_id(topic, self.voice.language)

    def fields(self, fields: Iterable[str]) -> str:
        """What marked words prove, as small words: "topic · outcome"."""
        known = phrases()
        names = (self.voice.say(f"field_{f}") if f"field_{f}" in known else f.replace("_", " ") for f in fields)
        return " · ".join(dict.fromkeys(names))

    def facts(self, call: DetailLike) -> Iterator[tuple[str, list[str]]]:
        """Each fact: the key of its label, and all its values with who says them."""
        facts = msgspec.convert(call.facts, CallFacts)
        names, language = load_names(), self.voice.language
        yield "who", [names.full(person, language) for person in alphabetical(facts.participants)]
        yield "when", _once([self.day(call), *(when.text for when in facts.whens if when.text)])
        yield "length", _once(f"{d.text}{self._said(d.speaker)}" for d in facts.durations)
        yield "channel", [self.voice.say(f"channel_{facts.channel}")] if facts.channel else []
        yield "initiator", _once(f"{self._side(one.side)}{self._said(one.speaker)}" for one in facts.initiators)
        for key, mode in (("topics", "reported"), ("agenda", "announced"), ("ruled_out", "ruled_out")):
            found = _once(self._topic(topic) for topic in facts.topics if topic.mode == mode)
            if found or key == "topics":
                yield key, found
        yield "outcomes", _once(self._outcome(outcome) for outcome in facts.outcomes)
        if facts.contradictions:
            yield (
                "disputed",
                _once(f"{self.fields([one.field])}: {' / '.join(one.values)}" for one in facts.contradictions),
            )

    def _side(self, side: str) -> str:
        return self.voice.say("both_sides") if side == "both" else load_names().country(side, self.voice.language)

    def _topic(self, topic: Topic) -> str:
        return f"{load_names().topic(topic, self.voice.language)}{self._said(topic.speaker)}"

    def _outcome(self, outcome: Outcome) -> str:
        names, language = load_names(), self.voice.language
        values = {
            "by": names.country(outcome.by, language) if outcome.by else "",
            "place": names.place(outcome.place, language) if outcome.place else "",
            "date": self.voice.day(outcome.date) if outcome.date else "",
            "names": ", ".join(outcome.names),
        }
        worded = names.outcome(outcome, language, values)
        return f"{worded or '“' + outcome.text + '”'}{self._said(outcome.speaker)}"

    def _said(self, speaker: Speaker | None) -> str:
        if speaker is None:
            return ""
        return f" ({load_names().speaker(speaker, self.voice.language)})"


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
