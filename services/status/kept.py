"""Answers that are kept, so that a crowd that asks one thing costs what one reader does. Safe in threads.

`Kept`: for a second; one asker makes an answer while the others who want the same wait for it. What is kept is bounded:
what is older goes, and beyond that the oldest. `Recounted`: what takes longer to make than anybody should wait for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, wait
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
        found = self.fresh(question)
        if found is not None:
            return found
        with self._making[hash(question) % LOCKS]:
            found = self.fresh(question)
            if found is not None:
                return found
            answer = make()
            with self._storing:
                self._answers[question] = (self._clock(), answer)
                self._answers.move_to_end(question)
                while len(self._answers) > MOST or self._is_old(next(iter(self._answers.values()))):
                    self._answers.popitem(last=False)
            return answer

    def fresh(self, question: str) -> Answer | None:
        """The answer that is kept, without waiting for anything; None where it must be made."""
        found = self._answers.get(question)
        return None if found is None or self._is_old(found) else found[1]

    def _is_old(self, kept: tuple[float, Answer]) -> bool:
        return self._clock() - kept[0] >= FRESH_S


class Recounted(Generic[Answer]):
    """One answer that is made anew in a thread of its own when it is asked for and old: an asker waits a moment for it,
    and then takes the one before. Only the first asker waits until it is there.

    `clock` gives seconds that only go forward; `fresh_s`, `patience_s`: seconds.
    """

    def __init__(self, clock: Callable[[], float], fresh_s: float, patience_s: float) -> None:
        self._clock, self._fresh_s, self._patience_s = clock, fresh_s, patience_s
        self._known: tuple[float, Answer] | None = None
        self._making: Future[Answer] | None = None
        self._starting = threading.Lock()

    def get(self, make: Callable[[], Answer]) -> Answer:
        """The answer. What `make` raises goes up where nothing was made before; else the next asker tries again."""
        known = self._known
        if known is not None and self._clock() - known[0] < self._fresh_s:
            return known[1]
        making = self._begun(make)
        if known is None:
            return making.result()
        done, _ = wait([making], self._patience_s)
        return making.result() if done and making.exception() is None else known[1]

    def _begun(self, make: Callable[[], Answer]) -> Future[Answer]:
        with self._starting:
            if self._making is None or self._making.done():
                self._making = Future()
                threading.Thread(target=self._make, args=(make, self._making), daemon=True).start()
            return self._making

    def _make(self, make: Callable[[], Answer], making: Future[Answer]) -> None:
        try:
            answer = make()
        except Exception as error:  # it belongs to whoever asked
            making.set_exception(error)
        else:
            self._known = (self._clock(), answer)
            making.set_result(answer)
