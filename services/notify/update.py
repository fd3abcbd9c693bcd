"""The reply in a thread: only what is new about a call that the desk knows, before → after, with its evidence.

Where the two were taken as one call on less than a day, the reply says why in one line, so that the desk can object.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

from services.notify.buttons import reply_buttons
from services.notify.contents import Item, group, outcome_text
from services.notify.excerpts import Excerpts, choose
from services.notify.fields import field, length_told, missing, side_name
from services.notify.layout import CallView, Line, Message, Span, bold
from services.notify.message import (
    by_hand_lines,
    push_of,
    quotations,
    sources_line,
    voice_of,
    voices_of,
    withdrawal_words,
)
from services.notify.standing import in_doubt, status_key
from services.notify.voice import Voice
from shared.names import Language, quoted
from shared.records import CallFacts, Change, Duration, Evidence, Judgement, Outcome, Report, Speaker, Topic

MINUTES = re.compile(r"\d+")
#: Fields whose change has its own line, in the order in which a desk wants them.
ONE_VALUE = ("status", "date", "start", "duration", "channel", "initiator")


def render_update(
    view: CallView,
    judgement: Judgement,
    report: Report,
    language: Language,
    zone: str,
    before: tuple[Mapping[str, str], tuple[Outcome, ...]] = ({}, ()),
) -> Message:
    """The reply that a report makes in its call's thread. `view` is the call as it is now, this report included;
    `before` are the topics (by their words) and outcomes that the desk was shown, to word what is told no more."""
    voice = voice_of(language, zone)
    changes = [change for change in judgement.changes if change.kind in ("new", "changed", "conflict")]
    if _of(changes, "withdrawn"):
        return _withdrawn(view, voice)
    fields = {change.field for change in changes}
    by_hand = bool(fields) and fields <= {note.field for note in view.facts.by_hand}
    excerpts = choose(_weighed(changes, report, by_hand=by_hand), view.facts.sources)
    missed = _missed_words(changes, _worded(*before, view.facts, voice))
    headline = _headline(view.facts, changes, report, missed, voice)
    doubt = list(_same_call(view, judgement, voice)) if in_doubt(view.facts, judgement, report, zone) else []
    news = [
        *_single(view.facts, changes, report, voice, excerpts),
        *_further(view.facts, changes, report, voice, excerpts),
        *_new(view.facts, changes, report, voice, excerpts),
        *([_point(voice, "missed", "; ".join(missed))] if missed else []),
    ]
    lines = [
        Line("headline", (bold(headline),)),
        *news,
        *(_still_open(view.facts, changes, voice) if news else ()),
        *by_hand_lines(view, voice, fields),
        *doubt,
        *quotations(excerpts),
        sources_line(view, voice, now=True, new_side=_heard(view.facts, changes, voice)),
    ]
    return Message(push_of(headline), language, tuple(lines), reply_buttons(view, voice) if doubt else ())


def _withdrawn(view: CallView, voice: Voice) -> Message:
    """The reply where a call is taken back, or stands again."""
    pair = voice.pair(view.facts.participants)
    gone = withdrawal_words(view, voice)
    news = voice.say("update_about", pair=pair, what=gone) if gone else voice.say("update_stands", pair=pair)
    headline = voice.say("update_headline", news=news)
    return Message(
        push_of(headline), voice.language, (Line("headline", (bold(headline),)), sources_line(view, voice, now=True))
    )


def edit_words(
    added: Iterable[tuple[str, str | None]], facts: CallFacts, language: Language, zone: str
) -> tuple[str, ...]:
    """What an edit brought, in a word each: "length", "Kremlin", "Moscow", in the order a desk asks for it."""
    voice = voice_of(language, zone)
    return tuple(dict.fromkeys(_edit_word(field, value, facts, voice) for field, value in added))


def _edit_word(name: str, value: str | None, facts: CallFacts, voice: Voice) -> str:
    if name == "heard":
        return ", ".join(voices_of(tuple(s for s in facts.heard if s.side == value), facts, voice))
    meetings = [o for o in facts.outcomes if value in (o.id, o.text) and o.kind in ("invited", "meeting")]
    place = next((o.place for o in meetings if o.place), None)
    if name == "outcomes" and place:
        return voice.names.place(place, voice.language)
    return voice.say(f"edit_{name}")


def _weighed(changes: Sequence[Change], report: Report, *, by_hand: bool) -> Iterable[Evidence | None]:
    """The evidence of what is new. What a person put right rests on no sentence, and an article says the contrary."""
    yield from (piece for change in changes if change.field != "topics" for piece in change.evidence[-1:])
    yield from (piece for change in changes for piece in change.evidence[-1:])
    if not by_hand:
        yield from report.evidence[:1]


def _of(changes: Sequence[Change], name: str) -> list[Change]:
    return [change for change in changes if change.field == name]


# --- the headline --------------------------------------------------------------------------------------------------


def _headline(facts: CallFacts, changes: Sequence[Change], report: Report, missed: Sequence[str], voice: Voice) -> str:
    pair = voice.pair(facts.participants)
    news = [_clause(facts, change, report, voice, pair) for name in ONE_VALUE for change in _of(changes, name)][:1]
    outcomes = sorted(_outcomes(changes, report), key=lambda outcome: outcome.kind not in ("invited", "meeting"))
    news += [_said(outcome_text(o, facts, voice), o.speaker, voice) for o in outcomes[: 2 - len(news)]]
    if not news:
        topics = _topics(changes, report, voice, "reported") or _topics(changes, report, voice, "announced")
        key = "update_raised" if _topics(changes, report, voice, "reported") else "update_agenda"
        news = [voice.say(key, pair=pair, topics=", ".join(i.text for i in topics[:3]))] if topics else []
        news = news or _first_heard(facts, changes, voice, pair)
        news = news or [voice.say("update_missed", pair=pair, what=words) for words in missed[:1]]
    elif not any(pair in clause for clause in news):
        news[0] = voice.say("update_about", pair=pair, what=news[0])
    return voice.say("update_headline", news="; ".join(news) or voice.say("update_other", pair=pair))


def _clause(facts: CallFacts, change: Change, report: Report, voice: Voice, pair: str) -> str:
    duration = _duration(change, report, facts)
    if change.field == "duration" and duration is not None:
        lasted = voice.say("update_lasted", pair=pair, length=voice.length(duration))
        return _said(lasted, duration.speaker, voice) if change.kind == "conflict" else lasted
    if change.field == "date" and change.after:
        day = voice.say("on_day", day=voice.day(change.after, long=True, year=False))
        return voice.say("update_day", pair=pair, day=day)
    if change.field == "initiator" and change.after:
        return voice.say("update_initiator", pair=pair, who=side_name(change.after, voice))
    if change.field == "start" and change.after:
        return voice.say("update_start", pair=pair, at=_value("start", change.after, facts, voice))
    if change.field == "status" and facts.no_word_by is not None:
        return voice.say("update_no_word", pair=pair, due=_due(facts, voice), by=voice.moment(facts.no_word_by))
    if change.field == "status":
        return voice.say("update_status", pair=pair, status=voice.say(f"status_word_{status_key(facts)}"))
    if change.after is None and change.before:  # the report that told it was set apart, or is another
        return voice.say("update_missed", pair=pair, what=_value(change.field, change.before, facts, voice))
    return voice.say("update_other", pair=pair)


def _first_heard(facts: CallFacts, changes: Sequence[Change], voice: Voice, pair: str) -> list[str]:
    """That a side speaks for the first time, where that is the news."""
    sides = {change.after for change in _of(changes, "heard")}
    names = voices_of(tuple(speaker for speaker in facts.heard if speaker.side in sides), facts, voice)
    return [voice.say("update_heard", who=voice.listed(names), pair=pair)] if names else []


def _due(facts: CallFacts, voice: Voice) -> str:
    """When a plan was due: its hour, else its day."""
    start = next((when.start for when in facts.whens if when.start is not None), None)
    return voice.moment(start) if start is not None else voice.day(facts.date or "", long=True, year=False)


def _said(text: str, speaker: Speaker | None, voice: Voice) -> str:
    """A clause with who says it; the agency that passed it on is for the lines below."""
    if speaker is None:
        return text
    return voice.say("update_said", what=text, who=voice.names.speaker(speaker, voice.language))


# --- what is new ---------------------------------------------------------------------------------------------------


def _single(
    facts: CallFacts, changes: Sequence[Change], report: Report, voice: Voice, excerpts: Excerpts
) -> Iterable[Line]:
    """One line for each fact of which a call has one: before → after."""
    for name in ONE_VALUE:
        for change in _of(changes, name)[:1]:
            label = {"duration": "length", "date": "when", "start": "hour"}.get(name, name)
            before = _value(name, change.before, facts, voice) if change.before else voice.say("before_not_stated")
            duration = _duration(change, report, facts) if name == "duration" else None
            after = voice.length(duration, brief=True) if duration else ""
            if not after:  # a report that was set apart may have been the only one that told
                after = _value(name, change.after, facts, voice) if change.after else voice.say("when_not_stated")
            by = voice.said_by(duration.speaker) if duration else ""
            mark = next((m for piece in change.evidence[-1:] if (m := excerpts.mark(piece))), "")
            yield _point(voice, label, voice.say("arrow", before=before, after=after + by + mark))


def _value(name: str, value: str | None, facts: CallFacts, voice: Voice) -> str:
    """A stored value in words: an ISO day, a status, a side, minutes with their bound ("over 90", "90")."""
    text = value or ""
    if name == "status":
        return voice.say(f"status_word_{status_key(facts) if text == facts.status == 'denied' else text}")
    if name == "date":
        return voice.day(text) if text.count("-") == 2 else text
    if name == "start" and text:
        return voice.moment(dt.datetime.fromisoformat(text))
    if name == "channel":
        return voice.say(f"channel_{text}")
    if name == "initiator":
        return side_name(text, voice)
    return length_told(text, facts, voice)


def _further(
    facts: CallFacts, changes: Sequence[Change], report: Report, voice: Voice, excerpts: Excerpts
) -> Iterable[Line]:
    """What was agreed, where this report says more of the same: before → after."""
    first = {o.id: o for o in reversed(facts.outcomes) if o.id is not None}
    known = {name: Item(outcome_text(o, facts, voice), voice.speaker(o.speaker), "") for name, o in first.items()}
    for change in (c for c in _of(changes, "outcomes") if c.before in known):
        for outcome in _outcomes([change], report)[:1]:
            after = Item(
                outcome_text(outcome, facts, voice), voice.speaker(outcome.speaker), excerpts.mark(outcome.evidence)
            )
            before = known[change.before or ""]
            if (before.text, before.speaker) != (after.text, after.speaker):
                text = voice.say("arrow", before=group([before], ""), after=group([after], ""))
                yield _point(voice, "agreed", text)


def _new(
    facts: CallFacts, changes: Sequence[Change], report: Report, voice: Voice, excerpts: Excerpts
) -> Iterable[Line]:
    outcomes = [
        Item(outcome_text(o, facts, voice), voice.speaker(o.speaker), excerpts.mark(o.evidence))
        for o in _outcomes([c for c in changes if c.before is None], report)
    ]
    if outcomes:
        yield _point(voice, "new", group(outcomes, ", "))
    for mode, label in (("reported", "raised_new"), ("announced", "agenda_new")):
        topics = _topics(changes, report, voice, mode, excerpts)
        if topics:
            yield _point(voice, label, group(topics, ", "))


def _missed_words(changes: Sequence[Change], worded: Mapping[str, str]) -> list[str]:
    """The topics and outcomes that no article tells any more, in the desk's words where they are known, else in those
    that stood there."""
    gone = [change for name in ("outcomes", "topics") for change in _of(changes, name) if change.after is None]
    return list(dict.fromkeys(worded.get(change.before) or quoted(change.before) for change in gone if change.before))


def _worded(
    topics: Mapping[str, str], outcomes: Iterable[Outcome], facts: CallFacts, voice: Voice
) -> Mapping[str, str]:
    """What the desk was shown, by the words of the articles."""
    named = {words: voice.names.topic_id(name, voice.language) for words, name in topics.items()}
    return named | {outcome.text: outcome_text(outcome, facts, voice) for outcome in outcomes}


def _point(voice: Voice, label: str, text: str) -> Line:
    return Line("bullet", (Span("• "), *field(voice, label, (Span(text),)).spans))


def _outcomes(changes: Sequence[Change], report: Report) -> list[Outcome]:
    """The report's outcomes that are new, those that tell where the leaders meet first."""
    names = {change.after for change in _of(changes, "outcomes") if change.after}
    new = [outcome for outcome in report.outcomes if {outcome.id, outcome.text} & names]
    return sorted(new, key=lambda outcome: outcome.kind not in ("invited", "meeting"))


def _topics(
    changes: Sequence[Change], report: Report, voice: Voice, mode: str, excerpts: Excerpts | None = None
) -> list[Item]:
    names = {change.after for change in _of(changes, "topics") if change.after}
    return [
        Item(
            voice.names.topic(topic, voice.language),
            voice.speaker(topic.speaker),
            excerpts.mark(topic.evidence) if excerpts else "",
        )
        for topic in report.topics
        if (topic.id or topic.text) in names and topic.mode == mode
    ]


def _duration(change: Change, report: Report, facts: CallFacts) -> Duration | None:
    """The length that a change brought: the report's, where it says so as somebody's word, else the call's where the
    report is not what brought it."""
    found = MINUTES.search(change.after or "")
    told = (*sorted(report.durations, key=lambda duration: duration.speaker is None), *facts.durations)
    return next((d for d in told if found and d.minutes == int(found.group())), None)


# --- what stays open, and why this is the same call ----------------------------------------------------------------


def _still_open(facts: CallFacts, changes: Sequence[Change], voice: Voice) -> Iterable[Line]:
    """What is not known yet; what was, and is told no more, stands above."""
    gone = {"date": "day", "duration": "length"}
    lost = {voice.say(f"missing_{gone.get(c.field, c.field)}", told="") for c in changes if _is_told_no_more(c)}
    lost.add(voice.say("missing_hour"))
    words = [word for word in missing(facts, voice, day=True) if word not in lost]
    if words:
        yield _point(voice, "still_not_stated", ", ".join(words))


def _is_told_no_more(change: Change) -> bool:
    return change.field in ("date", "duration", "initiator") and change.after is None


def _same_call(view: CallView, judgement: Judgement, voice: Voice) -> Iterable[Line]:
    facts = view.facts
    if len(facts.sources) < 2:
        return
    # whose office has a title of its own is no "tổng thống": "Chủ tịch nước"
    presidents = all(
        p.office == "president" and (p.office, p.country) not in voice.names.offices for p in facts.participants
    )
    reasons = [
        voice.say("same_presidents" if presidents else "same_people"),
        *_same_day(facts, voice),
        *_same_speakers(facts, voice),
    ]
    against = "not_all_day"
    if facts.date is None:
        against = "neither_day" if len(facts.sources) == 2 else "none_day"
    text = voice.say("same_call", reasons=", ".join(reasons), against=voice.say(against))
    yield Line("note", (Span(text, "italic"),))


def _same_day(facts: CallFacts, voice: Voice) -> list[str]:
    days = {voice.local(s.published_at).date() if s.published_at else None for s in facts.sources}
    if len(days) != 1 or None in days:
        return []
    day = next(iter(days))
    key = "both_article_day" if len(facts.sources) == 2 else "same_article_day"
    return [voice.say(key, day=voice.day(day.isoformat(), year=False))] if day else []


def _same_speakers(facts: CallFacts, voice: Voice) -> list[str]:
    """Whom every article cites."""
    cited: dict[str, set[str]] = {}
    names: dict[str, Speaker] = {}
    for fact in _told(facts):
        if fact.speaker is not None and fact.evidence is not None:
            cited.setdefault(fact.speaker.id, set()).add(fact.evidence.article)
            names[fact.speaker.id] = fact.speaker
    articles = {source.article for source in facts.sources}
    common = [names[speaker] for speaker, where in cited.items() if where >= articles]
    network = next((s.network for s in facts.heard if common and s.id == common[0].id), None)
    return [voice.say("both_cite", who=voice.speaker(common[0]), network=network or "")] if common else []


def _told(record: CallFacts) -> list[Topic | Outcome | Duration]:
    """All facts that somebody says."""
    return [*record.topics, *record.outcomes, *record.durations]


def _heard(facts: CallFacts, changes: Sequence[Change], voice: Voice) -> str:
    """ "heard: US side, now Kremlin" where this report is the first to carry a side's word, or any's."""
    new = {change.after for change in _of(changes, "heard")}
    before = tuple(s for s in facts.heard if s.side and s.side not in new)
    now = tuple(s for s in facts.heard if s.side in new)
    if not now:
        return ""
    names = ", ".join(voices_of(now, facts, voice))
    if not before:
        return voice.say("heard_first", now=names)
    return voice.say("heard_now", before=", ".join(voices_of(before, facts, voice)), now=names)
