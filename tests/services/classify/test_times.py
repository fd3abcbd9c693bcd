"""Words for times and lengths, seen from Wednesday, 15 May 2024."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.classify.times import NUMBERS, Days, TimeExpr, find_durations, find_times, number_words, resolve

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


@pytest.mark.parametrize(
    ("text", "clock", "part", "zone"),
    [
        ("lúc 20 giờ ngày 14-5 (giờ việt nam)", "20:00", None, "việt nam"),
        ("khoảng 21h30 tối 14/5 theo giờ hà nội", "21:30", "evening", "hà nội"),
        ("21 giờ 30 phút ngày 14/5", "21:30", None, None),
        ("22g ngày 14-5", "22:00", None, None),
        ("9:30 sáng 14/5", "09:30", "morning", None),
        ("lúc 3 giờ chiều 14/5", "15:00", "afternoon", None),
        ("lúc 7 giờ tối qua", "19:00", "evening", None),
        ("lúc 8 giờ sáng nay", "08:00", "morning", None),
        ("12 giờ trưa 14/5", "12:00", "noon", None),
        ("lúc 0h ngày 14/5", "00:00", None, None),
        ("trưa 14-5 giờ địa phương", None, "noon", "địa phương"),
        ("rạng sáng 14/5", None, "early", None),
        ("chiều tối 14/5", None, "evening", None),
        ("nửa đêm 14/5", None, "night", None),
    ],
)
def test_hours(text: str, clock: str | None, part: str | None, zone: str | None) -> None:
    expression = read(text)
    assert (expression.clock, expression.day_part, expression.zone) == (clock, part, zone)


@pytest.mark.parametrize(
    "text",
    [
        "lần thứ hai",
        "ngày 32/5",
        "hôm 5/13",
        "tỉ số 3-1",
        "trực 24/7",
        "tăng 3/4",
        "phiên bản 2.5",
        "chiếm 12.5%",
        "số 29",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert find_times(text, 0, len(text)) == []


@pytest.mark.parametrize(
    ("text", "minutes", "bound"),
    [
        ("90 phút", 90, "exact"),
        ("suốt 40 phút", 40, "exact"),
        ("hai tiếng", 120, "exact"),
        ("hai giờ đồng hồ", 120, "exact"),
        ("nửa giờ", 30, "exact"),
        ("một tiếng rưỡi", 90, "exact"),
        ("1,5 giờ", 90, "exact"),
        ("2 giờ 10 phút", 130, "exact"),
        ("một giờ hai mươi phút", 80, "exact"),
        ("bốn mươi lăm phút", 45, "exact"),
        ("gần một giờ", 60, "under"),
        ("khoảng gần 2 tiếng", 120, "under"),
        ("chưa đầy 15 phút", 15, "under"),
        ("dưới 20 phút", 20, "under"),
        ("hơn một tiếng rưỡi", 90, "over"),
        ("ít nhất 45 phút", 45, "over"),
        ("khoảng 40 phút", 40, "about"),
        ("xấp xỉ một giờ", 60, "about"),
        ("30-40 phút", 40, "about"),
    ],
)
def test_lengths(text: str, minutes: int, bound: str) -> None:
    sentence = f"cuộc gọi kéo dài {text} hôm qua"
    (found,) = find_durations(sentence, 0, len(sentence))
    assert (found.minutes, found.bound, sentence[found.start : found.end]) == (minutes, bound, text)


def test_every_numeral_is_read_whole() -> None:
    assert [word for word in NUMBERS if re.findall(number_words(), f"{word} phút") != [word]] == []


@pytest.mark.parametrize("text", ["vài phút", "mấy tiếng", "bằng tiếng anh", "20 giờ việt nam", "700 phút", "0 phút"])
def test_what_is_no_length_of_a_call(text: str) -> None:
    assert find_durations(text, 0, len(text)) == []


WORDS = (
    "hôm ngày tối chiều qua nay mai thứ ba hai tuần tháng năm trước tới này cách đây giờ phút rưỡi gần",
    "3 12 28 2024 / - .",
)


@settings(deadline=None)
@example(words=["hôm", "qua", "giờ", "tới"], today=dt.date(2000, 1, 1), ahead=False)  # "tới" is no zone
@given(
    st.lists(st.sampled_from(" ".join(WORDS).split(" ")), max_size=12),
    st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    st.booleans(),
)
def test_any_row_of_words_gives_times_in_their_places(words: list[str], today: dt.date, ahead: bool) -> None:
    text = " ".join(words)
    times = find_times(text, 0, len(text))
    assert all(0 <= t.start < t.end <= len(text) for t in times)
    assert all(a.end <= b.start for a, b in pairwise(times))
    for expression in times:
        days = resolve(expression, today, ahead)
        assert days.since is None or days.until is None or days.since <= days.until
    for length in find_durations(text, 0, len(text)):
        assert 0 <= length.start < length.end <= len(text)
        assert 1 <= length.minutes <= 600
