"""How the desk is spoken to: its language, its zone, and how days, hours, lengths and lists are written there.

English writes 18 March, 21:00, an hour and a half; Vietnamese 18/3, 21:00, một tiếng rưỡi. What the text leaves open
(`2021-12-??`) stays open. All pure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date

from services.notify.layout import Span, Spans
from services.notify.wording import phrase
from shared.names import Language, Names, alphabetical, fill
from shared.records import Duration, Evidence, Participant, Source, Speaker

#: The reason that is kept for what a button in Slack has done.
SAID_IN_SLACK = "said in Slack"
ORDINALS = {
    "en": ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    "vi": ("", "đầu tiên", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "thứ tám", "thứ chín"),
}
NUMBERS = {
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "vi": ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"),
}
STYLED = re.compile(r"\*([^*]+)\*|_([^_]+)_")
NUMBERED = re.compile(r"(\d+)_[0-9a-f]{8,}")
HALVES = {"en": "½", "vi": " rưỡi"}
MINUTE_WORDS = re.compile(r"phút|minute", re.IGNORECASE)
SPOKEN_HOURS = re.compile(r"rưỡi|tiếng", re.IGNORECASE)


class Voice(msgspec.Struct, frozen=True):
    """A language, a zone and the names: what every part of a message is written with."""

    language: Language
    zone: ZoneInfo
    names: Names

    def say(self, key: str, **values: str) -> str:
        """A phrase of the wording table, filled. Raises KeyError for an unknown key, ValueError for a missing value."""
        text = fill(phrase(key, self.language), values)
        if text is None:
            raise ValueError(f"the phrase {key!r} needs more than {sorted(values)}")
        return text

    def reason(self, given: str) -> str:
        """A person's reason, in that person's words; of a button the program gave it."""
        return self.say("said_in_slack") if given == SAID_IN_SLACK else given

    def styled(self, key: str, **values: str) -> Spans:
        """A phrase with its *bold* and _italic_ parts as spans. Styles are read before foreign text is filled in."""
        template, spans, done = phrase(key, self.language), [], 0
        for match in STYLED.finditer(template):
            spans.append(Span(fill(template[done : match.start()], values) or ""))
            bold_text, italic_text = match.groups()
            spans.append(Span(fill(bold_text or italic_text, values) or "", "bold" if bold_text else "italic"))
            done = match.end()
        spans.append(Span(fill(template[done:], values) or ""))
        return tuple(span for span in spans if span.text)

    def people(self, participants: tuple[Participant, ...], *, in_full: bool = False) -> str:
        """ "Putin and Trump", in alphabetical order; `in_full` with their offices and whole names."""
        name = self.names.full if in_full else self.names.short
        return self.listed([name(p, self.language) for p in alphabetical(participants)])

    def pair(self, participants: tuple[Participant, ...]) -> str:
        """ "Putin–Trump": a call's name."""
        dash = "–" if self.language == "en" else " – "
        return dash.join(self.names.short(p, self.language) for p in alphabetical(participants))

    def countries(self, participants: tuple[Participant, ...]) -> str:
        """ "US–Ukraine", in the order of the people's names."""
        dash = "–" if self.language == "en" else " – "
        return dash.join(self.names.country(p.country, self.language) for p in alphabetical(participants))

    def listed(self, items: Sequence[str]) -> str:
        """ "A, B and C"."""
        if len(items) < 2:
            return "".join(items)
        last = " and " if self.language == "en" else " và "
        return ", ".join(items[:-1]) + last + items[-1]

    def speaker(self, speaker: Speaker | None) -> str:
        """ "Kremlin", "White House hint", "Russian side, via RT"; empty for nobody."""
        if speaker is None:
            return ""
        name = self.names.speaker(speaker, self.language)
        if speaker.role:
            name = self.say(f"role_{speaker.role}", name=name)
        if speaker.hedge:
            name = self.say(f"hedge_{speaker.hedge}", name=name)
        if speaker.via and speaker.via != speaker.id:
            name = self.say("via_speaker", name=name, via=self.names.speaker_id(speaker.via, self.language))
        return name

    def said_by(self, speaker: Speaker | None) -> str:
        """The speaker in brackets with a space before; empty for nobody."""
        return f" ({self.speaker(speaker)})" if speaker else ""

    def ordinal(self, number: int) -> str:
        """ "third", "12th", "thứ 12": in words as far as they go, from 1 on."""
        words = ORDINALS[self.language]
        if number < len(words):
            return words[number]
        return f"{number}{_suffix(number)}" if self.language == "en" else f"thứ {number}"

    def number(self, number: int) -> str:
        """A small number in words."""
        words = NUMBERS[self.language]
        return words[number] if number < len(words) else str(number)

    def counted(self, noun: str, number: int, *, none: bool = False) -> str:
        """ "1 call", "3 calls"; `none`: "no call" where there is none, of a noun that the wording has so."""
        if none and number == 0:
            return self.say(f"none_{noun}")
        return self.say(f"count_{noun}" if number == 1 else f"count_{noun}s", n=str(number))

    def days(self, number: int) -> str:
        """ "30 days", "1 day"."""
        return self.say("apart_day" if number == 1 else "apart_days", n=str(number))

    def day(self, date: str, *, long: bool = False, year: bool = True) -> str:
        """An ISO day, with `?` for what is not known: "18 Mar 2025", "14 Feb", "December 2021"; "18/3/2025", "14/2"."""
        years, months, days = date.split("-")
        shown = year and years.isdigit()
        if not months.isdigit():
            return years if years.isdigit() else ""
        known = dt.date(int(years) if years.isdigit() else 2000, int(months), int(days) if days.isdigit() else 1)
        if self.language == "vi":
            day = f"{known.day}/{known.month}" if days.isdigit() else f"tháng {known.month}"
            return f"{day}/{known.year}" if shown else day
        month = "MMMM" if long or not days.isdigit() else "MMM"
        pattern = (f"d {month}" if days.isdigit() else month) + (" y" if shown else "")
        return str(format_date(known, pattern, locale="en"))

    def local(self, moment: dt.datetime) -> dt.datetime:
        """The same moment in the desk's zone."""
        return moment.astimezone(self.zone)

    def moment(self, moment: dt.datetime) -> str:
        """A moment in the desk's zone, without the year: "13 Feb 10:00"."""
        local = self.local(moment)
        return f"{self.day(local.date().isoformat(), year=False)} {local:%H:%M}"

    def clock12(self, moment: dt.datetime) -> str:
        """The hour as a foreign text says it: "3:35 pm", "3:35 chiều"."""
        hour = f"{(moment.hour - 1) % 12 + 1}:{moment:%M}"
        if self.language == "en":
            return f"{hour} {'am' if moment.hour < 12 else 'pm'}"
        part = "sáng" if moment.hour < 11 else "trưa" if moment.hour < 13 else "chiều" if moment.hour < 18 else "tối"
        return f"{hour} {part}"

    def length(self, duration: Duration, *, brief: bool = False) -> str:
        """A length with its bound, in the unit of the text: "90 minutes", "over an hour and a half"."""
        return self.say(f"bound_{duration.bound}", length=self._length(duration.minutes, duration.text, brief=brief))

    def stored_length(self, text: str) -> str:
        """A length in data form ("90", "over 90") in words; anything else as it is."""
        bound, _, number = text.rpartition(" ")
        if not number.isdigit() or bound not in ("", "over", "under", "about"):
            return text
        return self.say(f"bound_{bound or 'exact'}", length=self._length(int(number), "phút", brief=True))

    def _length(self, minutes: int, text: str, *, brief: bool) -> str:
        hours, rest = divmod(minutes, 60)
        if MINUTE_WORDS.search(text) or rest not in (0, 30) or hours == 0:
            return self.say("minute" if minutes == 1 else "minutes", n=str(minutes))
        spoken = self.language == "vi" and bool(SPOKEN_HOURS.search(text))
        if rest == 0:
            return self.say("hours_spoken" if spoken else "hour" if hours == 1 else "hours", n=str(hours))
        if hours == 1 and not brief:
            return self.say("hour_and_half_spoken" if spoken else "hour_and_half")
        return self.say("hours_and_half", n=str(hours))

    def span_of_hours(self, minutes: int) -> str:
        """How long from one clock time to another, roughly: "nearly 3", "over 2½"."""
        halves = round(minutes / 30)
        number = str(halves // 2) + (HALVES[self.language] if halves % 2 and self.language == "en" else "")
        unit = "" if self.language == "en" else " tiếng" + (HALVES["vi"] if halves % 2 else "")
        bound = "nearly" if minutes < halves * 30 else "over" if minutes > halves * 30 else "exactly"
        return self.say(f"span_{bound}", hours=number + unit)

    def article(self, evidence: Evidence | None, sources: tuple[Source, ...]) -> str:
        """What a reader calls the article of a fact: "the article" where there is one, else its outlet or number."""
        if len(sources) < 2 or evidence is None or not evidence.article:
            return self.say("the_article")
        return self.say("article_named", label=self.source_label(evidence.article, sources))

    def source_label(self, article: str, sources: tuple[Source, ...]) -> str:
        """The outlet of an article, else a short form of its id."""
        source = next((source for source in sources if source.article == article), None)
        return source.outlet if source and source.outlet else short_id(article)


def short_id(article: str) -> str:
    """A readable form of an id: the number of a numbered file, else its first twelve characters."""
    numbered = NUMBERED.fullmatch(article)
    return numbered.group(1) if numbered else article if len(article) <= 12 else article[:11] + "…"


def _suffix(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
