"""Rows of a CSV (RFC 4180), read strictly: a quotation mark left open is told, and swallows nothing behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest


class CsvError(ValueError):
    """A CSV cannot be read on. The message says from which line, and what may be wrong with it."""


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that say anything, each with the line that it begins at; a byte order mark is no part of them.

    Raises CsvError, after the rows that could be read.
    """
    reader, line = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True), 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise CsvError(f"line {line}: no CSV from here on ({error}): a quotation mark may be missing") from error


def records_of(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows behind the first by the columns that it names, each with its line.

    Raises CsvError for a column that stands there twice and a row with more or fewer cells than the first has, too.
    """
    rows = rows_of(text)
    _, header = next(rows, (1, []))
    _refuse_doubles(header)
    for line, cells in rows:
        if len(cells) != len(header):
            raise CsvError(f"line {line}: not as many cells as the first line has; quote what has a comma")
        yield line, dict(zip(header, cells, strict=True))


def table_of(text: str, columns: Sequence[str], required: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table that somebody wrote by hand, by column, each with its line; cells that it lacks are empty.

    Raises CsvError for a column that is none of `columns`, lacks though `required` or stands there twice, and for a row
    with more cells than the first has.
    """
    rows = rows_of(text)
    _, header = next(rows, (1, []))
    wrong = [column for column in header if column not in columns] or [c for c in required if c not in header]
    if wrong:
        raise CsvError(f"line 1: column {wrong[0]!r} is wrong or missing; columns: {', '.join(columns)}")
    _refuse_doubles(header)
    for line, cells in rows:
        if any(cells[len(header) :]):
            raise CsvError(f"line {line}: more cells than columns: one with a comma in it stands in quotation marks")
        yield line, dict(zip_longest(header, cells[: len(header)], fillvalue=""))


def _refuse_doubles(header: Sequence[str]) -> None:
    if len(set(header)) < len(header):
        raise CsvError("line 1: a column stands there twice")
