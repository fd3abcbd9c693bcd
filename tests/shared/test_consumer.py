"""A broken connection to the broker: the worker lets go of it, whatever it had in hand."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError

from shared.celery_app import app
from shared.consumer import Consumer


def test_workers_use_it() -> None:
    assert app.conf.worker_consumer == f"{Consumer.__module__}:{Consumer.__name__}"


def test_a_connection_that_breaks_while_a_task_is_at_work_does_not_end_the_worker(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (queue, *_) = app.conf.task_queues
    with app.connection_for_read(redis_url) as connection:
        at_work = queue.bind(connection.default_channel)
        at_work.declare()
        app.send_task(f"{queue.name}.sweep", connection=connection)
        assert at_work.get() is not None
        # the first closing broke off, and left the connection without an address
        monkeypatch.setattr(connection, "collect", lambda **_: setattr(connection.transport, "client", None))
        consumer = object.__new__(Consumer)
        consumer.app, consumer.connection = app, connection
        consumer.on_connection_error_after_connected(OperationalError("connection reset by peer"))
        assert consumer.connection is None  # the next one is a new one
