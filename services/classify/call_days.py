"""The days of a mention whose sentence gives several: one for each of two calls, the last of many, their year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from services.classify.mention import Mention
from services.classify.regex import regex
from services.classify.times import DAYS, TimeExpr
from services.classify.written import date_of

#: What a call is about, which may have had days of its own: "về các cuộc không kích hôm 10/5 và 13/5".
_ABOUT = r"(?:về|liên quan|xoay quanh|bàn)(?: đến| tới| về)?(?: các| những| một| hai)? "
#: "Hai cuộc điện đàm với ông A, hôm 15/11 và 17/11".
_TWO_DAYS = regex(
    r"(?:hai|2|các|những) (?:lần |đã )*Q(?:(?! (?:"
    rf"(?:{_ABOUT})?(?:vụ|trận|đợt|sự cố|cuộc tấn công)|{_ABOUT}(?:cuộc|chuyến|hội nghị|phiên|lễ|bầu cử|thượng đỉnh)|"
    r"kể từ) )[^;])*? T. và T.|"
    r"sau các Q. T. và T."
)
#: "Hai người đã hai lần điện đàm trong năm nay, lần gần nhất là hồi tháng 9".
_LAST_OF_THEM = regex(
    r"lần Q.[^;:]*, (?:và )?lần (?:gần (?:đây )?nhất|mới nhất|sau cùng)(?: là| diễn ra)?(?: vào| hôm| hồi)*"
    r" (?P<last>T.)"
)
#: What may stand between somebody and the day of the call with him.
_ON = ("", "vào", "hồi", "lúc", "(")
_SEVERAL = 2
_LATELY = dt.timedelta(days=31)
_THAT_YEAR = (" năm đó", " năm ấy", " cùng năm")
_THIS_YEAR = (" vừa qua", " vừa rồi", " năm nay")
#: "Hôm 10/4" is said of days that are nearer than a bare "ngày 10/4" has to be.
_LATELY_TOLD = dt.timedelta(days=60)

#: "Cuộc trao đổi đầu tiên giữa hai người kể từ ngày 21/8": there was one on that day.
_FIRST_SINCE = regex(r"(?:đầu tiên|lần đầu)(?! tiên (?:trong|của))[^.;:]{0,60} kể (?:từ )?(?P<last>T.)(?:[.;,]|$)")


#: "Nói chuyện với ông A hai lần: hôm 11/7, khi bàn về tù binh, và ngày 7/8, sau khi …".
_TWICE = regex(
    r"(?:Q.(?: (?:qua )?điện thoại)?(?: với [LPU].)? (?:hai|2) lần|(?:hai|2) lần Q.(?: với [LPU].)?): "
    r"(?P<one>T.)[^;]{0,60}? và (?P<other>T.)"
)
#: "Đây là lần thứ hai hai ông nói chuyện, sau lần kéo dài 90 phút ngày 12/2": the one before.
_AFTER_THAT_OF = regex(
    r"(?:lần thứ \w+[^.;:]{0,90} Q|Q[^.;:]{0,20} thứ \w+)[^.;:]{0,90}, sau lần "
    r"(?:(?:đầu(?: tiên)?|trước(?: đó)?|gần (?:đây )?nhất) )?(?:(?:kéo )?dài D. )?(?P<last>T.)(?:[.;,]|$)"
)


def one_a_day(mention: Mention) -> list[Mention]:
    """A mention of two calls with the day of each, as two mentions; one that counts calls, as the last of them."""
    if last := _LAST_OF_THEM.search(mention.skeleton.text):
        day = mention.skeleton.item(last["last"])
        return [msgspec.structs.replace(mention, times=(day,) if isinstance(day, TimeExpr) else ())]
    if twice := _TWICE.search(mention.skeleton.text):
        both = [mention.skeleton.item(twice[name]) for name in ("one", "other")]
        return [msgspec.structs.replace(mention, times=(t,)) for t in both if isinstance(t, TimeExpr)]
    days = [t for t in mention.times if t.kind in ("day", "weekday")]
    if len(days) != 2 or not _TWO_DAYS.search(mention.skeleton.text):
        return [mention]
    return [msgspec.structs.replace(mention, times=(day,)) for day in sorted(days, key=lambda t: t.start)]


def with_the_one_before(mention: Mention) -> list[Mention]:
    """A mention, and the call that it tells to be the last one before: "lần đầu hai người trao đổi kể từ ngày 21/8"."""
    since = _FIRST_SINCE.search(mention.skeleton.text) or _AFTER_THAT_OF.search(mention.skeleton.text)
    day = mention.skeleton.item(since["last"]) if since else None
    if not isinstance(day, TimeExpr) or day.kind != "day" or len(mention.leaders) != 2:
        return [mention]
    return [mention, msgspec.structs.replace(mention, kind="full", times=(day,), caller=None)]


def day_of_each(mention: Mention, ends: Sequence[int]) -> tuple[TimeExpr, ...]:
    """The day of the call with each of several who are named one behind the other, where the phrases for them end at
    `ends`: "điện đàm với ông A hôm 6/6 và ông B hôm 9/6", "với ông A hôm 6/6, rồi ông B và ông C hôm 9/6". Empty where
    the sentence does not give days to them all."""
    lower = mention.sentence.lower
    days = [t for t in mention.sentence.times if t.kind in DAYS]
    beside = [next((t for t in days if t.start >= end and lower[end : t.start].strip() in _ON), None) for end in ends]
    if sum(day is not None for day in beside) < _SEVERAL or beside[-1] is None:
        return ()
    return tuple(next(day for day in beside[place:] if day is not None) for place in range(len(ends)))


def in_order(times: Sequence[TimeExpr], then: dt.date, today: dt.date, lower: str) -> dict[int, dt.date]:
    """The days without a year of a sentence (`lower`) that a look back tells in order, by where each stands: the next
    such day after the last one told, `then`, or one of "năm đó". Days to come are left out."""
    found: dict[int, dt.date] = {}
    for time in times:
        if time.kind != "day" or time.month is None or time.day is None or time.shift:
            continue
        of_that_year = time.year or (then.year if lower.startswith(_THAT_YEAR, time.end) else None)
        if lower.startswith(_THIS_YEAR, time.end):
            of_that_year = _last_such(time, today).year
        first = date_of(msgspec.structs.replace(time, year=of_that_year or then.year))
        if first is not None and not of_that_year and first < then:
            first = date_of(msgspec.structs.replace(time, year=then.year + 1))
        goes_on = first is not None and (of_that_year or first - then <= _LATELY or not _is_of_late(time, today, lower))
        if goes_on and first is not None and first <= today:
            then = found[time.start] = first
    return found


def _is_of_late(time: TimeExpr, today: dt.date, lower: str) -> bool:
    """Whether a day without a year may be one of these weeks, of which articles that look back tell as well."""
    reach = _LATELY_TOLD if lower.startswith("hôm ", time.start) else _LATELY
    return today - _last_such(time, today) <= reach


def _last_such(time: TimeExpr, today: dt.date) -> dt.date:
    """The last day up to today that a day without a year may be."""
    days = (date_of(msgspec.structs.replace(time, year=year)) for year in (today.year, today.year - 1))
    return next((day for day in days if day is not None and day <= today), dt.date.min)


def with_years(times: Iterable[TimeExpr], days: Mapping[int, dt.date]) -> tuple[TimeExpr, ...]:
    """Times with the years of the days that stand in their places (see `in_order`)."""
    return tuple(msgspec.structs.replace(t, year=days[t.start].year) if t.start in days else t for t in times)


def with_year(times: list[TimeExpr], today: dt.date | None) -> tuple[TimeExpr, ...]:
    """ "Năm 2019, ông A từng có cuộc điện đàm với ông B ngày 25/7": the day is one of that year, and so is the first
    month of "vào tháng 2 và tháng 7/2020"."""
    of_months = {t.year for t in times if t.kind == "month" and t.year}
    if len(of_months) == 1:
        (named,) = of_months
        return tuple(msgspec.structs.replace(t, year=named) if t.kind == "month" and not t.shift else t for t in times)
    years = {t.year or (today.year + t.shift if today else None) for t in times if t.kind == "year"}
    if len(years) != 1:
        return tuple(times)
    (year,) = years
    return tuple(msgspec.structs.replace(t, year=year) if t.kind == "day" and t.year is None else t for t in times)
