"""A process that ends while the worker's connection breaks: the worker connects anew and has its processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from celery.concurrency import get_implementation
from kombu.asynchronous import Hub

from shared.celery_app import app
from shared.pool import Pool, Processes
from tests.support.servers import wait_for


@pytest.fixture
def processes() -> Iterator[Any]:
    """A pool with one process, as a worker has it."""
    pool = Processes(processes=1, threads=False)
    yield pool
    pool.terminate()


def test_a_worker_has_this_pool() -> None:
    assert get_implementation(app.conf.worker_pool) is Pool
    assert Pool.Pool is Processes


def test_a_worker_that_connects_anew_stumbles_over_no_process_that_has_just_ended(processes: Any) -> None:
    (ended,) = processes._pool
    before, anew = Hub(), Hub()
    processes.register_with_event_loop(before)
    os.kill(ended.pid, signal.SIGKILL)
    # what the worker does when it hears of it; the exit status comes a moment later
    processes._untrack_child_process(ended, before)
    processes.register_with_event_loop(anew)
    wait_for("its exit status", lambda: ended.exitcode is not None)
    processes.maintain_pool()
    (instead,) = processes._pool
    assert instead.pid != ended.pid
    assert instead._sentinel_poll in anew.readers
