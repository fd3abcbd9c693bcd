"""Answers that are kept: made once for all who ask within a second, bounded, errors never kept."""

from __future__ import annotations

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.status.kept import FRESH_S, MOST, Kept, Recounted
from tests.support.servers import wait_for


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


class Long:
    """An answer that would fill a memory of many."""


def test_what_is_old_is_not_kept_for_nobody() -> None:
    now = [0.0]
    kept = Kept[Long](lambda: now[0])
    first = weakref.ref(kept.get("a", Long))
    now[0] = FRESH_S
    kept.get("b", Long)
    assert first() is None


def test_what_fails_is_asked_again() -> None:
    make = Maker()

    def fail() -> int:
        raise ValueError("away")

    with pytest.raises(ValueError, match="away"):
        make.kept.get("a", fail)
    assert make.kept.get("a", make) == 1


def test_what_is_kept_is_given_without_waiting() -> None:
    make = Maker()
    assert make.kept.fresh("a") is None
    make.kept.get("a", make)
    assert make.kept.fresh("a") == 1
    make.now = FRESH_S
    assert make.kept.fresh("a") is None


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


class Counter:
    """Counts its counts, on a clock of its own; one that is held goes on when it is let go."""

    def __init__(self, patience_s: float) -> None:
        self.counted, self.now, self.trouble = 0, 0.0, ""
        self.free = threading.Event()
        self.free.set()
        self.totals = Recounted[int](lambda: self.now, 60.0, patience_s)

    def __call__(self) -> int:
        assert self.free.wait(10)
        if self.trouble:
            raise ValueError(self.trouble)
        self.counted += 1
        return self.counted


def test_a_count_is_good_for_its_time() -> None:
    count = Counter(patience_s=10)
    assert [count.totals.get(count), count.totals.get(count)] == [1, 1]
    count.now = 60.0
    assert count.totals.get(count) == 2


def test_nobody_waits_for_a_long_count_but_the_first() -> None:
    count = Counter(patience_s=0)
    assert count.totals.get(count) == 1
    count.now = 60.0
    count.free.clear()
    assert [count.totals.get(count), count.totals.get(count)] == [1, 1]
    count.free.set()
    wait_for("the second count", lambda: count.totals.get(count) == 2)
    assert count.counted == 2


def test_a_count_that_fails_is_the_first_askers_trouble_and_no_others() -> None:
    count = Counter(patience_s=10)
    count.trouble = "away"
    with pytest.raises(ValueError, match="away"):
        count.totals.get(count)
    count.trouble = ""
    assert count.totals.get(count) == 1
    count.now, count.trouble = 60.0, "away"
    assert count.totals.get(count) == 1
    count.trouble = ""
    assert count.totals.get(count) == 2
