"""A queue of threads: who came first is served first."""

from __future__ import annotations

from collections import deque
from threading import Event, RLock


class Turns:
    """One has the turn, the others wait for theirs in the order in which they came."""

    def __init__(self) -> None:
        # a connection that is thrown away gives its turn back whenever it is collected: in this very thread, too
        self._lock = RLock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    def take(self, patience_s: float) -> bool:
        """Wait for the turn, at most so long; whether it came. Who is interrupted meanwhile leaves the queue."""
        mine = Event()
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(mine)
        try:
            mine.wait(patience_s)
        except BaseException:
            self._leave(mine)
            if mine.is_set():
                self.pass_on()
            raise
        self._leave(mine)
        return mine.is_set()

    def pass_on(self) -> None:
        """Hand the turn that one has to who waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _leave(self, one: Event) -> None:
        with self._lock:
            if not one.is_set():
                self._waiting.remove(one)
