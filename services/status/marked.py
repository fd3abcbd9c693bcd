"""A text cut into pieces, those that prove something marked with what they prove. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import msgspec


class Proof(msgspec.Struct, frozen=True):
    """A slice of a text, in code points, and the field that it proves."""

    start: int
    end: int
    field: str


class Piece(msgspec.Struct, frozen=True):
    """Words of a text, with the fields that they prove; none for plain words."""

    text: str
    fields: tuple[str, ...] = ()


def pieces(text: str, proofs: Iterable[Proof], most: int) -> tuple[list[Piece], int]:
    """The pieces in their order, at most so many characters of them, and how many characters were left out.

    Proofs may overlap and reach beyond the text: each place has the fields of all that cover it.
    """
    shown = text[:most]
    known = [proof for proof in proofs if 0 <= proof.start < proof.end <= len(text)]
    edges = sorted({0, len(shown), *(min(edge, len(shown)) for p in known for edge in (p.start, p.end))})
    found: list[Piece] = []
    for start, end in pairwise(edges):
        fields = tuple(dict.fromkeys(p.field for p in known if p.start <= start and end <= p.end))
        if found and found[-1].fields == fields:
            found[-1] = Piece(found[-1].text + shown[start:end], fields)
        else:
            found.append(Piece(shown[start:end], fields))
    return found, len(text) - len(shown)


def short(text: str, most: int = 300) -> str:
    """A line of foreign text in one line, cut with "…" where it is longer than that."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most and len(text) <= 4 * most else line[: most - 1].rstrip() + "…"
