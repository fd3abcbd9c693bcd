"""The words by which a call can be found: names, offices, countries, topics, outcomes and titles, in both languages.
Pure.

A call keeps them in a column of its own (`calls.words`) with an index, and what is searched for is cut the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from shared.names import LANGUAGES, load_names

_WORD = re.compile(r"\w+")
#: No word that somebody looks for is longer, and no call needs more: a thousand titles must not fill an index.
LONGEST, MOST = 60, 2000


def words_of(facts: Mapping[str, Any]) -> str:
    """The words of a call, from its stored facts: the first `MOST`, each once, in order, a blank between."""
    told = "\n".join(filter(None, _told(facts)))
    return " ".join(sorted(islice(dict.fromkeys(words_in(told)), MOST)))


def words_in(text: str) -> list[str]:
    """The words of a text, whatever case and form of accents it is written in: letters, digits and _ alone."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return [word[:LONGEST] for word in _WORD.findall(folded)]


def _told(facts: Mapping[str, Any]) -> Iterator[str | None]:
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
