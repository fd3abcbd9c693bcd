"""Claims on feeds and hosts, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.ingest import claims, feeds
from services.ingest.values import CatalogueFeed
from shared import pulse
from shared.brake import FREE, Backlog, Step
from shared.tables import FeedRow
from tests.support.listed import HOME, HOUR, NOW, OTHER, WORLD, Sessions, feed_of, listed


@pytest.fixture(autouse=True)
def _feeds(sessions: Sessions) -> None:
    listed(sessions)


def claim(sessions: Sessions, now: dt.datetime = NOW, limit: int = 10) -> list[str]:
    with sessions.begin() as session:
        ids = claims.claim_due_feeds(session, now, limit)
        return sorted(session.get_one(FeedRow, feed_id).url for feed_id in ids)


def asked(sessions: Sessions, now: dt.datetime, step: Step) -> set[str]:
    """Which of two feeds are claimed with the brake at this step; they are given back."""
    with sessions() as session:
        ids = claims.claim_due_feeds(session, now, 10, step)
        return {session.get_one(FeedRow, feed_id).url for feed_id in ids} & {WORLD.url, OTHER.url}


def polled(sessions: Sessions, listed: CatalogueFeed, rests: dt.timedelta) -> None:
    """A feed that was claimed has been asked; its host rests."""
    with sessions.begin() as session:
        row = feed_of(session, listed)
        row.claimed_until, row.next_poll_at = None, NOW + HOUR
        claims.release_host(session, row.host, NOW + claims.TURN, NOW + rests)


def test_one_feed_of_each_host_at_a_time(sessions: Sessions) -> None:
    assert claim(sessions) == [OTHER.url, WORLD.url]
    assert claim(sessions) == []
    polled(sessions, WORLD, rests=dt.timedelta(seconds=2))
    assert claim(sessions, NOW + dt.timedelta(seconds=1)) == []
    assert claim(sessions, NOW + dt.timedelta(seconds=2)) == [HOME.url]


@pytest.mark.parametrize("held", [False, True])
def test_however_many_feeds_of_one_host_wait_the_others_have_their_turn(sessions: Sessions, held: bool) -> None:
    with sessions.begin() as session:
        many = [CatalogueFeed(outlet="A", url=f"https://many.vn/{n}.rss") for n in range(700)]
        feeds.sync_feeds(session, many, NOW - HOUR)
        feeds.sync_feeds(session, [*many, OTHER], NOW)
        if held:
            claims.claim_hosts(session, ["many.vn"], NOW)
    assert claim(sessions, limit=2) == [OTHER.url, *([] if held else [many[0].url])]


def test_the_brake_asks_feeds_later_and_world_news_last(sessions: Sessions) -> None:
    step = Step(Backlog(1, 0), others_s=60, world_s=0, pages=False)
    with sessions.begin() as session:
        feed_of(session, WORLD).world, feed_of(session, OTHER).world = True, False
    assert asked(sessions, NOW, step) == {WORLD.url}
    assert asked(sessions, NOW, step._replace(world_s=30)) == set()
    assert asked(sessions, NOW + dt.timedelta(seconds=30), step._replace(world_s=30)) == {WORLD.url}
    assert asked(sessions, NOW + dt.timedelta(seconds=60), step) == {WORLD.url, OTHER.url}


def test_feeds_that_are_given_back_are_due_as_before(sessions: Sessions) -> None:
    with sessions.begin() as session:
        claims.give_back_feeds(session, claims.claim_due_feeds(session, NOW, 10), NOW)
    assert claim(sessions) == [OTHER.url, WORLD.url]


def test_what_was_claimed_again_meanwhile_is_not_given_back_nor_released(sessions: Sessions) -> None:
    """A worker that comes too late frees nothing that another one holds."""
    later = NOW + claims.TURN
    with sessions.begin() as session:
        ids = claims.claim_due_feeds(session, NOW, 10)
        host = session.get_one(FeedRow, ids[0]).host
    assert claim(sessions, later) == [OTHER.url, WORLD.url]
    with sessions.begin() as session:
        claims.give_back_feeds(session, ids, NOW)
        claims.release_host(session, host, NOW + claims.TURN, None)
        assert claims.claim_hosts(session, [host], later, claims.TURN) == frozenset()
    assert claim(sessions, later) == []
    with sessions.begin() as session:
        claims.release_host(session, host, later + claims.TURN, None)
        assert claims.claim_hosts(session, [host], later, claims.TURN) == {host}


def test_a_claim_whose_message_was_lost_ends(sessions: Sessions) -> None:
    assert claim(sessions, limit=1) == [WORLD.url]
    assert WORLD.url in claim(sessions, NOW + claims.TURN)


def test_a_claim_of_before_a_clock_went_back_ends_at_once(sessions: Sessions) -> None:
    ahead = NOW + 3 * HOUR
    assert WORLD.url in claim(sessions, ahead)
    with sessions.begin() as session:
        claims.begin_poll(session, feed_of(session, WORLD).id, ahead)
    assert WORLD.url in claim(sessions)


def test_a_lease_counts_from_when_the_poll_begins_and_so_does_that_of_its_host(sessions: Sessions) -> None:
    claim(sessions)
    begun = NOW + claims.TURN - dt.timedelta(seconds=1)
    with sessions.begin() as session:
        feed = claims.begin_poll(session, feed_of(session, WORLD).id, begun)
        assert feed is not None
        assert (feed.url, feed.claimed_until) == (WORLD.url, begun + claims.LEASE)
        assert claims.claim_hosts(session, [feed.host], NOW + claims.LEASE) == frozenset()
    assert claim(sessions, NOW + claims.LEASE) == [OTHER.url]
    with sessions.begin() as session:
        assert claims.begin_poll(session, feed_of(session, WORLD).id, begun + claims.LEASE) is None


def test_feeds_that_are_paused_or_left_the_catalogue_are_not_claimed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed_of(session, OTHER).paused = True
        feeds.sync_feeds(session, [HOME, OTHER], NOW)
    assert claim(sessions) == [HOME.url]


def test_two_pollers_claim_each_feed_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feeds.sync_feeds(session, [CatalogueFeed(outlet="A", url=f"https://a{n}.vn/rss") for n in range(20)], NOW)
    with ThreadPoolExecutor(4) as pool:
        claimed = [url for urls in pool.map(lambda _: claim(sessions, limit=20), range(4)) for url in urls]
    assert len(claimed) == len(set(claimed)) == 20


def test_a_clock_that_is_ahead_for_less_time_than_lies_between_two_ticks_leaves_no_feed_waiting(
    sessions: Sessions,
) -> None:
    def tick(now: dt.datetime) -> None:
        with sessions.begin() as session:
            pulse.look(session, now, (FREE,))

    tick(NOW)
    assert claim(sessions, NOW + 3 * HOUR)
    with sessions.begin() as session:
        row = feed_of(session, WORLD)
        row.claimed_until, row.next_poll_at = None, NOW + 4 * HOUR
        claims.release_host(session, row.host, NOW + 3 * HOUR + claims.TURN, NOW + 3 * HOUR)
    tick(NOW)
    assert WORLD.url in claim(sessions, NOW)
