"""Signs of life: how long a worker may be at work without one."""

from __future__ import annotations

import datetime as dt
import socket

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


def test_a_deaf_worker_does_not_hide_behind_its_fellows(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with heartbeat.connect(redis_url) as client:
        heartbeat.record(client, "classify", NOW - heartbeat.STALE_HERE)
        monkeypatch.setattr("socket.gethostname", lambda: "another")
        heartbeat.record(client, "classify", NOW)
    heartbeat.require_alive(redis_url, "classify", NOW, here=True)
    monkeypatch.undo()
    heartbeat.require_alive(redis_url, "classify", NOW, here=True)
    later = NOW + dt.timedelta(seconds=1)
    heartbeat.require_alive(redis_url, "classify", later)
    with pytest.raises(ServiceDownError, match="classify on this machine took nothing from its queue"):
        heartbeat.require_alive(redis_url, "classify", later, here=True)


def test_a_worker_that_has_just_started_is_given_time_but_proves_nothing(redis_url: str) -> None:
    with heartbeat.connect(redis_url) as client:
        heartbeat.record_here(client, "notify", NOW)
        assert heartbeat.read(client) == {}
        assert 0 < client.ttl(f"{heartbeat.KEY}:notify@{socket.gethostname()}") <= 1200
    with pytest.raises(ServiceDownError, match="notify showed no sign of life"):
        heartbeat.require_alive(redis_url, "notify", NOW, here=True)


def test_a_sign_from_before_the_clock_went_back_proves_nothing(redis_url: str) -> None:
    with heartbeat.connect(redis_url) as client:
        heartbeat.record(client, "notify", NOW + dt.timedelta(hours=3))
    with pytest.raises(ServiceDownError, match="notify showed no sign of life"):
        heartbeat.require_alive(redis_url, "notify", NOW)
