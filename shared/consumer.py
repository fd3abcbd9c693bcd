"""What a worker does with its broker: Celery's own consumer, which survives a connection that broke during a task.

Named in :mod:`shared.celery_app` and loaded by workers alone.
"""

from __future__ import annotations

import logging

from celery.worker.consumer import Consumer as CeleryConsumer

log = logging.getLogger(__name__)


class Consumer(CeleryConsumer):
    """Celery's consumer, which does not end for the second of two closings of one broken connection.

    Kombu 5.7 closes the connection twice. Where the first time broke off, the second one wants to hand the message of
    the task at work back to a connection that has forgotten its address, and that AttributeError ended the worker: a
    start more, in which nothing was done. The message is redelivered in time, and the row is found by a sweep before.
    """

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Let go of a broken connection; the caller connects anew."""
        try:
            super().on_connection_error_after_connected(exc)
        except AttributeError as error:
            log.warning("the broken connection to the broker was closed without its messages: %s", error)
