"""The days that an expression of time means, seen from the day of publication in the newspaper's own zone."""

from __future__ import annotations

import datetime as dt

import msgspec

from services.classify.times import COMING, LAST_WEEKEND, TimeExpr


class Days(msgspec.Struct, frozen=True):
    """What an expression means: `date` in ISO with `?`, and the first and last day it may be (None: not known)."""

    date: str | None
    since: dt.date | None
    until: dt.date | None
    year_assumed: bool = False


def moved(days: Days, shift: int) -> Days:
    """The same number of days later. A date without its year can only be moved inside its month, else it stays open."""
    step = dt.timedelta(days=shift)
    since, until = days.since and days.since + step, days.until and days.until + step
    if days.date is None or shift == 0:
        return Days(days.date, since, until, days.year_assumed)
    year, month, day = days.date.split("-")
    if year.isdigit() and day.isdigit():
        return Days((dt.date.fromisoformat(days.date) + step).isoformat(), since, until, days.year_assumed)
    inside = day.isdigit() and 1 <= int(day) + shift <= 28
    return Days(f"{year}-{month}-{int(day) + shift:02}" if inside else None, since, until, days.year_assumed)


def resolve(expression: TimeExpr, today: dt.date | None, ahead: bool = False) -> Days:
    """The day an expression means, seen from the day of publication in the newspaper's own zone.

    `ahead` says that what it dates lies in the future, so that a weekday or a day without a year is the next one.
    Without `today` relative words stay open and a year that the text does not give is `????`.
    """
    if expression.kind == "day":
        return _resolve_day(expression, today, ahead)
    if expression.kind == "month" and expression.month:
        return _resolve_month(expression, today)
    if today is None:
        return Days(None, None, None)
    if expression.kind in ("relative", "same_day"):
        day = today + dt.timedelta(days=expression.shift)
        return Days(day.isoformat(), day, day) if expression.kind == "relative" else Days(None, None, None)
    if expression.kind == "weekday" and expression.weekday is not None:
        day = _weekday_near(today, expression.weekday, expression.shift, ahead)
        return Days(day.isoformat(), day, day)
    if expression.kind == "week" and expression.open_weekend and not ahead:
        return _resolve_week(msgspec.structs.replace(expression, shift=LAST_WEEKEND), today)
    return _resolve_span(expression, today)


def year_told(expression: TimeExpr, today: dt.date | None) -> int | None:
    """The year that an expression names by itself: "15/11/2024", "tháng 10 năm ngoái" as of `today`."""
    if expression.year or today is None or expression.kind != "month" or expression.shift >= 0:
        return expression.year
    since = resolve(expression, today).since
    return since.year if since else None


def _resolve_day(expression: TimeExpr, today: dt.date | None, ahead: bool) -> Days:
    day_of_month, month = expression.day or 1, expression.month or 1
    if expression.year is None and today is None:
        return Days(f"????-{month:02}-{day_of_month:02}", None, None)
    years = [expression.year] if expression.year else [today.year - 1, today.year, today.year + 1] if today else []
    days = [day for y in years if y and (day := _date(y, month, day_of_month)) is not None]
    if not days:
        return Days(None, None, None)
    if today is None or expression.year:
        day = days[0]
    else:
        limit = dt.timedelta(days=200 if ahead else 45)
        past = [d for d in days if d - today <= limit]
        day = min(past or days, key=lambda d: abs((d - today).days))
    return Days(day.isoformat(), day, day, year_assumed=expression.year is None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _resolve_month(expression: TimeExpr, today: dt.date | None) -> Days:
    month = expression.month or 1
    year = expression.year
    if year is None and today is not None:
        not_yet = month > today.month + 2 and not expression.this_year
        year = today.year - (1 if not_yet or expression.shift == -12 else 0)
    if year is None:
        return Days(f"????-{month:02}-??", None, None)
    first = dt.date(year, month, 1)
    since, until = _edge(first, expression.edge)
    told = expression.year is not None or expression.this_year or expression.shift == -12
    return Days(f"{year}-{month:02}-??", since, until, year_assumed=not told)


def _edge(first: dt.date, edge: str | None) -> tuple[dt.date, dt.date]:
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    bounds = {
        "đầu": (first, first.replace(day=12)),
        "giữa": (first.replace(day=9), first.replace(day=21)),
        "cuối": (first.replace(day=19), last),
    }
    return bounds.get(edge or "", (first, last))


def _weekday_near(today: dt.date, weekday: int, shift: int, ahead: bool) -> dt.date:
    monday = today - dt.timedelta(days=today.weekday())
    if shift in (-1, 1):
        return monday + dt.timedelta(days=weekday + 7 * shift)
    if shift == COMING:
        return today + dt.timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if shift == 0 or ahead:
        day = monday + dt.timedelta(days=weekday)
        return day + dt.timedelta(days=7) if ahead and day < today else day
    back = (today.weekday() - weekday) % 7
    return today - dt.timedelta(days=back)


def _resolve_span(expression: TimeExpr, today: dt.date) -> Days:
    if expression.kind == "week":
        return _resolve_week(expression, today)
    if expression.kind == "month":
        first = _months_from(today.replace(day=1), expression.shift)
        since, until = _edge(first, expression.edge)
        return Days(
            f"{first.year}-{first.month:02}-??",
            since,
            min(until, today) if expression.shift == 0 and expression.edge != "cuối" else until,
        )
    if expression.kind == "year":
        year = expression.year or today.year + expression.shift
        months = {"đầu": (1, 4), "giữa": (5, 8), "cuối": (9, 12)}.get(expression.edge or "", (1, 12))
        after = _months_from(dt.date(year, months[1], 1), 1)
        return Days(None, dt.date(year, months[0], 1), after - dt.timedelta(days=1))
    if expression.kind == "ago":
        length = {"day": 1, "week": 7, "month": 30, "year": 365}[expression.unit]
        day = today + dt.timedelta(days=expression.shift * length)
        slack = dt.timedelta(days=0 if expression.unit == "day" else length // 2)
        exact = expression.unit == "day"
        return Days(day.isoformat() if exact else None, day - slack, day + slack)
    if expression.kind == "soon":
        return Days(None, today, today + dt.timedelta(days=60))
    return Days(None, today - dt.timedelta(days=14), today)


def _months_from(first: dt.date, shift: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + shift
    return dt.date(index // 12, index % 12 + 1, 1)


def _resolve_week(expression: TimeExpr, today: dt.date) -> Days:
    monday = today - dt.timedelta(days=today.weekday())
    if expression.shift == LAST_WEEKEND:
        friday = today - dt.timedelta(days=(today.weekday() - 4) % 7 or 7)
        return Days(None, friday, min(friday + dt.timedelta(days=2), today))
    first = monday + dt.timedelta(days=7 * expression.shift)
    since, until = {"đầu": (0, 2), "giữa": (1, 4), "cuối": (4, 6)}.get(expression.edge or "", (0, 6))
    return Days(None, first + dt.timedelta(days=since), first + dt.timedelta(days=until))
