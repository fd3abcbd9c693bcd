"""Words for times and lengths."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.classify.days import resolve
from services.classify.times import NUMBERS, TimeExpr, find_durations, find_times, number_words


def read(text: str) -> TimeExpr:
    (expression,) = find_times(text, 0, len(text))
    return expression


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
        ("lúc 11h ngày 20-2 (17h giờ việt nam)", "17:00", None, "việt nam"),
        ("lúc 11h ngày 20-2 (giờ paris)", "11:00", None, "paris"),
        ("lúc 20h ngày 20-2 (2h giờ việt nam)", "20:00", None, None),
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
        "sau 10 tháng hai bên",
        "trong 3 tháng hai nước",
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
