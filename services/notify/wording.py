"""The words of an alert, in English and Vietnamese, as a table that an editor can read and change.

A phrase may hold `{slots}`, `[parts that fall away when their slot is empty]`, `*bold*` and `_italic_`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from shared.data_files import data_of
from shared.errors import UsageError
from shared.names import SLOT, Language, Pair, pick

FILE = "wording.csv"


class WordingError(UsageError):
    """A row of the wording table that cannot be used."""


def phrase(key: str, language: Language) -> str:
    """The phrase of a key. Raises KeyError for a key that the table does not have: that is a bug, not an input."""
    return pick(load_wording()[key], language)


@lru_cache(maxsize=1)
def load_wording() -> dict[str, Pair]:
    """Read the table once; what a newsroom's own lacks, such as a phrase that a new release brought, is built in.

    Raises :class:`WordingError` for a phrase that is empty, differs in its slots, or has one that nothing fills.
    """
    folder = data_of("notify")
    own = _table(folder.rows(FILE))
    if not folder.has_own(FILE):
        return own
    built_in = _table(folder.as_built.rows(FILE))
    for key in own.keys() & built_in.keys():
        if unfilled := _slots(own[key][0]) - _slots(built_in[key][0]):
            raise WordingError(
                f"{FILE}: nothing fills {{{min(unfilled)}}} of {key!r}; redphone rules --export has them"
            )
    return {**built_in, **own}


def _table(rows: Iterable[Mapping[str, str]]) -> dict[str, Pair]:
    table: dict[str, Pair] = {}
    for number, row in enumerate(rows, 2):
        key, english, vietnamese = row["key"], row["en"], row["vi"]
        if not key or not english or not vietnamese or key in table:
            raise WordingError(f"{FILE} line {number}: a phrase is empty, or the key {key!r} stands twice")
        if _slots(english) != _slots(vietnamese):
            raise WordingError(f"{FILE} line {number}: {key!r} has other slots in English than in Vietnamese")
        table[key] = (english, vietnamese)
    return table


def _slots(text: str) -> set[str]:
    return set(SLOT.findall(text))
