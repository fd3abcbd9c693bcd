"""The history of a pair as a picture: where its bars, dots and ticks stand, in the units of an SVG. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

WIDTH, LEFT, RIGHT = 720, 0, 16
#: A topic's name stands above its line, so that the picture needs no column for names and fits a phone as it is.
TOP, FLOOR, FIRST, ROW = 40, 160, 80, 48
TOPICS = 8
#: A phone writes the year twice as large.
APART = 64


class Shown(msgspec.Struct, frozen=True):
    """A call as the picture needs it: an ISO day with its year at least, its minutes, its topics."""

    call_id: str
    date: str
    minutes: int | None
    topics: tuple[str, ...]


class Bar(msgspec.Struct, frozen=True):
    """A call: its place, the top of its bar, and whether its length is known."""

    call_id: str
    date: str
    x: float
    y: float
    minutes: int | None


class Line(msgspec.Struct, frozen=True):
    """A topic: the height of its line, and where it was named."""

    topic: str
    y: float
    ticks: tuple[float, ...]


class Picture(msgspec.Struct, frozen=True):
    """All of it. `years`: labels of the axis with their places."""

    width: int
    height: int
    top: int
    floor: int
    left: int
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    years: tuple[tuple[float, int], ...]
    longest: int


def picture(calls: Sequence[Shown]) -> Picture | None:
    """The picture of calls whose year is known; None for fewer than one."""
    dated = sorted(((day, call) for call in calls if (day := _day(call.date))), key=lambda pair: pair[0])
    if not dated:
        return None
    first, last = dated[0][0], dated[-1][0]
    longest = max((call.minutes or 0 for _, call in dated), default=0) or 1

    def x(day: dt.date) -> float:
        share = (day - first) / (last - first) if last > first else 0.5
        return round(LEFT + 12 + share * (WIDTH - LEFT - 12 - RIGHT), 1)

    bars = tuple(Bar(call.call_id, call.date, x(day), _top(call.minutes, longest), call.minutes) for day, call in dated)
    counted: dict[str, list[float]] = {}
    for day, call in dated:
        for topic in dict.fromkeys(call.topics):
            counted.setdefault(topic, []).append(x(day))
    frequent = sorted(counted.items(), key=lambda pair: -len(pair[1]))[:TOPICS]
    lines = tuple(Line(topic, FLOOR + FIRST + n * ROW, tuple(ticks)) for n, (topic, ticks) in enumerate(frequent))
    years = [(x(dt.date(year, 1, 1)), year) for year in range(first.year + 1, last.year + 1)] or [
        (x(first), first.year)
    ]
    height = FLOOR + FIRST + len(lines) * ROW - ROW // 2
    return Picture(WIDTH, height, TOP, FLOOR, LEFT, bars, lines, _apart(years), longest)


def _top(minutes: int | None, longest: int) -> float:
    return FLOOR - 8.0 if minutes is None else round(FLOOR - max(8.0, (FLOOR - TOP) * minutes / longest), 1)


def _apart(years: list[tuple[float, int]]) -> tuple[tuple[float, int], ...]:
    """The labels that do not run into the one before."""
    kept = years[:1]
    for year in years[1:]:
        if year[0] - kept[-1][0] >= APART:
            kept.append(year)
    return tuple(kept)


def _day(date: str) -> dt.date | None:
    """A day for the axis: what is not known is the middle of what is."""
    years, months, days = date.split("-")
    if not years.isdigit():
        return None
    month = int(months) if months.isdigit() else 7
    return dt.date(int(years), month, int(days) if days.isdigit() else 15 if months.isdigit() else 1)
