"""The era of an undated text: the time in which the leaders whom it names held office together."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from services.classify.entity import Entity
from services.classify.lexicon import Lexicon, Term


def era_of(entities: Sequence[Entity], lexicon: Lexicon, last_year: int | None) -> dt.date | None:
    """A day on which the most of the leaders named with their office held it, in `last_year` or later; None where
    nobody is named. Of leaders who all hold it still, in a text that names no year, it is the day since when they hold
    all that they do: who is president as well since then is told as president."""
    titled = [titled_terms(lexicon, p, e) for e in entities if e.titles for p in e.persons]
    bare = [lexicon.terms_of.get(p, ()) for p in {p for e in entities if len(e.persons) == 1 for p in e.persons}]
    spans = [span for terms in (*titled, *titled, *bare) for span in _spans(terms)]
    floor = dt.date(last_year, 1, 1) if last_year else dt.date.min
    days = {max(since, floor) for since, _ in spans}
    if not days:
        return None
    begun, over = sorted(since for since, _ in spans), sorted(until for _, until in spans)
    best = max(days, key=lambda day: (bisect_right(begun, day) - bisect_left(over, day), day))
    end = min((until for since, until in spans if since <= best <= until), default=best)
    if end != dt.date.max:
        return best + (end - best) / 2
    lasting = [term.since for terms in (*titled, *bare) for term in terms if term.until is None]
    return best if last_year else max(best, *lasting)


def titled_terms(lexicon: Lexicon, person: str, entity: Entity) -> list[Term]:
    """The terms of somebody in the offices that a phrase names; all of them where it names none."""
    terms = lexicon.terms_of.get(person, ())
    if entity.capacity == "elect":
        return [t for t in terms if t.capacity == "elect"]
    wanted = set(entity.offices)
    return [t for t in terms if not wanted or t.office in wanted or "leader" in wanted]


def _spans(terms: Iterable[Term]) -> list[tuple[dt.date, dt.date]]:
    """The days on which somebody held one office or another, first and last: terms that follow one another are one."""
    spans: list[tuple[dt.date, dt.date]] = []
    for term in sorted(terms, key=lambda t: t.since):
        until = term.until or dt.date.max
        if spans and term.since <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], until)
        else:
            spans.append((term.since, until))
    return spans
