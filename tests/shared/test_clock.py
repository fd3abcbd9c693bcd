"""The clock: the world's, or a rehearsal's that runs on from a written time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shared.clock import WENT_BACK, later, utc_now
from shared.errors import UsageError


def test_the_worlds_clock() -> None:
    before = dt.datetime.now(dt.UTC)
    assert before <= utc_now() <= dt.datetime.now(dt.UTC)


def test_a_rehearsal_runs_on_from_the_written_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "clock"
    path.write_text("2017-01-29T08:00:00+07:00\n")
    monkeypatch.setenv("REDPHONE_CLOCK_FILE", str(path))
    first, second = utc_now(), utc_now()
    start = dt.datetime(2017, 1, 29, 1, 0, tzinfo=dt.UTC)
    assert start - dt.timedelta(seconds=1) <= first <= second < start + dt.timedelta(hours=1)


def test_a_rehearsal_without_its_file_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REDPHONE_CLOCK_FILE", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="REDPHONE_CLOCK_FILE"):
        utc_now()


NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("shown", "late"),
    [
        (None, NOW),
        (NOW + SECOND, NOW + SECOND),
        (NOW - SECOND, NOW),
        (NOW - WENT_BACK, NOW),
        (NOW - WENT_BACK - SECOND, NOW - WENT_BACK - SECOND),
    ],
    ids=["no clock", "on", "another machine's", "as far as those differ", "put back"],
)
def test_how_late_it_is(shown: dt.datetime | None, late: dt.datetime) -> None:
    assert later(NOW, (lambda: shown) if shown else None) == late
