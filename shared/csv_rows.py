"""Rows of a CSV (RFC 4180), read strictly: a quotation mark left open is told, and swallows nothing behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator


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

    Raises CsvError for a row with more or fewer cells than the first has, too.
    """
    rows = rows_of(text)
    _, header = next(rows, (1, []))
    for line, cells in rows:
        if len(cells) != len(header):
            raise CsvError(f"line {line}: not as many cells as the first line has; quote what has a comma")
        yield line, dict(zip(header, cells, strict=True))
