"""The rows of the data files: texts by column, and rules with their patterns compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec

from services.classify.normalize import fold
from shared.csv_rows import CsvError, records_of
from shared.data_files import data_of
from shared.errors import UsageError

Row = dict[str, str]


class DataError(UsageError):
    """A data file that cannot be used: says which file, which row and what to do."""


def read_table(source: Path) -> Iterator[Row]:
    """The rows of a CSV data file. Raises :class:`DataError` where the file is missing, not UTF-8 or no CSV."""
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{source}: cannot be read as UTF-8 text ({error})") from error
    try:
        yield from (row for _, row in records_of(text))
    except CsvError as error:
        raise DataError(f"{source}, {error}") from error


class Rule(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """A row of a table of rules. Its pattern can match only where one of the keys stands, if it has any; `place` names
    it to whoever has to mend it."""

    id: str
    keys: tuple[str, ...]
    place: str
    expression: str

    def may_match(self, text: str) -> bool:
        """Whether one of the keys stands in a text: a look for them costs less than the pattern."""
        for key in self.keys:  # asked some hundred times an article: any() takes twice as long
            if key in text:
                return True
        return not self.keys

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first tried: an article needs few of them."""
        return self.compile()

    def compile(self) -> re.Pattern[str]:
        """The pattern of the expression. Raises :class:`DataError` where it is none."""
        try:
            return re.compile(self.expression)
        except re.error as error:
            raise DataError(f"{self.place}: {error}; mend this row") from error


R = TypeVar("R", bound=Rule)


def read_rules(
    table: str, kind: type[R], pattern: Callable[[str], str], **fields: Callable[[Row], object]
) -> tuple[R, ...]:
    """The rules of a table of this package, in the order of the file.

    `pattern` makes of the cell `pattern`, in lower case and composed, what is compiled; an empty cell is None, and
    `fields` tell what else is made of a row, by the field of the rule. Raises :class:`DataError` for a cell that the
    rule does not take, and in a newsroom's own table for a pattern that is none.
    """
    folder = data_of("classify")
    rules = tuple(_rule(table, kind, row, pattern, fields) for row in read_table(folder / table))
    for rule in rules if folder.has_own(table) else ():
        rule.compile()  # a mistake is told at once, whichever rules an article needs
    return rules


def _rule(
    table: str,
    kind: type[R],
    row: Row,
    pattern: Callable[[str], str],
    fields: Mapping[str, Callable[[Row], object]],
) -> R:
    place = f"{table}, rule {row['id']}"
    cells = {column: cell or None for column, cell in row.items()}
    made = {
        "keys": tuple(fold(key) for key in row["keys"].split("|") if key),
        "expression": pattern(fold(row["pattern"])),
        "place": place,
        **{field: make(row) for field, make in fields.items()},
    }
    try:
        return msgspec.convert({**cells, **made}, kind)
    except msgspec.ValidationError as error:
        raise DataError(f"{place}: {error}; mend this row") from error
