"""Dates: each form of the catalogue's feeds, what cannot be read, and what holds for any date."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.dates import CLOCK_SKEW, FORMS, VIETNAM, clamp_future, names_day_alone, parse_date

NOW = dt.datetime(2026, 5, 4, 6, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("raw", "utc"),
    [
        ("Thu, 06 Feb 2025 20:30:48 +0700", "2025-02-06T13:30:48"),  # VnExpress
        ("Mon, 04 May 2026 12:05:08 GMT+7", "2026-05-04T05:05:08"),  # Tuổi Trẻ
        ("Mon, 04 May 2026 12:05:08 GMT+07:00", "2026-05-04T05:05:08"),
        ("Mon, 04 May 2026 12:05:08 GMT +7", "2026-05-04T05:05:08"),
        ("Mon, 04 May 2026 12:05:08 UTC+0700", "2026-05-04T05:05:08"),
        ("10/2/2026 9:25:00 AM", "2026-10-02T02:25:00"),  # Tuổi Trẻ: month first
        ("10/2/2026 12:25:00 AM", "2026-10-01T17:25:00"),
        ("10/2/2026 12:25:00 PM", "2026-10-02T05:25:00"),
        ("13/2/2026 9:25:00 AM", "2026-02-13T02:25:00"),  # no thirteenth month, so day first after all
        ("10/2/2026 9:25:00 SA", "2026-02-10T02:25:00"),  # .NET in Vietnamese: day first
        ("10/2/2026 9:25:00 CH", "2026-02-10T14:25:00"),
        ("Mon, 05 Oct 26 14:10:00 +0700", "2026-10-05T07:10:00"),  # Thanh Niên
        ("Mon, 05 Oct 98 14:10:00 +0700", "1998-10-05T07:10:00"),  # two digits: 50 to 99 are of the last century
        ("05 Oct 49 14:10:00 +0700", "2049-10-05T07:10:00"),
        ("05 Oct 50 14:10:00 +0700", "1950-10-05T07:10:00"),
        ("Mon, 05 Oct 2026 11:07:00 +07", "2026-10-05T04:07:00"),  # VCCorp
        ("Mon, 05 Oct 2026 11:07:00 +7", "2026-10-05T04:07:00"),
        ("Mon, 05 Oct 2026 11:07:00 +0000 (UTC)", "2026-10-05T11:07:00"),
        ("Mon, 05 Oct 2026 11:07:00 +0700 (Indochina Time)", "2026-10-05T04:07:00"),
        ("Thứ 5, 28/05/2026 17:00:00 GMT+7", "2026-05-28T10:00:00"),
        ("Thứ năm, 28/5/2026, 17:00 (GMT+7)", "2026-05-28T10:00:00"),
        ("Thứ Hai, 4/5/2026, 12:05", "2026-05-04T05:05:00"),
        ("Chủ nhật, 3/5/2026 | 07:00", "2026-05-03T00:00:00"),
        ("CN, 3/5/2026 07:00", "2026-05-03T00:00:00"),
        ("14/04/2025 10:00", "2025-04-14T03:00:00"),
        ("14-04-2025 10h05", "2025-04-14T03:05:00"),
        ("17:00 28/05/2026", "2026-05-28T10:00:00"),
        ("17:00, thứ năm ngày 28/05/2026", "2026-05-28T10:00:00"),
        ("Thứ năm, ngày 28 tháng 5 năm 2026 17:00", "2026-05-28T10:00:00"),
        ("Ngày 28 tháng 05, 2026 - 17h05", "2026-05-28T10:05:00"),
        ("28 tháng 5 năm 2026", "2026-05-27T17:00:00"),
        ("04/14/2025 10:00", "2025-04-14T03:00:00"),  # the only reading that is a date
        ("Thu, 06 Feb 2025 20:30:48", "2025-02-06T13:30:48"),  # no zone: Vietnam
        ("6 Feb 2025 20:30", "2025-02-06T13:30:00"),
        ("Thu, 06 Feb 2025 20:30:48 GMT", "2025-02-06T20:30:48"),
        ("Thu, 06 Feb 2025 20:30:48 Z", "2025-02-06T20:30:48"),
        ("Thu, 06 Feb 2025 20:30:48 EST", "2025-02-07T01:30:48"),
        ("Thu, 06 Feb 2025 20:30:48 KST", "2025-02-06T11:30:48"),
        ("Thu, 06 Feb 2025 20:30:48 -0330", "2025-02-07T00:00:48"),
        ("  Thu,  06 Feb 2025\n20:30:48 +0700 ", "2025-02-06T13:30:48"),
        ("2026-07-25T09:05:00Z", "2026-07-25T09:05:00"),
        ("2026-07-25T09:05:00.123456+07:00", "2026-07-25T02:05:00"),
        ("2026-07-25 09:05:00", "2026-07-25T02:05:00"),
        ("2026-07-25", "2026-07-24T17:00:00"),
        ("25/07/2026", "2026-07-24T17:00:00"),
    ],
)
def test_forms(raw: str, utc: str) -> None:
    assert parse_date(raw) == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize("day", ["Thứ Hai,", "Chủ nhật,", "Thứ bảy, ngày", "Thứ 2 ngày"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_that_stand_by_themselves_are_read_as_those_that_do_not(day: str, form: Literal["NFC", "NFD"]) -> None:
    raw = unicodedata.normalize(form, f"{day} 4/5/2026, 12:05")
    assert parse_date(raw) == dt.datetime(2026, 5, 4, 5, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "raw",
    ["", "hôm qua", "31/02/2025 10:00", "Thu, 06 Foo 2025 20:30:48 +0700", "06 Feb 2025 25:00:00",
     "06 Feb 2025 20:30 XYZ",
     "06 Feb 2025 20:30 +9900", "0000-00-00T00:00:00Z", "0001-01-01T00:00:00+07:00", "1/1/2026 1:2:3:4", "24.11",
     "Mon, 01 Jan 0001 00:00:00 GMT", "1/1/1900 12:00:00 AM", "1899-12-30", "1753-01-01T00:00:00",
     "Thu, 01 Jan 1970 07:00:00 +0700", "1970-01-01T00:00:00Z", "Wed, 31 Dec 1969 19:00:00 -0500"],
)  # fmt: skip
def test_unreadable(raw: str) -> None:
    assert parse_date(raw) is None


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.order)
def test_each_form_reads_its_own_example(form: object) -> None:
    example = getattr(form, "example", "")
    assert getattr(form, "pattern").fullmatch(example)  # noqa: B009
    assert parse_date(example) is not None


def test_bare_times_are_the_feeds_own() -> None:
    assert parse_date("06 Jul 2025 20:30", ZoneInfo("Europe/Paris")) == dt.datetime(2025, 7, 6, 18, 30, tzinfo=dt.UTC)


def test_future_is_now_but_a_skewed_clock_is_believed() -> None:
    assert clamp_future(NOW + dt.timedelta(hours=7), NOW) == NOW
    assert clamp_future(NOW + CLOCK_SKEW, NOW) == NOW + CLOCK_SKEW
    assert clamp_future(NOW - dt.timedelta(days=9), NOW) == NOW - dt.timedelta(days=9)


moments = st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2099, 12, 30)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001
offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: dt.timezone(dt.timedelta(minutes=15 * quarters)))


@given(moments, offsets)
def test_what_is_written_by_the_standards_is_read_back(at: dt.datetime, zone: dt.timezone) -> None:
    aware = at.replace(tzinfo=zone)
    assert parse_date(aware.strftime("%a, %d %b %Y %H:%M:%S %z")) == aware
    assert parse_date(aware.isoformat()) == aware


@given(moments)
def test_bare_vietnamese_times_are_vietnam_time(at: dt.datetime) -> None:
    assert parse_date(at.strftime("%d/%m/%Y %H:%M:%S")) == at.replace(tzinfo=VIETNAM)
    assert parse_date(at.strftime("Thứ 2, %d/%m/%Y %H:%M:%S GMT+7")) == at.replace(tzinfo=VIETNAM)


@given(moments)
def test_american_dates_are_month_first(at: dt.datetime) -> None:
    assert parse_date(at.strftime("%m/%d/%Y %I:%M:%S %p")) == at.replace(tzinfo=VIETNAM)


@given(st.text(alphabet="0123456789/:-+ ,.TZGMTAPSCHthứFeb", max_size=40) | st.text(max_size=60))
def test_any_words_are_read_or_refused_and_what_is_read_is_utc(raw: str) -> None:
    read = parse_date(raw)
    assert read is None or read.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("raw", "alone"),
    [
        ("04/05/2026", True),
        ("2026-05-04", True),
        ("04/05/2026 00:00", True),
        ("2026-05-04T00:00:00Z", True),
        ("04/05/2026 17:00", False),
        ("2026-05-04T00:00:01Z", False),
    ],
)
def test_a_date_at_midnight_names_the_day_alone(raw: str, alone: bool) -> None:
    published = parse_date(raw)
    assert published is not None
    assert names_day_alone(published, VIETNAM) is alone
