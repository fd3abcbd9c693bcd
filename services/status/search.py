"""The words by which a call can be found: names, countries, topics and outcomes in both languages. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from shared.names import LANGUAGES, load_names


def has_words(facts: Mapping[str, Any], text: str) -> bool:
    """Whether a call's stored facts have every word of a text, in whatever order, case and form of accents."""
    known = _folded("\n".join(filter(None, _words(facts))))
    return all(word in known for word in _folded(text).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


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
