"""A noun phrase that names a leader, somebody who is none, a country, or "hai nhà lãnh đạo"."""

from __future__ import annotations

from typing import Literal

import msgspec

from services.classify.lexicon import Title

Kind = Literal["leader", "nonleader", "country", "group", "group3", "nongroup", "pronoun", "name"]

_AIDES = frozenset({"adviser", "staff", "spokesman"})


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A noun phrase. `start` and `end` are offsets in the sentence's part; `countries` has two or more for a pair."""

    kind: Kind
    start: int
    end: int
    titles: tuple[Title, ...] = ()
    countries: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    short: bool = False
    name: str | None = None
    capacity: str = "full"
    honorific: str | None = None
    counterpart: bool = False
    metonym: bool = False

    @property
    def offices(self) -> tuple[str, ...]:
        """The offices that its titles may stand for, in the order of the titles; empty where it has no title."""
        return tuple(o for t in self.titles for o in t.offices)

    @property
    def aide(self) -> bool:
        """Whether it is somebody, or a staff, that works for a leader and may speak for him; that of a minister does
        not."""
        ids = [t.id for t in self.titles if t.kind == "nonleader"]
        return bool(ids) and _AIDES.issuperset(ids)

    @property
    def staff(self) -> bool:
        """Whether it is an institution, of which no pronoun is said: behind "văn phòng Thủ tướng Anh", "ông" is he."""
        return bool(self.titles) and any(t.id == "staff" for t in self.titles)

    @property
    def bare_staff(self) -> bool:
        """Whether it is an institution of nobody named: "Đại sứ quán Anh", which no pronoun takes up."""
        return self.staff and not (self.persons or self.honorific or len(self.titles) > 1)

    @property
    def spokesman(self) -> bool:
        """Whether it is somebody whose trade is to speak for another."""
        return bool(self.titles) and any(t.id == "spokesman" for t in self.titles)

    @property
    def anybody(self) -> bool:
        """Whether it is a common noun for people of a trade, nobody in particular: "sinh viên"."""
        return [t.id for t in self.titles] == ["citizen"] and not (self.persons or self.name or self.honorific)

    @property
    def works_for_pronoun(self) -> bool:
        """Whether it is the staff of somebody told of before: "văn phòng ông"."""
        return self.aide and self.honorific is not None and not (self.persons or self.name)

    @property
    def pair(self) -> bool:
        """Whether it names two countries or more at once: "lãnh đạo Mỹ - Trung"."""
        return len(self.countries) > 1
