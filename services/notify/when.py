"""When it was and how long: the day, the hour, their zone, and what a day was derived from, each as the texts have it.

An hour is converted only where the text gives it with its zone; what the text leaves open stays open. Pure.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from services.notify.excerpts import Excerpts
from services.notify.layout import CallView, Line, Span, bold
from services.notify.standing import outdated
from services.notify.voice import Voice
from shared.names import quoted
from shared.records import CallFacts, Evidence, Speaker, When


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
    """The telling that gives the call's day: of an article that tells its present status where one does, and of several
    one that gives the part of the day too, which stands in the headline."""
    past = outdated(facts)
    told = [when for when in facts.whens if when.date is not None and when.date == facts.date]
    return min(told, key=lambda when: (_article(when) in past, when.day_part is None), default=None)


def _article(when: When) -> str:
    return when.evidence.article if when.evidence else ""


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
