"""Reads a noun phrase from chunks that stand together: "Tổng thống đắc cử Mỹ Donald Trump", "người phát ngôn của ông
Starmer" (its head is the spokesman), "lãnh đạo Mỹ - Hàn" (two leaders in one phrase)."""

from __future__ import annotations

from collections.abc import Mapping

from services.classify.chunks import Chunk
from services.classify.entity import Entity, Kind
from services.classify.lexicon import PARTICLES, Lexicon, Title
from services.classify.words import Words

_GLUE = {
    *("nước", "đảo", "xứ", "vùng", "lãnh", "thổ", "liên", "bang", "cộng", "hòa", "vương", "quốc"),
    *("các", "hai", "ba", "bốn", "năm"),  # "thủ tướng các nước Anh, Hà Lan và Hy Lạp"
}
_OF_MANY = {(many, countries) for many in ("các", "nhiều", "số", "những", "mọi") for countries in ("nước", "quốc")}
#: "Tổng thống thứ 45 của Mỹ": which holder of the office it is.
_ORDINAL = "thứ"
_LINK_WORDS = {"của": "of", "và": "and", "với": "and", "cùng": "and", "kiêm": "also"}
#: Where the head of the party leads the country; elsewhere a general secretary leads no more than his party.
_PARTY_RULES = frozenset({"CN", "CU", "KP", "LA", "VN"})
_PARTY_TITLES = ("general_secretary", "first_secretary")
#: What may stand between two words of one phrase, and how it joins them.
_LINKS = {"": "", "-": "-", ",": ",", "(": "(", ")": ")", ".": ".", "'": ""}


class Phrase:
    """Reads one noun phrase from a list of chunks."""

    def __init__(self, words: Words, chunks: list[Chunk], opening: Mapping[int, Chunk], lexicon: Lexicon) -> None:
        self.words = words
        self.chunks = chunks
        self.opening = opening
        self.lexicon = lexicon
        self.first = self.last = -1
        self.titles: list[Title] = []
        self.countries: list[str] = []
        self.persons: tuple[str, ...] = ()
        self.short = False
        self.name: list[str] = []
        self.capacity = "full"
        self.honorific: str | None = None
        self.counterpart = False
        self.metonym = False
        self.abbreviated = self.modified = False
        self.group: Kind | None = None
        self.nonleader = False
        self.void = False

    def read(self, i: int) -> int:
        """Take chunks from `i` on as long as they belong to the phrase; the index of the first that does not."""
        j = i
        while j < len(self.chunks) and self._take(self.chunks[j], j == i):
            self.first = self.chunks[j].first if self.first < 0 else self.first
            self.last = self.chunks[j].last
            j += 1
        return max(j, i + 1)

    def entity(self) -> Entity | None:
        """The phrase as an entity; None where nothing was taken, or what was taken is no party that can talk."""
        if self.first < 0 or self.void:
            return None
        kind = self._kind()
        if kind is None or (kind == "name" and not self.honorific and self._is_place_or_means()):
            return None
        return Entity(
            kind=kind,
            start=self.words.starts[self.first],
            end=self.words.ends[self.last],
            titles=tuple(self.titles),
            countries=tuple(self.countries),
            persons=self.persons,
            short=self.short,
            name=" ".join(self.name) or None,
            capacity=self.capacity,
            honorific=self.honorific,
            counterpart=self.counterpart,
            metonym=self.metonym,
        )

    def _is_place_or_means(self) -> bool:
        """Whether an unknown name stands where a place or a means does: "đang ở Marmaris", "qua Zoom"."""
        return self.first > 0 and self.words.lowers[self.first - 1] in ("ở", "tại", "qua", "trên")

    def _is_of_many(self) -> bool:
        """Whether an office is that of many countries, none of them named: "thủ tướng các nước láng giềng"."""
        named = self.countries or self.persons or self.name
        return bool(self.titles) and not named and tuple(self.words.lowers[self.last + 1 : self.last + 3]) in _OF_MANY

    def _kind(self) -> Kind | None:
        if self.group or self._is_of_many():
            return self.group or "nongroup"
        if self.nonleader or self.capacity == "former":
            return "nonleader"
        named = bool(self.persons or self.name)
        for title in self.titles:
            if title.kind == "chairman" and not (self.persons or _PARTY_RULES.intersection(self.countries)):
                return "nonleader" if named or not self.countries else "leader"
            if title.id in _PARTY_TITLES and self.countries and not _PARTY_RULES.intersection(self.countries):
                return "nonleader"
            if title.kind == "organisation" and not (self.persons or set(self.countries) & {"UN", "NATO"}):
                return "nonleader"
        if self.titles or self.persons or self.counterpart:
            return "leader"
        if self.name:
            return "name"
        if self.honorific:
            return "pronoun"
        return "country" if self.countries else None

    @property
    def _closed(self) -> bool:
        return bool(self.persons or self.group)

    def _take(self, chunk: Chunk, opening: bool) -> bool:
        link = "" if opening else self._link(chunk)
        if link == ")":  # "Tổng thống Các Tiểu vương quốc Ả Rập Thống nhất (UAE) Mohammed bin Zayed"
            link = "" if self.abbreviated else "no"
        if link == "particle":
            return self._end_of_name(chunk)
        match chunk.kind:
            case "title":
                return self._title(chunk, link, opening)
            case "country" | "metonym":
                return self._country(chunk, link, opening)
            case "person" | "short":
                return self._person(chunk, link, opening)
            case _:
                return self._caps(chunk, link, opening)

    def _link(self, chunk: Chunk) -> str:
        """What joins a chunk to the phrase so far: "" (side by side), "of", "-", ",", "and", "particle" (of a name,
        "bin" or "de"), or "no"."""
        first, last = self.last + 1, chunk.first
        if first == last:
            return _LINKS.get(self.words.gaps[last].strip(), "no")
        between, gaps = self.words.lowers[first:last], "".join(self.words.gaps[first : last + 1]).strip()
        if self.titles and between[0] == _ORDINAL:
            between = between[2:]
            if not between:
                return _LINKS.get(gaps, "no")
        if gaps in ("", "-") and (self.name or self.persons) and PARTICLES.issuperset(between):
            return "particle"
        if gaps:
            return "no"
        if len(between) == 1 and between[0] in _LINK_WORDS:
            return _LINK_WORDS[between[0]]
        of_this_country = between == ["nước", "này"] and bool(self.titles)
        of_countries = between[0] == "của" and between[-1] == "nước" and _GLUE.issuperset(between[1:])
        return "" if of_this_country or of_countries or (len(between) <= 3 and _GLUE.issuperset(between)) else "no"

    def _following(self, chunk: Chunk) -> Chunk | None:
        """The chunk that stands right behind another."""
        return self.opening.get(chunk.last + 1)

    def _title(self, chunk: Chunk, link: str, opening: bool) -> bool:
        title: Title = chunk.hits[0].value
        if title.kind in ("group", "group3", "nongroup"):
            self.group = title.kind if opening else self.group
            self.titles += [title] if opening else []
            return opening
        if title.kind == "void":
            self.void = opening
            return opening
        if title.kind == "region":
            return self._region(link, opening)
        if self.void:
            return link in ("", "of")
        if self._closed or self.name:
            return False
        if title.kind in ("former", "elect", "acting", "filler"):
            return self._modifier(title, chunk, link, opening)
        if title.kind == "honorific":
            return self._honorific(chunk, link, opening)
        if title.kind == "counterpart":
            self.counterpart = self.counterpart or opening
            return opening
        return self._office(title, link, opening)

    def _region(self, link: str, opening: bool) -> bool:
        """ "Lãnh đạo Trung Đông" are many; the region by itself is no country, "Nam Mỹ" not of Mỹ."""
        of_many = bool(self.titles or self.counterpart) and link in ("", "of") and not self.countries
        self.void = opening
        self.group = "nongroup" if of_many else self.group
        return opening or of_many

    def _modifier(self, title: Title, chunk: Chunk, link: str, opening: bool) -> bool:
        if link or (opening and title.kind in ("elect", "filler", "acting") and not self._title_follows(chunk)):
            return False
        if title.id == "former" and not self._title_follows(chunk):
            return False
        self.modified = True
        self.capacity = {"filler": self.capacity, "former": "former"}.get(title.kind, title.kind)
        return True

    def _title_follows(self, chunk: Chunk) -> bool:
        following = self._following(chunk)
        return following is not None and following.kind == "title" and self.words.gaps[following.first].strip() == ""

    def _honorific(self, chunk: Chunk, link: str, opening: bool) -> bool:
        of_somebody = self.nonleader and link == "of"
        beside = link == "" or (link == "," and self._named_next(chunk))
        if not (opening or of_somebody or beside):
            return False
        self.honorific = self.words.lowers[chunk.first]
        return True

    def _named_next(self, chunk: Chunk) -> bool:
        """Whether an apposition ("Tổng thống Mỹ, ông Donald Trump") gives the name that the phrase lacks; who never led
        its country opens another phrase ("với Thủ tướng Đức, ông Donald Trump nói")."""
        following = self._following(chunk)
        if not self.titles or self.nonleader or following is None or following.kind not in ("person", "short", "caps"):
            return False
        persons = [hit.value for hit in following.hits if hit.kind == following.kind]
        led = {term.country for person in persons for term in self.lexicon.terms_of.get(person, ())}
        return not (led and self.countries) or not led.isdisjoint(self.countries)

    def _office(self, title: Title, link: str, opening: bool) -> bool:
        if opening or (not self.titles and link == "" and (self.honorific or self.modified) and not self.countries):
            return self._add(title)
        if link == "also":  # "Thủ tướng kiêm Bộ trưởng Ngoại giao": what an office is held with
            return bool(self.titles) and (title.kind == "nonleader" or self._add(title))
        if self.nonleader:
            return (
                link in ("", "of") and self._add(title)
                if title.kind != "nonleader"
                else link in ("", ",", "of") and self._add(title)
            )
        if title.kind == "nonleader" or self.counterpart:
            return False
        one_person = self.titles and self.titles[-1].id in _PARTY_TITLES and title.id in ("state_president", "chairman")
        same_state = not self.countries or (bool(self.titles) and self.titles[-1].kind == "generic")
        joined = bool(one_person and link in (",", "and", "") and same_state) or bool(
            link == "" and self.titles and self.titles[-1].kind == "generic"
        )
        return joined and self._add(title)

    def _add(self, title: Title) -> bool:
        self.titles.append(title)
        self.nonleader = self.nonleader or title.kind == "nonleader"
        return True

    def _country(self, chunk: Chunk, link: str, opening: bool) -> bool:
        if self.void:
            return link in ("", "of")
        code: str = chunk.hits[0].value
        if opening:
            self.metonym = chunk.kind == "metonym"
            self.countries.append(code)
            return True
        if self.group:
            joined = link in ("", "-", ",", "and", "of")
            if joined:
                self.countries.append(code)
            return joined
        if self.honorific and not self.titles and link == "":
            return self._named_like_a_country(chunk)
        if self.nonleader and link in ("", "of", "("):
            if not self.countries:
                self.countries.append(code)
            return not self.name
        office = bool(self.titles or self.counterpart)
        if not self.countries and office and link in ("", "of", "("):
            self.countries.append(code)
            self.abbreviated = link == "("
            return True
        if office and link == "(" and self.countries == [code] and not (self.persons or self.name):
            self.abbreviated = True
            return True
        if (
            self.countries
            and office
            and not (self.persons or self.name)
            and link in ("-", "and", ",")
            and code not in self.countries
        ):
            return self._second_country(chunk, code, link)
        return False

    def _named_like_a_country(self, chunk: Chunk) -> bool:
        """ "bà Thái" is a person although Thái is a country too, and so is "ông Hàn Quốc Du"."""
        persons = tuple(h.value for h in chunk.hits if h.kind == "short")
        following = self._following(chunk)
        if persons:
            self.persons, self.short = persons, True
        elif following is not None and following.kind == "caps" and self.words.gaps[following.first] == " ":
            self.name = self.words.texts[chunk.first : chunk.last + 1]
        return bool(persons or self.name)

    def _second_country(self, chunk: Chunk, code: str, link: str) -> bool:
        # "Tổng thống Nga và Mỹ": a second country makes two leaders, unless it opens a phrase of its own.
        following = self._following(chunk)
        if link == "," and chunk.kind == "metonym":  # "lãnh đạo Đài Loan, Tokyo đề nghị"
            return False
        spaced = following is not None and not self.words.gaps[following.first].strip()
        if spaced and following is not None and following.kind in ("person", "short", "caps"):
            return False
        self.countries.append(code)
        return True

    def _person(self, chunk: Chunk, link: str, opening: bool) -> bool:
        if self.group or self._closed or self.pair_so_far or (not opening and link not in ("", ".", "of")):
            return False
        if link == "of" and not self.nonleader:
            return False
        if self.metonym or (self.countries and not (self.titles or self.counterpart)):
            return False
        if chunk.kind == "short" and self.name and link != ".":
            self.name.append(self.words.texts[chunk.first])
            return True
        if chunk.kind == "short" and self._part_of_longer_name(chunk):
            self.name.append(self.words.texts[chunk.first])
            return True
        self.persons = tuple(dict.fromkeys(h.value for h in chunk.hits if h.kind == chunk.kind))
        self.short = chunk.kind == "short"
        self.name = []
        return True

    def _end_of_name(self, chunk: Chunk) -> bool:
        """ "Mohammed bin Zayed al - Nahyan": what stands behind a particle goes on with the name, known or not."""
        goes_on = chunk.kind in ("person", "short", "caps")
        if goes_on and not self.persons:
            self.name += self.words.texts[self.last + 1 : chunk.last + 1]
        return goes_on

    @property
    def pair_so_far(self) -> bool:
        """Whether two countries or more were taken: a name behind them is no part of the phrase."""
        return len(self.countries) > 1

    def _part_of_longer_name(self, chunk: Chunk) -> bool:
        """ "Trump" in "Trump Jr", "Hussein" in "Hussein bin Abdullah": more of a name follows, which no list knows."""
        following = self._following(chunk)
        if self.words.lowers[chunk.last + 1 : chunk.last + 2] == ["bin"]:
            return True
        return following is not None and following.kind == "caps" and self.words.gaps[following.first] == " "

    def _caps(self, chunk: Chunk, link: str, opening: bool) -> bool:
        if self.group or self.persons or (self.countries and not (self.titles or self.counterpart)):
            return False
        if not opening and not (link == "" or (link in ("-", ".") and self.name) or (link == "of" and self.nonleader)):
            return False
        if self.pair_so_far:
            return False
        self.name.append(self.words.texts[chunk.first])
        return True
