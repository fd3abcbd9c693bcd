"""Rows of a CSV that a person may have written."""

from __future__ import annotations

import pytest

from shared.csv_rows import CsvError, records_of, rows_of, table_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\r\n1,2\r\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
        ("\ufeffa,b\n\n,\n1,2", [(1, ["a", "b"]), (4, ["1", "2"])]),
        ('a,b\n"one\ntwo","say ""x"""\n3,4\n', [(1, ["a", "b"]), (2, ["one\ntwo", 'say "x"']), (4, ["3", "4"])]),
        ("", []),
    ],
)
def test_rows_have_the_line_that_they_begin_at(text: str, rows: list[tuple[int, list[str]]]) -> None:
    assert list(rows_of(text)) == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a,b\n1,"2\n3,4\n', "line 2: no CSV from here on"),
        ('a,b\n1,2\n"3"x,4\n', "line 3: no CSV from here on"),
        ("a,b\n1,2\n3\n", "line 3: not as many cells"),
        ("a,b\n1,2,3\n", "line 2: not as many cells"),
        ("a,b,a\n1,2,3\n", "line 1: a column stands there twice"),
    ],
)
def test_what_is_no_csv_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(CsvError, match=said):
        list(records_of(text))


def test_records_are_named_by_the_first_line() -> None:
    assert list(records_of("id,words\n1,có\n")) == [(2, {"id": "1", "words": "có"})]


def test_a_table_written_by_hand_may_lack_cells_and_columns() -> None:
    rows = table_of("id,words\n1,có,\n2\n", ("id", "words", "note"), ("id",))
    assert list(rows) == [(2, {"id": "1", "words": "có"}), (3, {"id": "2", "words": ""})]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,word\n1,có\n", "line 1: column 'word' is wrong or missing; columns: id, words"),
        ("words\ncó\n", "line 1: column 'id' is wrong or missing"),
        ("id,words,id\n1,có,2\n", "line 1: a column stands there twice"),
        ("id,words\n1,có, không\n", "line 2: more cells than columns"),
    ],
)
def test_a_table_that_is_written_wrong_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(CsvError, match=said):
        list(table_of(text, ("id", "words"), ("id",)))
