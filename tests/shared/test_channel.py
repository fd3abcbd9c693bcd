"""A connection to Redis that breaks while a task is at work: no error comes of it after which a worker ends."""

from __future__ import annotations

import pytest

from shared.celery_app import app
from shared.channel import Channel


def test_a_connection_that_breaks_while_a_task_is_at_work_does_not_end_the_worker(redis_url: str) -> None:
    (queue, *_) = app.conf.task_queues
    with app.connection_for_read(redis_url) as connection:
        errors = connection.connection_errors
        at_work = queue.bind(connection.default_channel)
        at_work.declare()
        app.send_task(f"{queue.name}.sweep", connection=connection)
        message = at_work.get()
        assert message is not None
        assert isinstance(message.channel, Channel)
        connection.transport.client = None  # what a closing leaves behind that broke off
        connection.close()
        with pytest.raises(errors):  # which Celery waits for
            message.ack()
