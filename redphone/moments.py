"""Moments and spans as a person writes them on the command line: 45m, 2h, 7d; 06:00, 2026-05-04T06:00. Pure."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from shared.errors import UsageError

SPAN = re.compile(r"(\d{1,4})([mhdw])")
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def moment_of(until: str | None, span: str | None, now: dt.datetime, zone: str) -> dt.datetime | None:
    """The moment that `--until` or `--for` means, None for neither; a bare hour is the next one in the desk's zone.

    Raises UsageError for both at once, for what cannot be read, and for a moment that is over.
    """
    if until and span:
        raise UsageError("write --until or --for, not both")
    if span:
        return now + span_of(span)
    if not until:
        return None
    found = _next_hour(until, now, ZoneInfo(zone)) or _written(until, ZoneInfo(zone))
    if found <= now:
        raise UsageError(f"{until} is over")
    return found


def span_of(text: str) -> dt.timedelta:
    """ "45m", "2h", "7d", "1w". Raises UsageError for anything else."""
    match = SPAN.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise UsageError(f"{text!r} is no span of time: write 45m, 2h, 7d or 1w")
    return dt.timedelta(**{UNITS[match[2]]: int(match[1])})


def _next_hour(text: str, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    match = HOUR.fullmatch(text)
    if match is None:
        return None
    local = now.astimezone(zone)
    at = local.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    return at if at > local else at + dt.timedelta(days=1)


def _written(text: str, zone: ZoneInfo) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no moment: write 06:00 or 2026-05-04T06:00") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
