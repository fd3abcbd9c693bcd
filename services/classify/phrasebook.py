"""Phrases of a data file, found in a sentence by a trie of words: what stands in the file is all that can be found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from services.classify.data_rows import read_table
from services.classify.lexicon import WORD
from services.classify.normalize import fold
from services.classify.words import Words
from shared.data_files import data_of


class Found(msgspec.Struct, frozen=True):
    """A phrase that was found: the id of its row and where it stands."""

    id: str
    start: int
    end: int


class Phrasebook(msgspec.Struct, frozen=True):
    """The phrases of a file by their words, each with the places of its words that stand with a capital in the text."""

    trie: Mapping[str | None, Any]

    def find(self, words: Words) -> list[Found]:
        """The phrases among the words of a slice, longest first at each place, not overlapping."""
        found: list[Found] = []
        after = 0
        for i, lower in enumerate(words.lowers):
            if i < after or lower not in self.trie:
                continue
            match = self._longest(words, i)
            if match is not None:
                found.append(Found(match[0], words.starts[i], words.ends[match[1]]))
                after = match[1] + 1
        return found

    def _longest(self, words: Words, i: int) -> tuple[str, int] | None:
        node: Any = self.trie
        best = None
        for j in range(i, len(words.lowers)):
            if j > i and words.gaps[j].strip() not in ("", "-", ",", '"'):
                break
            node = node.get(words.lowers[j])
            if node is None:
                break
            for row, capitals in node.get(None, ()):
                if all(words.texts[i + k][0].isupper() for k in capitals):
                    best = (row, j)
        return best


def build(rows: Iterable[tuple[str, str]]) -> Phrasebook:
    """A phrasebook of (id, phrase) rows."""
    trie: dict[str | None, Any] = {}
    ids, phrases = zip(*rows, strict=True)
    for row, phrase in zip(ids, fold("\n".join(phrases)).split("\n"), strict=True):
        node = trie
        words = WORD.findall(phrase)
        for word in words:
            node = node.setdefault(word.lower(), {})
        node.setdefault(None, []).append((row, tuple(k for k, word in enumerate(words) if word[0].isupper())))
    return Phrasebook(trie)


@lru_cache(maxsize=8)
def load(name: str) -> Phrasebook:
    """The phrasebook of `shared/data/NAME.csv`, whose first column is the id."""
    rows = list(read_table(data_of("shared") / f"{name}.csv"))
    key = next(iter(rows[0]))
    return build((row[key], phrase.strip()) for row in rows for phrase in row["phrases"].split("|") if phrase.strip())


def matter_of(name: str, row: str) -> str:
    """The matter of a row of topics or outcomes: its own id, or that of the row that says nearly the same.

    "Ending the war" and "ending the conflict" are two labels, each with its own words, of one matter.
    """
    return column(name, "matter").get(row) or row


@lru_cache(maxsize=8)
def column(name: str, header: str) -> dict[str, str]:
    """One column of a shared data file by id."""
    rows = list(read_table(data_of("shared") / f"{name}.csv"))
    key = next(iter(rows[0]))
    return {row[key]: row[header] for row in rows}
