"""What counts as a problem of feeds, workers and loops."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from services.status import problems
from services.status.values import Feed, Muted, Paused, Signs


def feed(failures: int = 0, due_s: float = -30.0, watched: bool = True) -> Feed:
    return Feed("http://a/rss", "A", 60.0, -due_s, failures, "dns: no" if failures else None, watched)


@pytest.mark.parametrize(("tick_s", "seconds"), [(0.5, 120), (5, 120), (10, 240)])
def test_silence_goes_by_the_tick(tick_s: float, seconds: float) -> None:
    assert problems.silent_after(tick_s) == seconds
    assert problems.silent({"loop": seconds}, tick_s) == []
    assert len(problems.silent({"loop": seconds + 1}, tick_s)) == 1


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], []),
        ([feed(), feed(1)], []),
        ([feed(1)], [("1 of 1 feeds fail, such as http://a/rss: dns: no", 60.0)]),
        ([replace(feed(1), last_success_age_s=None)], [("1 of 1 feeds fail, such as http://a/rss: dns: no", None)]),
        (
            [feed(), feed(1), replace(feed(7), last_success_age_s=900.0)],
            [("2 of 3 feeds fail, such as http://a/rss: dns: no", 60.0)],
        ),
        ([feed(), feed(1, watched=False), feed(7, watched=False)], []),
        ([feed(due_s=9000), feed(due_s=-5)], []),
        ([feed(due_s=9000), feed(due_s=900)], [("no feed was polled although all have been due for 15 min", 900.0)]),
    ],
)
def test_feeds(listed: list[Feed], said: list[tuple[str, float | None]]) -> None:
    assert problems.feeds(listed, 5.0) == said


ALIVE = dict.fromkeys(problems.WORKERS, 1.0)


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        (Signs(workers=ALIVE, memory=(5 * 2**20, 0)), []),
        (Signs(workers=ALIVE, memory=(159 * 2**20, 160 * 2**20)), []),
        (Signs(workers=ALIVE, memory=(160 * 2**20, 160 * 2**20)), ["Redis is full (160 of 160 MB) and takes nothing"]),
        (Signs(workers=ALIVE, troubles={"notify.post": "no space"}), ["notify.post: no space"]),
        (Signs(workers={**ALIVE, "notify": 500.0}), ["notify showed no sign of life"]),
    ],
)
def test_what_redis_tells(signs: Signs, words: list[str]) -> None:
    said = problems.of_signs(signs, 5.0)
    assert [one.words.startswith(start) for one, start in zip(said, words, strict=True)] == [True] * len(words)
    assert [one.lasts_s for one in said if one.lasts_s is not None] == [
        age for age in signs.workers.values() if age > 120
    ]


NIGHT = dt.datetime(2026, 5, 4, 20, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("paused", "mutes", "said"),
    [
        (None, [], []),
        (
            Paused("lan", "storm", NIGHT, None),
            [],
            [
                "posting to the desk is paused since 2026-05-04 20:12 UTC until redphone resume notify, by lan: storm",
            ],
        ),
        (
            Paused("lan", "storm", NIGHT, NIGHT + dt.timedelta(hours=2)),
            [Muted("RU-US", "minh", "daily", NIGHT)],
            [
                "posting to the desk is paused since 2026-05-04 20:12 UTC until 2026-05-04 22:12 UTC, by lan: storm",
                "RU-US is muted until 2026-05-04 by minh: daily",
            ],
        ),
    ],
)
def test_what_keeps_alerts_back_is_said(paused: Paused | None, mutes: list[Muted], said: list[str]) -> None:
    assert problems.resting(paused, mutes) == said
