"""What things are called, in English and Vietnamese: countries, offices, people, topics, speakers, outcomes, places.

Alerts, tables and pages all ask here, so that one thing has one name everywhere. The names stand in small CSV files in
`shared/data/`; a newsroom that writes otherwise changes a row. `load_names()` reads them once; everything else is pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from shared.csv_rows import CsvError, records_of
from shared.data_files import DataFolder, data_of
from shared.errors import UsageError
from shared.records import Outcome, Participant, Speaker, Topic

Language = Literal["en", "vi"]
Pair: TypeAlias = tuple[str, str]  # English, Vietnamese
LANGUAGES: tuple[Language, ...] = ("en", "vi")
#: Where "X side" takes another word than "X Prime Minister" does.
SIDE_EN = {"GB": "British"}
#: Countries and organisations that English names with an article.
ARTICLE_EN = frozenset(("AE", "BS", "CF", "DO", "EU", "GB", "MH", "MV", "NL", "PH", "SB", "UN", "US", "VA"))
#: How an office is worded for somebody who does not hold it fully: before and after the title, English and Vietnamese.
CAPACITIES: dict[str, tuple[Pair, Pair]] = {
    "full": (("", ""), ("", "")),
    "elect": (("", "-elect"), ("", " đắc cử")),
    "acting": (("acting ", ""), ("quyền ", "")),
    "interim": (("interim ", ""), ("", " lâm thời")),
}
OPTIONAL = re.compile(r"\[([^\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")


class NamesError(UsageError):
    """A file of names that cannot be used; the message says which file and row."""


class Office(msgspec.Struct, frozen=True):
    """A title in both languages. `bare` titles name their place themselves ("NATO Secretary-General")."""

    title: Pair
    bare: bool


class OutcomeName(msgspec.Struct, frozen=True):
    """The wording of an outcome: a template with `{slots}` and `[optional parts]`, and where in the alert it stands.

    Outcomes of one `matter` say nearly the same; one that goes `beyond` another says more of it.
    """

    slot: str
    template: Pair
    matter: str
    beyond: str


class Names(msgspec.Struct, frozen=True):
    """All names. Methods take a language and never fail on an unknown id: they give the article's own words back."""

    countries: Mapping[str, Pair]
    adjectives: Mapping[str, str]
    offices: Mapping[tuple[str, str], Office]
    topics: Mapping[str, Pair]
    speakers: Mapping[str, Pair]
    outcomes: Mapping[str, OutcomeName]
    places: Mapping[str, Pair]
    zones: Mapping[str, tuple[Pair, Pair]]

    def country(self, code: str | None, language: Language) -> str:
        """The short name of a country or organisation; an unknown code as it is."""
        return pick(self.countries.get(code or "", (code or "?", code or "?")), language)

    def adjective(self, code: str | None, language: Language) -> str:
        """ "Russian"; Vietnamese has no adjective and gives the name."""
        if language == "vi":
            return self.country(code, "vi")
        return self.adjectives.get(code or "", self.country(code, "en"))

    def side(self, code: str | None, language: Language) -> str:
        """ "the Russian side", without its article: what is said is a side's word, not a country's deed."""
        if language == "vi":
            return f"phía {self.country(code, 'vi')}"
        return f"{SIDE_EN.get(code or '', self.adjective(code, 'en'))} side"

    def title(
        self, office: str | None, country: str | None, capacity: str, language: Language, second: str | None = None
    ) -> str:
        """An office with its country: "South Korean acting President", "Quyền Tổng thống Hàn Quốc". Somebody who holds
        a `second` one beside it has both, where the data have a title for the two."""
        both = "+".join(sorted((office, second))) if office and second else ""
        row = (
            self.offices.get((both, country or ""))
            or self.offices.get((office or "", country or ""))
            or self.offices.get((office or "", "*"))
        )
        if row is None:
            return ""
        before, after = CAPACITIES.get(capacity, CAPACITIES["full"])[LANGUAGES.index(language)]
        title = pick(row.title, language)
        if before:
            title = title if language == "en" else title[:1].lower() + title[1:] if title.startswith("Nhà") else title
        worded = f"{before}{title}{after}"
        if row.bare or not country:
            return _capital(worded)
        if language == "en":
            return f"{self.adjective(country, 'en')} {worded}"
        return _capital(f"{worded} {self.country(country, 'vi')}")

    def short(self, participant: Participant, language: Language) -> str:
        """What a headline calls a leader: the surname; the side where no name is known."""
        if participant.name is None:
            return ("the " if language == "en" else "") + self.side(participant.country, language)
        if participant.country == "VN":
            return participant.name_vi or participant.name
        if language == "vi" and participant.name_vi and participant.name_vi != participant.name:
            return participant.name_vi
        return participant.surname or participant.name

    def full(self, participant: Participant, language: Language) -> str:
        """Office, country and full name, for the first mention."""
        held = participant.office, participant.country, participant.capacity
        title = self.title(*held, language, participant.second_office)
        if participant.name is None:
            missing = "not named" if language == "en" else "không nêu tên"
            return f"{title or self.short(participant, language)} ({missing})"
        own_spelling = language == "vi" or participant.country == "VN"
        name = (participant.name_vi or participant.name) if own_spelling else participant.name
        return f"{title} {name}" if title else name

    def topic(self, topic: Topic, language: Language) -> str:
        """The name of a topic, with the countries whose it is: "UK–US trade", "security agreement proposed by Russia".

        The article's own words, in quotation marks, where the data have no row.
        """
        if topic.id not in self.topics:
            return quoted(topic.text)
        name = self.topic_id(topic.id, language)
        if topic.proposed_by:
            whose = self.country(topic.proposed_by, language)
            the = "the " if topic.proposed_by in ARTICLE_EN else ""
            name = f"{name} proposed by {the}{whose}" if language == "en" else f"{name} do {whose} đề xuất"
        if topic.between:
            both = sorted(self.country(code, language) for code in topic.between)
            name = f"{'–'.join(both)} {name}" if language == "en" else f"{name} {' – '.join(both)}"
        return name

    def topic_id(self, topic: str | None, language: Language) -> str:
        """The name of a topic by its id; an unknown id is somebody's own words."""
        return pick(self.topics[topic], language) if topic and topic in self.topics else quoted(topic or "?")

    def speaker(self, speaker: Speaker, language: Language) -> str:
        """Who says it: by the data's name, a person by name, else in English the side and in Vietnamese as printed."""
        if speaker.id in self.speakers:
            return pick(self.speakers[speaker.id], language)
        named = all(word[:1].isupper() for word in speaker.text.split())
        return self.side(speaker.side, "en") if language == "en" and speaker.side and not named else speaker.text

    def speaker_id(self, speaker: str, language: Language) -> str:
        """The name of a speaker by its id; an unknown id as it is."""
        return pick(self.speakers.get(speaker, (speaker, speaker)), language)

    def place(self, text: str, language: Language) -> str:
        """A place in the language's spelling; one that the data do not know as the article spells it."""
        return pick(self.places.get(text.casefold(), (text, text)), language)

    def zone(self, zone: str, language: Language, *, long: bool = False) -> str:
        """What a time zone is called: "US time", or "US Eastern" where there is room."""
        short_name, long_name = self.zones.get(zone, ((zone, zone), (zone, zone)))
        return pick(long_name if long else short_name, language)

    def slot(self, outcome: Outcome) -> str | None:
        """Where in an alert an outcome of the data stands; None for one in the article's own words."""
        row = self.outcomes.get(outcome.id or "")
        return row.slot if row else None

    def told_once(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Of the outcomes of one matter and doer the first, and none that another goes beyond."""
        outcomes = list(outcomes)
        rows = {o.id: row for o in outcomes if (row := self.outcomes.get(o.id or ""))}
        passed = {row.beyond for row in rows.values()}
        first: dict[tuple[str, str | None, str | None], Outcome] = {}
        for outcome in outcomes:
            matter = rows[outcome.id].matter if outcome.id in rows else outcome.text
            if outcome.id not in passed:
                first.setdefault((matter, outcome.by, outcome.place), outcome)
        return list(first.values())

    def outcome(self, outcome: Outcome, language: Language, values: Mapping[str, str]) -> str | None:
        """An outcome in the desk's words, or None where the data have no row or a needed value is missing."""
        row = self.outcomes.get(outcome.id or "")
        return fill(pick(row.template, language), values) if row else None


def pick(pair: Pair, language: Language) -> str:
    """The member of a pair that is in this language."""
    return pair[LANGUAGES.index(language)]


def quoted(text: str) -> str:
    """Somebody's own words, marked as such."""
    inner = text.strip().strip('“”"')
    return f"“{inner}”"


def fill(template: str, values: Mapping[str, str]) -> str | None:
    """Fill `{slots}`. An `[optional part]` with an empty slot falls away; a needed slot that is empty gives None."""

    def part(match: re.Match[str]) -> str:
        inner = match.group(1)
        return inner if all(values.get(name) for name in SLOT.findall(inner)) else ""

    text = OPTIONAL.sub(part, template)
    if not all(values.get(name) for name in SLOT.findall(text)):
        return None
    return SLOT.sub(lambda match: values[match.group(1)], text)


def alphabetical(participants: tuple[Participant, ...]) -> tuple[Participant, ...]:
    """By surname, always and in both languages: the order must never hint at who called whom."""
    return tuple(sorted(participants, key=_sort_key))


def _sort_key(participant: Participant) -> tuple[bool, str, str]:
    name = participant.surname or participant.name or ""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return (not name, letters, participant.country or "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1)
def load_names() -> Names:
    """The built-in names, read once per process. Raises :class:`NamesError` for a file that cannot be used."""
    return read_names(data_of("shared"))


def read_names(folder: DataFolder | Path) -> Names:
    """Read the seven files of names from a folder. Raises :class:`NamesError`."""
    countries = list(_rows(folder / "countries.csv", "country"))
    return Names(
        countries={r["country"]: (r["name_en"], r["name_vi"]) for r in countries},
        adjectives={r["country"]: r["adjective_en"] or r["name_en"] for r in countries},
        offices={
            (r["office"], r["country"]): Office((r["en"], r["vi"]), r["bare"] == "yes")
            for r in _rows(folder / "offices.csv", "office")
        },
        topics={r["topic"]: (r["name_en"], r["name_vi"]) for r in _rows(folder / "topics.csv", "topic")},
        speakers={r["speaker"]: (r["name_en"], r["name_vi"]) for r in _rows(folder / "speakers.csv", "speaker")},
        outcomes={
            r["outcome"]: OutcomeName(r["slot"], (r["en"], r["vi"]), r["matter"] or r["outcome"], r["beyond"])
            for r in _rows(folder / "outcomes.csv", "outcome")
        },
        places={
            **{
                spelling.casefold(): (r["name_en"], r["name_vi"])
                for r in countries
                for spelling in (r["name_vi"], *filter(None, r["names"].split("|")))
            },
            **{
                spelling.casefold(): (r["en"], r["vi"])
                for r in _rows(folder / "places.csv", "place")
                for spelling in r["spellings"].split("|")
            },
        },
        zones={
            r["zone"]: ((r["en_short"], r["vi_short"]), (r["en"], r["vi"])) for r in _rows(folder / "zones.csv", "zone")
        },
    )


def _rows(source: Path, key: str) -> Iterator[dict[str, str]]:
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NamesError(f"{source}: cannot be read as UTF-8 text ({error})") from error
    try:
        for line, row in records_of(text):
            if not row.get(key):
                raise NamesError(f"{source} line {line}: no {key}")
            yield row
    except CsvError as error:
        raise NamesError(f"{source} {error}") from error
