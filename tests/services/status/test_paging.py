"""Cursors: what is written is read again, and nothing else."""

from __future__ import annotations

import base64
import datetime as dt

import msgspec
import pytest

from services.status.paging import CursorError, Listed, Moment, Named, Number, read, write

AT = dt.datetime(2025, 3, 18, 17, 0, 0, 123456, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "place", [Moment(AT, "c1"), Number(7), Named("vladimir-putin"), Listed("Báo A", "https://a.example/rss")]
)
def test_a_cursor_is_read_as_it_was_written(place: msgspec.Struct) -> None:
    cursor = write(place)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert read(cursor, type(place)) == place


def test_no_cursor_is_the_first_page() -> None:
    assert read(None, Number) is None


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("cursor", "kind"),
    [
        ("0", Number),
        ("!!!!", Number),
        (packed("[1"), Number),
        (packed("[-1]"), Number),
        (packed("[2147483648]"), Number),
        (packed('["2025-03-18T17:00:00","c1"]'), Moment),
        (packed('["0001-01-01T00:00:00+10:00","c1"]'), Moment),
        (packed('["2025-03-18T17:00:00Z","c\\u0000"]'), Moment),
        (packed('["a\\nb"]'), Named),
        (write(Number(7)), Moment),
    ],
)
def test_anything_else_is_refused(cursor: str, kind: type[msgspec.Struct]) -> None:
    with pytest.raises(CursorError, match="take `cursor` from `next`"):
        read(cursor, kind)
