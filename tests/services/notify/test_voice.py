"""Days, hours, lengths, counts and lists, as the desk writes them in either language."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from services.notify.voice import Voice, short_id
from services.notify.wording import load_wording, phrase
from shared.names import LANGUAGES, SLOT, load_names
from shared.records import Bound, Duration, Speaker

EN, VI = (Voice(language, ZoneInfo("Asia/Ho_Chi_Minh"), load_names()) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("date", "english", "vietnamese"),
    [
        ("2017-01-28", "28 Jan 2017", "28/1/2017"),
        ("????-02-14", "14 Feb", "14/2"),
        ("2021-12-??", "December 2021", "tháng 12/2021"),
        ("????-12-??", "December", "tháng 12"),
        ("????-02-29", "29 Feb", "29/2"),
        ("2021-??-??", "2021", "2021"),
        ("????-??-??", "", ""),
    ],
)
def test_days(date: str, english: str, vietnamese: str) -> None:
    assert (EN.day(date), VI.day(date)) == (english, vietnamese)


@pytest.mark.parametrize(
    ("number", "none", "english", "vietnamese"),
    [
        (0, True, "no call", "không có cuộc điện đàm nào"),
        (0, False, "0 calls", "0 cuộc điện đàm"),
        (1, True, "1 call", "1 cuộc điện đàm"),
        (2, False, "2 calls", "2 cuộc điện đàm"),
    ],
)
def test_numbers_of_things(number: int, none: bool, english: str, vietnamese: str) -> None:
    assert [voice.counted("call", number, none=none) for voice in (EN, VI)] == [english, vietnamese]


def test_a_headline_writes_the_month_out() -> None:
    assert EN.day("2025-03-18", long=True, year=False) == "18 March"
    assert VI.day("2025-03-18", long=True, year=False) == "18/3"


@pytest.mark.parametrize(
    ("minutes", "bound", "text", "english", "vietnamese"),
    [
        (90, "over", "hơn một tiếng rưỡi", "over an hour and a half", "hơn một tiếng rưỡi"),
        (90, "over", "hơn 90 phút", "over 90 minutes", "hơn 90 phút"),
        (90, "exact", "1,5 giờ đồng hồ", "an hour and a half", "một giờ rưỡi"),
        (60, "about", "khoảng 1 giờ", "about 1 hour", "khoảng 1 giờ"),
        (60, "under", "gần một tiếng", "close to 1 hour", "gần 1 tiếng"),
        (120, "about", "khoảng 2 tiếng", "about 2 hours", "khoảng 2 tiếng"),
        (150, "under", "gần hai tiếng rưỡi", "close to 2½ hours", "gần 2 tiếng rưỡi"),
        (50, "exact", "50 phút", "50 minutes", "50 phút"),
        (1, "exact", "1 phút", "1 minute", "1 phút"),
        (75, "exact", "1 giờ 15 phút", "75 minutes", "75 phút"),
    ],
)
def test_lengths_keep_their_bound_and_unit(
    minutes: int, bound: Bound, text: str, english: str, vietnamese: str
) -> None:
    duration = Duration(minutes=minutes, bound=bound, text=text)
    assert (EN.length(duration), VI.length(duration)) == (english, vietnamese)


@pytest.mark.parametrize(
    ("minutes", "english", "vietnamese"),
    [(177, "nearly 3", "gần 3 tiếng"), (180, "3", "3 tiếng"), (155, "over 2½", "hơn 2 tiếng rưỡi")],
)
def test_from_one_clock_to_another(minutes: int, english: str, vietnamese: str) -> None:
    assert (EN.span_of_hours(minutes), VI.span_of_hours(minutes)) == (english, vietnamese)


@pytest.mark.parametrize(
    ("number", "english", "vietnamese"),
    [
        (1, "first", "đầu tiên"),
        (2, "second", "thứ hai"),
        (4, "fourth", "thứ tư"),
        (12, "12th", "thứ 12"),
        (21, "21st", "thứ 21"),
    ],
)
def test_ordinals(number: int, english: str, vietnamese: str) -> None:
    assert (EN.ordinal(number), VI.ordinal(number)) == (english, vietnamese)


@pytest.mark.parametrize(
    ("hour", "english", "vietnamese"),
    [
        (0, "12:35 am", "12:35 sáng"),
        (8, "8:35 am", "8:35 sáng"),
        (12, "12:35 pm", "12:35 trưa"),
        (21, "9:35 pm", "9:35 tối"),
    ],
)
def test_an_hour_abroad(hour: int, english: str, vietnamese: str) -> None:
    moment = dt.datetime(2025, 1, 1, hour, 35, tzinfo=dt.UTC)
    assert (EN.clock12(moment), VI.clock12(moment)) == (english, vietnamese)


def test_who_says_it() -> None:
    hint = Speaker(id="white_house", text="Nhà Trắng", side="US", hedge="hinted")
    passed_on = Speaker(id="kremlin", text="phía Moscow", side="RU", via="rt")
    assert [EN.speaker(hint), VI.speaker(hint)] == ["White House hint", "Nhà Trắng ám chỉ"]
    assert [EN.speaker(passed_on), VI.speaker(passed_on)] == ["Kremlin, via RT", "Điện Kremlin, theo RT"]
    spokesman = Speaker(id="x:spokesman", text="Meloni", side="IT", role="spokesman")
    assert [EN.speaker(spokesman), VI.speaker(spokesman)] == ["Meloni's spokesman", "người phát ngôn của Meloni"]
    assert EN.said_by(None) == ""


def test_lists() -> None:
    assert [EN.listed(items) for items in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
    assert VI.listed(["A", "B", "C"]) == "A, B và C"


@pytest.mark.parametrize(
    ("article", "short"),
    [("003_56b6f42cd140b67f", "003"), ("t0001", "t0001"), ("https://example.org/a-long-address", "https://exa…")],
)
def test_short_ids(article: str, short: str) -> None:
    assert short_id(article) == short


def test_a_phrase_that_is_not_filled_is_a_bug() -> None:
    with pytest.raises(ValueError, match="headline_held"):
        EN.say("headline_held")
    with pytest.raises(KeyError):
        phrase("no_such_phrase", "en")


def test_every_phrase_is_in_both_languages_with_the_same_slots() -> None:
    for key, (english, vietnamese) in load_wording().items():
        assert set(SLOT.findall(english)) == set(SLOT.findall(vietnamese)), key
        assert english.count("[") == english.count("]"), key


def test_styles_are_read_before_foreign_text_is_filled_in() -> None:
    spans = EN.styled("claim_official_call_plain", ordinal="_first_ *x*")
    assert [(span.text, span.style) for span in spans] == [
        ("their _first_ *x* ", "plain"),
        ("official", "italic"),
        (" call", "plain"),
    ]
