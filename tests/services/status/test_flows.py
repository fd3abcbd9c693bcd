"""How a stage runs: rates, lags, and whether what waits grows."""

from __future__ import annotations

import datetime as dt

import pytest

from services.status.flows import flow, quantile
from services.status.values import Passed, Traffic

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)


def ago(minutes: float) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)


def traffic(*rows: tuple[float, float | None], came_since: float = 60, passed_since: float = 60) -> Traffic:
    """Rows by the minutes ago at which they came, and passed; all there are since so many minutes ago."""
    return Traffic(
        came=[ago(came) for came, _ in rows],
        came_since=ago(came_since),
        passed=[Passed(ago(came), ago(left)) for came, left in rows if left is not None],
        passed_since=ago(passed_since),
    )


@pytest.mark.parametrize(
    ("rows", "waiting", "trend", "empty_in_s"),
    [
        ([], 0, "empty", None),
        ([(5, None)], 1, "growing", None),
        ([(30, 5), (30, 4), (5, None)], 3, "draining", 1800.0),
        ([(9, 8)], 4, "steady", None),
        ([(50, 40)], 1, "steady", None),
    ],
)
def test_what_waits_grows_or_drains(
    rows: list[tuple[float, float | None]], waiting: int, trend: str, empty_in_s: float | None
) -> None:
    found = flow(traffic(*rows), waiting, NOW)
    assert (found.trend, found.empty_in_s) == (trend, empty_in_s)


def test_only_ten_minutes_count_for_the_rate_and_the_hour_for_the_lag() -> None:
    found = flow(traffic((50, 40), (9, 8), (3, None)), 1, NOW)
    assert (found.came, found.left, found.took) == (2, 1, (60.0, 600.0))
    assert (found.lag_p50_s, found.lag_p95_s) == (60.0, 600.0)


def test_where_more_passed_than_is_looked_at_the_newest_tell_the_rate() -> None:
    rows = [(400.0, left) for left in (0.1, 0.5, 1.0, 1.9)]
    found = flow(traffic(*rows, (2, None), passed_since=2), 100, NOW)
    assert (found.came, found.left, found.trend) == (1, 20, "draining")
    assert found.empty_in_s == pytest.approx(100 / (19 / 600), abs=0.1)


@pytest.mark.parametrize(
    ("ordered", "share", "value"),
    [([], 0.5, None), ([3.0], 0.95, 3.0), ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0), (list(range(1, 101)), 0.95, 95)],
)
def test_a_quantile_is_one_of_the_values(ordered: list[float], share: float, value: float | None) -> None:
    assert quantile(ordered, share) == value
