"""What words for times mean, seen from Wednesday, 15 May 2024."""

from __future__ import annotations

import datetime as dt

import pytest

from services.classify.days import Days, resolve, year_told
from services.classify.times import TimeExpr, find_times

TODAY = dt.date(2024, 5, 15)


def read(text: str) -> TimeExpr:
    (expression,) = find_times(text, 0, len(text))
    return expression


def iso(days: Days) -> tuple[str | None, ...]:
    return days.date, *(day.isoformat() if day else None for day in (days.since, days.until))


@pytest.mark.parametrize(
    ("text", "date", "undated"),
    [
        # day and month; the year is the article's
        ("hôm 28-1", "2024-01-28", "????-01-28"),
        ("ngày 28/1", "2024-01-28", "????-01-28"),
        ("ngày 28.1", "2024-01-28", "????-01-28"),
        ("ngày 28 tháng 1", "2024-01-28", "????-01-28"),
        ("14 tháng 5", "2024-05-14", "????-05-14"),
        ("mùng 3/5", "2024-05-03", "????-05-03"),
        ("hôm 15-5", "2024-05-15", "????-05-15"),
        ("ngày 16-5", "2024-05-16", "????-05-16"),
        ("hôm 30/12", "2023-12-30", "????-12-30"),
        ("hôm 29/2", "2024-02-29", "????-02-29"),
        ("ngày 31/6", None, "????-06-31"),
        # with a year
        ("hôm 28/1/2023", "2023-01-28", "2023-01-28"),
        ("28-1-2023", "2023-01-28", "2023-01-28"),
        ("ngày 28 tháng 1 năm 2023", "2023-01-28", "2023-01-28"),
        ("ngày 18/3/25", "2025-03-18", "2025-03-18"),
        ("ngày 29/2/2023", None, None),
        # with a part of the day or a weekday
        ("tối 14-5", "2024-05-14", "????-05-14"),
        ("rạng sáng 14/5", "2024-05-14", "????-05-14"),
        ("hôm thứ ba, 14/5", "2024-05-14", "????-05-14"),
        ("hôm chủ nhật (12/5)", "2024-05-12", "????-05-12"),
        # relative to the day of publication
        ("hôm nay", "2024-05-15", None),
        ("sáng nay", "2024-05-15", None),
        ("rạng sáng nay", "2024-05-15", None),
        ("đêm nay", "2024-05-15", None),
        ("hôm qua", "2024-05-14", None),
        ("ngày hôm qua", "2024-05-14", None),
        ("chiều qua", "2024-05-14", None),
        ("đêm qua", "2024-05-14", None),
        ("tối muộn hôm qua", "2024-05-14", None),
        ("hôm kia", "2024-05-13", None),
        ("ngày mai", "2024-05-16", None),
        ("sáng mai", "2024-05-16", None),
        ("ngày kia", "2024-05-17", None),
        ("ba ngày trước", "2024-05-12", None),
        ("cách đây 3 ngày", "2024-05-12", None),
        # weekdays
        ("hôm thứ hai", "2024-05-13", None),
        ("hôm thứ tư", "2024-05-15", None),
        ("tối thứ năm", "2024-05-09", None),
        ("chiều thứ 5", "2024-05-09", None),
        ("chủ nhật", "2024-05-12", None),
        ("thứ ba tuần trước", "2024-05-07", None),
        ("thứ tư tuần này", "2024-05-15", None),
        ("thứ hai tuần tới", "2024-05-20", None),
        ("thứ năm tới", "2024-05-16", None),
        ("chủ nhật tới", "2024-05-19", None),
        ("thứ tư tới", "2024-05-22", None),
        ("ngày 10 tháng năm", "2024-05-10", "????-05-10"),
        ("hôm mùng 3 tháng tư", "2024-04-03", "????-04-03"),
        ("tối 5 tháng mười hai năm 2023", "2023-12-05", "2023-12-05"),
    ],
)
def test_days(text: str, date: str | None, undated: str | None) -> None:
    days = resolve(read(text), TODAY)
    assert iso(days) == (date, date, date)
    assert resolve(read(text), None).date == undated


@pytest.mark.parametrize(
    ("text", "date", "since", "until"),
    [
        ("tuần này", None, "2024-05-13", "2024-05-19"),
        ("tuần trước", None, "2024-05-06", "2024-05-12"),
        ("tuần sau", None, "2024-05-20", "2024-05-26"),
        ("đầu tuần này", None, "2024-05-13", "2024-05-15"),
        ("cuối tuần qua", None, "2024-05-10", "2024-05-12"),
        ("cuối tuần", None, "2024-05-10", "2024-05-12"),
        ("cuối tuần này", None, "2024-05-17", "2024-05-19"),
        ("tháng này", "2024-05-??", "2024-05-01", "2024-05-15"),
        ("đầu tháng này", "2024-05-??", "2024-05-01", "2024-05-12"),
        ("cuối tháng trước", "2024-04-??", "2024-04-19", "2024-04-30"),
        ("tháng tới", "2024-06-??", "2024-06-01", "2024-06-30"),
        ("hồi tháng 1", "2024-01-??", "2024-01-01", "2024-01-31"),
        ("tháng mười hai", "2023-12-??", "2023-12-01", "2023-12-31"),
        ("tháng 12 năm ngoái", "2023-12-??", "2023-12-01", "2023-12-31"),
        ("tháng 12/2021", "2021-12-??", "2021-12-01", "2021-12-31"),
        ("tháng 2 năm 2020", "2020-02-??", "2020-02-01", "2020-02-29"),
        ("năm ngoái", None, "2023-01-01", "2023-12-31"),
        ("năm 2019", None, "2019-01-01", "2019-12-31"),
        ("hai tuần trước", None, "2024-04-28", "2024-05-04"),
    ],
)
def test_spans(text: str, date: str | None, since: str, until: str) -> None:
    assert iso(resolve(read(text), TODAY)) == (date, since, until)


def test_the_weekend_of_what_lies_ahead_is_the_next() -> None:
    assert iso(resolve(read("cuối tuần"), TODAY, ahead=True)) == (None, "2024-05-17", "2024-05-19")


@pytest.mark.parametrize(
    ("text", "past", "ahead"),
    [
        ("hôm thứ hai", "2024-05-13", "2024-05-20"),
        ("tối thứ ba", "2024-05-14", "2024-05-21"),
        ("chiều thứ sáu", "2024-05-10", "2024-05-17"),
        ("ngày 20/7", "2023-07-20", "2024-07-20"),
        ("ngày 28/6", "2024-06-28", "2024-06-28"),
        ("ngày mai", "2024-05-16", "2024-05-16"),
    ],
)
def test_what_lies_ahead_is_the_next_such_day(text: str, past: str, ahead: str) -> None:
    assert resolve(read(text), TODAY).date == past
    assert resolve(read(text), TODAY, ahead=True).date == ahead


@pytest.mark.parametrize(
    ("text", "today", "date"),
    [
        ("hôm 30-12", "2024-01-03", "2023-12-30"),
        ("ngày 2-1", "2024-12-30", "2025-01-02"),
        ("tháng 12", "2024-01-03", "2023-12-??"),
        ("tháng trước", "2024-01-03", "2023-12-??"),
        ("tháng tới", "2024-12-30", "2025-01-??"),
        ("thứ hai tuần trước", "2024-01-03", "2023-12-25"),
        ("hôm qua", "2024-03-01", "2024-02-29"),
    ],
)
def test_over_the_turn_of_the_year(text: str, today: str, date: str) -> None:
    assert resolve(read(text), dt.date.fromisoformat(today)).date == date


@pytest.mark.parametrize(
    ("text", "year"),
    [("15/11/2021", 2021), ("tháng 10 năm ngoái", 2023), ("tháng 10", None), ("hôm 15/11", None)],
)
def test_the_year_that_is_told(text: str, year: int | None) -> None:
    assert year_told(read(text), TODAY) == year


def test_a_year_told_by_itself_needs_no_day_of_publication() -> None:
    assert year_told(read("15/11/2021"), None) == 2021
    assert year_told(read("tháng 10 năm ngoái"), None) is None


def test_the_year_is_marked_where_the_text_does_not_give_it() -> None:
    assert resolve(read("hôm 28-1"), TODAY).year_assumed
    assert resolve(read("hồi tháng 1"), TODAY).year_assumed
    assert not resolve(read("hôm 28-1-2024"), TODAY).year_assumed
    assert not resolve(read("hôm qua"), TODAY).year_assumed


@pytest.mark.parametrize(
    "text", ["cùng ngày", "trong ngày", "chiều cùng ngày", "ngay sau đó", "vài giờ trước đó", "trước đó 2 giờ"]
)
def test_the_same_day_is_that_of_another_sentence(text: str) -> None:
    assert read(text).kind == "same_day"
    assert iso(resolve(read(text), TODAY)) == (None, None, None)
