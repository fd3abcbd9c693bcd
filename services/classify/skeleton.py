"""The skeleton of a sentence: its words in lower case, with a two-character symbol for each phrase that was read.

`Q` the cue in question, `Z` any other cue, `L` a leader, `N` somebody who is none, `C` a country, `G` two leaders
spoken of together, `H` three or more, `P` a bare pronoun (ông, bà), `U` a name without title, `W` a pair in one
phrase ("lãnh đạo Mỹ - Hàn"), `X` two who are no leaders, `T` a time, `D` a length. The second character numbers it.
Patterns over skeletons stay short because they need to know nothing of names.
"""

from __future__ import annotations

import re

import msgspec

from services.classify.cues import Cue
from services.classify.entity import Entity
from services.classify.regex import regex
from services.classify.times import LengthExpr, TimeExpr

BASE = 0xE000
_SYMBOL = regex("[A-Z]([\ue000-\uf8ff])")
_LETTER = {
    "leader": "L",
    "nonleader": "N",
    "country": "C",
    "group": "G",
    "group3": "H",
    "nongroup": "X",
    "pronoun": "P",
    "name": "U",
}

Item = Entity | Cue | TimeExpr | LengthExpr


class Skeleton(msgspec.Struct, frozen=True):
    """`text` with symbols; `items[i]` is what the symbol with number i stands for.

    `start` is where the sentence begins in its article.
    """

    text: str
    items: tuple[Item, ...]
    start: int

    def item(self, symbol: str) -> Item:
        """What a symbol stands for: its letter and the character that carries its number."""
        return self.items[ord(symbol[1]) - BASE]


def letter_of(item: Item) -> str:
    """The letter of an item's kind, as the patterns write it; W is a group or title of two countries at once."""
    if isinstance(item, Entity):
        return "W" if item.kind in ("leader", "group") and item.pair else _LETTER[item.kind]
    if isinstance(item, Cue):
        return "Z"
    return "T" if isinstance(item, TimeExpr) else "D"


def build(lower: str, start: int, end: int, items: list[Item], focus: Cue) -> Skeleton:
    """The skeleton of a sentence around one cue. Items must not overlap; the earlier of two that do wins."""
    pieces: list[str] = []
    kept: list[Item] = []
    position = start
    for item in sorted(items, key=lambda i: (i.start, -i.end)):
        if item.start < position:
            continue
        letter = "Q" if item is focus else letter_of(item)
        pieces += [lower[position : item.start], letter + chr(BASE + len(kept))]
        kept.append(item)
        position = item.end
    pieces.append(lower[position:end])
    text = re.sub(
        "(?<=[\ue000-\uf8ff])[.](?= )", "", "".join(pieces)
    )  # the stop of an abbreviation after a name ("Marcos Jr. ")
    return Skeleton(text, tuple(kept), start)


def words_of(skeleton: Skeleton, span: tuple[int, int], lower: str) -> tuple[int, int]:
    """Where a span of a skeleton stands in `lower`, the text of its article. A symbol cut in two is whole."""
    first, last = span
    first -= first > 0 and _SYMBOL.match(skeleton.text, first - 1) is not None
    last += last > 0 and _SYMBOL.match(skeleton.text, last - 1) is not None
    return _place(skeleton, first, lower), _place(skeleton, last, lower)


def _place(skeleton: Skeleton, position: int, lower: str) -> int:
    """The place of a position: behind the symbol before it, as many characters on, and the stop that was left out."""
    symbols = list(_SYMBOL.finditer(skeleton.text, 0, position))
    if not symbols:
        return skeleton.start + position
    item, behind = skeleton.item(symbols[-1][0]), symbols[-1].end()
    left_out = position > behind and lower[item.end] == "." and skeleton.text[behind] != "."
    return item.end + position - behind + left_out
