"""Answers that are kept: made once for all who ask within a second, bounded, errors never kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.status.kept import FRESH_S, MOST, Kept


class Maker:
    """Makes numbered answers, and may be told to fail."""

    def __init__(self) -> None:
        self.made, self.now = 0, 0.0
        self.kept = Kept[int](lambda: self.now)

    def __call__(self) -> int:
        self.made += 1
        return self.made


def test_an_answer_is_made_once_a_second() -> None:
    make = Maker()
    assert [make.kept.get("a", make), make.kept.get("a", make), make.kept.get("b", make)] == [1, 1, 2]
    make.now = FRESH_S
    assert make.kept.get("a", make) == 3


def test_the_oldest_goes() -> None:
    make = Maker()
    for number in range(MOST + 1):
        make.kept.get(str(number), make)
    assert make.kept.get(str(MOST), make) == MOST + 1
    assert make.kept.get("0", make) == MOST + 2


def test_what_fails_is_asked_again() -> None:
    make = Maker()

    def fail() -> int:
        raise ValueError("away")

    with pytest.raises(ValueError, match="away"):
        make.kept.get("a", fail)
    assert make.kept.get("a", make) == 1


def test_a_crowd_waits_for_one_answer() -> None:
    make, here, go_on = Maker(), threading.Event(), threading.Event()

    def slowly() -> int:
        here.set()
        assert go_on.wait(10)
        return make()

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(make.kept.get, "a", slowly)
        assert here.wait(10)
        others = [pool.submit(make.kept.get, "a", slowly) for _ in range(7)]
        go_on.set()
        assert {first.result(10), *(other.result(10) for other in others)} == {1}
    assert make.made == 1
