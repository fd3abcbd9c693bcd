"""Dates as Vietnamese feeds write them → aware UTC datetimes.

One table of forms, each with an example and where it was seen; the first that fits wins. A time without a zone is the
feed's own (Vietnam time unless the catalogue says otherwise), never UTC: read as UTC it would lie seven hours in the
future. What cannot be read is None; the caller keeps the raw words.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Literal, NamedTuple

VIETNAM = dt.timezone(dt.timedelta(hours=7))  # no daylight saving since 1975, so a fixed offset will do
CLOCK_SKEW = dt.timedelta(minutes=5)  # how far ahead of ours a newspaper's clock may run before we say "now"

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}

# Zone words that mean one offset: RFC 822 section 5.1, and those of the catalogue's outlets abroad. A word that
# means several (BST, CST in Asia, IST) is not here beyond RFC 822: a wrong guess is worse than no date.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "ict": 7, "kst": 9, "cet": 1, "cest": 2,
}  # fmt: skip

# Days that mean "no date": the zeros of .NET, SQL Server (two), OLE and Unix, which software writes where it has none.
# Unix's begins a day earlier in America.
_ZEROS = frozenset(
    dt.date(*day) for day in ((1, 1, 1), (1753, 1, 1), (1900, 1, 1), (1899, 12, 30), (1970, 1, 1), (1969, 12, 31))
)

_TIME = r"(?P<hour>\d{1,2})[:hH](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
_HALF = r"(?:\s*(?P<half>[AaPp]\.?[Mm]\.?|SA|CH))?"
# behind the zone, its name may stand as a comment (RFC 822, section 3.4.3): +0700 (ICT)
_ZONE = (
    r"(?:\s*\(?(?P<zone>[A-Za-z]{1,4}\s?[+-]\d{1,2}(?::?\d{2})?|[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]{1,4})\)?"
    r"(?:\s*\([A-Za-z ]{1,40}\))?)?"
)
_WEEKDAY = r"(?:(?:thứ\s+\w+|chủ\s+nhật|cn|t[2-7]|[A-Za-z]{3,9})\.?\s*,?\s*)?(?:ngày\s+)?"
_DAY_FIRST = r"(?P<day>\d{1,2})(?:[/.-]|\s+tháng\s+)(?P<month>\d{1,2})(?:[/.-]|\s*,\s*|\s+năm\s+)(?P<year>\d{4})"


class Form(NamedTuple):
    """A way to write a date. `order` says which of the numbers in `d/m/y` comes first, where that is the question."""

    pattern: re.Pattern[str]
    order: Literal["named", "day", "iso"]
    example: str
    seen: str


FORMS: tuple[Form, ...] = (
    Form(
        re.compile(
            rf"{_WEEKDAY}(?P<day>\d{{1,2}})[ -](?P<month>[A-Za-z]{{3}})[a-z]*\.?[ -](?P<year>\d{{4}}|\d{{2}})"
            rf"(?:,?\s+{_TIME}{_HALF}{_ZONE})?",
            re.IGNORECASE,
        ),
        "named",
        "Mon, 05 Oct 26 14:10:00 +07",
        "RFC 822; VnExpress +0700, Tuổi Trẻ GMT+7, Thanh Niên two-digit year, VCCorp two-digit zone",
    ),
    Form(
        re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})(?:[T ]\s*{_TIME}{_ZONE})?", re.IGNORECASE),
        "iso",
        "2026-07-25T09:05:00+07:00",
        "RFC 3339: Atom feeds, dc:date, article:published_time of pages",
    ),
    Form(
        re.compile(
            rf"{_WEEKDAY}{_DAY_FIRST}(?:\s*[,|-]?\s*{_TIME}{_HALF}{_ZONE})?",
            re.IGNORECASE,
        ),
        "day",
        "Thứ 5, 28/05/2026 17:00:00 GMT+7",
        "Tuổi Trẻ 10/2/2026 9:25:00 AM (month first), Vietnamese weekdays, months in words, article pages",
    ),
    Form(
        re.compile(
            rf"{_TIME}{_ZONE}\s*[,|-]?\s*{_WEEKDAY}{_DAY_FIRST}",
            re.IGNORECASE,
        ),
        "day",
        "17:00 28/05/2026",
        "article pages that put the hour first",
    ),
)


def parse_date(raw: str, zone: dt.tzinfo = VIETNAM) -> dt.datetime | None:
    """Read a date as a feed or page writes it; a time without zone is of `zone`. UTC out, None where unreadable.

    A day without an hour is the start of that day. The zero of a clock is no date.
    """
    words = " ".join(unicodedata.normalize("NFC", raw).split())  # "ứ" in three characters is no \w+
    for form in FORMS:
        found = form.pattern.fullmatch(words)
        if found:
            return _build(found.groupdict(), form.order, zone)
    return None


def clamp_future(published: dt.datetime, now: dt.datetime) -> dt.datetime:
    """No article was published in the future: what claims so (beyond a skewed clock) was published now."""
    return now if published > now + CLOCK_SKEW else published


def names_day_alone(published: dt.datetime, zone: dt.tzinfo) -> bool:
    """Whether this is how a day without an hour is read: midnight of the feed's zone, or of UTC, as software writes
    it."""
    return any(published.astimezone(one).time() == dt.time.min for one in (zone, dt.UTC))


def _build(found: dict[str, str | None], order: str, zone: dt.tzinfo) -> dt.datetime | None:
    tzinfo = _offset(found.get("zone"), zone)
    date = _date(found, order)
    if tzinfo is None or date is None:
        return None
    hour = _hour(int(found["hour"] or 0), found.get("half"))
    try:
        local = dt.datetime(*date, hour, int(found["minute"] or 0), int(found["second"] or 0), tzinfo=tzinfo)
        return None if local.date() in _ZEROS else local.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _date(found: dict[str, str | None], order: str) -> tuple[int, int, int] | None:
    year_text, month_text, day_text = found["year"] or "", found["month"] or "", found["day"] or ""
    if order == "named":
        month = _MONTHS.get(month_text.lower())
        return (_year(year_text), month, int(day_text)) if month else None
    month, day = int(month_text), int(day_text)
    # "10/2/2026 9:25:00 AM" is how .NET writes a date in en-US, month first; SA and CH are its Vietnamese AM and PM,
    # day first. Where only one reading is a date, it is that one.
    month_first = order == "day" and (found.get("half") or "").upper().startswith(("A", "P"))
    if (month_first and month <= 31 and day <= 12) or (order == "day" and month > 12 >= day):
        month, day = day, month
    return _year(year_text), month, day


def _year(digits: str) -> int:
    """Two digits below 50 are of this century, the others of the last (RFC 2822, section 4.3)."""
    if len(digits) != 2:
        return int(digits)
    return int(digits) + (2000 if int(digits) < 50 else 1900)


def _hour(hour: int, half: str | None) -> int:
    if half is None or hour > 12:
        return hour
    afternoon = half[0] in "PpC"
    return hour % 12 + (12 if afternoon else 0)


def _offset(words: str | None, default: dt.tzinfo) -> dt.tzinfo | None:
    """The zone that the words mean; None where they mean none that we know."""
    if not words:
        return default
    found = re.fullmatch(r"(?P<name>[A-Za-z]*)\s?(?:(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?)?", words)
    if found is None:
        return None
    base = _ZONES.get((found["name"] or "utc").lower())
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or 0)
    if base is None or hours > 14 or minutes > 59:
        return None
    shift = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(dt.timedelta(hours=base) + (-shift if found["sign"] == "-" else shift))
