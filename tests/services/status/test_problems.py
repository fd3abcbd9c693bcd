"""What counts as a problem of feeds, workers and loops."""

from __future__ import annotations

import pytest

from services.status import problems
from services.status.values import Feed


def feed(failures: int = 0, due_s: float = -30.0, watched: bool = True) -> Feed:
    return Feed("http://a/rss", "A", 60.0, -due_s, failures, "dns: no" if failures else None, watched)


@pytest.mark.parametrize(("tick_s", "seconds"), [(0.5, 120), (5, 120), (10, 240)])
def test_silence_goes_by_the_tick(tick_s: float, seconds: float) -> None:
    assert problems.silent_after(tick_s) == seconds
    assert problems.silent({"loop": seconds}, tick_s) == []
    assert len(problems.silent({"loop": seconds + 1}, tick_s)) == 1


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ([], []),
        ([feed(), feed(1)], []),
        ([feed(1)], ["1 of 1 feeds fail, such as http://a/rss: dns: no"]),
        ([feed(), feed(1), feed(7)], ["2 of 3 feeds fail, such as http://a/rss: dns: no"]),
        ([feed(), feed(1, watched=False), feed(7, watched=False)], []),
        ([feed(due_s=9000), feed(due_s=-5)], []),
        ([feed(due_s=9000), feed(due_s=900)], ["no feed was polled although all have been due for 15 min"]),
    ],
)
def test_feeds(listed: list[Feed], words: list[str]) -> None:
    assert problems.feeds(listed, 5.0) == words
