"""Celery's way into Redis, with one mistake of kombu 5.7 mended, and the waits between its tries bounded."""

from __future__ import annotations

from typing import Any

import kombu
from celery.app.amqp import AMQP
from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as NotConnected

#: Celery's workers and beat wait two seconds longer for each try, up to half a minute: after an outage of minutes
#: nothing would be done for as long as the whole way of an alert may take. A try costs Redis nothing.
LONGEST_WAIT_S = 2


class Connection(kombu.Connection):
    """A connection that is tried again soon, however often it was tried."""

    def ensure_connection(self, *arguments: Any, **options: Any) -> Any:
        """Connect, and wait for no more than :data:`LONGEST_WAIT_S` between two tries."""
        return super().ensure_connection(*arguments, **{"interval_max": LONGEST_WAIT_S, **options})


class Wires(AMQP):
    """Celery's own, of such connections."""

    Connection = Connection


class Channel(redis.Channel):
    """A channel of a connection that was closed says that there is no connection.

    Kombu looks for the address of the closed connection instead and meets None
    (https://github.com/celery/kombu/issues/582). That AttributeError is none of the errors after which a worker
    connects anew: it ended workers whose connection broke while a task was at work, when the task's message was to be
    handed back or acknowledged.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise NotConnected("the connection was closed")
        parameters: dict[str, Any] = super()._connparams(asynchronous)  # type: ignore[misc]  # its types leave it out
        return parameters


class Transport(redis.Transport):
    """Kombu's own, with such channels."""

    Channel = Channel


def use() -> None:
    """Let connections to Redis, with TLS or without, be made by this transport.

    By the name that their address has: Celery's setting for a transport (`broker_transport`) would hide from kombu that
    an address asks for TLS.
    """
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:{Transport.__name__}"))
