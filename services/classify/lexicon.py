"""The lexicon: leaders, countries and titles as one value, read from the data files and passed in.

Phrases stand in a trie of words (a nested dict): looking one up costs the length of the match, whatever the number
of phrases, and building it costs no regular expression. A newsroom's own leader files are laid over the built-in ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from services.classify.data_rows import DataError, read_table
from services.classify.normalize import fold
from services.classify.regex import regex
from shared.data_files import data_of

WORD = regex(r"\w+")
#: Whose newspapers are read: a bare "Thủ tướng" is its own.
HOME = "VN"
#: Offices from the one that speaks for a country to the one that rather does not.
RANK = (
    "supreme_leader",
    "leader",
    "president",
    "prime_minister",
    "premier",
    "chancellor",
    "general_secretary",
    "first_secretary",
    "monarch",
    "crown_prince",
    "chief_executive",
    "state_counsellor",
    "pope",
    "secretary_general",
    "commission_president",
    "council_president",
    "auc_chair",
)

#: What a surname may open with in lower case: "el-Sisi", "da Silva", "von der Leyen".
PARTICLES = frozenset(["el", "al", "da", "de", "der", "bin", "ben", "von", "van"])

TitleKind = Literal[
    "leader",
    "chairman",
    "generic",
    "organisation",
    "nonleader",
    "void",
    "region",
    "former",
    "elect",
    "acting",
    "filler",
    "counterpart",
    "honorific",
    "group",
    "group3",
    "nongroup",
]


class Person(msgspec.Struct, frozen=True):
    """A leader of the data. `short` are the single names that stand for the person where the context allows it."""

    id: str
    name: str
    name_vi: str
    surname: str
    gender: str
    wikidata: str
    aliases: tuple[str, ...]
    short: tuple[str, ...]


class Term(msgspec.Struct, frozen=True):
    """Who held which office from when to when. `until` is the last day, None while it lasts."""

    person: str
    country: str
    office: str
    capacity: str
    since: dt.date
    until: dt.date | None

    def covers(self, day: dt.date, slack: int = 0) -> bool:
        """Whether the term holds on a day, or would if it were `slack` days longer at both ends; nobody is elect before
        the vote."""
        if not slack:
            return self.since <= day and (self.until is None or day <= self.until)
        margin = dt.timedelta(days=slack)
        since = self.since if self.capacity == "elect" else self.since - margin
        return since <= day and (self.until is None or day <= self.until + margin)


class Country(msgspec.Struct, frozen=True):
    """A country or organisation. `metonyms` are the capitals and seats of power that stand for its government."""

    code: str
    name_en: str
    name_vi: str
    names: tuple[str, ...]
    metonyms: tuple[str, ...]


class Title(msgspec.Struct, frozen=True):
    """A word for an office, or one that says that somebody is no leader."""

    id: str
    kind: TitleKind
    offices: tuple[str, ...]
    country: str | None


class Hit(msgspec.Struct, frozen=True):
    """What a phrase of the trie means. `cased` phrases match only where they are written with their capitals."""

    kind: Literal["person", "short", "country", "metonym", "title"]
    value: Any
    cased: bool


class Lexicon(msgspec.Struct, frozen=True):
    """All that reading needs to know about the world.

    `trie` holds all phrases by their words; `openings` are the first words, in lower case, of those phrases that may
    start without a capital.
    """

    persons: Mapping[str, Person]
    terms_of: Mapping[str, tuple[Term, ...]]
    terms_in: Mapping[str, tuple[Term, ...]]
    countries: Mapping[str, Country]
    trie: Mapping[str | None, Any]
    openings: frozenset[str]
    surnames: Mapping[str, tuple[str, ...]]

    def country_named(self, words: str) -> str | None:
        """The country or organisation whose name, capital or seat of power these words are, in any case."""
        node: Any = self.trie
        for word in WORD.findall(fold(words).lower()):
            node = node.get(word, {})
        return next((h.value for h in node.get(None, ()) if h.kind in ("country", "metonym")), None)

    def holders(self, country: str, offices: Iterable[str], day: dt.date, slack: int = 0) -> list[Term]:
        """The terms of an office in a country that cover a day."""
        wanted = set(offices)
        return [t for t in self.terms_in.get(country, ()) if t.office in wanted and t.covers(day, slack)]

    def in_office(self, person: str, day: dt.date, slack: int = 30) -> Term | None:
        """The term that makes a person a leader on a day; the highest office where there are several."""
        terms = [t for t in self.terms_of.get(person, ()) if t.covers(day, slack)]
        return min(terms, key=lambda t: (t.capacity == "elect", RANK.index(t.office)), default=None)

    def top(self, country: str, day: dt.date) -> list[Term]:
        """Who speaks for a country on a day: the highest office that is filled and governs."""
        terms = [t for t in self.terms_in.get(country, ()) if t.covers(day) and t.capacity != "elect"]
        leading = LEADING.get(country)
        preferred = [t for t in terms if t.office == leading]
        return preferred or sorted(terms, key=lambda t: RANK.index(t.office))[:1]


#: Countries whose highest office by rank is not the one that governs.
LEADING: dict[str, str] = {
    **dict.fromkeys(
        [
            "GB",
            "JP",
            "IT",
            "IN",
            "AU",
            "CA",
            "NZ",
            "MY",
            "TH",
            "SG",
            "KH",
            "IL",
            "PK",
            "ES",
            "NL",
            "BE",
            "SE",
            "DK",
            "NO",
            "FI",
            "GR",
            "HU",
            "CZ",
            "SK",
            "SI",
            "HR",
            "BG",
            "EE",
            "LV",
            "AT",
            "IE",
            "PT",
            "MT",
            "LU",
            "IS",
            "BD",
            "NP",
            "LK",
            "IQ",
            "LB",
            "ET",
            "MN",
            "PG",
            "FJ",
            "JM",
            "BB",
            "TT",
            "BS",
            "MK",
            "AL",
            "RS",
            "ME",
            "GE",
            "AM",
            "XK",
        ],
        "prime_minister",
    ),
    "DE": "chancellor",
    "AT": "chancellor",
    "VN": "general_secretary",
    "LA": "general_secretary",
    "GE": "prime_minister",
    "RS": "president",
    "LK": "president",
    "IR": "president",
    "CN": "president",
    "EU": "commission_president",
}


#: Countries whose leaders' bare surnames stand in headlines; elsewhere a bare name needs a title or a full name.
HEADLINES = frozenset(
    [
        "US",
        "RU",
        "CN",
        "UA",
        "FR",
        "GB",
        "DE",
        "JP",
        "KR",
        "KP",
        "TR",
        "IL",
        "IN",
        "VN",
        "EU",
        "IR",
        "SA",
        "CA",
        "AU",
        "BR",
        "MX",
        "PH",
        "TW",
        "VE",
        "HU",
        "AR",
        "BY",
    ]
)


def load_lexicon(overlay: Path | None = None) -> Lexicon:
    """The built-in lexicon, a newsroom's folder of leader files laid over it. Raises :class:`DataError`."""
    return _load(str(overlay) if overlay else None)


@lru_cache(maxsize=4)
def _load(overlay: str | None) -> Lexicon:
    data = data_of("classify")
    named = (file.name for file in (data.built_in / "leaders").iterdir())
    regions = sorted(name.removesuffix("-persons.csv") for name in named if name.endswith("-persons.csv"))
    sources: list[tuple[Path, Path]] = [
        (data / f"leaders/{r}-persons.csv", data / f"leaders/{r}-terms.csv") for r in regions
    ]
    if overlay:
        sources.append((Path(overlay) / "persons.csv", Path(overlay) / "terms.csv"))
    persons = {p.id: p for source, _ in sources for p in map(_person, read_table(source))}
    terms = [t for _, source in sources for t in _terms(source, persons)]
    countries = {c.code: c for c in map(_country, read_table(data_of("shared") / "countries.csv"))}
    trie: dict[str | None, Any] = {}
    openings = set(PARTICLES)
    groups = _phrases(read_table(data / "titles.csv"), countries.values(), persons.values())
    phrases = [(phrase, hit) for names, hit in groups for phrase in names]
    folded = fold("\n".join(phrase for phrase, _ in phrases)).lower().split("\n")  # at once: thousands are slower
    for phrase, (_, hit) in zip(folded, phrases, strict=True):
        words = WORD.findall(phrase)
        _plant(trie, words, hit)
        if not hit.cased or words[0][0].isdigit():
            openings.add(words[0])
    return Lexicon(
        persons,
        _group(terms, "person"),
        _group(terms, "country"),
        countries,
        trie,
        frozenset(openings),
        _surnames(persons),
    )


def _phrases(
    titles: Iterable[Mapping[str, str]], countries: Iterable[Country], persons: Iterable[Person]
) -> Iterator[tuple[Iterable[str], Hit]]:
    """All that the lexicon knows: the phrases of each meaning."""
    for row in titles:
        title = Title(row["id"], row["kind"], _split(row["offices"]), row["country"] or None)  # type: ignore[arg-type]
        for phrase in _split(row["phrases"]):
            yield [phrase], Hit("title", title, cased=phrase.isupper())
    for country in countries:
        yield {country.name_en, country.name_vi, *country.names}, Hit("country", country.code, cased=True)
        yield country.metonyms, Hit("metonym", country.code, cased=True)
    for person in persons:
        yield {person.name, person.name_vi, *person.aliases}, Hit("person", person.id, cased=True)
        yield person.short, Hit("short", person.id, cased=True)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in (cell or "").split("|") if piece.strip())


def _person(row: dict[str, str]) -> Person:
    return Person(
        row["person"],
        row["name"],
        row["name_vi"] or row["name"],
        row["surname"] or row["name"],
        row["gender"],
        row["wikidata"],
        _split(row["aliases"]),
        _split(row["short"]),
    )


def _terms(source: Path, persons: Mapping[str, Person]) -> Iterator[Term]:
    for number, row in enumerate(read_table(source), 2):
        if row["person"] not in persons:
            raise DataError(f"{source} line {number}: no person {row['person']!r}; add it to the persons file")
        try:
            since, until = _first_day(row["since"]), _last_day(row["until"]) if row["until"] else None
        except ValueError as error:
            raise DataError(f"{source} line {number}: {error}; write YYYY, YYYY-MM or YYYY-MM-DD") from error
        yield Term(row["person"], row["country"], row["office"], row["capacity"] or "full", since, until)


def _first_day(text: str) -> dt.date:
    return dt.date.fromisoformat((text + "-01-01")[:10])


def _last_day(text: str) -> dt.date:
    if len(text) == 4:
        return dt.date(int(text), 12, 31)
    if len(text) == 7:
        return (dt.date.fromisoformat(text + "-28") + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return dt.date.fromisoformat(text)


def _country(row: dict[str, str]) -> Country:
    return Country(row["country"], row["name_en"], row["name_vi"], _split(row["names"]), _split(row["metonyms"]))


def _group(terms: Iterable[Term], key: str) -> dict[str, tuple[Term, ...]]:
    groups: dict[str, list[Term]] = {}
    for term in terms:
        groups.setdefault(getattr(term, key), []).append(term)
    return {name: tuple(group) for name, group in groups.items()}


def _surnames(persons: Mapping[str, Person]) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for person in persons.values():
        for short in {person.surname, *person.short}:
            if len(short) >= 5 and " " not in short:
                names.setdefault(fold(short).lower(), []).append(person.id)
    return {name: tuple(sorted(ids)) for name, ids in names.items()}


def _plant(trie: dict[str | None, Any], words: Iterable[str], hit: Hit) -> None:
    node = trie
    for word in words:
        node = node.setdefault(word, {})
    node.setdefault(None, []).append(hit)
