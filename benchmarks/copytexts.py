"""Articles without end that are like news on recurring matters, and copies of them as outlets make them. Pure: the same
number gives the same article for ever.

Words are drawn by how often they stand in the project's own texts. Ten articles are on one matter: they share its names
in many sentences and a quotation, and all of an outlet have the same foot. So they are near, and none is a copy.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random

import msgspec

from shared.records import Article

_WORD = re.compile(r"\w+")
_ON_ONE_MATTER, _OUTLETS = 10, 20
_SENTENCES, _WORDS = 14, 16
_LEAD = (
    "(TTXVN) – Theo phóng viên thường trú tại nước ngoài, sáng nay các hãng truyền thông đồng loạt đưa tin về việc này."
)
_CAPTION = "Hai nhà lãnh đạo trong một cuộc gặp trước đây. Ảnh: AFP"


class Text(msgspec.Struct, frozen=True):
    """What an article says."""

    title: str
    sentences: Sequence[str]

    @property
    def body(self) -> str:
        """All but the title."""
        return ". ".join(self.sentences) + "."


class Press:
    """Prints articles out of the words of others."""

    def __init__(self, read: Iterable[Article]) -> None:
        texts = (f"{article.title} {article.summary} {article.text}" for article in read)
        count = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        self._words = list(count)
        self._weights = list(accumulate(count.values()))

    def words(self, chance: Random, many: int) -> str:
        """So many words."""
        return " ".join(chance.choices(self._words, cum_weights=self._weights, k=many))

    def article(self, number: int, *, beside: bool = False) -> Text:
        """An article: half of its sentences name the matter's two leaders, one is the matter's quotation. `beside`: not
        that one, but another of its matter and its outlet."""
        matter, chance = number // _ON_ONE_MATTER, Random(f"beside {number}" if beside else number)
        told = Random(f"matter {matter}")
        names = f"Tổng thống {self.words(told, 3)} điện đàm với Thủ tướng {self.words(told, 3)}"
        quotation = self.words(told, 3 * _WORDS)
        foot = self.words(Random(f"outlet {number % _OUTLETS}"), 2 * _WORDS)
        own = [self.words(chance, _WORDS) for _ in range(_SENTENCES)]
        sentences = [f"{names} {words}" if place % 2 else words for place, words in enumerate(own)]
        return Text(f"{names} {self.words(chance, 4)}", (*sentences[:3], quotation, *sentences[3:], foot))

    def light(self, text: Text, chance: Random) -> Text:
        """A copy with one word in twenty changed; one in four comes with its marks apart from their letters."""
        changed = [self._edited(sentence, chance) for sentence in text.sentences]
        spelled = unicodedata.normalize("NFD", text.title) if chance.random() < 0.25 else text.title
        return Text(spelled, changed)

    def heavy(self, text: Text, chance: Random) -> Text:
        """A copy cut to three fifths at its end, under another title, with a lead-in and a caption of its own."""
        kept = list(text.sentences[: round(len(text.sentences) * 0.6)])
        return Text(self.words(chance, 12), [_LEAD, *kept[:2], _CAPTION, *kept[2:]])

    def both(self, text: Text, chance: Random) -> Text:
        """Cut, another title, a lead-in, and one word in twenty changed."""
        return self.light(self.heavy(text, chance), chance)

    def _edited(self, sentence: str, chance: Random) -> str:
        return " ".join(self.words(chance, 1) if chance.random() < 0.05 else word for word in sentence.split())
