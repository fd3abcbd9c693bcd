"""How a stage runs: how fast rows come and go, and how long they take. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from math import ceil

from services.status.values import Flow, Traffic

WINDOW = dt.timedelta(minutes=10)


def flow(traffic: Traffic, waiting: int, now: dt.datetime) -> Flow:
    """The flow of one stage from what came and passed within the hour, and how many wait there now."""
    came = _in_window(traffic.came, traffic.came_since, now)
    left = _in_window([row.passed_at for row in traffic.passed], traffic.passed_since, now)
    took = sorted((row.passed_at - row.came_at).total_seconds() for row in traffic.passed)
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


def _in_window(moments: Iterable[dt.datetime], all_since: dt.datetime, now: dt.datetime) -> int:
    """How many of the moments lie in the window; where those of a part of it alone are known, as many as at their
    rate."""
    since = max(now - WINDOW, all_since)
    count = sum(at > since for at in moments)
    return round(count * (WINDOW / (now - since))) if since < now else count


def _trend(waiting: int, surplus: float) -> str:
    if not waiting:
        return "empty"
    return "draining" if surplus > 0 else "growing" if surplus < 0 else "steady"


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value up to which that share (above 0) of ordered values lies, by the nearest rank; None without values."""
    return round(ordered[ceil(len(ordered) * share) - 1], 1) if ordered else None
