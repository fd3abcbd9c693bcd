"""A worker that consumes nothing, though it lives and answers, ends itself; one that hears, or that nobody calls, does
not."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from redphone.ears import LAST_S, LOOK_S, MOST_MISSED, Ears
from shared import heartbeat
from shared.celery_app import app
from tests.support import processes
from tests.support.servers import wait_for

START = dt.datetime(2031, 5, 6, 12, 0, tzinfo=dt.UTC)
#: A worker that consumes nothing once it is ready, and is looked at more often than in use.
DEAF = """
from celery.signals import worker_ready
from redphone import ears
from redphone.distributed import worker
ears.LOOK_S, ears.MOST_MISSED = 0.05, 20
turn_away = worker_ready.connect(lambda sender, **_: sender.cancel_task_queue("classify"), weak=False)
worker("classify", 1)
"""


@pytest.mark.parametrize(
    ("looks", "missed"),
    [
        ([("1", "1"), ("2", "2"), ("3", "3")], [0, 0, 0]),
        ([("1", "1"), ("1", "2"), ("1", "3"), ("1", "4")], [0, 1, 2, 3]),
        ([("1", "1"), ("1", "2"), ("1", "3"), ("2", "4"), ("2", "5")], [0, 1, 2, 0, 1]),
        ([("1", "1"), ("1", "1"), ("1", "1")], [0, 0, 0]),  # beat is away: nobody called
        ([("", ""), ("", "1"), ("", "2")], [0, 1, 2]),  # Redis came back empty
        ([("9", "9"), ("9", "2"), ("3", "3")], [0, 1, 0]),  # the clock went back
    ],
    ids=["hears", "deaf", "busy", "nobody calls", "deaf after a restart", "clock"],
)
def test_what_counts_is_that_beat_called_and_nothing_was_taken(looks: list[tuple[str, str]], missed: list[int]) -> None:
    ears = Ears()
    assert [ears.missed(*look) for look in looks] == missed


def test_a_worker_is_given_as_long_as_its_health_check_gives_it_and_time_to_end() -> None:
    assert heartbeat.STALE_HERE.total_seconds() <= LOOK_S * MOST_MISSED
    assert app.conf.worker_soft_shutdown_timeout < LAST_S


def test_a_deaf_worker_ends_itself(redis_url: str, postgres_url: str, tmp_path: Path) -> None:
    settings, log = processes.settings(postgres_url, redis_url), tmp_path / "worker.log"
    with log.open("w") as output, heartbeat.connect(redis_url) as client:
        beats = count()

        def has_ended() -> bool:
            heartbeat.record(client, "beat", START + dt.timedelta(seconds=next(beats)))
            return worker.poll() is not None

        with subprocess.Popen(
            [sys.executable, "-c", DEAF],
            env=processes.environment(settings, tmp_path),
            cwd=tmp_path,
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,
        ) as worker:
            try:
                wait_for("the worker to be ready", lambda: "ready." in log.read_text(encoding="utf-8"), 60)
                wait_for("the worker to end", has_ended, 60)
            finally:
                processes.stop(worker)
    said = log.read_text(encoding="utf-8")
    assert worker.returncode == 0, said
    assert "classify: beat ticks, and nothing came through the queue; ending, to be started anew" in said
