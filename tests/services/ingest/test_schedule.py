"""When to look again: each rule once, and what holds whatever happens."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest import schedule
from services.ingest.schedule import Outcome, Rhythm, freshness, gave_false_304, is_gap, next_page_try, next_poll
from services.ingest.values import Failed

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
WORLD = Rhythm(world=True, base_interval_s=60, interval_s=60)
HOME = Rhythm(world=False, base_interval_s=300, interval_s=600)
HOURLY = Rhythm(world=False, base_interval_s=3600, interval_s=3600)
DAILY = Rhythm(world=False, base_interval_s=86_400, interval_s=86_400)


def middle() -> float:
    """The chance at which jitter adds nothing."""
    return 0.5


def failing(rhythm: Rhythm, failures: int) -> Rhythm:
    return rhythm._replace(failures=failures)


def wait(rhythm: Rhythm, outcome: Outcome, freshness_s: float | None = None) -> float:
    return (next_poll(rhythm, outcome, NOW, middle, freshness_s).at - NOW).total_seconds()


def failed(kind: str = "server", retry_after: float | None = None) -> Failed:
    return Failed(kind=kind, words="no", retry_after=retry_after)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rhythm", "outcome", "freshness_s", "seconds"),
    [
        (WORLD, "quiet", None, 60),
        (WORLD, "new", None, 60),
        (WORLD, "quiet", 900, 60),  # world news does not wait for a cache
        (WORLD, "gap", None, 30),
        (HOME, "new", None, 300),
        (HOME, "quiet", None, 750),
        (HOME._replace(interval_s=1790), "quiet", None, 1800),
        (HOME._replace(interval_s=400), "new", None, 300),
        (HOME, "quiet", 1200, 1200),  # the server says that it stays fresh
        (HOME, "quiet", 3600, 3600),
        (HOME, "quiet", 99_999, 3600),  # up to the cap
        (HOME, "new", 3600, 3600),
        (HOURLY, "quiet", None, 3600),  # its own interval is longer than any of ours
        (HOURLY, "new", None, 3600),
        (HOURLY, "quiet", 1200, 3600),
        (HOURLY, "quiet", 99_999, 3600),
        (DAILY, "quiet", 7200, 86_400),
        (HOURLY._replace(world=True), "quiet", None, 3600),
        (HOME, "quiet", 60, 750),
        (HOME, "gap", None, 300),
        (HOME, "gap", 3600, 300),  # it moves faster than its server says
        (HOME._replace(interval_s=3600), "gap", 3600, 900),
        (WORLD._replace(interval_s=30), "new", None, 37.5),  # after a gap it slows down again little by little
        (WORLD._replace(interval_s=30), "gap", None, 30),
        (WORLD._replace(interval_s=59), "quiet", None, 60),
    ],
)
def test_after_an_answer(rhythm: Rhythm, outcome: Outcome, freshness_s: float | None, seconds: float) -> None:
    assert wait(rhythm, outcome, freshness_s) == seconds


@pytest.mark.parametrize(
    ("rhythm", "failure", "least", "most"),
    [
        (failing(WORLD, 1), failed(), 120, 130),
        (failing(WORLD, 2), failed("missing"), 180, 190),  # 404 is trouble like any other: feeds come back
        (failing(WORLD, 50), failed(), 600, 630),
        (failing(HOME, 1), failed(), 600, 630),
        (failing(HOME, 50), failed("gone"), 1800, 1890),
        (failing(HOURLY, 1), failed(), 3600, 3780),  # never sooner than while it was well
        (failing(HOURLY._replace(world=True), 9), failed(), 3600, 3780),
        (failing(WORLD, 1), failed("busy"), 300, 450),
        (failing(WORLD, 1), failed("busy", 900), 900, 945),
        (failing(WORLD, 1), failed("busy", 10), 120, 180),  # five minutes are for a server that names no time
        (failing(WORLD, 4), failed("busy", 10), 300, 450),
        (failing(WORLD, 1), failed("busy", 0), 300, 450),
        (failing(WORLD, 1), failed("busy", 200), 200, 210),
        (failing(WORLD, 1), failed("server", 10**9), 86_400, 86_400 * 1.05),
    ],
)
def test_after_a_failure(rhythm: Rhythm, failure: Failed, least: float, most: float) -> None:
    assert least <= wait(rhythm, failure) <= most


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_world_news_is_looked_at_within_65_seconds_whatever_the_jitter(chance: float) -> None:
    at = next_poll(WORLD, "quiet", NOW, lambda: chance).at
    assert dt.timedelta(seconds=55) < at - NOW < dt.timedelta(seconds=64)


@given(
    st.booleans(),
    st.booleans(),
    st.integers(30, 86_400),
    st.integers(1, 86_400),
    st.integers(0, 10_000),
    st.sampled_from(["new", "quiet", "gap", "server", "busy", "dns"]),
    st.none() | st.floats(0, 1e9),
    st.floats(0, 0.999),
)
@example(False, False, 30, 1, 0, "server", 30.6640625, 0.0)
def test_a_feed_is_never_given_up_and_never_hammered(
    world: bool,
    together: bool,
    base: int,
    interval: int,
    failures: int,
    outcome: str,
    asked: float | None,
    chance: float,
) -> None:
    result = outcome if outcome in {"new", "quiet", "gap"} else failed(outcome, asked)
    rhythm = Rhythm(world, base, interval, failures, together)
    decision = next_poll(rhythm, result, NOW, lambda: chance, asked)  # type: ignore[arg-type]
    wait_s = (decision.at - NOW).total_seconds()
    assert 28 <= wait_s <= 86_400 * (1.5 if outcome == "busy" or together else 1.05)
    assert decision.reason
    if isinstance(result, Failed) and asked:
        assert wait_s >= min(asked, schedule.RETRY_AFTER_CAP_S)


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("chance", [0.0, 0.2, 0.999])
def test_a_feed_that_asks_for_a_pause_has_all_of_it(together: bool, chance: float) -> None:
    at = next_poll(HOME._replace(together=together), "quiet", NOW, lambda: chance, 1200).at
    assert dt.timedelta(seconds=1200) <= at - NOW <= dt.timedelta(seconds=1200 * (1.5 if together else 1.05))


@pytest.mark.parametrize("outcome", ["new", "quiet"])
@pytest.mark.parametrize("asked", [1200, 3000, 3600, 99_999])
def test_the_cap_holds_for_what_a_spread_adds(outcome: Outcome, asked: float) -> None:
    for together in (False, True):
        at = next_poll(HOME._replace(together=together), outcome, NOW, lambda: 0.999, asked).at
        assert at - NOW <= dt.timedelta(seconds=schedule.FRESH_CAP_S * (1 + schedule.JITTER))


def test_feeds_that_came_due_together_are_spread_over_half_an_interval_and_none_waits_longer_than_usual() -> None:
    together = WORLD._replace(together=True)
    chances = [place / 12 for place in range(12)]
    waits = [(next_poll(together, "new", NOW, partial(float, chance)).at - NOW).total_seconds() for chance in chances]
    assert waits == [60 - 2.5 * place for place in range(12)]
    assert next_poll(together, "gap", NOW, lambda: 0.9).at == NOW + dt.timedelta(seconds=schedule.GAP_S)


@pytest.mark.parametrize(
    ("due_before_s", "ever", "together"),
    [(0, False, True), (0, True, False), (29, True, False), (31, True, True), (7200, True, True)],
)
def test_feeds_come_due_together_at_the_first_start_and_after_a_pause(
    due_before_s: int, ever: bool, together: bool
) -> None:
    due_at, last = NOW - dt.timedelta(seconds=due_before_s), NOW - dt.timedelta(hours=3)
    assert schedule.came_together(60, due_at, last if ever else None, NOW) is together


@pytest.mark.parametrize(
    ("header", "ttl_s", "seconds"),
    [
        ("max-age=120", None, 120),
        ("no-cache, max-age=120", None, None),
        ("max-age=120, no-store", None, None),
        ("max-age=120,no-cache", 300.0, 300),  # what the feed itself says stays
        ('max-age=120, no-cache="Set-Cookie"', None, 120),
        ("public, Max-Age=120, must-revalidate", 60.0, 120),
        ("s-maxage=600", None, None),
        ("no-cache", 300.0, 300),
        ("max-age=soon", None, None),
        ("", None, None),
    ],
)
def test_freshness(header: str, ttl_s: float | None, seconds: float | None) -> None:
    assert freshness({"cache-control": header}, ttl_s) == seconds


@pytest.mark.parametrize(
    ("age", "ttl_s", "seconds"),
    [("3500", None, 100), ("0", None, 3600), ("3600", None, None), ("9999", 300.0, 300), ("-1", None, 3600),
     ("soon", None, 3600)],
)  # fmt: skip
def test_an_answer_from_a_cache_is_fresh_for_what_is_left(age: str, ttl_s: float | None, seconds: float | None) -> None:
    assert freshness({"cache-control": "max-age=3600", "age": age}, ttl_s) == seconds


@pytest.mark.parametrize(
    ("unmodified", "minutes", "wanted"),
    [(0, None, True), (29, 29, False), (30, 30, True), (3, 119, False), (4, 120, True)],
)
def test_a_304_is_checked_now_and_then(unmodified: int, minutes: float | None, wanted: bool) -> None:
    full = None if minutes is None else NOW - dt.timedelta(minutes=minutes)
    assert schedule.wants_full_get(unmodified, full, NOW) is wanted


@pytest.mark.parametrize(
    ("minutes_before", "false"),
    [([], False), ([30], False), ([30, 2], False), ([30, None], False), ([30, 11], True), ([9, 9, 9], False)],
)
def test_two_entries_older_than_a_304_prove_it_false(minutes_before: list[float | None], false: bool) -> None:
    dates = [None if minutes is None else NOW - dt.timedelta(minutes=minutes) for minutes in minutes_before]
    assert gave_false_304(dates, NOW) is false


def test_gap() -> None:
    assert is_gap(entries=50, unseen=50)
    assert not is_gap(entries=50, unseen=49)
    assert not is_gap(entries=0, unseen=0)
    assert not is_gap(entries=1, unseen=1)


@pytest.mark.parametrize(
    ("failure", "again", "seconds"),
    [
        (failed("busy"), False, 300),
        (failed("busy"), True, None),  # its sisters were asked since, and say themselves whether the server is busy
        (failed("busy", 10), False, 10),
        (failed("busy", 0), False, 300),
        (failed("busy", 3600), True, 3600),
        (failed("server", 60), True, 60),
        (failed("server", 10**9), False, 86_400),
        (failed("server", 0), False, None),
        (failed("missing"), False, None),
    ],
)
def test_how_long_a_host_is_left_alone(failure: Failed, again: bool, seconds: float | None) -> None:
    until = schedule.host_rests_until(failure, NOW, again=again)
    assert until == (None if seconds is None else NOW + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        (failed("busy", 90), 90),
        (failed("server", 90.2), 91),
        (failed("busy", 3600), 600),  # a day of it would cost the desk its news
        (failed("busy"), None),
        (failed("missing"), None),
    ],
)
def test_how_long_the_feeds_of_a_host_rest_for_its_pages(failure: Failed, seconds: float | None) -> None:
    until = schedule.feeds_rest_until(failure, NOW)
    assert until == (None if seconds is None else NOW + dt.timedelta(seconds=seconds))


def test_pages_are_tried_again_and_then_left() -> None:
    assert next_page_try(1, failed("server"), NOW, middle) == NOW + dt.timedelta(seconds=150)
    assert next_page_try(7, failed("server"), NOW, middle) is not None
    assert next_page_try(8, failed("server"), NOW, middle) is None
    assert next_page_try(2, failed("missing"), NOW, middle) is not None
    assert next_page_try(3, failed("missing"), NOW, middle) is None
    assert next_page_try(1, failed("busy", 3600), NOW, middle) == NOW + dt.timedelta(hours=1)
