"""Which topics of two calls are one matter: "North Korea" and "denuclearisation" are, a crash and the Il-20 may be.

The data group the rows of `topics.csv`: a `family` is one matter told in several words, `within` the wider matter or
place that a narrower one belongs to, and the family `*` is whatever place the topic's own sentence names. What is not
proved is not said: a matter that the other call's stored sentences name in any words is neither new nor absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from services.classify.normalize import normal_text
from services.classify.phrasebook import column, matter_of
from services.classify.regex import regex
from shared.records import CallFacts, Topic, evidence_in

#: A family that the sentence decides.
OF_PLACE = "*"
#: What the column `weight` says of a topic that names no matter.
_HEADINGS = ("heading", "rest")
_AGAIN = regex(r"một lần nữa|nhắc lại|nêu lại")


class Matters(msgspec.Struct, frozen=True):
    """The matters of one call, each with the first topic that tells of it, and the words of all its sentences."""

    topics: Mapping[str, Topic]
    text: str

    def names(self, matter: str) -> bool:
        """Whether the stored sentences name a matter in any of its words."""
        return names_matter(self.text, matter)

    def has_narrower(self, matter: str) -> bool:
        """Whether one of the matters belongs to this wider one."""
        return any(wider_than(name) == matter for name in self.topics)


def matters_of(facts: CallFacts, topics: Iterable[Topic]) -> Matters:
    """The matters of topics of a call, in their order."""
    told: dict[str, Topic] = {}
    for topic in topics:
        told.setdefault(_matter(topic), topic)
    words = {piece.text for piece in evidence_in(facts)}
    return Matters(told, folded("\n".join(sorted(words))))


def names_matter(text: str, matter: str) -> bool:
    """Whether a text, :func:`folded`, names a matter in any of its words."""
    return any(word in text for word in _words(matter))


def folded(text: str) -> str:
    """A text in the one spelling and case that matters are looked for in."""
    return normal_text(text).casefold()


def wider_than(matter: str) -> str | None:
    """The wider matter that one belongs to."""
    return column("topics", "within").get(matter) or None


def is_place(matter: str) -> bool:
    """Whether a matter is a country."""
    return bool(column("topics", "country").get(matter))


def is_vague(matter: str) -> bool:
    """Whether it is a ceasefire or a threat of which nobody says where: it may be any other one, or the same."""
    return column("topics", "family").get(matter) == OF_PLACE


def is_occasion(topic: Topic) -> bool:
    """Whether a topic is a meeting or a courtesy, which the next call has no reason to name again."""
    return column("topics", "weight").get(topic.id or "") == "occasion"


def is_heading(topic: Topic) -> bool:
    """Whether a topic only says that there were topics: "tình hình quốc tế", "các vấn đề song phương"."""
    return column("topics", "weight").get(topic.id or "") in _HEADINGS


def is_told_again(topic: Topic) -> bool:
    """Whether the sentence of a topic itself says that it had been spoken of before."""
    return topic.evidence is not None and _AGAIN.search(folded(topic.evidence.text)) is not None


def label_of(matter: str, topic: Topic) -> str:
    """The row whose name stands for a matter: a place under its own name, else the topic as it was told."""
    return matter if is_place(matter) else topic.id or topic.text


def _matter(topic: Topic) -> str:
    if topic.id is None:
        return topic.text
    family = column("topics", "family").get(topic.id)
    if family == OF_PLACE:
        return _place_named(topic) or topic.id
    return family or matter_of("topics", topic.id)


def _place_named(topic: Topic) -> str | None:
    """The place that the sentence of a topic names next behind it, else before it."""
    if topic.evidence is None:
        return None
    sentence = folded(topic.evidence.text)
    start = max(sentence.find(folded(topic.text)), 0)
    named = [(sentence.find(name), row) for row, names in _places() for name in names]
    found = [(at < start, abs(at - start), row) for at, row in named if at >= 0]
    return min(found)[2] if found else None


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The rows that are places, with the names that newspapers give them."""
    names, countries = column("topics", "names"), column("topics", "country")
    return tuple((row, _phrases_in(cell)) for row, cell in names.items() if cell and countries[row])


@lru_cache(maxsize=1024)
def _words(matter: str) -> tuple[str, ...]:
    """All phrases of the rows of a matter, and the names of a place."""
    phrases, families = column("topics", "phrases"), column("topics", "family")
    rows = [row for row in phrases if row == matter or families[row] == matter or matter_of("topics", row) == matter]
    told = [phrases[row] for row in rows] + [column("topics", "names").get(matter, "")]
    return _phrases_in("|".join(told)) if rows else (folded(matter),)


def _phrases_in(cell: str) -> tuple[str, ...]:
    return tuple(folded(phrase.strip()) for phrase in cell.split("|") if phrase.strip())
