"""What a sentence adds to what earlier articles told of a call, by its words.

Rules name the topics that they know. An account of what was said is more than topics, and an article that tells the old
in the old words adds nothing, whatever topics are read out of it this time: both are seen in the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from services.classify.data_rows import DataError, read_table
from services.classify.lexicon import WORD
from services.classify.matters import folded, names_matter
from services.classify.normalize import normal_text
from services.classify.regex import regex
from shared.data_files import data_of

#: A sentence is known when this share of its pairs of words stands in what was told.
KNOWN = 0.5
#: So many words of an account that were told nowhere make it another one.
FRESH_WORDS = 5
#: What a person was quoted with may stand before the verb.
_QUOTE = regex("[\"']")
#: "Nói với ông A rằng ông đã trao đổi với ông B": that the two talked is no account of what they said.
_ONLY_TALKED = regex(
    r"(?<!\w)(?:rằng|là) (?:ông|bà|mình|họ)(?: cũng)? (?:đã|vừa|mới) "
    r"(?:trao đổi|điện đàm|nói chuyện|gọi điện|trò chuyện)(?: qua điện thoại)? (?:với|cho) "
    r"(?:(?! (?:về|để|rằng|nhất trí|đồng ý|đề nghị|hai) )[^.;:\"])*$",
    re.IGNORECASE,
)


class Told:
    """The words of what was told of a call."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._texts = tuple(map(folded, texts))
        for text in self._texts:
            words = WORD.findall(text)
            self._words.update(words)
            self._pairs.update(pairwise(words))

    def names(self, matter: str) -> bool:
        """Whether anything that was told names a matter, in any of its words."""
        return any(names_matter(text, matter) for text in self._texts)

    def knows(self, sentence: str) -> bool:
        """Whether a sentence says what was told, in much the same words."""
        words = _words(sentence)
        pairs = set(pairwise(words))
        return bool(pairs) and len(pairs & self._pairs) >= KNOWN * len(pairs)

    def lacks_account(self, sentence: str) -> bool:
        """Whether a sentence quotes or reports what somebody said, and much of that was told nowhere before."""
        account = _account_in(sentence)
        return len(set(_words(account)) - self._words) >= FRESH_WORDS and not self.knows(sentence)


def _words(text: str) -> list[str]:
    return WORD.findall(folded(text))


def _account_in(sentence: str) -> str:
    """A sentence from its first verb of saying on, or from a quotation before it; empty without such a verb."""
    text = _ONLY_TALKED.sub("", normal_text(sentence).rstrip(" .\"'"))
    verb = _verbs().search(text)
    if verb is None:
        return ""
    quoted = _QUOTE.search(text)
    return text[min(verb.start(), quoted.start() if quoted else len(text)) :]


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    """The verbs of data/account.csv. Raises DataError where a row's example has none of its words."""
    rows = list(read_table(data_of("classify") / "account.csv"))
    for row in rows:
        if not _one_of(_phrases(row["words"])).search(normal_text(row["example"])):
            raise DataError(f"account.csv: {row['id']}: the example has none of its words")
    return _one_of(phrase for row in rows for phrase in _phrases(row["words"]))


def _phrases(cell: str) -> Iterator[str]:
    yield from (normal_text(phrase.strip()) for phrase in cell.split("|"))


def _one_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
