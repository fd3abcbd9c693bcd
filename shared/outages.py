"""A server that is down for a while, told in one line when it goes and one when it is back; never a traceback.

Nothing is lost while PostgreSQL or Redis is away: what waits is rows, and the next tick finds them. So a log says that
it is away, once, and keeps its tracebacks for mistakes of the program.
"""

from __future__ import annotations

import logging

from billiard.exceptions import RestartFreqExceeded
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError as RedisFullError
from redis.exceptions import TimeoutError as RedisTimeoutError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

DATABASE = (OperationalError, InterfaceError, PoolTimeoutError)
BROKER = (BrokerError, RedisConnectionError, RedisTimeoutError, RedisFullError, ConnectionError)

#: https://www.postgresql.org/docs/current/errcodes-appendix.html
DISK_FULL = "53100"


def words_of(error: BaseException) -> str:
    """What is away and what its driver says of it, in one line, without a statement's text."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    first = said[0] if said else type(error).__name__
    if isinstance(error, RedisFullError) or isinstance(error.__cause__, RedisFullError):
        return f"Redis is full: {first}"
    if not isinstance(error, DATABASE):
        return f"Redis not reachable: {first}"
    full = getattr(getattr(error, "orig", None), "sqlstate", None) == DISK_FULL
    return f"{'the disk of the database is full' if full else 'database not reachable'}: {first}"


class Told:
    """Remembers whose trouble was told, so that each is told when it begins, changes and passes."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._trouble: dict[str, str] = {}

    def trouble(self, name: str, words: str) -> None:
        """Tell a trouble, unless it is the one that was told last."""
        if self._trouble.get(name) != words:
            self._log.warning("%s: %s; waiting", name, words)
        self._trouble[name] = words

    def passed(self, name: str) -> bool:
        """Tell that a trouble has passed; returns whether there was one."""
        if self._trouble.pop(name, None) is None:
            return False
        self._log.warning("%s: works again", name)
        return True


class WithoutTrace(logging.Filter):
    """Takes the traceback from a library's line about a server that is down, and puts its words there. What libraries
    say of it at each of their tries, several times a second, is let through once a minute."""

    AGAIN_S = 60.0
    TRYING = ("celery.worker.consumer", "kombu")

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, that of an outage in one line and not at once again."""
        error = record.exc_info[1] if record.exc_info else None
        outage = isinstance(error, (*DATABASE, *BROKER, RestartFreqExceeded))
        if outage and error is not None:
            first = record.getMessage().strip().partition("\n")[0]
            words = str(error) if isinstance(error, RestartFreqExceeded) else words_of(error)
            record.msg, record.args = "%s (%s)", (first, words)
            record.exc_info, record.exc_text = None, None
        trying = record.levelno >= logging.WARNING and record.name.startswith(self.TRYING)
        return not (outage or trying) or self._is_new(record.getMessage(), record.created)

    def _is_new(self, line: str, at: float) -> bool:
        if 0 <= at - self._said.get(line, -self.AGAIN_S) < self.AGAIN_S:
            return False
        self._said = {said: last for said, last in self._said.items() if 0 <= at - last < self.AGAIN_S} | {line: at}
        return True
