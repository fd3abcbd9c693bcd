"""Who is mentioned in a sentence.

Words are looked up in the lexicon's trie (`chunks.py`); titles, countries and names that stand together are read as one
phrase (`phrase.py`), and a name in apposition is joined with its office. What a phrase stands for is resolved in
`resolve.py`.
"""

from __future__ import annotations

import re

import msgspec

from services.classify.chunks import find_chunks
from services.classify.entity import Entity
from services.classify.lexicon import Lexicon
from services.classify.phrase import Phrase
from services.classify.regex import regex
from services.classify.words import Words


def find_entities(text: str, words: Words, lexicon: Lexicon) -> list[Entity]:
    """The noun phrases of a sentence from left to right, not overlapping; `words` are the sentence's, of `text`."""
    chunks = find_chunks(words, lexicon)
    opening = {chunk.first: chunk for chunk in chunks}
    found: list[Entity] = []
    i = 0
    while i < len(chunks):
        phrase = Phrase(words, chunks, opening, lexicon)
        i = phrase.read(i)
        entity = phrase.entity()
        if entity is not None:
            found.append(entity)
    return _with_appositions(_with_shared_honorific(found, text), text, lexicon)


#: What opens a list of names that share the word before the first: "các ông A, B và C".
_SHARED = tuple(f"{word} " for count in ("các", "những", "hai", "ba", "bốn") for word in (count, count.capitalize()))


def _with_shared_honorific(found: list[Entity], text: str) -> list[Entity]:
    """Give each name of "các ông A, B và C" the honorific that stands before the first."""
    shared: list[Entity] = []
    lent: str | None = None
    for entity in found:
        before = shared[-1] if shared else None
        joined = before is not None and text[before.end : entity.start] in (", ", " và ", " hay ", " hoặc ", " cùng ")
        if entity.honorific or not (lent and joined):
            lent = entity.honorific if text.endswith(_SHARED, 0, entity.start) else None
        bare = entity.persons and not (entity.titles or entity.honorific)
        shared.append(msgspec.structs.replace(entity, kind="leader", honorific=lent) if lent and bare else entity)
    return shared


def _with_appositions(found: list[Entity], text: str, lexicon: Lexicon) -> list[Entity]:
    """Join a name and its office where a comma stands between ("tổng thống Chile, ông Boric")."""
    joined: list[Entity] = []
    for entity in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and text[before.end : entity.start] in (", ", " - ", " (")
            and _one_person(before, entity, lexicon)
        ):
            joined[-1] = _merge(before, entity)
        elif before is not None and (_leads_party(before, entity, text) or _counts_names(before, entity, text)):
            joined[-1] = msgspec.structs.replace(entity, start=before.start)
        elif before is not None and _counts_offices(before, entity, text):
            joined[-1] = msgspec.structs.replace(before, end=entity.end)
        else:
            joined.append(entity)
    return joined


#: How the office of a party opens that a leader holds beside his own.
_OF_PARTY = regex(r"(?:tổng thư ký|chủ tịch đảng|lãnh đạo đảng) ", re.IGNORECASE)


def _leads_party(office: Entity, entity: Entity, text: str) -> bool:
    """Whether the office of a party only says more of the leader behind it: "Tổng Thư ký PAP, Thủ tướng A"."""
    of_party = office.kind == "nonleader" and not office.persons and _OF_PARTY.match(text, office.start) is not None
    named = entity.kind == "leader" and bool(entity.titles) and bool(entity.persons or entity.name)
    return of_party and named and text[office.end : entity.start] == ", "


def _counts_names(group: Entity, entity: Entity, text: str) -> bool:
    """Whether "hai ông" or "hai tổng thống" only counts the names that follow at once: "hai ông Petro và Boric"."""
    counted = (
        group.kind in ("group", "group3") and not group.countries and any(t.id == "two_leaders" for t in group.titles)
    )
    return counted and text[group.end : entity.start] == " " and bool(entity.persons or entity.name)


def _counts_offices(group: Entity, entity: Entity, text: str) -> bool:
    """Whether an office only says who "hai ông" are: "hai ông thủ tướng"."""
    bare = entity.kind == "leader" and not (entity.persons or entity.name or entity.countries or entity.honorific)
    return group.kind == "group" and bare and text[group.end : entity.start] == " "


def _one_person(a: Entity, b: Entity, lexicon: Lexicon) -> bool:
    if a.kind != "leader" or b.kind != "leader" or a.pair or b.pair:
        return False
    named, office = (a, b) if a.persons else (b, a)
    if not named.persons or office.persons or office.name or not office.titles or not office.countries:
        return False
    if named.titles and named.countries:
        return False
    return any(t.country in office.countries for p in named.persons for t in lexicon.terms_of.get(p, ()))


def _merge(a: Entity, b: Entity) -> Entity:
    named, office = (a, b) if a.persons else (b, a)
    return msgspec.structs.replace(
        named,
        start=a.start,
        end=b.end,
        titles=office.titles or named.titles,
        countries=office.countries or named.countries,
        capacity=office.capacity if office.capacity != "full" else named.capacity,
    )
