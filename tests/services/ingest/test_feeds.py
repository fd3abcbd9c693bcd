"""What the database remembers of each feed, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services.ingest import claims, feeds, store
from services.ingest.schedule import NextPoll, Success
from services.ingest.values import CatalogueFeed, Failed, Validators
from shared.tables import ArticleRow, FeedRow
from tests.support.listed import DAY, HOME, MINUTE, NOW, OTHER, WORLD, Sessions, count, entry, feed_of, listed


@pytest.fixture(autouse=True)
def _feeds(sessions: Sessions) -> None:
    listed(sessions)


def test_the_table_follows_the_catalogue(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed_of(session, HOME).interval_s = 900
        slower = CatalogueFeed(outlet="VnExpress", url=WORLD.url, interval_s=120, section="Thế giới")
        feeds.sync_feeds(session, [slower, HOME], NOW + DAY)
    with sessions() as session:
        world, home, other = (feed_of(session, listed) for listed in (WORLD, HOME, OTHER))
        assert (world.section, world.base_interval_s, world.interval_s) == ("Thế giới", 120, 120)
        assert (world.body_selector, world.next_poll_at) == ("", NOW)
        assert home.interval_s == 900  # what it learned stays
        assert (world.listed, home.listed, other.listed) == (True, True, False)
    assert count(sessions, FeedRow) == 3


@pytest.mark.parametrize(
    ("asked", "failures", "minutes"),
    [
        (CatalogueFeed(outlet="VnExpress", url=HOME.url, world=True), 0, 1),
        (CatalogueFeed(outlet="VnExpress", url=HOME.url, world=False, interval_s=120), 0, 2),
        (CatalogueFeed(outlet="VnExpress", url=HOME.url, world=False, interval_s=3600), 0, 30),  # sooner already
        (CatalogueFeed(outlet="VnExpress", url=HOME.url, world=True), 1, 30),
        (HOME, 0, 30),
    ],
)
def test_a_shorter_interval_holds_from_now_on(
    asked: CatalogueFeed, failures: int, minutes: int, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        row = feed_of(session, HOME)
        row.interval_s, row.next_poll_at, row.failures = 1800, NOW + 30 * MINUTE, failures
        feeds.sync_feeds(session, [asked], NOW)
    with sessions() as session:
        assert feed_of(session, HOME).next_poll_at == NOW + minutes * MINUTE


def test_a_host_is_one_however_its_feeds_write_it(sessions: Sessions) -> None:
    urls = ["https://A.vn:443/rss", "https://a.vn/rss"]
    with sessions.begin() as session:
        feeds.sync_feeds(session, [CatalogueFeed(outlet="A", url=url) for url in urls], NOW)
        hosts = set(session.scalars(select(FeedRow.host).where(FeedRow.listed)))
    assert hosts == {"a.vn"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('"1"', '"1"'),
        ('W/"a b"', 'W/"a b"'),
        ("", ""),
        (None, None),
        ('"thế-giới"', None),
        ('"\xe9"', None),
        ('"a\tb"', None),
        ('"a\x7fb"', None),
    ],
)
def test_validators_that_cannot_be_sent_back_are_dropped(
    sessions: Sessions, given: str | None, kept: str | None
) -> None:
    finish(sessions, (Validators(given, given), "hash"))
    with sessions() as session:
        row = feed_of(session, WORLD)
        assert (row.etag, row.last_modified, row.body_hash) == (kept, kept, "hash")


NEXT = NextPoll(NOW + MINUTE, 60, "why")


def finish(sessions: Sessions, answer: tuple[Validators, str] | None = None, outcome: Success = "quiet") -> None:
    with sessions.begin() as session:
        feeds.finish_answered(feed_of(session, WORLD), outcome, NEXT, NOW, answer and feeds.Kept(*answer))


def fail(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feeds.finish_failed(feed_of(session, WORLD), Failed(kind="dns", words="no"), NEXT, NOW)


def test_what_a_poll_leaves_behind(sessions: Sessions) -> None:
    with sessions.begin() as session:
        claims.claim_due_feeds(session, NOW, 10)
    finish(sessions, (Validators('"1"', "date"), "hash"), "gap")
    with sessions() as session:
        row = feed_of(session, WORLD)
        assert (row.etag, row.last_modified, row.body_hash) == ('"1"', "date", "hash")
        assert row.last_polled_at == row.last_success_at == row.last_new_at == row.last_full_at == NOW
        assert (row.next_poll_at, row.claimed_until, row.gaps) == (NOW + MINUTE, None, 1)


def test_a_failure_is_counted_and_keeps_the_last_good_answer(sessions: Sessions) -> None:
    finish(sessions, (Validators('"1"'), "hash"))
    for _ in range(2):
        fail(sessions)
    with sessions() as session:
        row = feed_of(session, WORLD)
        assert (row.failures, row.last_error, row.etag, row.body_hash) == (2, "dns: no", '"1"', "hash")
        assert row.polls == {"quiet": 1, "dns": 2}
    finish(sessions)
    with sessions() as session:
        assert (feed_of(session, WORLD).failures, feed_of(session, WORLD).last_error) == (0, None)
        assert feed_of(session, WORLD).unmodified == 1
    finish(sessions, (Validators('"2"'), "hash"))
    with sessions() as session:
        assert feed_of(session, WORLD).unmodified == 0


def test_a_validator_too_long_to_keep_is_not_cut(sessions: Sessions) -> None:
    finish(sessions, (Validators("e" * 501, "m" * 201), "hash"))
    with sessions() as session:
        assert (feed_of(session, WORLD).etag, feed_of(session, WORLD).last_modified) == (None, None)


def test_entries_and_validators_are_saved_together_or_not_at_all(sessions: Sessions) -> None:
    with sessions() as session:
        row = feed_of(session, WORLD)
        store.save_articles(session, [entry(1)], row, NOW)
        feeds.finish_answered(row, "new", NEXT, NOW, feeds.Kept(Validators('"1"'), "h"))
        session.flush()
        session.rollback()  # the process dies before its commit
    assert count(sessions, ArticleRow) == 0
    with sessions() as session:
        assert feed_of(session, WORLD).etag is None


def test_a_feed_that_is_put_off_has_not_failed_and_says_why(sessions: Sessions) -> None:
    finish(sessions, (Validators('"1"'), "hash"))
    with sessions.begin() as session:
        feeds.put_off(feed_of(session, WORLD), NOW + MINUTE, "waits: it redirects")
    with sessions() as session:
        row = feed_of(session, WORLD)
        assert (row.failures, row.last_error, row.next_poll_at) == (0, "waits: it redirects", NOW + MINUTE)
        assert (row.last_success_at, row.etag, row.claimed_until) == (NOW, '"1"', None)


PAUSED, RESUMED = (
    f"paused by An at {NOW:%Y-%m-%d %H:%M} UTC: archive",
    f"resumed by An at {NOW + DAY:%Y-%m-%d %H:%M} UTC",
)


@pytest.mark.parametrize(
    ("name", "urls"),
    [(WORLD.url, [WORLD.url]), ("vnexpress", [WORLD.url, HOME.url]), ("BÁO A", [OTHER.url]), ("Báo B", [])],
)
def test_a_person_pauses_a_feed_or_an_outlet_and_resumes_it(sessions: Sessions, name: str, urls: list[str]) -> None:
    with sessions.begin() as session:
        assert sorted(feeds.pause_feeds(session, name, "An", "archive", NOW)) == sorted(urls)
    with sessions.begin() as session:
        assert [row.hand for row in session.scalars(select(FeedRow)) if row.paused] == [PAUSED] * len(urls)
        assert sorted(feeds.resume_feeds(session, name, "An", NOW + DAY)) == sorted(urls)
        assert feeds.resume_feeds(session, name, "Bình", NOW + DAY) == []
    with sessions() as session:
        resumed = [row for row in session.scalars(select(FeedRow)) if row.hand == RESUMED]
        assert {(row.url, row.paused, row.next_poll_at) for row in resumed} == {(url, False, NOW + DAY) for url in urls}
