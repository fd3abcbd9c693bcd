"""A call → the message that a desk reads. START HERE.

`render_root` writes the root of a call as it is known now: headline | status and the one thing to know | facts | what
changed since they last spoke | quotations | sources. `render_update` writes the reply in the thread with only what is
new. What the texts say comes from `fields`, the comparison from `since`, the words from `data/wording.csv`; `blocks`
draws the result for Slack, `console` for a terminal. All pure: the same call gives the same message for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.notify.buttons import root_buttons, word_lines
from services.notify.contents import slot_of
from services.notify.excerpts import Excerpts, choose
from services.notify.fields import fact_lines, is_proved, names_all, short_proof, telling
from services.notify.graphemes import shorten
from services.notify.layout import CallView, Edit, Line, Message, Span, Spans, bold, joined
from services.notify.since import side_only, since_lines, status_items
from services.notify.standing import standing_of, status_key
from services.notify.voice import Voice
from services.notify.when import dated, desk_zone, text_zone_day, timed
from shared.names import Language, alphabetical, load_names
from shared.records import CallFacts, Evidence, Participant, Source, Speaker

#: What a headline begins with in a channel.
SIGN = "☎ "
PUSH_LENGTH = 80
MOST_SOURCES = 6
MOST_EDITS = 4


def render_root(view: CallView, language: Language, zone: str) -> Message:
    """The root message of a call: the present state of knowledge. `zone` is the desk's, by its IANA name."""
    voice = voice_of(language, zone)
    excerpts = _chosen(view, voice)
    headline = headline_of(view.facts, voice)
    lines = [
        *_head(view, headline, voice, excerpts),
        *fact_lines(view, voice, excerpts),
        *by_hand_lines(view, voice),
        *word_lines(view, voice),
        *since_lines(view, voice, excerpts),
        *quotations(excerpts),
        sources_line(view, voice),
        *_edited(view.edits, voice),
    ]
    return Message(push_of(_pushed(view, headline, voice)), language, tuple(lines), root_buttons(view, voice))


def voice_of(language: Language, zone: str) -> Voice:
    """The desk's voice, with the built-in names."""
    return Voice(language, desk_zone(zone), load_names())


def push_of(headline: str) -> str:
    """The news for a phone, in at most 80 characters, cut between words."""
    return shorten(headline.removeprefix(SIGN), PUSH_LENGTH)


# --- the head ------------------------------------------------------------------------------------------------------


def _head(view: CallView, headline: str, voice: Voice, excerpts: Excerpts) -> Iterable[Line]:
    if view.withdrawn is not None:
        yield Line("headline", (Span(headline, "strike"),))
        yield Line("status", (bold(voice.say("status_withdrawn")), Span(f" · {withdrawal_words(view, voice)}")))
        return
    yield Line("headline", (bold(headline),))
    items: list[Spans] = [(Span(status_word(view.facts, voice)),)]
    if view.late_since is not None:
        items.append((bold(voice.say("late", at=voice.moment(view.late_since))),))
    yield Line("status", joined([*items, *status_items(view, voice, excerpts)], " · "))


def withdrawal_words(view: CallView, voice: Voice) -> str:
    """Who took the call back, when and why; empty for one that stands."""
    gone = view.withdrawn
    if gone is None:
        return ""
    if gone.told_twice:
        return voice.say("withdrawn_twice", people=voice.pair(view.facts.participants), when=voice.moment(gone.at))
    why = voice.reason(gone.why) or voice.say("withdrawn_by_article")
    return voice.say("withdrawn_why", by=gone.by, when=voice.moment(gone.at), why=why)


def by_hand_lines(view: CallView, voice: Voice, fields: Collection[str] | None = None) -> Iterable[Line]:
    """Which facts somebody has put right, who, when and why: they rest on no sentence. All, or those of `fields`."""
    for note in view.facts.by_hand:
        if fields is not None and note.field not in fields:
            continue
        what = voice.say(f"edit_{note.field}")
        text = voice.say("by_hand", what=what, by=note.by, when=voice.moment(note.at), why=note.reason)
        yield Line("note", (Span(text, "italic"),))


def _pushed(view: CallView, headline: str, voice: Voice) -> str:
    bare = headline.removeprefix(SIGN)
    return voice.say("withdrawn_push", headline=bare) if view.withdrawn else bare


def status_word(facts: CallFacts, voice: Voice) -> str:
    """HELD, UNDER WAY, PLANNED …: the one status `denied` is five different news, and is told as what it was."""
    if facts.status == "held" and any(when.end_reported is not None for when in facts.whens):
        return voice.say("status_held_ended")
    return voice.say(f"status_{status_key(facts)}")


def news_of(facts: CallFacts, voice: Voice, *, in_full: bool = False) -> str:
    """The news of a call in one line without the sign of a message; `in_full` with offices, whole names, and who gives
    the length."""
    return headline_of(facts, voice, in_full=in_full).removeprefix(SIGN)


def headline_of(facts: CallFacts, voice: Voice, *, in_full: bool = False) -> str:
    """The news of a call in one line, as its message begins."""
    key, values = _event(facts, voice, in_full=in_full)
    day = _headline_day(facts, voice)
    text = voice.say(f"headline_{key}", day=day, **values)
    if facts.status not in ("held", "planned"):
        return text
    if facts.status == "held" and facts.durations:
        told = facts.durations[0]
        length = voice.length(told) + (voice.said_by(told.speaker) if in_full else "")
        text = voice.say("headline_length", headline=text, length=length)
    return text if day else _without_day(text, facts, voice)


def _event(facts: CallFacts, voice: Voice, *, in_full: bool) -> tuple[str, dict[str, str]]:
    caller, others = who_phoned(facts)
    if facts.status == "held" and caller:
        names = voice.people((caller,), in_full=in_full), voice.people(others, in_full=in_full)
        return "phoned", dict(zip(("caller", "others"), names, strict=True))
    key = status_key(facts)
    if key == "held" and facts.channel == "video":
        key = "held_video"
    return key, {"people": voice.people(facts.participants, in_full=in_full)}


def who_phoned(facts: CallFacts) -> tuple[Participant | None, tuple[Participant, ...]]:
    """Who rang, where a sentence says so: the participant of that side, and the others."""
    for initiator in facts.initiators[:1]:
        callers = [p for p in facts.participants if p.country == initiator.side]
        if initiator.how == "phoned" and initiator.evidence is not None and len(callers) == 1:
            return callers[0], tuple(p for p in facts.participants if p is not callers[0])
    return None, ()


def _headline_day(facts: CallFacts, voice: Voice) -> str:
    date, zone = text_zone_day(facts, voice)
    if date is None or not voice.day(date):
        return ""
    day = voice.day(date, long=True, year=False)
    if date.endswith("??"):
        return voice.say("in_month", month=day)
    told = dated(facts)
    if told and told.date == date and told.day_part and timed(facts) is None:
        text = voice.say("on_part", part=voice.say(f"part_{told.day_part}"), day=day)
    else:
        text = voice.say("on_day", day=day)
    return voice.say("with_zone", day=text, zone=zone) if zone else text


def _without_day(headline: str, facts: CallFacts, voice: Voice) -> str:
    anchor = next((anchor for anchor in facts.anchors if anchor.relation == "same_day"), None)
    if anchor is not None:
        return voice.say("headline_same_day", headline=headline, pair=voice.pair(anchor.participants))
    if facts.status == "planned":
        return headline
    key = "headline_no_day" if len(facts.sources) < 2 else "headline_day_unknown"
    return voice.say(key, headline=headline)


# --- quotations ----------------------------------------------------------------------------------------------------


def _chosen(view: CallView, voice: Voice) -> Excerpts:
    """The quotations: of the facts by their weight, and where none of them names the leaders, first one that does. Of a
    call that is denied, first who denies it: the facts are those of the articles that told it before."""
    facts, weighed = view.facts, list(_weighed(view, voice))
    excerpts = choose(weighed, facts.sources)
    told = telling(facts)
    if facts.status != "denied" and (is_proved(facts, voice, excerpts) or short_proof(facts)):
        return excerpts
    naming = [piece for piece in told if names_all(piece.text, facts.participants, voice)]
    return choose([*(naming or told)[:1], *weighed], facts.sources)


def _weighed(view: CallView, voice: Voice) -> Iterable[Evidence | None]:
    """The evidence of the facts, the weightiest first: what line 1 says, what was agreed, what is compared."""
    facts = view.facts
    if who_phoned(facts)[0]:
        yield facts.initiators[0].evidence
    yield from when_evidence(facts)
    yield from (duration.evidence for duration in facts.durations[:1])
    yield from (when.end_evidence or when.evidence for when in facts.whens if when.end_reported is not None)
    yield from (o.evidence for o in facts.outcomes if slot_of(o, voice) == "agreed")
    previous = view.comparison.previous if view.comparison else None
    articles = {source.article for source in facts.sources}
    if previous and previous.evidence and previous.evidence.article in articles:
        yield previous.evidence
    yield from (claim.evidence for claim in facts.claims)
    yield from (topic.evidence for topic in facts.topics)
    yield from (o.evidence for o in facts.outcomes if slot_of(o, voice) == "next")
    yield from (initiator.evidence for initiator in facts.initiators)


def when_evidence(facts: CallFacts) -> Iterable[Evidence | None]:
    """The sentences that give the hour, the day, or the other call that places this one."""
    rest = sorted(facts.whens, key=lambda when: (when.start is None, when.date != facts.date))
    best = timed(facts) or dated(facts) or next(iter(rest), None)
    if best and (best.date or best.start):
        yield best.evidence
    else:
        yield from (anchor.evidence for anchor in facts.anchors)
        yield from (when.evidence for when in facts.whens)


def quotations(excerpts: Excerpts) -> list[Line]:
    """The quoted sentences, numbered."""
    return [
        Line("quote", (Span(f"{'①②③'[place]} "), Span(excerpt.text))) for place, excerpt in enumerate(excerpts.chosen)
    ]


# --- sources -------------------------------------------------------------------------------------------------------


def sources_line(view: CallView, voice: Voice, *, now: bool = False, new_side: str = "") -> Line:
    """How many articles, which, how well the call stands, who was heard, and the way to all evidence. A reply (`now`)
    leaves to its root what holds for the whole call."""
    sources = view.facts.sources
    key = "sources_one" if len(sources) == 1 else "sources_now" if now else "sources_many"
    spans = [Span(voice.say(key, n=str(len(sources))).rstrip() + " ")]
    separator = "; " if any(source.outlet for source in sources) else ", "
    spans += joined([_source(source, voice) for source in sources[:MOST_SOURCES]], separator)
    if len(sources) > MOST_SOURCES:
        spans.append(Span(", " + voice.say("more_sources", n=str(len(sources) - MOST_SOURCES))))
    parts: list[Spans] = [(Span(words),) for words in _of_sources(view, voice)]
    heard = new_side or _heard(view, voice)
    stands = "" if now else _standing(view, voice)
    parts += [(Span(words),) for words in (stands, heard) if words]
    if not now:
        parts.append((Span(voice.say("all_evidence"), url=view.page_url),))
        parts += [(Span(voice.say("call_id", id=view.call_id)),)] if view.shows_id else []
    return Line("sources", joined([tuple(spans), *parts], " · "))


def _of_sources(view: CallView, voice: Voice) -> Iterable[str]:
    """What there is to know of the sources: an article of another call that the day comes from, and shared origins."""
    facts = view.facts
    known = {source.article for source in facts.sources}
    clues = [clue.article for clue in facts.date_clues if facts.date_derived and clue.article not in known]
    if clues:
        labels = [voice.source_label(article, facts.sources) for article in dict.fromkeys(clues)]
        yield voice.say("day_from", articles=voice.listed(labels))
    origins = {source.origin or source.article for source in facts.sources}
    if len(origins) < len(known):
        yield voice.say("origins_one" if len(origins) == 1 else "origins", n=str(len(origins)))


def _standing(view: CallView, voice: Voice) -> str:
    """How well the call stands; nothing of one that was taken back, or of a plan that passed in silence."""
    facts = view.facts
    if view.withdrawn or facts.no_word_by is not None:
        return ""
    key = f"standing_{standing_of(facts)}"
    if facts.status == "denied" and key == "standing_confirmed":
        key = "standing_told"
    return voice.say(key)


def _source(source: Source, voice: Voice) -> Spans:
    if source.outlet is None:
        return (Span(voice.source_label(source.article, (source,)), url=source.url),)
    when = f", {voice.moment(source.published_at)}" if source.published_at else ""
    unknown = "" if source.url else f" ({voice.say('link_unknown')})"
    return (Span(f"{source.outlet}{when}", url=source.url), *([Span(unknown)] if unknown else []))


def _heard(view: CallView, voice: Voice) -> str:
    """Whose word it is: the parties that spoke, unless line 2 says it, and who passed it on."""
    facts = view.facts
    only = side_only(facts, voice)
    parties = tuple(speaker for speaker in facts.heard if speaker.side)
    third = [name for speaker in facts.heard if not speaker.side and (name := voice.speaker(speaker))]
    parts = []
    if only and facts.claims:
        parts.append(voice.say("heard", who=voice.say("side_only", side=only)))
    elif parties and not only:
        parts.append(voice.say("heard", who=", ".join(voices_of(parties, facts, voice))))
    if third:
        parts.append(voice.say("via", who=", ".join(dict.fromkeys(third))))
    return " · ".join(parts)


def voices_of(speakers: tuple[Speaker, ...], facts: CallFacts, voice: Voice) -> list[str]:
    """Each side once: by its speaker's name where only one spoke, else as a side."""
    named: dict[str, list[str]] = {}
    for speaker in speakers:
        named.setdefault(speaker.side or speaker.id, []).append(voice.speaker(speaker))
    order = [p.country for p in alphabetical(facts.participants)]
    return [
        names[0] if len(set(names)) == 1 else voice.names.side(side, voice.language)
        for side, names in sorted(named.items(), key=lambda entry: order.index(entry[0]) if entry[0] in order else 9)
    ]


def _edited(edits: tuple[Edit, ...], voice: Voice) -> Iterable[Line]:
    if edits:
        told = " · ".join(f"{voice.moment(edit.at)}: {', '.join(edit.what)}" for edit in edits[-MOST_EDITS:])
        if len(edits) > MOST_EDITS:
            told = voice.say("edited_more", n=str(len(edits) - MOST_EDITS), edits=told)
        yield Line("edited", (Span(voice.say("edited", edits=told)),))
