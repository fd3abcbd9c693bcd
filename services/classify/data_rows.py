"""The rows of the data files: texts by column, and rules with their patterns compiled."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

import msgspec

from services.classify.normalize import fold
from shared.data_files import data_of
from shared.errors import UsageError

Row = dict[str, str]
Rule = TypeVar("Rule")


class DataError(UsageError):
    """A data file that cannot be used: says which file, which row and what to do."""


def read_table(source: Traversable | Path) -> Iterator[Row]:
    """The rows of a CSV data file. Raises :class:`DataError` where the file is missing or not UTF-8."""
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{source}: cannot be read as UTF-8 text ({error})") from error
    return csv.DictReader(io.StringIO(text))


def read_rules(
    table: str, kind: type[Rule], pattern: Callable[[str], str], **fields: Callable[[Row], object]
) -> tuple[Rule, ...]:
    """The rules of a table of this package, in the order of the file.

    `pattern` makes of the cell `pattern`, in lower case and composed, what is compiled; an empty cell is None, and
    `fields` tell what else is made of a row, by the field of the rule. Raises :class:`DataError` for a pattern that is
    none and a cell that the rule does not take.
    """
    return tuple(_rule(table, kind, row, pattern, fields) for row in read_table(data_of("classify") / table))


def _rule(
    table: str,
    kind: type[Rule],
    row: Row,
    pattern: Callable[[str], str],
    fields: Mapping[str, Callable[[Row], object]],
) -> Rule:
    cells = {column: cell or None for column, cell in row.items()}
    if None in row or None in row.values():
        raise DataError(f"{table}, rule {row['id']}: not as many cells as the first line has; quote what has a comma")
    try:
        made = {"pattern": re.compile(pattern(fold(row["pattern"]))), **{f: make(row) for f, make in fields.items()}}
        return msgspec.convert({**cells, **made}, kind)
    except (re.error, msgspec.ValidationError) as error:
        raise DataError(f"{table}, rule {row['id']}: {error}; mend this row") from error
