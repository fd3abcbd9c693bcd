"""What the pages say, in both languages: one row of `data/page.csv` for each phrase. Pure but for reading its file."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from shared.data_files import data_of
from shared.names import LANGUAGES, Language, fill


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[str, str]]:
    """All phrases, English and Vietnamese; what a newsroom's own file lacks is said as it was."""
    folder = data_of("status")
    rows = (*folder.as_built.rows("page.csv"), *folder.rows("page.csv"))
    return {row["key"]: (row["en"], row["vi"]) for row in rows}


class Voice(msgspec.Struct, frozen=True):
    """A language and the desk's zone: how a page speaks at one moment."""

    language: Language
    zone: str
    now: dt.datetime

    def say(self, key: str, **values: object) -> str:
        """A phrase, filled. Raises KeyError for one that there is not."""
        template = phrases()[key][LANGUAGES.index(self.language)]
        return fill(template, {name: str(value) for name, value in values.items()}) or template

    def at(self, moment: dt.datetime) -> str:
        """A moment in the desk's zone: "18 Mar 2025, 23:00", "18/3/2025, 23:00"."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return f"{self.day(local.date().isoformat())}, {local:%H:%M}"

    def clock(self, hour: dt.time) -> str:
        """An hour in UTC of the last day, in the desk's zone: "23:45"."""
        at = dt.datetime.combine(self.now.astimezone(dt.UTC).date(), hour, dt.UTC)
        passed = at if at <= self.now else at - dt.timedelta(days=1)
        return f"{passed.astimezone(ZoneInfo(self.zone)):%H:%M}"

    def day(self, date: str) -> str:
        """An ISO day, `?` for what is not known: "18 Mar 2025", "Mar 2025", "2025"."""
        years, months, days = [part if part.isdigit() else "" for part in date.split("-")]
        if self.language == "vi":
            parts = [str(int(part)) for part in (days, months) if part]
            return "/".join([*parts, *([years] if years else [])])
        month = _MONTHS[int(months)] if months else ""
        return " ".join(part for part in (str(int(days)) if days else "", month, years) if part)

    def span(self, seconds: float) -> str:
        """A time in its largest unit: "41 s", "3 min", "5 h", "2 d"; never negative."""
        units = (("d", "ngày", 86_400), ("h", "giờ", 3600), ("min", "phút", 60))
        for english, vietnamese, length in units:
            if seconds >= 2 * length:
                return f"{seconds / length:.0f} {english if self.language == 'en' else vietnamese}"
        return f"{max(0.0, seconds):.0f} {'s' if self.language == 'en' else 'giây'}"

    def ago(self, moment: dt.datetime | None) -> str:
        """How long ago a moment was, or in how long it will be."""
        if moment is None:
            return self.say("never")
        seconds = (self.now - moment).total_seconds()
        if abs(seconds) < 1:
            return self.say("now")
        return self.say("ago" if seconds > 0 else "in_span", span=self.span(abs(seconds)))


_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
