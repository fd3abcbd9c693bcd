"""The words by which a call can be found: names, countries, topics and outcomes in both languages. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.names import LANGUAGES, load_names


def words_of(facts: Mapping[str, Any]) -> str:
    """All words of a call's stored facts, folded to one case."""
    return "\n".join(word.casefold() for word in _words(facts) if word)


def _words(facts: Mapping[str, Any]) -> Iterator[str | None]:
    names = load_names()
    for person in facts.get("participants", ()):
        yield from (person.get("name"), person.get("name_vi"), person.get("office"))
        yield from (names.country(person.get("country"), language) for language in LANGUAGES)
    for topic in facts.get("topics", ()):
        yield topic.get("text")
        yield from (names.topic_id(topic.get("id"), language) for language in LANGUAGES if topic.get("id"))
    for outcome in facts.get("outcomes", ()):
        yield outcome.get("text")
    for source in facts.get("sources", ()):
        yield from (source.get("title"), source.get("outlet"))
