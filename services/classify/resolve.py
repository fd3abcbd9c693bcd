"""What a phrase stands for: which leader, on which day, or why none.

A name is looked up in the data; a misspelt one among the holders of the office that stands before it; an office
without a name by the names that the article gives for it, then by the day of publication, and where there is none
by the *era* of the text: the time in which the leaders whom it names held office together. A leader whom the data do
not know is taken from the article: office, country and name as printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from services.classify.entity import Entity
from services.classify.era import era_of, titled_terms
from services.classify.leader import (
    FORMER,
    NO_ANTECEDENT,
    NOT_IN_OFFICE,
    OTHER_OFFICE,
    POWERLESS,
    UNKNOWN,
    Leader,
    NotLeader,
    Resolved,
)
from services.classify.lexicon import HEADLINES, HOME, RANK, Lexicon, Person, Term
from services.classify.normalize import fold
from services.classify.spelling import near
from shared.records import Participant

#: How long after a term a text may still use the title without saying "cựu".
_SLACK = 45
#: The same where the day of the text is only known by its era.
_LONG_SLACK = 400
#: Whom a pronoun may stand for.
_GENDERS = {"ông": "m", "bà": "f"}
_PRINCE = ("crown_prince",)
#: Offices that one title may join: "Tổng Bí thư, Chủ tịch nước".
_BOTH = ("general_secretary", "president")
#: Whose head of state Vietnamese newspapers do not call "Tổng thống": "Chủ tịch nước", "nhà lãnh đạo Đài Loan".
_OTHERWISE_CALLED = (HOME, "TW")


class Resolver:
    """Resolves the phrases of one article, in reading order."""

    def __init__(
        self, lexicon: Lexicon, published: dt.date | None, entities: Iterable[Entity], last_year: int | None = None
    ) -> None:
        self.lexicon = lexicon
        self.published = published
        self._sits: dict[tuple[str, dt.date], bool] = {}
        self._terms: dict[tuple[str, frozenset[str], str, dt.date | None], list[Term]] = {}
        self._people: dict[tuple[object, ...], Resolved] = {}
        self._in_sentence: dict[int, dict[int, Leader]] = {}
        self._spelt: dict[str, list[str]] = {}
        entities = list(entities)
        self.titled = {p for e in entities if not e.short or e.titles or e.honorific for p in e.persons}
        self.speakers = {p for e in entities if any(t.id == "speaker" for t in e.titles) for p in e.persons}
        self.former = self._only_former(entities)
        self.both = {p for e in entities if len({*e.offices} & {*_BOTH}) == len(_BOTH) for p in e.persons}
        self.full = {p for e in entities if not e.short for p in e.persons}
        self.others = {e.name.split()[-1].lower() for e in entities if e.name and " " in e.name and not e.persons}
        self.own_day = self.day = published or era_of(entities, lexicon, last_year)
        self.titled |= self._holders(entities)
        self.open = self._introduced(entities)
        self.named = self._named(entities)
        self.recent: list[Leader] = []
        self.last: Resolved | None = None
        self.topic: Resolved | None = None
        self.head: Leader | None = None
        #: Whom the text called "ông" and "bà" last, by a name.
        self.called: dict[str, Resolved] = {}
        self.last_country: str | None = None

    # -- what the whole article tells -------------------------------------------------------------------------

    def _only_former(self, entities: Sequence[Entity]) -> set[str]:
        """Those whom an article calls "cựu Tổng thống" and gives no title of today."""
        of_today = {
            p for e in entities if e.kind == "leader" and e.titles and e.capacity != "former" for p in e.persons
        }
        return {p for e in entities if e.capacity == "former" for p in e.persons} - of_today

    def _holders(self, entities: Sequence[Entity]) -> set[str]:
        """Who holds the offices that an article names without a name: "Tổng thống Colombia" makes "Petro" a leader."""
        offices = [e for e in entities if e.kind == "leader" and e.titles and e.countries and not (e.persons or e.name)]
        return {
            term.person
            for entity in offices
            for country in entity.countries
            for term in self._terms_on_day(country, {*entity.offices} - {"leader"}, entity.capacity)
        }

    def _introduced(self, entities: Sequence[Entity]) -> dict[str, Entity]:
        """Names that the data do not know, by their last word, with the phrase that gives their title."""
        found: dict[str, Entity] = {}
        for entity in entities:
            if entity.name and (entity.titles or entity.counterpart):
                for word in (entity.name.split()[-1].lower(), entity.name.lower()):
                    known = found.get(word)
                    if known is None or (known.kind != "leader" and entity.kind == "leader" and entity.countries):
                        found[word] = entity
        return found

    def _named(self, entities: Sequence[Entity]) -> dict[str, list[Leader]]:
        """The leaders whom the article names, by country."""
        found: dict[str, list[Leader]] = {}
        for entity in entities:
            if entity.kind in ("leader", "name") and (entity.persons or entity.name):
                leader = (
                    self._by_person(entity) if entity.persons else self._by_new_name(entity) if entity.titles else None
                )
                if isinstance(leader, Leader) and leader.country and leader not in found.setdefault(leader.country, []):
                    found[leader.country].append(leader)
        return found

    # -- one phrase -------------------------------------------------------------------------------------------

    def as_of(self, day: dt.date | None) -> None:
        """Resolve what follows as of an older day that is told of; None is the article's own day again."""
        self.day = day or self.own_day

    def resolve(self, entity: Entity, subject: Resolved | None = None, aside: bool = False) -> Resolved:
        """What a phrase stands for. `subject` is the subject of its sentence, for "người đồng cấp"; nothing that comes
        later refers to a phrase that is told as an `aside`."""
        found = self._resolve(entity, subject)
        if aside:
            return found
        if isinstance(found, Leader) and entity.kind in ("leader", "name"):
            self.recent = [*[who for who in self.recent if who.key != found.key][-7:], found]
        if entity.name or entity.persons:
            self.called |= dict.fromkeys(self._called_by(entity, found), found)
        if entity.kind in ("leader", "nonleader") or (entity.kind == "name" and entity.honorific):
            self.last = self.last if entity.anybody or entity.bare_staff else found
            self.head = self.head_of_staff(entity)
            self.last_country = entity.countries[0] if entity.countries else self.last_country
        return found

    def _called_by(self, entity: Entity, found: Resolved) -> list[str]:
        """The pronouns that may take up somebody named: "bà" whoever is called so, and a woman of the data."""
        if entity.honorific in _GENDERS:
            return [entity.honorific]
        return [word for word in _GENDERS if isinstance(found, Leader) and self._gender_fits(found, _GENDERS[word])]

    def named_in(self, index: int, entities: Iterable[Entity]) -> dict[int, Leader]:
        """The leaders of countries whom the sentence with this index names, by where the phrase for each starts."""
        if index not in self._in_sentence:
            named = {e.start: self.resolve(e) for e in entities if e.kind in ("leader", "name") and not e.pair}
            self._in_sentence[index] = {at: x for at, x in named.items() if isinstance(x, Leader) and x.country}
        return self._in_sentence[index]

    def head_of_staff(self, entity: Entity) -> Leader | None:
        """The leader whose office a phrase names: "Văn phòng Thủ tướng Anh Keir Starmer cho biết ông …"."""
        if not entity.staff or len(entity.persons) != 1 or self.day is None:
            return None
        term = self.lexicon.in_office(entity.persons[0], self.day, _SLACK)
        return self._holder(term) if term is not None else None

    def only(self, number: int) -> tuple[Leader, ...]:
        """The leaders of the article where it names just so many, each of another country; empty otherwise."""
        each = [leaders[0] for leaders in self.named.values() if all(who.same_as(leaders[0]) for who in leaders)]
        return tuple(each) if len(each) == len(self.named) == number else ()

    def last_two(self) -> list[Leader]:
        """The two leaders of different countries named last, when they were; empty otherwise."""
        last = self.recent[-1:]
        other = [who for who in self.recent[:-1] if last and who.country != last[0].country]
        return [*other[-1:], *last] if other else []

    def two_so_far(self) -> tuple[Leader, ...]:
        """The leaders named up to here where they are just two, of two countries; empty otherwise."""
        return tuple(self.recent) if len(self.recent) == 2 and self.last_two() else ()

    def of_countries(self, countries: Iterable[str]) -> list[Leader]:
        """Who speaks for each of several countries ("Nhà Trắng và Điện Élysée xác nhận lãnh đạo hai nước …")."""
        return [self._unnamed(country, Entity(kind="leader", start=0, end=0)) for country in countries]

    def pair(self, entity: Entity, subject: Resolved | None = None) -> list[Leader]:
        """The leaders of a phrase for several: "lãnh đạo Mỹ - Hàn", "Tổng thống Nga và Ukraine"; whose counterparts
        they are, where they are some, `subject` tells ("hai người đồng cấp Lào, Campuchia")."""
        return [self._unnamed(country, entity, self._lower_office(subject)) for country in entity.countries]

    def _resolve(self, entity: Entity, subject: Resolved | None) -> Resolved:
        by_rank = {"body", "military"}.intersection(t.id for t in entity.titles)
        if [t.id for t in entity.titles] == ["citizen"] and entity.persons and not entity.short:
            known = self._by_person(entity)
            if isinstance(known, Leader):
                return known
        if entity.kind == "nonleader" and entity.capacity != "former" and by_rank:
            heads = self._head_of_body(entity)
            if heads is not None:
                return heads
        if entity.kind in ("nonleader", "nongroup"):
            return NotLeader(
                reason=FORMER if entity.capacity == "former" else OTHER_OFFICE,
                person=entity.persons[0] if len(entity.persons) == 1 else None,
            )
        if entity.kind == "pronoun":
            return self._pronoun(entity)
        if entity.persons:
            return self._by_person(entity)
        if entity.counterpart:
            return self._counterpart(entity, subject)
        if entity.name:
            return self._by_new_name(entity)
        if entity.kind == "country":
            return msgspec.structs.replace(self._unnamed(entity.countries[0], entity), weak=True)
        if entity.countries:
            leader = self._unnamed(entity.countries[0], entity)
            prince = entity.offices == _PRINCE and leader.person is None
            return NotLeader(reason=POWERLESS) if prince else leader
        return self._bare_title(entity)

    def _head_of_body(self, entity: Entity) -> Leader | None:
        """ "Chủ tịch Ủy ban Moussa Faki", "tướng al-Burhan": a leader, known by name, under another of his titles."""
        for person in entity.persons if self.day else ():
            term = self.lexicon.in_office(person, self.day, _SLACK) if self.day else None
            if term is not None and (
                term.office.endswith(("_president", "_chair")) or term.office in ("president", "leader")
            ):
                return Leader(
                    country=term.country,
                    person=person,
                    name=self.lexicon.persons[person].name,
                    office=term.office,
                    titled=True,
                )
        return None

    def _by_person(self, entity: Entity) -> Resolved:
        """Who a name stands for, which is the same wherever the article writes it in the same way."""
        way = (entity.persons, entity.short, entity.kind, entity.titles, entity.countries, entity.capacity)
        key = (*way, entity.honorific, entity.counterpart, self.day)
        if key not in self._people:
            self._people[key] = self._who_is(entity)
        return self._people[key]

    def _who_is(self, entity: Entity) -> Resolved:
        candidates = self._candidates(entity)
        if not candidates:
            return NotLeader(reason="a name of nobody who held an office")
        if len(candidates) > 1:
            return NotLeader(reason="a name that several leaders have")
        if entity.short and not self._supported(candidates[0], entity):
            return NotLeader(reason="a bare name that nothing in the text makes a leader's")
        person = self.lexicon.persons[candidates[0]]
        if entity.short and not entity.titles and self._is_somebody_else(person, entity):
            return NotLeader(reason="the name of somebody else in the article")
        if person.id in self.former and self.day == self.own_day and not self._sits_at_last(person.id):
            return NotLeader(reason=FORMER, person=person.id)
        term = self._term(person.id, entity)
        if term is not None and term.office == "leader" and person.id in self.speakers:
            return NotLeader(reason=OTHER_OFFICE, person=person.id)
        titled = bool(entity.titles and entity.kind == "leader")
        if term is None and not titled:
            return NotLeader(reason=NOT_IN_OFFICE, person=person.id)
        if term is None and entity.offices == _PRINCE and not titled_terms(self.lexicon, person.id, entity):
            return NotLeader(reason=POWERLESS, person=person.id)
        if term is None:
            term = self._nearest_term(person.id, entity)
        if term is None:
            return NotLeader(reason=NOT_IN_OFFICE, person=person.id)
        capacity = entity.capacity if entity.capacity != "full" else term.capacity
        return Leader(
            country=term.country,
            person=person.id,
            name=person.name,
            office=term.office,
            capacity=capacity,
            titled=titled,
        )

    def _sits_at_last(self, person: str) -> bool:
        """Whether the data say that somebody whom the article calls "cựu Tổng thống" holds an office on its day."""
        return self.published is not None and self.lexicon.in_office(person, self.published, 0) is not None

    def _is_somebody_else(self, person: Person, entity: Entity) -> bool:
        """Whether a single name is rather that of another whom the article names in full, or of a woman where he is a
        man."""
        other = person.surname.lower() in self.others and not self._in_headlines(person.id)
        return (other and person.id not in self.full) or not self._of_gender(entity)(person.id)

    def _supported(self, person: str, entity: Entity) -> bool:
        """Whether a single name may be taken for a leader: a title or full name somewhere, or a name of headlines.

        Vietnamese are called by a given name, which many have: "ông Lâm" needs a Tô Lâm in the article.
        """
        if any(t.country == HOME for t in self.lexicon.terms_of.get(person, ())):
            return bool(entity.titles) or person in self.full or person in self.titled
        if entity.titles or entity.honorific or entity.counterpart or person in self.titled:
            return True
        return self._in_headlines(person)

    def _in_headlines(self, person: str) -> bool:
        return any(t.country in HEADLINES for t in self.lexicon.terms_of.get(person, ()))

    def _candidates(self, entity: Entity) -> list[str]:
        ids = list(dict.fromkeys(entity.persons))
        if len(ids) > 1 and entity.countries:
            ids = [
                p for p in ids if any(t.country in entity.countries for t in self.lexicon.terms_of.get(p, ()))
            ] or ids
        for keep in (
            lambda p: p in self.full,
            self._in_office_now,
            lambda p: bool(titled_terms(self.lexicon, p, entity)),
            self._of_gender(entity),
        ):
            if len(ids) > 1:
                ids = [p for p in ids if keep(p)] or ids
        return ids

    def _in_office_now(self, person: str) -> bool:
        return self.day is not None and self.lexicon.in_office(person, self.day, _SLACK) is not None

    def _of_gender(self, entity: Entity) -> Callable[[str], bool]:
        wanted = _GENDERS.get(entity.honorific or "")
        return lambda p: wanted is None or self.lexicon.persons[p].gender == wanted

    def _term(self, person: str, entity: Entity) -> Term | None:
        terms = self.lexicon.terms_of.get(person, ())
        if self.day is not None:
            own_and_open = self.published is None and self.day == self.own_day
            current = [t for t in terms if t.covers(self.day, _LONG_SLACK if own_and_open else _SLACK)]
        else:
            current = list(terms)
        wanted = titled_terms(self.lexicon, person, entity) if entity.titles else []
        preferred = [t for t in current if t in wanted] or current
        if entity.capacity == "elect":
            preferred = [t for t in preferred if t.capacity == "elect"] or preferred
        exact = [t for t in preferred if self.day is not None and t.covers(self.day)] or preferred
        return min(exact, key=lambda t: RANK.index(t.office), default=None)

    def _nearest_term(self, person: str, entity: Entity) -> Term | None:
        terms = titled_terms(self.lexicon, person, entity) or list(self.lexicon.terms_of.get(person, ()))
        day = self.day or dt.date(2020, 1, 1)
        return min(terms, key=lambda t: abs((t.since - day).days), default=None)

    def _by_new_name(self, entity: Entity) -> Resolved:
        name = entity.name or ""
        known = self.open.get(name.lower()) or self.open.get(name.split()[-1].lower())
        if not entity.titles and not entity.counterpart:
            if known is not None and known is not entity:
                return (
                    NotLeader(reason=OTHER_OFFICE)
                    if known.kind == "nonleader"
                    else self._by_new_name(known)
                    if known.titles
                    else NotLeader(reason=UNKNOWN)
                )
            return self._by_part_of_name(entity) or self._misspelt(entity) or NotLeader(reason=UNKNOWN)
        spelt = self._misspelt(entity)
        if spelt is not None:
            return spelt
        country = entity.countries[0] if entity.countries else self._country_of_name(entity)
        if country is None:
            return NotLeader(reason="an office without a country")
        if entity.offices == _PRINCE and not self._terms_on_day(country, set(_PRINCE), entity.capacity):
            return NotLeader(reason=POWERLESS)
        return Leader(
            country=country,
            name=name,
            office=entity.offices[0] if entity.offices else None,
            capacity=entity.capacity,
            titled=True,
        )

    def _by_part_of_name(self, entity: Entity) -> Resolved | None:
        """Whom "ông Ibrahim" takes up where the article has named one leader in full who is called so too: Anwar
        Ibrahim."""
        part = (entity.name or "").lower()
        fit = [p for p in self.full if part in self.lexicon.persons[p].name.lower().split()]
        return self._by_person(msgspec.structs.replace(entity, persons=(fit[0],))) if len(fit) == 1 else None

    def _country_of_name(self, entity: Entity) -> str | None:
        implied = next((t.country for t in entity.titles if t.country), None)
        if implied:
            return implied
        known = self.open.get((entity.name or "").split()[-1].lower())
        return known.countries[0] if known is not None and known.countries else None

    def _misspelt(self, entity: Entity) -> Leader | None:
        """A known leader one letter off after a title: "Puttin", "Baiden"; only one in office whose country fits."""
        last = fold((entity.name or "").split()[-1]).lower()
        if len(last) < 5 or self.day is None or not (entity.titles or entity.counterpart):
            return None
        if last not in self._spelt:
            self._spelt[last] = near(last, self.lexicon.surnames)
        for surname in self._spelt[last]:
            for person in self.lexicon.surnames[surname]:
                term = self.lexicon.in_office(person, self.day, _SLACK)
                if term is not None and self._fits(term, entity):
                    return self._holder(term)
        return None

    def _fits(self, term: Term, entity: Entity) -> bool:
        in_country = not entity.countries or term.country in entity.countries
        return in_country and (not entity.offices or term.office in entity.offices or "leader" in entity.offices)

    def _holder(self, term: Term) -> Leader:
        name = self.lexicon.persons[term.person].name
        return Leader(
            country=term.country, person=term.person, name=name, office=term.office, capacity=term.capacity, titled=True
        )

    def _counterpart(self, entity: Entity, subject: Resolved | None) -> Resolved:
        if isinstance(subject, NotLeader):
            return NotLeader(reason="the counterpart of somebody who is no leader")
        if entity.name:
            return self._by_new_name(entity)
        if entity.countries:
            return self._unnamed(entity.countries[0], entity, self._lower_office(subject))
        own = subject.country if isinstance(subject, Leader) else None
        other = next((who for who in reversed(self.recent) if who.country != own), None)
        return other or Leader(country=None)

    def _lower_office(self, subject: Resolved | None) -> set[str]:
        """The office of somebody under whose country another governs: his counterpart elsewhere holds the same, while
        that of a leader is a leader."""
        if not isinstance(subject, Leader) or not (subject.country and subject.office and self.day):
            return set()
        top = self.lexicon.top(subject.country, self.day)
        return {subject.office} if top and all(term.office != subject.office for term in top) else set()

    def _unnamed(self, country: str, entity: Entity, of_subject: Collection[str] = ()) -> Leader:
        """The leader of a country: as the article names him, else who held the office on the day, else unnamed.

        `of_subject` is the office for "người đồng cấp"; the highest where it is empty or that country knows none such.
        """
        wanted = {o for o in entity.offices if o != "leader"} if not entity.counterpart else {*of_subject}
        if entity.counterpart and self.day and not self._terms_on_day(country, wanted, entity.capacity):
            wanted = set()
        elect = entity.capacity == "elect"
        named = [
            who
            for who in self.named.get(country, ())
            if (not wanted or self._held(who, wanted)) and (who.capacity == "elect" or not elect)
        ]
        if elect and not named:
            named = [
                who
                for who in self.named.get(country, ())
                if any(t.capacity == "elect" for t in self.lexicon.terms_of.get(who.person or "", ()))
            ]
        named = [who for who in named if self._sitting(who)] or named
        if len(named) == 1:
            return named[0]
        terms = self._terms_on_day(country, wanted, entity.capacity)
        if named:
            held = [who for who in named if any(t.person == who.person for t in terms)]
            recent = [who for who in reversed(self.recent) if who in named]
            return (held or recent or named)[0]
        if len({t.person for t in terms}) == 1:
            person = self.lexicon.persons[terms[0].person]
            return Leader(
                country=country,
                person=person.id,
                name=person.name,
                office=terms[0].office,
                capacity=terms[0].capacity,
                titled=True,
            )
        return Leader(
            country=country,
            office=next((o for o in entity.offices if o in wanted), None),
            capacity=entity.capacity,
            titled=bool(entity.titles),
        )

    def _held(self, leader: Leader, offices: set[str]) -> bool:
        if leader.person is None:
            return leader.office in offices
        return any(t.office in offices for t in self.lexicon.terms_of.get(leader.person, ()))

    def _sitting(self, leader: Leader) -> bool:
        if leader.person is None or self.day is None:
            return True
        key = leader.person, self.day
        if key not in self._sits:
            self._sits[key] = self._in_office_now(leader.person)
        return self._sits[key]

    def _terms_on_day(self, country: str, offices: set[str], capacity: str) -> list[Term]:
        """Who held one of these offices on the article's day; asked for each time that a country is named."""
        key = (country, frozenset(offices), capacity, self.day)
        if key not in self._terms:
            self._terms[key] = self._looked_up(country, offices, capacity)
        return self._terms[key]

    def _looked_up(self, country: str, offices: set[str], capacity: str) -> list[Term]:
        if self.day is None:
            ever = [t for t in self.lexicon.terms_in.get(country, ()) if not offices or t.office in offices]
            return ever if len({t.person for t in ever}) == 1 else []
        if capacity == "elect":
            return [
                t for t in self.lexicon.terms_in.get(country, ()) if t.capacity == "elect" and t.covers(self.day, 3)
            ]
        if not offices:
            return self.lexicon.top(country, self.day)
        holders = self.lexicon.holders(country, offices, self.day)
        if capacity == "acting":
            return [t for t in holders if t.capacity == "acting"] or holders
        return [t for t in holders if t.capacity != "elect"] or holders

    def _pronoun(self, entity: Entity) -> Resolved:
        wanted = _GENDERS.get(entity.honorific or "")
        if isinstance(self.topic, Leader) and self._gender_fits(self.topic, wanted):
            return self.topic
        if self.head is not None and self._gender_fits(self.head, wanted):
            return self.head
        called = self.called.get(entity.honorific or "")
        for other in (self.last, called):
            if isinstance(other, NotLeader):
                return self._once_leader(other) or NotLeader(reason="a pronoun for somebody who is no leader")
        for leader in reversed(self.recent):
            if self._gender_fits(leader, wanted):
                return leader
        return NotLeader(reason=NO_ANTECEDENT)

    def _once_leader(self, last: NotLeader) -> Resolved | None:
        """Somebody who led a country once, as of the day that is read: of today he is none, for the same reason."""
        if last.person is None or last.reason not in (FORMER, NOT_IN_OFFICE):
            return None
        term = self.lexicon.in_office(last.person, self.day, 0) if self.day and self.day != self.own_day else None
        return self._holder(term) if term is not None else NotLeader(reason=last.reason)

    def may_be(self, pronoun: Entity, leader: Leader) -> bool:
        """Whether "ông" or "bà" may stand for a leader."""
        return self._gender_fits(leader, _GENDERS.get(pronoun.honorific or ""))

    def _gender_fits(self, leader: Leader, wanted: str | None) -> bool:
        person = self.lexicon.persons.get(leader.person or "")
        return person is None or wanted is None or person.gender == wanted

    def _bare_title(self, entity: Entity) -> Resolved:
        wanted = set(entity.offices)
        of_president = any(t.id == "president" for t in entity.titles)
        at_home = None if of_president else self._at_home(wanted)
        if entity.titles and not entity.honorific and at_home is not None:
            return at_home
        if entity.honorific and "leader" in wanted and self.last_country:
            return self._unnamed(self.last_country, entity)
        for leader in reversed(self.recent):
            at_home_otherwise = of_president and leader.country in _OTHERWISE_CALLED
            if "leader" in wanted or (self._held(leader, wanted) and not at_home_otherwise):
                return leader
        implied = next((t.country for t in entity.titles if t.country), None)
        if implied is None and "prime_minister" in wanted:
            implied = HOME
        return self._unnamed(implied, entity) if implied else NotLeader(reason="an office without a country")

    def _at_home(self, offices: set[str]) -> Leader | None:
        """Who a bare "Thủ tướng" is in a Vietnamese paper that names its own: the one of Vietnam."""
        holders = {t.person for t in self._terms_on_day(HOME, offices, "full")}
        return next((who for who in self.named.get(HOME, ()) if holders == {who.person}), None)

    def left_office(self, leader: Leader) -> bool:
        """Whether a leader of the data held no office any more (or none yet) on the day of publication."""
        if leader.person is None or self.published is None:
            return False
        return self.lexicon.in_office(leader.person, self.published, _SLACK) is None

    def participant(self, leader: Leader) -> Participant:
        """The leader as a record."""
        person = self.lexicon.persons.get(leader.person or "")
        return Participant(
            name=leader.name,
            country=leader.country,
            person=leader.person,
            name_vi=person.name_vi if person else leader.name,
            surname=person.surname if person else (leader.name.split()[-1] if leader.name else None),
            office=leader.office,
            second_office=self._second_office(leader),
            capacity=leader.capacity,
        )

    def _second_office(self, leader: Leader) -> str | None:
        """The other of two offices by which the article calls somebody, where he holds both on its day."""
        if leader.person not in self.both or leader.office not in _BOTH or self.day is None:
            return None
        other = _BOTH[1 - _BOTH.index(leader.office)]
        held = {t.office for t in self.lexicon.terms_of.get(leader.person, ()) if t.covers(self.day)}
        return other if {*_BOTH} <= held else None
