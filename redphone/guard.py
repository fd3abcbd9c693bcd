"""Keeps a loop alive: a step that fails is told in one line and tried again at the next tick.

A database that is locked, restarted or full for a while is no reason to stop watching the news: what waits is rows,
and the next tick finds them. The same trouble is told once, until it changes or passes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.errors import ServiceDownError, UsageError

log = logging.getLogger(__name__)

#: Steps are tried again within seconds, a feed when its lease has ended.
MET_AGAIN_S = 60.0

# what a step may meet without anything being wrong with the program: the database, a service, a rehearsal's clock
EXPECTED = (OperationalError, InterfaceError, PoolTimeoutError, ServiceDownError, UsageError)


class Guard:
    """Does steps, and remembers which of them are in trouble. `say` is given the lines for a person."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._trouble: dict[str, str] = {}
        self._met: dict[str, float] = {}

    def troubles(self) -> list[str]:
        """What keeps steps from their work now, in lines; safe to ask from another thread. A trouble that was not met
        again lately is left out, and so are mistakes of the program, which may be of one feed alone."""
        since = time.monotonic() - MET_AGAIN_S
        met, words = self._met.copy(), self._trouble.copy()
        return [f"{name}: {words[name]}" for name in sorted(met) if met[name] > since and name in words]

    def step(self, name: str, work: Callable[[], object]) -> None:
        """Do a step; expected trouble is told, a mistake of the program is raised."""
        try:
            work()
        except EXPECTED as error:
            self._met[name] = time.monotonic()
            self._told(name, _line(error))
        else:
            self._met.pop(name, None)
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
