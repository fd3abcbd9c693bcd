"""The facts of an alert, line by line: who, when, how long, who asked, agenda, raised, agreed, next, not stated, ⚠.

Each line says what the texts say and who says it, with the number of the sentence that proves it. What the texts leave
open is named, and an agenda is never printed as what was discussed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import msgspec

from services.notify.excerpts import Excerpts
from services.notify.layout import CallView, Line, Span, Spans, bold
from services.notify.voice import Voice
from shared.names import alphabetical, quoted
from shared.records import CallFacts, Duration, Evidence, Mode, Outcome, Participant, Speaker, Topic, When

MOST_ITEMS = 8
GAP_MINUTES = 15  # two lengths further apart than this do not agree
SHORT_PROOF = 80  # characters of words that may stand in the Who line
CALL_WORDS = re.compile(r"(?:cuộc )?(?:điện đàm|gọi|đàm thoại|hội đàm|trò chuyện|trao đổi)")


class Item(msgspec.Struct, frozen=True):
    """One topic or outcome, worded, with its speaker and the number of its sentence."""

    text: str
    speaker: str
    mark: str


def fact_lines(view: CallView, voice: Voice, excerpts: Excerpts) -> list[Line]:
    """All lines between the status and the comparison."""
    facts = view.facts
    return [
        field(voice, "who", (Span(who(facts, voice, excerpts)),)),
        when_line(view, voice, excerpts),
        *_initiator(facts, voice, excerpts),
        *_topics(facts, voice, excerpts, "announced", "agenda"),
        *_topics(facts, voice, excerpts, "ruled_out", "ruled_out"),
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


def outdated(facts: CallFacts) -> set[str]:
    """The articles that told an earlier status of the call: a sentence with "will" proves no call that was held.

    None where no article tells the present one, which then rests on a hand.
    """
    past = {source.article for source in facts.sources if not source.stands}
    return past if any(source.stands for source in facts.sources) else set()


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


# --- when and how long ---------------------------------------------------------------------------------------------


def when_line(view: CallView, voice: Voice, excerpts: Excerpts) -> Line:
    """When it was, and how long where that is another sentence's fact."""
    facts = view.facts
    text, mark = _when(view, voice, excerpts)
    spans: list[Span] = [bold(voice.say("label_when")), Span(f"  {text}")]
    length = _length(facts, voice, excerpts, mark)
    if length:
        spans += [Span("   "), bold(voice.say("label_length")), Span(f"  {length}")]
    return Line("field", tuple(spans))


def timed(facts: CallFacts) -> When | None:
    """The first telling that gives hour and zone."""
    return next((when for when in facts.whens if when.start is not None), None)


def dated(facts: CallFacts) -> When | None:
    """The telling that gives the call's day."""
    return next((when for when in facts.whens if when.date is not None and when.date == facts.date), None)


def _when(view: CallView, voice: Voice, excerpts: Excerpts) -> tuple[str, str]:
    facts = view.facts
    start = timed(facts)
    if start is not None and start.start is not None:
        mark = excerpts.mark(start.evidence)
        return _hour(start, start.start, voice) + mark + _end(facts, voice, excerpts), mark
    if facts.date is not None:
        return _day(facts, voice, excerpts)
    return _no_day(view, voice, excerpts), ""


def _hour(when: When, start: dt.datetime, voice: Voice) -> str:
    local = voice.local(start)
    day = voice.day(local.date().isoformat())
    hour = f"{local:%H:%M}"
    if when.start_about:
        hour = voice.say("about_hour", hour=hour)
    ends = when.end_reported is not None
    hour = voice.say("from_hour", hour=hour) if ends else hour
    zone = voice.names.zone(voice.zone.key, voice.language)
    text = voice.say("start_local_from" if ends else "start_local", day=day, hour=hour, zone=zone)
    said = voice.speaker(when.speaker)
    original = _original(when, start, voice)
    inside = "; ".join(part for part in (original, said) if part)
    return f"{text} ({inside})" if inside else text


def _original(when: When, start: dt.datetime, voice: Voice) -> str:
    """The hour in the text's own zone, where that is not the desk's."""
    if when.zone is None or start.utcoffset() == voice.local(start).utcoffset():
        return ""
    return voice.say(
        "original_en" if voice.language == "en" else "original",
        day=voice.day(start.date().isoformat(), year=False),
        clock=voice.clock12(start),
        zone=voice.names.zone(when.zone, voice.language, long=True),
    )


def _end(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> str:
    when = next((one for one in facts.whens if one.end_reported is not None), None)
    if when is None or when.end_reported is None:
        return ""
    hour = f"{voice.local(when.end_reported):%H:%M}"
    hour = voice.say("about_hour", hour=hour) if when.end_about else hour
    speaker = when.end_speaker or when.speaker
    mark = excerpts.mark(when.end_evidence or when.evidence)
    return voice.say("end_reported", hour=hour, by=voice.said_by(speaker), mark=mark)


def _day(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> tuple[str, str]:
    when = dated(facts) or When()
    date = facts.date or ""
    mark = excerpts.mark(when.evidence)
    assumed = when.year_assumed and date[:4].isdigit()
    text = voice.day(date, year=not assumed)
    if when.day_part:
        text = voice.say("part_of_day", part=voice.say(f"part_{when.day_part}"), day=text)
    if when.clock:
        text = f"{text}, {when.clock}"
    text += voice.said_by(when.speaker)
    text = voice.say("by_article_year", day=text, mark=mark, year=date[:4]) if assumed else text + mark
    if when.day_part or when.clock:
        text += _zone_note(when, voice)
    return text + _derived(facts, voice, excerpts), mark


def _zone_note(when: When, voice: Voice) -> str:
    """The zone of an hour or a part of a day that is not converted, or that the text names none."""
    return f" ({voice.names.zone(when.zone, voice.language)})" if when.zone else voice.say("not_converted")


def _derived(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> str:
    """What a derived day was derived from, each with the number of its quotation; nothing for a day that was told."""
    if facts.date_derived is None:
        return ""
    label = voice.say("label_derived")
    if not facts.date_clues:
        return f" ({label})"
    clues = [
        voice.say(
            "clue",
            words=_short_words(clue) + excerpts.mark(clue),
            article=voice.source_label(clue.article, facts.sources),
        )
        for clue in facts.date_clues
    ]
    return " " + voice.say("derived", label=label, clues=", ".join(clues))


def _short_words(clue: Evidence) -> str:
    words = clue.text.split()
    return quoted(clue.text if len(words) <= 8 else " ".join(words[:8]) + " …")


def _no_day(view: CallView, voice: Voice, excerpts: Excerpts) -> str:
    facts = view.facts
    when = facts.whens[0] if facts.whens else When()
    relations = [anchor.relation for anchor in facts.anchors]
    if "same_day" in relations:
        key = next((f"when_{r}_same_day" for r in ("before", "after") if r in relations), "when_same_day")
        mark = next((m for a in facts.anchors if (m := excerpts.mark(a.evidence))), "")
        text = voice.say(key) + mark
    elif when.text:
        text = gloss(when.text, voice) + excerpts.mark(when.evidence)
    else:
        text = voice.say("when_not_stated" if len(facts.sources) < 2 else "when_not_known")
    if view.article_at is None:
        return text
    return voice.say("article_of", when=text, day=voice.day(voice.local(view.article_at).date().isoformat()))


def gloss(words: str, voice: Voice) -> str:
    """A relative time in the desk's language where the table knows it, else the article's own words."""
    try:
        return voice.say(f"gloss_{words.strip().casefold()}")
    except KeyError:
        return quoted(words)


def _length(facts: CallFacts, voice: Voice, excerpts: Excerpts, when_mark: str) -> str:
    """The length, unless the sentence of the When line says it, or a ⚠ does."""
    if not facts.durations or any(clash.field == "duration" for clash in facts.contradictions):
        return ""
    duration = facts.durations[0]
    mark = excerpts.mark(duration.evidence)
    start = timed(facts)
    if start is not None and mark and mark == when_mark and _same_speaker(start.speaker, duration.speaker):
        return ""
    return voice.length(duration, brief=True) + voice.said_by(duration.speaker) + mark


def _same_speaker(one: Speaker | None, other: Speaker | None) -> bool:
    return (one.id if one else None) == (other.id if other else None)


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


def content_lines(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> list[Line]:
    """What was raised and agreed, in the order of the text, and what comes next."""
    raised = group(topic_items(facts, voice, excerpts, "reported"), ", ")
    agreed = group(outcome_items(facts, voice, excerpts, "agreed"), "; ")
    later = group(outcome_items(facts, voice, excerpts, "next"), "; ")
    lines = [field(voice, "raised", (Span(raised),))] if raised else []
    if agreed and raised and _agreed_first(facts, voice):
        lines = [field(voice, "agreed", (Span(agreed),)), field(voice, "also", (Span(raised),))]
    elif agreed:
        lines.append(field(voice, "agreed", (Span(agreed),)))
    if later:
        lines.append(field(voice, "next", (Span(later),)))
    return lines


def _agreed_first(facts: CallFacts, voice: Voice) -> bool:
    order = {source.article: place for place, source in enumerate(facts.sources)}

    def first(pieces: Iterable[Evidence | None]) -> tuple[int, int]:
        return min(((order.get(p.article, 0), p.start) for p in pieces if p is not None), default=(len(order), 0))

    agreed = first(o.evidence for o in facts.outcomes if o.mode == "reported")
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


# --- what is missing, what to check --------------------------------------------------------------------------------


def missing(facts: CallFacts, voice: Voice, *, day: bool = False) -> list[str]:
    """What all articles leave open, in words. `day`: list the day too, where no other line says that it is missing."""
    told = facts.status in ("held", "ongoing")
    open_facts = {
        "content": told and not reported(facts, voice) and bool(outcome_items(facts, voice, NO_EXCERPTS, "status")),
        "day": day and facts.date is None,
        "hour": facts.date is not None and facts.status != "denied" and not _has_hour(facts),
        "length": facts.status == "held" and not facts.durations,
        "initiator": told and not facts.initiators,
    }
    return [voice.say(f"missing_{name}") for name, is_open in open_facts.items() if is_open]


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
    if facts.maybe_second:
        lines.append(warning(voice, "identity", voice.say("second_call")))
    return lines


def _clash(facts: CallFacts, name: str, values: tuple[str, ...], voice: Voice, excerpts: Excerpts) -> Line:
    label = {"duration": "length", "date": "when", "initiator": "initiator", "channel": "channel"}.get(name, "status")
    start = timed(facts)
    ended = next((w for w in facts.whens if w.end_reported is not None or w.end is not None), None)
    if name == "duration" and facts.durations and start and start.start and ended:
        end = ended.end_reported or ended.end or start.start
        text = voice.say(
            "length_clash",
            length=voice.length(facts.durations[0], brief=True),
            mark=excerpts.mark(facts.durations[0].evidence),
            start=f"{voice.local(start.start):%H:%M}",
            end=f"{voice.local(end):%H:%M}",
            span=voice.span_of_hours(round((end - start.start).total_seconds() / 60)),
        )
        return warning(voice, label, text)
    shown = [_clash_value(name, value, voice) for value in values]
    if len(shown) < 2:
        return warning(voice, label, "".join(shown))
    return warning(voice, label, voice.say("clash", one=shown[0], other=", ".join(shown[1:])))


def _clash_value(name: str, value: str, voice: Voice) -> str:
    if name == "initiator":
        return side_name(value, voice)
    if name == "date" and value.count("-") == 2:
        return voice.day(value)
    if name == "duration":
        return voice.stored_length(value)
    return quoted(value)


def _disputed_length(durations: tuple[Duration, ...], voice: Voice) -> list[Line]:
    for other in durations[1:]:
        if abs(other.minutes - durations[0].minutes) > GAP_MINUTES:
            one, two = (voice.length(d, brief=True) + voice.said_by(d.speaker) for d in (durations[0], other))
            return [warning(voice, "length", voice.say("length_disputed", one=one, other=two))]
    return []


def text_zone_day(facts: CallFacts, voice: Voice) -> tuple[str | None, str]:
    """The day that a headline prints, in the text's own zone, and that zone's short name where it is not the desk's."""
    when = timed(facts)
    if when is None or when.start is None or when.zone is None:
        return facts.date, _bare_zone(facts, voice)
    foreign = when.start.utcoffset() != voice.local(when.start).utcoffset()
    return when.start.date().isoformat(), voice.names.zone(when.zone, voice.language) if foreign else ""


def _bare_zone(facts: CallFacts, voice: Voice) -> str:
    when = dated(facts)
    if when is None or when.zone is None or when.zone in (voice.zone.key, "VN"):
        return ""
    return voice.names.zone(when.zone, voice.language)


def desk_zone(name: str) -> ZoneInfo:
    """The desk's zone by its IANA name. Raises ZoneInfoNotFoundError for a name that is none."""
    return ZoneInfo(name)
