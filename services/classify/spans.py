"""When a call can have been, by what one report says of it.

"Ngày 28-1" in a Hanoi paper about Washington and Moscow is no day but a span of hours: that date in one of three
zones, and not later than the article. Washington's evening is Hanoi's next morning; two reports can tell of one call
if their spans meet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from shared.data_files import data_of
from shared.records import OVER, StoredReport, When

DESK = "Asia/Ho_Chi_Minh"
DAY = dt.timedelta(days=1)
#: A call told as held, as news, without any word on its day was held in these last days before the article ...
UNDATED = 8 * DAY
#: ... and with a word as loose as "tuần trước", which reaches back to a Monday, in these.
RECENT = 11 * DAY
#: How far ahead a plan or a wish without a day looks.
PLAN_AHEAD = 21 * DAY
WISH_AHEAD = 45 * DAY
#: A call whose hour is known, and not its length, is over by then.
LONGEST = dt.timedelta(hours=4)

Grade = Literal["hour", "day", "bounds", "open"]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Between when and when the call was, as aware datetimes; None where nothing bounds it.

    `grade` says what the span rests on: an hour, a day, bounds such as a month, or the publication alone. `day` is the
    date that the text means, with its year resolved; `slack` is how far the bounds may be off.
    """

    earliest: dt.datetime | None
    latest: dt.datetime | None
    grade: Grade
    day: dt.date | None = None
    slack: dt.timedelta = dt.timedelta(0)

    def meets(self, other: Span, slack: dt.timedelta = dt.timedelta(0)) -> bool:
        """Whether both can be of one moment, with `slack` added around this one."""
        return not (
            (self.latest is not None and other.earliest is not None and self.latest + slack < other.earliest)
            or (self.earliest is not None and other.latest is not None and other.latest < self.earliest - slack)
        )


@lru_cache(maxsize=1)
def capitals() -> dict[str, str]:
    """Country or organisation → IANA zone of its seat of government (data/zones.csv)."""
    return {row["country"]: row["zone"] for row in data_of("classify").rows("zones.csv")}


def span_of(stored: StoredReport) -> Span:
    """When the call of a report can have been. A day later than the article that tells it as held is not believed."""
    when, published = stored.report.when, stored.published_at
    over = stored.report.status in OVER
    if when.start is not None:
        return _of_hour(when, when.start)
    day = day_of(stored)
    zones = _zones(when, stored.report.countries)
    if day is not None:
        earliest, latest = _of_days(day, day, zones)
        if over and published is not None and published < earliest:
            return _of_publication(stored)
        return Span(earliest=earliest, latest=_capped(latest, published, over), grade="day", day=day)
    bounds = bounds_of(when, published)
    if bounds is None:
        return _of_publication(stored)
    earliest, latest = _of_days(*bounds, zones)
    latest, slack = _capped(latest, published, over), max(DAY, (latest - earliest) / 10)
    if over and stored.report.news and published is not None and earliest < published - RECENT < latest:
        earliest, slack = published - RECENT, DAY  # news of "this month" is news of these days
    return Span(earliest=earliest, latest=latest, grade="bounds", slack=slack)


def day_of(stored: StoredReport) -> dt.date | None:
    """The full date that the text means; a missing year is the nearest that fits the article. None without a day."""
    date = stored.report.when.date
    if date is None or "?" in date[5:]:
        bounds = bounds_of(stored.report.when, stored.published_at)
        return bounds[0] if bounds is not None and bounds[0] == bounds[1] else None
    if "?" not in date:
        return _date(date)
    if stored.published_at is None:
        return None
    today = stored.published_at.astimezone(ZoneInfo(DESK)).date()
    years = (_date(f"{today.year + step:04d}{date[4:]}") for step in (-1, 0, 1))
    days = [day for day in years if day is not None]
    if stored.report.status in OVER:
        days = [day for day in days if day <= today + DAY]
    return min(days, key=lambda day: abs(day - today), default=None)


def bounds_of(when: When, published: dt.datetime | None) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that the text allows, where it gives bounds, a month or a year and no day."""
    since, until = _date(when.since), _date(when.until)
    if since is not None and until is not None:
        return since, until
    if when.date is None or when.date[8:] != "??":
        return None
    year, month = when.date[:4], when.date[5:7]
    if "?" in year:
        return None if published is None or "?" in month else _month_before(int(month), published)
    if "?" in month:
        return dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
    return _month(int(year), int(month))


def _month_before(month: int, published: dt.datetime) -> tuple[dt.date, dt.date]:
    today = published.astimezone(ZoneInfo(DESK)).date()
    return _month(today.year if month <= today.month else today.year - 1, month)


def _month(year: int, month: int) -> tuple[dt.date, dt.date]:
    first = dt.date(year, month, 1)
    return first, (first + 31 * DAY).replace(day=1) - DAY


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:  # 29 February of another year
        return None


def _zones(when: When, countries: Iterable[str | None]) -> tuple[ZoneInfo, ...]:
    """The text's own zone where it names one, else the desk's and those of the capitals that talk."""
    if when.zone is not None:
        return (ZoneInfo(capitals().get(when.zone, when.zone)),)
    names = {DESK, *(capitals()[country] for country in countries if country in capitals())}
    return tuple(ZoneInfo(name) for name in sorted(names))


@lru_cache(maxsize=4096)
def _of_days(first: dt.date, last: dt.date, zones: tuple[ZoneInfo, ...]) -> tuple[dt.datetime, dt.datetime]:
    """From when to when it is one of these days in one of the zones; all reports of a call ask the same."""
    midnight = dt.time()
    starts = [dt.datetime.combine(first, midnight, zone).astimezone(dt.UTC) for zone in zones]
    ends = [dt.datetime.combine(last + DAY, midnight, zone).astimezone(dt.UTC) for zone in zones]
    return min(starts), max(ends)


def span_of_day(day: dt.date, countries: Iterable[str | None]) -> tuple[dt.datetime, dt.datetime]:
    """From when to when it is that day at the desk or in one of the capitals."""
    return _of_days(day, day, _zones(When(), countries))


def span_on(day: dt.date, countries: Iterable[str | None]) -> Span:
    """The span of a call of which only the day is known, and that is sure."""
    earliest, latest = span_of_day(day, countries)
    return Span(earliest=earliest, latest=latest, grade="day", day=day)


def _of_hour(when: When, start: dt.datetime) -> Span:
    about = dt.timedelta(hours=1) if when.start_about else dt.timedelta(minutes=15)
    end = when.end or when.end_reported or start + LONGEST
    day = _date(when.date) or start.date()
    return Span(earliest=start - about, latest=max(end, start) + about, grade="hour", day=day)


def _of_publication(stored: StoredReport) -> Span:
    published, report = stored.published_at, stored.report
    if published is None:
        return Span(earliest=None, latest=None, grade="open")
    if report.status == "ongoing":
        return Span(earliest=published - DAY / 2, latest=published, grade="open")
    if report.status == "planned":
        return Span(earliest=published, latest=published + PLAN_AHEAD, grade="open")
    if report.status == "proposed":
        return Span(earliest=published, latest=published + WISH_AHEAD, grade="open")
    if report.status == "denied":
        return Span(earliest=published - RECENT, latest=published + 3 * DAY, grade="open")
    return Span(earliest=published - UNDATED if report.news else None, latest=published, grade="open")


def _capped(latest: dt.datetime, published: dt.datetime | None, over: bool) -> dt.datetime:
    return min(latest, published) if over and published is not None else latest
