"""Whose a topic is: of the two countries that talk ("thương mại song phương"), or put forward by one of somebody's."""

from __future__ import annotations

from services.classify.mention import Sentence
from services.classify.phrasebook import Found
from services.classify.regex import regex

_OF_BOTH = regex(r"song phương(?! với)")
#: "Thương mại giữa hai nước", "quan hệ thương mại song phương giữa hai bên".
_BETWEEN = regex(r"(?: [^\s,.;:]+)? (?:song phương(?! với)|giữa (?:hai|2|đôi) (?:nước|bên|quốc gia|phía))(?!\w)")
_BY = regex(r"(?: [^\s,.;:]+){0,3} do (?:phía |chính )?")
_PUT_FORWARD = regex(r" (?:đề xuất|đề nghị|khởi xướng|đưa ra|soạn thảo|bảo trợ)(?!\w)")


def between(sentence: Sentence, topic: Found, countries: list[str]) -> tuple[str, ...]:
    """The two countries of a call whose common matter a topic is said to be, in order of code; () for any other.

    Relations are those of the two who talk without being said to be.
    """
    if "quan hệ" in sentence.lower[topic.start : topic.end]:
        return ()
    said = _OF_BOTH.search(sentence.lower, topic.start, topic.end) or _BETWEEN.match(sentence.lower, topic.end)
    return tuple(sorted(countries)) if said and len(set(countries)) == 2 else ()


def proposed_by(sentence: Sentence, topic: Found) -> str | None:
    """The country that put a plan forward, by its code: "một thỏa thuận an ninh do Na Uy đề xuất"."""
    for entity in sentence.entities:
        if entity.start < topic.end or len(entity.countries) != 1:
            continue
        linked = _BY.fullmatch(sentence.lower, topic.end, entity.start)
        if linked and _PUT_FORWARD.match(sentence.lower, entity.end):
            return entity.countries[0]
    return None
