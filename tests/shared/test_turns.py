"""Turns: first come, first served; who lost patience is not served."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from shared.turns import Turns


def test_who_came_first_is_served_first() -> None:
    turns, served = Turns(), list[int]()

    def wait(number: int) -> None:
        assert turns.take(30)
        served.append(number)
        turns.pass_on()

    assert turns.take(0)
    with ThreadPoolExecutor(5) as pool:
        for number in range(5):
            pool.submit(wait, number)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
        turns.pass_on()
    assert served == list(range(5))
    assert turns.take(0)


def test_who_loses_patience_leaves_the_queue() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.pass_on()
    assert turns.take(0), "the turn did not go to somebody who has left"


def test_who_is_interrupted_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_event: Event, _seconds: float) -> bool:
        raise KeyboardInterrupt

    turns = Turns()
    assert turns.take(0)
    monkeypatch.setattr(Event, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        turns.take(30)
    turns.pass_on()
    assert turns.take(0), "the turn did not go to somebody who has left"
