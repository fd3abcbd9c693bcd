"""How a stage runs: how fast rows come and go, and how long they take. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from math import ceil

from services.status.values import Flow, Passed

WINDOW = dt.timedelta(minutes=10)


def flow(rows: Iterable[Passed], waiting: int, now: dt.datetime) -> Flow:
    """The flow of one stage from the rows of the last hour, and how many wait there now."""
    rows = list(rows)
    since = now - WINDOW
    came = sum(row.came_at > since for row in rows)
    left = sum(row.passed_at is not None and row.passed_at > since for row in rows)
    took = sorted((row.passed_at - row.came_at).total_seconds() for row in rows if row.passed_at is not None)
    surplus = (left - came) / WINDOW.total_seconds()
    return Flow(
        came=came,
        left=left,
        trend=_trend(waiting, surplus),
        empty_in_s=round(waiting / surplus, 1) if waiting and surplus > 0 else None,
        lag_p50_s=quantile(took, 0.5),
        lag_p95_s=quantile(took, 0.95),
        took=tuple(took),
    )


def _trend(waiting: int, surplus: float) -> str:
    if not waiting:
        return "empty"
    return "draining" if surplus > 0 else "growing" if surplus < 0 else "steady"


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value up to which that share (above 0) of ordered values lies, by the nearest rank; None without values."""
    return round(ordered[ceil(len(ordered) * share) - 1], 1) if ordered else None
