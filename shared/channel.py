"""Celery's way into Redis, with one mistake of kombu 5.7 mended."""

from __future__ import annotations

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as NotConnected


class Channel(redis.Channel):
    """A channel of a connection that was closed says that there is no connection.

    Kombu looks for the address of the closed connection instead and meets None. That AttributeError is none of the
    errors after which a worker connects anew: it ended workers whose connection broke while a task was at work, when
    the task's message was to be handed back or acknowledged.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection.client is None:
            raise NotConnected("the connection was closed")
        parameters: dict[str, Any] = super()._connparams(asynchronous)  # type: ignore[misc]  # its types leave it out
        return parameters


def use() -> None:
    """Let all connections to Redis, with TLS or without, have such channels."""
    redis.Transport.Channel = Channel
