"""The facts of an alert, line by line: who, when, how long, who asked, agenda, raised, agreed, next, not stated, ⚠.

Each line says what the texts say and who says it, with the number of the sentence that proves it. What the texts leave
open is named, and an agenda is never printed as what was discussed. Days and hours are worded in `when`, topics and
outcomes in `contents`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.notify.contents import agreed_first, group, outcome_items, slot_of, topic_items
from services.notify.excerpts import Excerpts
from services.notify.layout import CallView, Line, Span, Spans, bold
from services.notify.standing import outdated
from services.notify.voice import Voice
from services.notify.when import dated, timed, when_line
from shared.names import alphabetical, quoted
from shared.records import OVER, CallFacts, Duration, Evidence, Mode, Participant

GAP_MINUTES = 15  # two lengths further apart than this do not agree
MOST_SAID = 2  # words of one side alone, where nothing was agreed
SHORT_PROOF = 80  # characters of words that may stand in the Who line
HOURS = re.compile(r"\d:\d\d")  # an article's own start and end, against which its length stands
CALL_WORDS = re.compile(r"(?:cuộc )?(?:điện đàm|gọi|đàm thoại|hội đàm|trò chuyện|trao đổi)")


def fact_lines(view: CallView, voice: Voice, excerpts: Excerpts) -> list[Line]:
    """All lines between the status and the comparison."""
    facts = view.facts
    return [
        field(voice, "who", (Span(who(facts, voice, excerpts)),)),
        when_line(view, voice, excerpts),
        *_initiator(facts, voice, excerpts),
        *_topics(facts, voice, excerpts, "announced", "agenda"),
        *_ruled_out(facts, voice, excerpts),
        *content_lines(facts, voice, excerpts),
        *_not_stated(view, voice),
        *warnings(facts, voice, excerpts),
    ]


def field(voice: Voice, label: str, spans: Spans) -> Line:
    """A labelled line: "*Who*  …"."""
    return Line("field", (bold(voice.say(f"label_{label}")), Span("  "), *spans))


def warning(voice: Voice, label: str, text: str) -> Line:
    """Something to check before use, and what."""
    return Line("warning", (Span("⚠ "), bold(voice.say(f"label_{label}")), Span(f": {text}")))


# --- who -----------------------------------------------------------------------------------------------------------


def who(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> str:
    """The people with their offices; where no quotation names them all, the words that do."""
    people = ", ".join(voice.names.full(p, voice.language) for p in alphabetical(facts.participants))
    proof = short_proof(facts)
    return f"{people} ({quoted(proof)})" if proof and not is_proved(facts, voice, excerpts) else people


def is_proved(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> bool:
    """Whether one quotation names all who were on the call, and is of an article that tells its present status."""
    past = outdated(facts)
    return any(
        names_all(excerpt.text, facts.participants, voice) and excerpt.pieces[0].article not in past
        for excerpt in excerpts.chosen
    )


def telling(facts: CallFacts) -> list[Evidence]:
    """The sentences that tell of the call as it stands."""
    past = outdated(facts)
    return [piece for piece in facts.evidence if piece.article not in past]


def names_all(text: str, participants: tuple[Participant, ...], voice: Voice) -> bool:
    """Whether a text names each of them, by name or by country."""
    return all(
        any(name in text for name in (p.surname, p.name_vi, p.name, voice.names.country(p.country, "vi")) if name)
        for p in participants
    )


def short_proof(facts: CallFacts) -> str | None:
    """The fewest words of the articles that say "call" and name all by their surnames, where they fit into a line."""
    surnames = [p.surname or p.name or "" for p in facts.participants]
    if not all(surnames):
        return None
    proofs = [fragment for piece in telling(facts) if (fragment := _fragment(piece.text, surnames))]
    return min(proofs, key=len, default=None)


def _fragment(text: str, surnames: list[str]) -> str | None:
    """From a word for a call to the last of the names: "cuộc điện đàm giữa Tổng thống Putin và Tổng thống Trump"."""
    for cue in CALL_WORDS.finditer(text):
        ends = [text.find(name, cue.end()) + len(name) if name in text[cue.end() :] else None for name in surnames]
        known = [end for end in ends if end is not None]
        if len(known) == len(surnames) and max(known) - cue.start() <= SHORT_PROOF:
            return text[cue.start() : max(known)]
    return None


# --- who asked, topics, outcomes -----------------------------------------------------------------------------------


def _initiator(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> Iterable[Line]:
    for initiator in facts.initiators[:1]:
        if initiator.how == "requested":
            said = voice.said_by(initiator.speaker) + excerpts.mark(initiator.evidence)
            yield field(voice, "initiator", (Span(side_name(initiator.side, voice) + said),))


def side_name(side: str, voice: Voice) -> str:
    """ "both sides", "the Russian side"."""
    if side == "both":
        return voice.say("both_sides")
    return voice.say("the_side", side=voice.names.side(side, voice.language))


def _topics(facts: CallFacts, voice: Voice, excerpts: Excerpts, mode: Mode, label: str) -> Iterable[Line]:
    items = topic_items(facts, voice, excerpts, mode)
    if items:
        yield field(voice, label, (Span(group(items, ", ")),))


def _ruled_out(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> Iterable[Line]:
    """What was not to be talked about. Of a call that took place with an agenda that is for its page: the root is read
    in half a minute."""
    if facts.status not in OVER or not any(topic.mode == "announced" for topic in facts.topics):
        yield from _topics(facts, voice, excerpts, "ruled_out", "ruled_out")


def content_lines(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> list[Line]:
    """What was raised and agreed, in the order of the text, and what comes next."""
    raised = group(topic_items(facts, voice, excerpts, "reported"), ", ")
    agreed = group(outcome_items(facts, voice, excerpts, "agreed"), "; ")
    later = group(outcome_items(facts, voice, excerpts, "next"), "; ")
    lines = [field(voice, "raised", (Span(raised),))] if raised else []
    if agreed and raised and agreed_first(facts, voice):
        lines = [field(voice, "agreed", (Span(agreed),)), field(voice, "also", (Span(raised),))]
    elif agreed:
        lines.append(field(voice, "agreed", (Span(agreed),)))
    said = outcome_items(facts, voice, excerpts, "raised")[:MOST_SAID]
    if said and not agreed:
        lines.append(field(voice, "said", (Span(group(said, "; ")),)))
    if later:
        lines.append(field(voice, "next", (Span(later),)))
    return lines


# --- what is missing, what to check --------------------------------------------------------------------------------


def missing(facts: CallFacts, voice: Voice, *, day: bool = False) -> list[str]:
    """What all articles leave open, in words. `day`: list the day too, where no other line says that it is missing."""
    told = facts.status in OVER
    open_facts = {
        "content": told and not reported(facts, voice) and bool(outcome_items(facts, voice, NO_EXCERPTS, "status")),
        "day": day and facts.date is None,
        "hour": facts.date is not None and facts.status != "denied" and not _has_hour(facts),
        "length": facts.status == "held" and not facts.durations,
        "initiator": told and not facts.initiators,
    }
    words = [voice.say(f"missing_{name}") for name, is_open in open_facts.items() if is_open and name != "length"]
    if open_facts["length"]:
        words.insert(sum(open_facts[name] for name in ("content", "day", "hour")), _missing_length(facts, voice))
    return words


def _missing_length(facts: CallFacts, voice: Voice) -> str:
    """That nobody gives a length, with the words of who calls it a long one."""
    told = next((o.text for o in facts.outcomes if o.id == "told_long"), "")
    return voice.say("missing_length", told=quoted(told) if told else "")


def _has_hour(facts: CallFacts) -> bool:
    when = dated(facts)
    return timed(facts) is not None or (when is not None and when.clock is not None)


NO_EXCERPTS = Excerpts(())


def reported(facts: CallFacts, voice: Voice) -> bool:
    """Whether anybody told what was said on the call."""
    topics = any(topic.mode == "reported" for topic in facts.topics)
    return topics or any(slot_of(o, voice) in ("agreed", "raised") and o.mode == "reported" for o in facts.outcomes)


def _not_stated(view: CallView, voice: Voice) -> Iterable[Line]:
    words = missing(view.facts, voice)
    if words:
        yield field(voice, "not_stated_one" if len(view.facts.sources) < 2 else "not_stated", (Span(", ".join(words)),))


def warnings(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> list[Line]:
    """What does not fit together, each with what to check."""
    lines = [
        warning(
            voice,
            "order",
            voice.say(
                "order_loose",
                relation=voice.say(f"relation_{anchor.relation}"),
                pair=voice.pair(anchor.participants),
                words=quoted(anchor.text),
            ),
        )
        for anchor in facts.anchors
        if not anchor.firm and anchor.relation != "same_day"
    ]
    lines += [_clash(facts, clash.field, clash.values, voice, excerpts) for clash in facts.contradictions]
    if not any(clash.field == "duration" for clash in facts.contradictions):
        lines += _disputed_length(facts.durations, voice)
    if not any(clash.field == "date" for clash in facts.contradictions):
        lines += _disputed_day(facts, voice)
    if facts.maybe_second:
        lines.append(warning(voice, "identity", voice.say("second_call")))
    return lines


def _clash(facts: CallFacts, name: str, values: tuple[str, ...], voice: Voice, excerpts: Excerpts) -> Line:
    label = {"duration": "length", "date": "when", "initiator": "initiator", "channel": "channel"}.get(name, "status")
    start = timed(facts)
    ended = next((w for w in facts.whens if w.end_reported is not None or w.end is not None), None)
    if name == "duration" and HOURS.search(values[-1]) and facts.durations and start and start.start and ended:
        end = ended.end_reported or ended.end or start.start
        length = next((told for told in facts.durations if told.text == values[0]), facts.durations[0])
        text = voice.say(
            "length_clash",
            length=voice.length(length, brief=True),
            mark=excerpts.mark(length.evidence),
            start=f"{voice.local(start.start):%H:%M}",
            end=f"{voice.local(end):%H:%M}",
            span=voice.span_of_hours(round((end - start.start).total_seconds() / 60)),
        )
        return warning(voice, label, text)
    shown = [_clash_value(name, value, facts, voice) for value in values]
    if len(shown) < 2:
        return warning(voice, label, "".join(shown))
    return warning(voice, label, voice.say("clash", one=shown[0], other=", ".join(shown[1:])))


def _clash_value(name: str, value: str, facts: CallFacts, voice: Voice) -> str:
    if name == "status":
        return voice.say(f"status_word_{value}")
    if name == "initiator":
        return side_name(value, voice)
    if name == "date" and value.count("-") == 2:
        return voice.day(value)
    if name == "duration":
        return length_told(value, facts, voice)
    return quoted(value)


def length_told(value: str, facts: CallFacts, voice: Voice) -> str:
    """A length in data form ("90", "over 90") in words, with who says so; anything else as it is."""
    for told in sorted(facts.durations, key=lambda duration: duration.speaker is None):
        if value == (str(told.minutes) if told.bound == "exact" else f"{told.bound} {told.minutes}"):
            return voice.length(told, brief=True) + voice.said_by(told.speaker)
    return voice.stored_length(value)


def _disputed_day(facts: CallFacts, voice: Voice) -> list[Line]:
    """The days that texts give without a zone, where they are not one: two zones may explain it, and nobody says so."""
    past = outdated(facts)
    told = (when for when in facts.whens if when.evidence is None or when.evidence.article not in past)
    days = {w.date: None for w in told if w.date and "?" not in w.date and w.zone is None and w.start is None}
    if facts.date not in days or len(days) < 2 or any(note.field == "date" for note in facts.by_hand):
        return []
    others = ", ".join(voice.day(day) for day in sorted(days) if day != facts.date)
    return [warning(voice, "when", voice.say("clash", one=voice.day(facts.date), other=others))]


def _disputed_length(durations: tuple[Duration, ...], voice: Voice) -> list[Line]:
    for other in durations[1:]:
        if abs(other.minutes - durations[0].minutes) > GAP_MINUTES:
            one, two = (voice.length(d, brief=True) + voice.said_by(d.speaker) for d in (durations[0], other))
            return [warning(voice, "length", voice.say("length_disputed", one=one, other=two))]
    return []
