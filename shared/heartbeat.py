"""Signs of life, kept in Redis: a task went *through* a queue, beat ticked.

A process that answers a ping may still consume nothing; what proves that a worker works is that work passed through
its queue a moment ago. Redis is read directly, so the signs can be seen with the database down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import RedisError

from shared.errors import ServiceDownError, UsageError

KEY = "redphone:heartbeats"
#: Longer than one batch of posts may keep a worker busy (75 s), so that no health check ends a worker at work.
STALE = dt.timedelta(seconds=120)


def connect(broker_url: str) -> Redis:
    """A client for the broker's Redis that gives up after two seconds."""
    return Redis.from_url(broker_url, socket_timeout=2, socket_connect_timeout=2, decode_responses=True)


def record(client: Redis, name: str, now: dt.datetime) -> None:
    """Remember that `name` was alive at `now`."""
    client.hset(KEY, name, now.timestamp())


def read(client: Redis) -> dict[str, dt.datetime]:
    """When each name was last alive."""
    seen = client.hgetall(KEY)
    return {str(name): dt.datetime.fromtimestamp(float(at), dt.UTC) for name, at in seen.items()}


def depths(client: Redis, queues: tuple[str, ...]) -> dict[str, int]:
    """How many messages wait in each queue (kombu keeps a queue as a list of that name)."""
    return {name: client.llen(name) for name in queues}


def require_redis(broker_url: str | None) -> str:
    """The URL of a Redis that answers.

    Raises UsageError where none is named, ServiceDownError where it does not answer: one line each.
    """
    if broker_url is None:
        raise UsageError("REDPHONE_BROKER_URL is not set: workers need Redis, such as redis://localhost:6379/0")
    with explained(broker_url), connect(broker_url) as client:
        client.ping()
    return broker_url


@contextmanager
def explained(broker_url: str) -> Iterator[None]:
    """Turn the error of a Redis that cannot be used into one line for a person."""
    try:
        yield
    except ValueError as error:
        raise UsageError(f"REDPHONE_BROKER_URL: {error}") from error
    except RedisError as error:
        where = broker_url.removeprefix("redis://").rpartition("@")[2]
        detail = str(error).rstrip(".")
        raise ServiceDownError(
            f"Redis at {where} cannot be reached: {detail}; start it, or set REDPHONE_BROKER_URL to where it runs"
        ) from error


def require_alive(broker_url: str | None, name: str, now: dt.datetime) -> None:
    """Raise ServiceDownError unless `name` (a queue, or "beat") showed life within :data:`STALE`: a health check."""
    with connect(require_redis(broker_url)) as client:
        seen = read(client).get(name)
    if seen is None or now - seen > STALE:
        raise ServiceDownError(f"{name} showed no sign of life in the last {STALE.seconds} s")
