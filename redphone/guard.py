"""Keeps a loop alive: a step that fails is told in one line and tried again at the next tick.

A database that is locked, restarted or full for a while is no reason to stop watching the news: what waits is rows,
and the next tick finds them. The same trouble is told once, until it changes or passes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.errors import ServiceDownError, UsageError

log = logging.getLogger(__name__)

# what a step may meet without anything being wrong with the program: the database, a service, a rehearsal's clock
EXPECTED = (OperationalError, InterfaceError, PoolTimeoutError, ServiceDownError, UsageError)


class Guard:
    """Does steps, and remembers which of them are in trouble. `say` is given the lines for a person."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._trouble: dict[str, str] = {}

    def troubles(self) -> list[str]:
        """What is in trouble now, in lines; safe to ask from another thread."""
        return [f"{name}: {trouble}" for name, trouble in sorted(self._trouble.copy().items())]

    def step(self, name: str, work: Callable[[], object]) -> None:
        """Do a step; expected trouble is told, a mistake of the program is raised."""
        try:
            work()
        except EXPECTED as error:
            self._told(name, _line(error))
        else:
            if self._trouble.pop(name, None) is not None:
                self._say(f"{name}: works again")

    def last(self, name: str, work: Callable[[], object]) -> None:
        """As :meth:`step`, and a mistake of the program is logged too: for a thread that nobody would see die."""
        try:
            self.step(name, work)
        except Exception as error:  # the last guard: one bad answer must not end polling for good
            if self._told(name, _line(error)):
                log.exception("%s failed", name)

    def _told(self, name: str, trouble: str) -> bool:
        before, self._trouble[name] = self._trouble.get(name), trouble
        if before != trouble:
            self._say(f"{name}: {trouble}; trying again at each tick")
        return before != trouble


def _line(error: Exception) -> str:
    """The error in one line: of a database's error the driver's own words, without the statement."""
    words = str(getattr(error, "orig", None) or error).strip().splitlines()
    return words[0] if words else type(error).__name__
