"""The words of an alert, in English and Vietnamese, as a table that an editor can read and change.

A phrase may hold `{slots}`, `[parts that fall away when their slot is empty]`, `*bold*` and `_italic_`.
"""

from __future__ import annotations

from functools import lru_cache

from shared.data_files import data_of
from shared.errors import UsageError
from shared.names import SLOT, Language, Pair, pick


class WordingError(UsageError):
    """A row of the wording table that cannot be used."""


def phrase(key: str, language: Language) -> str:
    """The phrase of a key. Raises KeyError for a key that the table does not have: that is a bug, not an input."""
    return pick(load_wording()[key], language)


@lru_cache(maxsize=1)
def load_wording() -> dict[str, Pair]:
    """Read the table once. Raises :class:`WordingError` for a phrase that is empty or differs in its slots."""
    table: dict[str, Pair] = {}
    for number, row in enumerate(data_of("notify").rows("wording.csv"), 2):
        key, english, vietnamese = row["key"], row["en"], row["vi"]
        if not key or not english or not vietnamese or key in table:
            raise WordingError(f"wording.csv line {number}: a phrase is empty, or the key {key!r} stands twice")
        if set(SLOT.findall(english)) != set(SLOT.findall(vietnamese)):
            raise WordingError(f"wording.csv line {number}: {key!r} has other slots in English than in Vietnamese")
        table[key] = (english, vietnamese)
    return table
