"""Signs of life, kept in Redis: a task went *through* a queue, beat ticked.

A process that answers a ping may still consume nothing; what proves that a worker works is that work passed through
its queue a moment ago. Redis is read directly, so the signs can be seen with the database down.

A queue's sign says that some worker of it works. Beside it each machine (a container is one) keeps its own, so that one
deaf worker does not hide behind its fellows.
"""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import RedisError

from shared.errors import ServiceDownError, UsageError

KEY = "redphone:heartbeats"
TROUBLES = "redphone:troubles"
#: Work is tried at each tick, so a trouble that lasts is met again within seconds.
MET_AGAIN = dt.timedelta(seconds=60)
#: Longer than one batch of posts may keep a worker busy (75 s), so that no health check ends a worker at work.
STALE = dt.timedelta(seconds=120)
#: Which of a queue's idle workers takes a tick is chance: with ticks of 5 s, one of twenty goes without for ten minutes
#: once in 400 times, and a health check asks thrice.
STALE_HERE = dt.timedelta(minutes=10)


def connect(broker_url: str) -> Redis:
    """A client for the broker's Redis that gives up after two seconds."""
    return Redis.from_url(broker_url, socket_timeout=2, socket_connect_timeout=2, decode_responses=True)


def record(client: Redis, name: str, now: dt.datetime) -> None:
    """Remember that `name` was alive at `now`, here."""
    client.hset(KEY, name, now.timestamp())
    record_here(client, name, now)


def record_here(client: Redis, name: str, now: dt.datetime) -> None:
    """Remember that the `name` of this machine was alive at `now`: what a worker does when it starts."""
    client.set(_here(name), now.timestamp(), ex=2 * STALE_HERE)


def _here(name: str) -> str:
    return f"{KEY}:{name}@{socket.gethostname()}"


def read(client: Redis) -> dict[str, dt.datetime]:
    """When each name was last alive."""
    seen = client.hgetall(KEY)
    return {str(name): dt.datetime.fromtimestamp(float(at), dt.UTC) for name, at in seen.items()}


def signs(client: Redis, name: str) -> tuple[str, str]:
    """The last sign of this machine's own `name`, and that of beat, as they are written; empty for none."""
    return str(client.get(_here(name)) or ""), str(client.hget(KEY, "beat") or "")


def note_trouble(client: Redis, name: str, words: str, now: dt.datetime) -> None:
    """Remember what keeps `name`, a task, from its work."""
    client.hset(TROUBLES, name, f"{now.timestamp()} {words}")


def forget_trouble(client: Redis, name: str) -> None:
    """It works again."""
    client.hdel(TROUBLES, name)


def troubles(client: Redis, now: dt.datetime) -> dict[str, str]:
    """What keeps whom from work. One that was not met again lately is over: who met it may be gone."""
    found: dict[str, str] = {}
    for name, said in client.hgetall(TROUBLES).items():
        at, _, words = str(said).partition(" ")
        if abs(now.timestamp() - float(at)) < MET_AGAIN.total_seconds():
            found[str(name)] = words
    return found


def fullness(client: Redis) -> tuple[int, int]:
    """Bytes that Redis uses, and how many it may (0: no limit)."""
    memory = client.info("memory")
    return int(memory["used_memory"]), int(memory.get("maxmemory", 0))


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


def require_alive(broker_url: str | None, name: str, now: dt.datetime, *, here: bool = False) -> None:
    """A health check: raise ServiceDownError unless `name` (a queue, or "beat") showed life within :data:`STALE`, and
    with `here` the one on this machine itself within :data:`STALE_HERE`."""
    with connect(require_redis(broker_url)) as client:
        seen = read(client).get(name)
        own = client.get(_here(name)) if here else None
    if seen is None or abs(now - seen) > STALE:  # one of the future is left from before a clock went back
        raise ServiceDownError(f"{name} showed no sign of life in the last {STALE.seconds} s")
    if here and (own is None or abs(now.timestamp() - float(own)) > STALE_HERE.seconds):
        raise ServiceDownError(f"{name} on this machine took nothing from its queue in the last {STALE_HERE.seconds} s")
