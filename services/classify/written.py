"""When an article was written, and how long ago the times are that it tells.

The day of publication says it; where there is none, the text's own days do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from services.classify.days import Days, resolve
from services.classify.mention import Sentence
from services.classify.reading import ReadArticle
from services.classify.regex import regex
from services.classify.times import TimeExpr

#: A call held longer ago than this many days before the article is history, not news ("within about a week").
NEWS_DAYS = 9
#: Sentences at the head of an article, its title and summary among them, where news stands.
HEAD = 4
_DAYS_OF = {"day": 1, "week": 7, "month": 30, "year": 365}
#: The hours at which parts of the day begin at the earliest.
_BEGINS: dict[str, int] = {"afternoon": 12, "evening": 17, "night": 20}
_FUTURE = regex(
    r"(?<!\w)(?:sẽ|sắp|dự kiến|tuần tới|tháng tới|tới đây|"
    r"(?:thượng đỉnh|hội nghị|bầu cử|gặp nhau|lễ nhậm chức|hội đàm|chuyến thăm)"
    r"(?:(?! (?:hôm|tối|sáng|chiều|đêm)|vừa qua)[^.;,]){0,60} ngày \d{1,2})(?!\w)"
)
#: What stands in every sentence that tells a year since 2000, or a day of a month.
_YEAR = regex(r"20\d\d|[-/.]\d\d(?!\d)")
_DAY = regex(r"\d(?: ?[-/.] ?| tháng )\d")
#: What stands before a year that is not reached.
_UP_TO = ("sau ", "đến ", "tới ", "cho đến ", "từ nay đến ")
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class TextDay(msgspec.Struct, frozen=True):
    """Month and day on which an undated article was written, and the index of the sentence that tells them."""

    month: int
    day: int
    sentence: int

    @property
    def ordinal(self) -> int:
        """Which day of a leap year it is, from 1."""
        return ordinal_of((self.month, self.day))


class Written(msgspec.Struct, frozen=True):
    """When an article was written, as far as it is known: day and hour of publication in Vietnam, or what its text
    tells of its day, its latest past year and its latest past date."""

    day: dt.date | None = None
    hour: int | None = None
    text_day: TextDay | None = None
    last_year: int | None = None
    last_date: dt.date | None = None

    def days(self, expression: TimeExpr, ahead: bool = False) -> Days:
        """The days that an expression allows, counted from the article's day; `ahead` reads it as one to come."""
        return resolve(expression, self.day, ahead)

    def age(self, expression: TimeExpr, sentence: int) -> bool | None:
        """True where a time told in a sentence is too long ago for news, False where it is not, None where it cannot
        be told. What the head of an undated article tells first is what it was written for."""
        if self.day is not None:
            days = self.days(expression)
            if days.until is None:
                return None
            # "đầu tháng" or a month that is over name some day of many: what counts is their middle
            loose = expression.kind == "month" and (expression.edge or days.until < self.day)
            day = days.until - (days.until - days.since) / 2 if loose and days.since else days.until
            return (self.day - day).days > NEWS_DAYS
        if expression.kind == "month":
            return expression.month is not None or expression.shift < 0 or expression.edge == "đầu"
        if expression.kind == "year":
            return True
        if expression.kind == "ago":
            return expression.shift * _DAYS_OF[expression.unit] < -NEWS_DAYS
        if expression.year is not None and expression.year < (self.last_year or 0) - 1:
            return True
        date = date_of(expression)
        if date is not None and self.last_date is not None and (self.last_date - date).days > NEWS_DAYS:
            return True
        text_day = self.text_day
        if expression.kind == "day" and text_day is not None and expression.month and expression.day:
            days_ago = (text_day.ordinal - ordinal_of((expression.month, expression.day))) % 366
            return sentence >= min(HEAD, text_day.sentence + 1) and NEWS_DAYS < days_ago < 300
        return None if expression.kind in ("same_day", "soon") else False

    def comes_later(self, expression: TimeExpr) -> bool:
        """Whether a part of the day is not reached when the article comes out: "tối nay" in the morning."""
        begins = _BEGINS.get(expression.day_part or "early", 0)
        of_today = expression.kind == "relative" and expression.shift == 0
        return of_today and self.hour is not None and self.hour < begins


def written_of(read: ReadArticle) -> Written:
    """When an article was written. Midnight is what feeds give for a day without its hour."""
    if read.article.published_at is None:
        return Written(text_day=_day_of_text(read), last_year=_last_year(read), last_date=_last_date(read))
    local = read.article.published_at.astimezone(_VIETNAM)
    return Written(local.date(), local.hour if (local.hour, local.minute) != (0, 0) else None)


def _last_year(read: ReadArticle) -> int | None:
    """The latest year that the text tells as past: an undated article is not older than that."""
    told = [(s, t) for s in _with(_YEAR, read) for t in s.times if t.year and 2000 <= t.year <= 2100]
    return max((t.year for s, t in told if t.year and not _is_bound(s, t)), default=None)


def _is_bound(sentence: Sentence, time: TimeExpr) -> bool:
    """Whether a year only bounds what is to come: "hoạt động hạt nhân sau năm 2025", "mục tiêu đến năm 2030"."""
    return sentence.lower.endswith(_UP_TO, sentence.start, time.start)


def _last_date(read: ReadArticle) -> dt.date | None:
    """The latest date with its year that the text tells as past: an undated article was not written before it."""
    told = [(s, t) for s in _with(_YEAR, read) if not s.caption for t in s.times]
    return max((d for s, t in told if (d := date_of(t)) is not None and _is_over(s, t)), default=None)


def date_of(time: TimeExpr) -> dt.date | None:
    """The date of an expression that tells day, month and year, or the first of a month with its year; None of another,
    and of a day that never was."""
    if time.kind not in ("day", "month") or not (time.year and time.month and (time.day or time.kind == "month")):
        return None
    try:
        return dt.date(time.year, time.month, time.day or 1)
    except ValueError:
        return None


def _with(sign: re.Pattern[str], read: ReadArticle) -> Iterator[Sentence]:
    """The sentences that hold a sign: the others need not be read for what it stands in."""
    return (s for s in read.sentences if sign.search(s.lower, s.start, s.end))


def _day_of_text(read: ReadArticle) -> TextDay | None:
    """The day on which an undated article was written, as far as its own days tell: one in the title, else the latest
    of those that it tells as past ("hôm 28/5") within three weeks of the first."""
    dated = [
        (s, t, TextDay(t.month, t.day, s.index))
        for s in _with(_DAY, read)
        for t in s.times
        if not s.caption and t.kind == "day" and t.month and t.day and (t.year is None or s.index < HEAD)
    ]
    if not dated:
        return None
    in_title = [day for sentence, _, day in dated if sentence.part == "title"]
    if in_title:
        return in_title[0]
    past = [day for sentence, time, day in dated if _is_over(sentence, time)] or [dated[0][2]]
    near = [d for d in past if 0 <= (d.ordinal - past[0].ordinal) % 366 <= 20]
    return max(near, key=lambda d: (d.ordinal - past[0].ordinal) % 366)


def _is_over(sentence: Sentence, time: TimeExpr) -> bool:
    """Whether a day is told as past: by "hôm", or where nothing before it speaks of what is to come."""
    words = sentence.lower[time.start : time.end]
    return words.startswith("hôm ") or _FUTURE.search(sentence.lower, sentence.start, time.end) is None


def ordinal_of(month_day: tuple[int, int]) -> int:
    """Which day of a leap year a month and day are, from 1; the 31st counts as the 30th."""
    return dt.date(2016, month_day[0], min(month_day[1], 29 if month_day[0] == 2 else 30)).timetuple().tm_yday
