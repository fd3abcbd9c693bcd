"""Cursors: where the next page begins, as an opaque word. Pure.

A cursor holds the place of the last row that was shown, in the order of the list, so that rows which come in meanwhile
neither repeat nor hide others. It is not secret and not signed: a forged one asks for another place, no more.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import TypeVar

import msgspec

Place = TypeVar("Place")


class CursorError(ValueError):
    """A cursor that this list did not give."""


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """A place in a list ordered by time, the latest first, and by id within one moment."""

    at: dt.datetime
    id: str


class Number(msgspec.Struct, frozen=True, array_like=True):
    """A place in a list ordered by number."""

    id: int


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A place in a list ordered by id."""

    id: str


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A place in a list ordered by name, and by id within one name."""

    name: str
    id: str


def write(place: msgspec.Struct) -> str:
    """A place as a cursor: letters, digits, - and _."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read(cursor: str | None, kind: type[Place]) -> Place | None:
    """The place that a cursor names; None for the first page. Raises CursorError for anything else."""
    if not cursor:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = msgspec.json.decode(raw, type=kind)
        _check(place)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise CursorError("there is no such page: take `cursor` from `next` of the page before, as it is") from error
    return place


def _check(place: object) -> None:
    """Raise ValueError or OverflowError for a place that no list has."""
    if isinstance(place, Moment):
        if place.at.tzinfo is None:
            raise ValueError("a moment without a zone")
        place.at.astimezone(dt.UTC)
    if isinstance(place, Moment | Named) and not place.id.isprintable():
        raise ValueError("an id with characters that no id has")
    if isinstance(place, Number) and not 0 <= place.id < 2**31:
        raise ValueError("a number that no row has")
