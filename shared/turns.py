"""A queue of threads: who came first is served first."""

from __future__ import annotations

from collections import deque
from threading import Event, Lock


class Turns:
    """One has the turn, the others wait for theirs in the order in which they came."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    def take(self, patience_s: float) -> bool:
        """Wait for the turn, at most so long; whether it came."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = Event()
            self._waiting.append(mine)
        mine.wait(patience_s)
        with self._lock:
            if not mine.is_set():
                self._waiting.remove(mine)
        return mine.is_set()

    def pass_on(self) -> None:
        """Hand the turn that one has to who waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
