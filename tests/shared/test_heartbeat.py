"""Signs of life: how long a worker may be at work without one."""

from __future__ import annotations

import datetime as dt

import pytest

from shared import heartbeat
from shared.errors import ServiceDownError

NOW = dt.datetime(2031, 5, 6, 12, 0, tzinfo=dt.UTC)
LONGEST_BATCH = dt.timedelta(seconds=75)


def test_a_worker_that_is_busy_with_its_longest_batch_is_alive(redis_url: str) -> None:
    with heartbeat.connect(redis_url) as client:
        heartbeat.record(client, "notify", NOW - LONGEST_BATCH)
        heartbeat.record(client, "ingest", NOW - 2 * LONGEST_BATCH)
    heartbeat.require_alive(redis_url, "notify", NOW)
    for name in ("ingest", "beat"):
        with pytest.raises(ServiceDownError, match=f"{name} showed no sign of life in the last 120 s"):
            heartbeat.require_alive(redis_url, name, NOW)
