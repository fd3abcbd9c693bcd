"""The words of a sentence, cut once for all who look phrases up."""

from __future__ import annotations

from itertools import accumulate

import msgspec

from services.classify.regex import regex

_CUT = regex(r"(\w+)")


class Words(msgspec.Struct, frozen=True):
    """The words of a sentence, column by column; `gaps[i]` is what stands between word i and the word before."""

    texts: list[str]
    lowers: list[str]
    gaps: list[str]
    starts: list[int]
    ends: list[int]


def cut_words(text: str, start: int, end: int) -> Words:
    """The words of a slice with their offsets in the whole text."""
    pieces = _CUT.split(text[start:end])  # gap, word, gap, word, …, gap
    borders = list(accumulate(map(len, pieces), initial=start))
    texts = pieces[1::2]
    lowers = " ".join(texts).lower().split(" ") if texts else []
    return Words(texts, lowers, pieces[:-1:2], borders[1:-1:2], borders[2::2])
