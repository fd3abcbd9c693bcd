"""Which sentences an alert quotes, and their numbers ①②③.

The facts are asked in order of weight. The first two sentences are always quoted; more are added while the reader's
budget lasts. A short sentence that stands beside one already quoted joins it: an excerpt is one sentence, or two
neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from shared.records import Evidence, Source

NUMBERS = "①②③"
BUDGET = 80  # syllables: twelve seconds for a practised reader of Vietnamese
SHORT = 10  # syllables of a sentence that joins its neighbour
LONGEST = 400  # characters of one excerpt
PARTS = ("title", "summary", "text")


class Excerpt(msgspec.Struct, frozen=True):
    """A quotation: neighbouring sentences of one part of one article."""

    pieces: tuple[Evidence, ...]

    @property
    def text(self) -> str:
        """The words of the quotation, its pieces with one space between them."""
        return " ".join(piece.text.strip() for piece in self.pieces)

    @property
    def syllables(self) -> int:
        """How many Vietnamese syllables it has: the words between spaces."""
        return len(self.text.split())

    def holds(self, evidence: Evidence) -> bool:
        """Whether these words are part of the quotation."""
        return any(
            _same_part(piece, evidence) and piece.start <= evidence.start and evidence.end <= piece.end
            for piece in self.pieces
        )

    def touches(self, evidence: Evidence) -> bool:
        """Whether these words stand directly before or after the quotation."""
        first, last = self.pieces[0], self.pieces[-1]
        return _same_part(first, evidence) and (
            0 <= evidence.start - last.end <= 1 or 0 <= first.start - evidence.end <= 1
        )

    def with_neighbour(self, evidence: Evidence) -> Excerpt:
        """The quotation with this piece beside its own, in the order of the text."""
        pieces = sorted((*self.pieces, evidence), key=lambda piece: piece.start)
        return Excerpt(tuple(pieces))


class Excerpts(msgspec.Struct, frozen=True):
    """The quotations of one message, in the order of the articles and of their text."""

    chosen: tuple[Excerpt, ...]

    def mark(self, evidence: Evidence | None) -> str:
        """The number of the quotation that holds this evidence, with a space before it; empty where none does."""
        if evidence is None:
            return ""
        return next((f" {NUMBERS[i]}" for i, excerpt in enumerate(self.chosen) if excerpt.holds(evidence)), "")


def choose(candidates: Iterable[Evidence | None], sources: tuple[Source, ...]) -> Excerpts:
    """Choose the quotations from the facts' evidence, the weightiest first."""
    chosen: list[Excerpt] = []
    for evidence in candidates:
        if evidence is not None and evidence.text.strip():
            _add(chosen, evidence)
    order = {source.article: place for place, source in enumerate(sources)}
    return Excerpts(tuple(sorted(chosen, key=lambda excerpt: _place(excerpt, order))))


def _add(chosen: list[Excerpt], evidence: Evidence) -> None:
    if any(excerpt.holds(evidence) for excerpt in chosen):
        return
    total = sum(excerpt.syllables for excerpt in chosen) + len(evidence.text.split())
    if _replace_shorter(chosen, evidence) or len(evidence.text) > LONGEST:
        return
    for place, excerpt in enumerate(chosen):
        short = min(excerpt.syllables, len(evidence.text.split())) <= SHORT
        if short and excerpt.touches(evidence) and len(excerpt.pieces) == 1:
            chosen[place] = excerpt.with_neighbour(evidence)
            return
    if len(chosen) < 2 or (len(chosen) < len(NUMBERS) and total <= BUDGET):
        chosen.append(Excerpt((evidence,)))


def _replace_shorter(chosen: list[Excerpt], evidence: Evidence) -> bool:
    """A sentence takes the place of its own fragment."""
    for place, excerpt in enumerate(chosen):
        if Excerpt((evidence,)).holds(excerpt.pieces[0]) and len(excerpt.pieces) == 1:
            chosen[place] = Excerpt((evidence,))
            return True
    return False


def _same_part(one: Evidence, other: Evidence) -> bool:
    return one.article == other.article and one.part == other.part


def _place(excerpt: Excerpt, order: dict[str, int]) -> tuple[int, int, int]:
    first = excerpt.pieces[0]
    return order.get(first.article, len(order)), PARTS.index(first.part), first.start
