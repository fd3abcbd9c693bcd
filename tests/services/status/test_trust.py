"""May the desk trust the silence? The sentence and the blind windows, from test articles."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from services.status.trust import blind_windows, trust
from services.status.values import Blind, Canary, Counts, Feed, Paused, Signs, Snapshot, Standing

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
EVERY = dt.timedelta(minutes=5)


YES = "Yes, the desk can trust the silence: a test article went feed → stored → read"


def ago(minutes: float) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)


BLIND = Blind(since=ago(9), until=None, cause="no feed answered", caught_up=False)


def through(minutes: float, took_s: float = 41, channel: str | None = "C9") -> Canary:
    told = ago(minutes) + dt.timedelta(seconds=took_s)
    return Canary(ago(minutes), ago(minutes), told, told, channel)


def stuck(minutes: float, *, read: bool = False, failed: str | None = None) -> Canary:
    return Canary(ago(minutes), ago(minutes), ago(minutes) if read else None, None, None, failed)


FEED = Feed("http://a/rss", "A", 60.0, 30.0, 0, None)
PAUSED, UNLISTED = replace(FEED, watched=False, paused="by lan"), replace(FEED, watched=False, listed=False)
STANDING = Standing(Counts(0, 0, 0), {}, [FEED], {}, None, {}, {}, None, [])


def snapshot(
    *canaries: Canary,
    problems: tuple[str, ...] = (),
    wrong_since: dt.datetime | None = None,
    paused: Paused | None = None,
    unseeing: tuple[Blind, ...] = (),
    feeds: tuple[Feed, ...] = (FEED,),
) -> Snapshot:
    standing = replace(STANDING, paused=paused, feeds=list(feeds))
    return Snapshot(
        at=NOW, distributed=True, known_at=NOW, standing=standing, totals=None, signs=Signs(), canaries=list(canaries),
        unseeing=list(unseeing),
        flows={}, last_sent=None, schema=None, problems=list(problems), wrong_since=wrong_since, away=[],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (
            snapshot(through(8), through(4)),
            f"{YES} → Slack in 41 s, 3 min ago.",
        ),
        (
            snapshot(through(4, channel=None)),
            "Yes, the desk can trust the silence: a test article went feed → stored → read → message "
            "(no channel is set to post it to) in 41 s, 3 min ago.",
        ),
        (snapshot(through(6), stuck(1)), f"{YES} → Slack in 41 s, 5 min ago."),
        (
            snapshot(through(20), stuck(15), stuck(10)),
            "No, since 2025-03-18 16:45 UTC: the test article of 16:50 UTC was stored and is not read.",
        ),
        (
            snapshot(through(20), stuck(15, read=True)),
            "No, since 2025-03-18 16:45 UTC: the test article of 16:45 UTC was read and is not told.",
        ),
        (
            snapshot(through(8), stuck(3, failed="Slack: channel_not_found")),
            "No, since 2025-03-18 16:57 UTC: the test article of 16:57 UTC failed: Slack: channel_not_found.",
        ),
        (snapshot(through(30)), "No, since 2025-03-18 16:35 UTC: the next test article is overdue: nobody sends it."),
        (snapshot(), "No, no test article has been sent in the last day."),
        (snapshot(stuck(1)), "No, the first test article is still on its way."),
        (
            snapshot(through(4), problems=("classify showed no sign of life for 180 s",)),
            "No, classify showed no sign of life for 180 s.",
        ),
        (
            snapshot(through(4), problems=("39 of 39 feeds fail",), wrong_since=ago(6)),
            "No, since 2025-03-18 16:54 UTC: 39 of 39 feeds fail.",
        ),
        (
            snapshot(through(4), problems=("39 of 39 feeds fail",), wrong_since=ago(6), unseeing=(BLIND,)),
            "No, since 2025-03-18 16:51 UTC: 39 of 39 feeds fail.",
        ),
        (
            snapshot(through(30), problems=("Redis is away",)),
            "No, since 2025-03-18 16:35 UTC: Redis is away.",
        ),
        (
            snapshot(through(4), unseeing=(BLIND,)),
            "No, since 2025-03-18 16:51 UTC: no feed answered.",
        ),
        (
            snapshot(through(4), paused=Paused("lan", "storm", ago(3), None)),
            "No, since 2025-03-18 16:57 UTC: posting to the desk is paused by lan: storm.",
        ),
        (snapshot(through(4), feeds=()), "No, no feed is watched."),
        (snapshot(through(4), feeds=(UNLISTED,)), "No, since 2025-03-18 16:59 UTC: no feed is watched."),
        (
            snapshot(through(4), feeds=(replace(PAUSED, last_success_age_s=3 * 3600), PAUSED, UNLISTED)),
            "No, since 2025-03-18 16:59 UTC: every feed is paused by hand.",
        ),
        (snapshot(through(4), feeds=(PAUSED, UNLISTED, FEED)), f"{YES} → Slack in 41 s, 3 min ago."),
    ],
)  # fmt: skip
def test_one_sentence(known: Snapshot, sentence: str) -> None:
    assert trust(known, EVERY).sentence == sentence
    assert trust(known, EVERY).yes == sentence.startswith("Yes")


def test_without_test_articles_nothing_is_proved() -> None:
    said = trust(snapshot(through(4)), dt.timedelta(0))
    assert said.sentence.startswith("No, ")
    assert "REDPHONE_CANARY_MINUTES" in said.sentence
    assert said.untested


@pytest.mark.parametrize(
    "known", [snapshot(through(4), problems=("Redis is gone",)), snapshot(through(4), unseeing=(BLIND,))]
)
def test_what_is_known_to_be_wrong_weighs_more_than_that_nothing_is_tested(known: Snapshot) -> None:
    assert not trust(known, dt.timedelta(0)).untested


@pytest.mark.parametrize("one", [through(4), through(4, channel=None)])
def test_a_proof_says_whether_it_was_posted(one: Canary) -> None:
    assert trust(snapshot(one), EVERY).posted == (one.channel is not None)


def test_nobody_says_again_what_the_sentence_says() -> None:
    said = trust(snapshot(through(4), unseeing=(BLIND,)), EVERY)
    assert [said.tells(words) for words in (said.sentence, said.cause, "Redis is gone")] == [True, True, False]


def test_a_day_without_trouble_has_no_blind_window() -> None:
    assert blind_windows([through(n) for n in range(60, 0, -5)], NOW, EVERY, [None, 2.0]) == []


def test_blind_windows_have_cause_and_end() -> None:
    canaries = [through(60), stuck(55), stuck(50), through(45), through(20), through(15), stuck(10, failed="x: y")]
    one, other, last = blind_windows(canaries, NOW, EVERY, [None, 30.0])
    assert (one.since, one.until) == (ago(60), through(45).told_at)
    assert one.cause == "the test article of 16:05 UTC was stored and is not read"
    assert other == Blind(
        since=ago(45), until=through(20).told_at, cause="no test article was sent: nothing ran", caught_up=True
    )
    assert (last.until, last.cause, last.caught_up) == (None, "the test article of 16:50 UTC failed: x: y", False)


@pytest.mark.parametrize(
    ("read", "told", "window"),
    [
        (1, 1.9, None),
        (6, 7, "the test article of 16:40 UTC was read late"),
        (1, 7, "the test article of 16:40 UTC was told late"),
    ],
)
def test_what_came_through_late_leaves_its_blind_window(read: float, told: float, window: str | None) -> None:
    slow = replace(through(20), read_at=ago(20 - read), told_at=ago(20 - told))
    found = blind_windows([through(25), slow, through(15), through(10), through(5)], NOW, EVERY, [None])
    expected = [] if window is None else [Blind(since=ago(25), until=ago(20 - told), cause=window, caught_up=True)]
    assert found == expected


def test_what_came_through_late_together_was_one_blind_window() -> None:
    told = ago(11)
    slow = [replace(through(minutes), read_at=told, told_at=told) for minutes in (20, 15)]
    (window,) = blind_windows([through(25), *slow, through(10), through(5)], NOW, EVERY, [None])
    assert (window.since, window.until) == (ago(25), told)


def test_a_window_is_not_caught_up_while_its_rows_wait() -> None:
    canaries = [through(60), through(30), through(4)]
    assert [one.caught_up for one in blind_windows(canaries, NOW, EVERY, [40 * 60.0])] == [False, False]
    assert [one.caught_up for one in blind_windows(canaries, NOW, EVERY, [10 * 60.0])] == [True, False]
