"""Hours of a call: start and end as instants where the text gives hour and zone, and what does not fit together."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from services.classify.data_rows import read_table
from services.classify.event import Event
from services.classify.lexicon import Lexicon
from services.classify.mention import Mention
from services.classify.normalize import fold
from services.classify.reading import ReadArticle
from services.classify.regex import regex
from services.classify.spans import capitals
from services.classify.speakers import Voices
from shared.data_files import data_of
from shared.records import Contradiction, Duration, When

_END = regex(
    r"(?:khoảng |lúc |vào )*(?P<hour>\d{1,2}) ?(?:h|giờ|:) ?(?P<minute>\d{2})?(?: phút)? ?\((?:theo "
    r")?giờ (?P<zone>[^)]{2,30})\)"
)
_OVER = regex(r"đã kết thúc|vừa kết thúc|kết thúc")
_ENDS_AFTER = regex(r"kết thúc (?:sau đó|sau)|kết thúc [^.;]{0,20}sau")


def zone_of(words: str | None, lexicon: Lexicon) -> str | None:
    """The IANA zone that words such as "việt nam" or "miền đông nước mỹ" name; None for "địa phương" or the unknown."""
    if not words:
        return None
    text = fold(words).lower().strip(" .)")
    if text in _named():
        return _named()[text]
    country = lexicon.country_named(text)
    return capitals().get(country) if country else None


@lru_cache(maxsize=1)
def _named() -> dict[str, str]:
    """Zones that are named for a part of a country or for a city that is not a capital (data/named_zones.csv)."""
    return {row["words"]: row["zone"] for row in read_table(data_of("classify") / "named_zones.csv")}


def with_hours(
    when: When,
    mention: Mention | None,
    zone_words: str | None,
    event: Event,
    lengths: tuple[Duration, ...],
    read: ReadArticle,
    lexicon: Lexicon,
    voice_of: dict[int, Voices],
) -> When:
    """The same time with its instants: hour, day and zone together; the end where a sentence tells it."""
    zone = zone_of(zone_words, lexicon)
    when = msgspec.structs.replace(when, zone=zone)
    if when.clock and zone and when.date and "?" not in when.date:
        hour, minute = map(int, when.clock.split(":"))
        start = dt.datetime.combine(dt.date.fromisoformat(when.date), dt.time(hour, minute), ZoneInfo(zone))
        about = mention is not None and "khoảng" in (when.text or "").lower()
        end = _end_after(start, mention, lengths)
        when = msgspec.structs.replace(when, start=start, start_about=about, end=end)
    return _with_reported_end(when, event, read, lexicon, voice_of)


def _end_after(start: dt.datetime, mention: Mention | None, lengths: tuple[Duration, ...]) -> dt.datetime | None:
    if mention is None or mention.length is None:
        return None
    sentence = mention.sentence
    if _ENDS_AFTER.search(sentence.lower, sentence.start, sentence.end) is None:
        return None
    return start + dt.timedelta(minutes=mention.length.minutes)


def _with_reported_end(
    when: When, event: Event, read: ReadArticle, lexicon: Lexicon, voice_of: dict[int, Voices]
) -> When:
    for mention in event.mentions:
        sentence = mention.sentence
        match = _END.search(sentence.lower, sentence.start, sentence.end)
        if (
            match is None
            or not _OVER.search(sentence.lower, match.end(), sentence.end)
            or not when.date
            or "?" in when.date
        ):
            continue
        zone = zone_of(match["zone"], lexicon)
        if zone is None or int(match["hour"]) > 23:
            continue
        moment = dt.datetime.combine(
            dt.date.fromisoformat(when.date), dt.time(int(match["hour"]), int(match["minute"] or 0)), ZoneInfo(zone)
        )
        told = voice_of.get(sentence.index)
        speaker = told.agencies[0] if told and told.agencies else told.sayer if told else None
        return msgspec.structs.replace(
            when,
            end_reported=moment,
            end_about="khoảng" in match[0],
            end_speaker=speaker,
            end_evidence=read.evidence("end", sentence.part, sentence.start, sentence.end),
        )
    return when


def contradictions_of(when: When, lengths: tuple[Duration, ...]) -> tuple[Contradiction, ...]:
    """Start, end and length that do not fit: more than half an hour apart (an about may be off by that)."""
    end = when.end or when.end_reported
    if when.start is None or end is None or not lengths:
        return ()
    span = (end - when.start).total_seconds() / 60
    length = lengths[0]
    if abs(span - length.minutes) <= 30:
        return ()
    times = f"{when.start:%H:%M}–{end.astimezone(when.start.tzinfo):%H:%M}"
    return (
        Contradiction(
            field="duration",
            values=(length.text, times),
            evidence=tuple(e for e in (length.evidence, when.evidence, when.end_evidence) if e),
        ),
    )
