"""How a stage runs: rates, lags, and whether what waits grows."""

from __future__ import annotations

import datetime as dt

import pytest

from services.status.flows import flow, quantile
from services.status.values import Passed

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)


def ago(minutes: float) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("rows", "waiting", "trend", "empty_in_s"),
    [
        ([], 0, "empty", None),
        ([Passed(ago(5), None)], 1, "growing", None),
        ([Passed(ago(30), ago(5)), Passed(ago(30), ago(4)), Passed(ago(5), None)], 3, "draining", 1800.0),
        ([Passed(ago(9), ago(8))], 4, "steady", None),
        ([Passed(ago(50), ago(40))], 1, "steady", None),
    ],
)
def test_what_waits_grows_or_drains(rows: list[Passed], waiting: int, trend: str, empty_in_s: float | None) -> None:
    found = flow(rows, waiting, NOW)
    assert (found.trend, found.empty_in_s) == (trend, empty_in_s)


def test_only_ten_minutes_count_for_the_rate_and_the_hour_for_the_lag() -> None:
    found = flow([Passed(ago(50), ago(40)), Passed(ago(9), ago(8)), Passed(ago(3), None)], 1, NOW)
    assert (found.came, found.left, found.took) == (2, 1, (60.0, 600.0))
    assert (found.lag_p50_s, found.lag_p95_s) == (60.0, 600.0)


@pytest.mark.parametrize(
    ("ordered", "share", "value"),
    [([], 0.5, None), ([3.0], 0.95, 3.0), ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0), (list(range(1, 101)), 0.95, 95)],
)
def test_a_quantile_is_one_of_the_values(ordered: list[float], share: float, value: float | None) -> None:
    assert quantile(ordered, share) == value
