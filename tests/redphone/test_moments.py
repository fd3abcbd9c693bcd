"""Spans and moments as people write them; what cannot be meant is one line."""

from __future__ import annotations

import datetime as dt

import pytest

from redphone.moments import moment_of, span_of
from shared.errors import UsageError

HANOI = "Asia/Ho_Chi_Minh"
NOW = dt.datetime(2026, 5, 4, 20, 12, tzinfo=dt.UTC)  # 03:12 on 5 May in Hanoi


@pytest.mark.parametrize(
    ("until", "span", "moment"),
    [
        (None, None, None),
        (None, "45m", NOW + dt.timedelta(minutes=45)),
        (None, "7d", NOW + dt.timedelta(days=7)),
        (None, "1w", NOW + dt.timedelta(weeks=1)),
        ("06:00", None, dt.datetime(2026, 5, 4, 23, 0, tzinfo=dt.UTC)),
        ("03:12", None, dt.datetime(2026, 5, 5, 20, 12, tzinfo=dt.UTC)),
        ("2026-05-06T06:00", None, dt.datetime(2026, 5, 5, 23, 0, tzinfo=dt.UTC)),
        ("2026-05-06T06:00+00:00", None, dt.datetime(2026, 5, 6, 6, 0, tzinfo=dt.UTC)),
    ],
)
def test_a_moment(until: str | None, span: str | None, moment: dt.datetime | None) -> None:
    assert moment_of(until, span, NOW, HANOI) == moment


@pytest.mark.parametrize(
    ("until", "span", "words"),
    [
        ("06:00", "1h", "not both"),
        ("2026-05-04T06:00", None, "2026-05-04T06:00 is over"),
        ("tomorrow", None, "'tomorrow' is no moment"),
        ("25:00", None, "'25:00' is no moment"),
        (None, "soon", "'soon' is no span of time"),
        (None, "0d", "'0d' is no span of time"),
        (None, "-3d", "'-3d' is no span of time"),
    ],
)
def test_what_cannot_be_meant(until: str | None, span: str | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        moment_of(until, span, NOW, HANOI)


def test_a_span() -> None:
    assert span_of("90m") == dt.timedelta(hours=1, minutes=30)
