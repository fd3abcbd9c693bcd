"""A server that is away is one line when it goes and one when it is back; a mistake keeps its traceback."""

from __future__ import annotations

import logging
from collections import deque

import pytest
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from psycopg.errors import DiskFull
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError as RedisFullError
from sqlalchemy.exc import OperationalError

from shared import celery_app
from shared.outages import Told, WithoutTrace, words_of

GONE = OperationalError("SELECT secret", {}, Exception("connection refused\n\tIs the server running?"))


def wrapped(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (GONE, "database not reachable: connection refused"),
        (RedisConnectionError("Error 111"), "Redis not reachable: Error 111"),
        (BrokerError(), "Redis not reachable: OperationalError"),
        (RedisFullError("command not allowed"), "Redis is full: command not allowed"),
        (wrapped(BrokerError("OOM"), RedisFullError("OOM")), "Redis is full: OOM"),
        (
            OperationalError("INSERT …", {}, DiskFull("No space left on device")),
            "the disk of the database is full: No space left on device",
        ),
    ],
)
def test_an_outage_in_one_line(error: Exception, words: str) -> None:
    assert words_of(error) == words


def test_trouble_is_told_when_it_begins_changes_and_passes(caplog: pytest.LogCaptureFixture) -> None:
    told = Told(logging.getLogger("test"))
    for words in ("a", "a", "b"):
        told.trouble("x", words)
    told.passed("x")
    told.passed("x")
    assert caplog.messages == ["x: a; waiting", "x: b; waiting", "x: works again"]


@pytest.mark.parametrize(
    ("error", "line"), [(GONE, "lost (database not reachable: connection refused)"), (ValueError("x"), None)]
)
def test_only_an_outage_loses_its_traceback(
    error: Exception, line: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(without := WithoutTrace())
    try:
        logging.getLogger("celery").error("lost\nmore", exc_info=error)
    finally:
        caplog.handler.removeFilter(without)
    (record,) = caplog.records
    assert (record.getMessage(), record.exc_info is None) == (line or "lost\nmore", line is not None)


def test_what_a_library_says_of_an_outage_at_each_of_its_tries_is_told_once_a_minute() -> None:
    without = WithoutTrace()

    def told(words: str, error: Exception | None, at: float, name: str = "kombu.transport") -> bool:
        info = (type(error), error, None) if error else None
        record = logging.LogRecord(name, logging.WARNING, "", 0, words, (), info)
        record.created = at
        return without.filter(record)

    assert [told("lost", GONE, at) for at in (0, 1, 59, 60, 61)] == [True, False, False, True, False]
    assert told("another", GONE, 61)
    assert told("lost", ValueError("x"), 61)
    assert [told("trying", None, at) for at in (61, 61)] == [True, False]
    assert [told("ours", None, at, "services.ingest") for at in (61, 61)] == [True, True]


def test_a_task_survives_an_outage_and_not_a_mistake(caplog: pytest.LogCaptureFixture) -> None:
    troubles: deque[Exception] = deque([GONE, RedisConnectionError("Error 111")])

    @Celery("probe", task_cls=celery_app.PatientTask, set_as_current=False).task(name="probe")
    def probe() -> str:
        if troubles:
            raise troubles.popleft()
        return "done"

    assert [probe() for _ in range(3)] == [None, None, "done"]
    assert caplog.messages == [
        "probe: database not reachable: connection refused; waiting",
        "probe: Redis not reachable: Error 111; waiting",
        "probe: works again",
    ]
    troubles.append(ValueError("a mistake"))
    with pytest.raises(ValueError, match="a mistake"):
        probe()
