"""A connection to Redis that breaks while a task is at work: no error comes of it after which a worker ends."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError

from shared.celery_app import app
from shared.channel import LONGEST_WAIT_S, Transport
from tests.support.servers import free_port


@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_connections_are_made_by_it(scheme: str) -> None:
    connection = app.connection_for_write(f"{scheme}://localhost:6379/0")
    assert connection.get_transport_cls() is Transport
    assert bool(connection.ssl) == (scheme == "rediss")


def test_a_connection_that_breaks_while_a_task_is_at_work_does_not_end_the_worker(redis_url: str) -> None:
    (queue, *_) = app.conf.task_queues
    with app.connection_for_read(redis_url) as connection:
        errors = connection.connection_errors
        at_work = queue.bind(connection.default_channel)
        at_work.declare()
        app.send_task(f"{queue.name}.sweep", connection=connection)
        message = at_work.get()
        assert message is not None
        connection.transport.client = None  # what a closing leaves behind that broke off
        connection.close()
        with pytest.raises(errors):  # which Celery waits for
            message.ack()


def test_a_worker_that_waited_long_for_redis_is_there_soon_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda _seconds: None)

    def told(_error: Exception, interval: float) -> None:
        waits.append(interval)

    nobody = f"redis://127.0.0.1:{free_port()}/0"
    with app.connection_for_read(nobody) as connection, pytest.raises(OperationalError):
        connection.ensure_connection(told, 40)  # as Celery's workers and beat do
    assert len(waits) == 40
    assert set(waits) == {LONGEST_WAIT_S}


def test_a_channel_that_was_closed_says_so(redis_url: str) -> None:
    (queue, *_) = app.conf.task_queues
    with app.connection_for_read(redis_url) as connection:
        channel, errors = connection.default_channel, connection.connection_errors
        connection.close()
        with pytest.raises(errors):
            queue.bind(channel).purge()
