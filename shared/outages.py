"""A server that is down for a while, told in one line when it goes and one when it is back; never a traceback.

Nothing is lost while PostgreSQL or Redis is away: what waits is rows, and the next tick finds them. So a log says that
it is away, once, and keeps its tracebacks for mistakes of the program.
"""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

DATABASE = (OperationalError, InterfaceError, PoolTimeoutError)
BROKER = (BrokerError, RedisConnectionError, RedisTimeoutError, ConnectionError)


def words_of(error: BaseException) -> str:
    """What is away and what its driver says of it, in one line, without a statement's text."""
    what = "database" if isinstance(error, DATABASE) else "Redis"
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return f"{what} not reachable: {said[0] if said else type(error).__name__}"


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

    def passed(self, name: str) -> None:
        """Tell that a trouble has passed, where there was one."""
        if self._trouble.pop(name, None) is not None:
            self._log.warning("%s: works again", name)


class WithoutTrace(logging.Filter):
    """Takes the traceback from a library's line about a server that is down, and puts its words there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, that of an outage in one line."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, (*DATABASE, *BROKER)):
            first = record.getMessage().strip().partition("\n")[0]
            record.msg, record.args = "%s (%s)", (first, words_of(error))
            record.exc_info, record.exc_text = None, None
        return True
