"""Answers that are kept for a second: a crowd that asks one thing costs what one reader does. Safe in threads.

One asker makes an answer while the others who want the same wait for it. What is kept is bounded: the oldest goes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
FRESH_S = 1.0
MOST = 512
LOCKS = 64


class Kept(Generic[Answer]):
    """Answers by their question. `clock` gives seconds that only go forward."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._answers: OrderedDict[str, tuple[float, Answer]] = OrderedDict()
        self._making = [threading.Lock() for _ in range(LOCKS)]
        self._storing = threading.Lock()

    def get(self, question: str, make: Callable[[], Answer]) -> Answer:
        """The answer to a question, made anew where the one that is kept is a second old. What `make` raises goes up
        and is not kept."""
        found = self._fresh(question)
        if found is not None:
            return found[1]
        with self._making[hash(question) % LOCKS]:
            found = self._fresh(question)
            if found is not None:
                return found[1]
            answer = make()
            with self._storing:
                self._answers[question] = (self._clock(), answer)
                self._answers.move_to_end(question)
                while len(self._answers) > MOST:
                    self._answers.popitem(last=False)
            return answer

    def _fresh(self, question: str) -> tuple[float, Answer] | None:
        found = self._answers.get(question)
        return found if found is not None and self._clock() - found[0] < FRESH_S else None
