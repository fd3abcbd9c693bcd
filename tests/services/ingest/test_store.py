"""The store, on SQLite and on PostgreSQL: articles once, revisions, claims, and a feed's memory."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from services.ingest import store
from services.ingest.schedule import NextPoll
from services.ingest.values import CatalogueFeed, Entry, Page, Validators
from shared.records import Article
from shared.tables import ArticleRow, EntryRow, FeedRow, HostRow

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
WORLD = CatalogueFeed(outlet="VnExpress", url="https://vnexpress.net/rss/the-gioi.rss", body_selector=".fck_detail")
HOME = CatalogueFeed(
    outlet="VnExpress", url="https://vnexpress.net/rss/tin-moi-nhat.rss", world=False, fetch_body=False, interval_s=300
)
OTHER = CatalogueFeed(outlet="Báo A", url="https://a.vn/rss")
Sessions = sessionmaker[Session]


def entry(number: int, **changes: object) -> Entry:
    values = {
        "title": f"Tin {number}",
        "summary": f"Tóm tắt {number}",
        "url": f"https://vnexpress.net/tin-{4_000_000 + number}.html",
        "published_at": NOW - number * MINUTE,
        **changes,
    }
    return Entry(**values)  # type: ignore[arg-type]


def feed_of(session: Session, listed: CatalogueFeed) -> FeedRow:
    return session.scalars(select(FeedRow).where(FeedRow.url == listed.url)).one()


def save(sessions: Sessions, listed: CatalogueFeed, *entries: Entry, now: dt.datetime = NOW) -> store.Stored:
    with sessions.begin() as session:
        return store.save_articles(session, entries, feed_of(session, listed), now, silent_before=now - 36 * HOUR)


def article(sessions: Sessions, article_id: int) -> ArticleRow:
    with sessions() as session:
        return session.get_one(ArticleRow, article_id)


def count(sessions: Sessions, table: type[ArticleRow] | type[EntryRow] | type[FeedRow]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture(autouse=True)
def _feeds(sessions: Sessions) -> None:
    with sessions.begin() as session:
        store.sync_feeds(session, [WORLD, HOME, OTHER], NOW)


# ---- articles ----


def test_an_entry_becomes_an_article_that_waits(sessions: Sessions) -> None:
    stored = save(sessions, WORLD, entry(1, published_raw="raw"))
    assert stored.ids == stored.new
    row = article(sessions, stored.new[0])
    assert (row.key, row.outlet, row.title, row.summary) == ("vnexpress.net#4000001", "VnExpress", "Tin 1", "Tóm tắt 1")
    assert (row.published_at, row.published_raw, row.fetched_at) == (NOW - MINUTE, "raw", NOW)
    assert (row.classify_state, row.silent, row.revision) == ("waiting", False, 1)
    assert (row.body_state, row.body_next_at, row.host) == ("waiting", NOW, "vnexpress.net")


def test_seen_again_it_is_not_stored_again(sessions: Sessions) -> None:
    first = save(sessions, WORLD, entry(1), entry(2))
    again = save(sessions, WORLD, entry(2), entry(1), entry(3))
    assert again.ids[:2] == first.ids[::-1]
    assert again.new == again.ids[2:]
    assert again.revised == ()


def test_the_same_story_in_two_feeds_is_one_article(sessions: Sessions) -> None:
    world = save(sessions, WORLD, entry(1))
    home = save(sessions, HOME, entry(1, url="http://www.vnexpress.net/the-gioi/slug-4000001.html", summary="Ngắn"))
    assert home.ids == world.ids
    assert (home.new, home.revised) == ((), ())
    assert count(sessions, ArticleRow) == 1
    assert count(sessions, EntryRow) == 2


def test_the_same_story_twice_in_one_answer_is_one_article(sessions: Sessions) -> None:
    stored = save(sessions, WORLD, entry(1), entry(1, title="Tin 1 (lặp)"))
    assert len(set(stored.ids)) == len(stored.new) == 1
    again = save(sessions, WORLD, entry(1), entry(1, title="Tin 1 (lặp)"))
    assert (again.new, again.revised) == ((), ())
    assert article(sessions, stored.new[0]).title == "Tin 1"


def test_ids_follow_publication(sessions: Sessions) -> None:
    stored = save(sessions, WORLD, entry(1), entry(3), entry(2))
    assert sorted(stored.ids) == [stored.ids[1], stored.ids[2], stored.ids[0]]


def test_old_entries_go_into_history_silently(sessions: Sessions) -> None:
    stored = save(sessions, WORLD, entry(1), entry(2, published_at=NOW - 40 * HOUR), entry(3, published_at=None))
    assert [article(sessions, article_id).silent for article_id in stored.ids] == [False, True, False]


def test_an_edited_entry_is_a_revision_and_is_read_again(sessions: Sessions) -> None:
    (article_id,) = save(sessions, WORLD, entry(1)).new
    with sessions.begin() as session:
        row = session.get_one(ArticleRow, article_id)
        row.classify_state, row.classify_attempts, row.body_state, row.text = "done", 1, "done", "Toàn văn"
    edited = save(sessions, WORLD, entry(1, title="Tin 1, sửa"), now=NOW + HOUR)
    assert (edited.new, edited.revised) == ((), (article_id,))
    row = article(sessions, article_id)
    assert (row.title, row.text, row.revision) == ("Tin 1, sửa", "Toàn văn", 2)
    assert (row.classify_state, row.classify_attempts) == ("waiting", 0)
    assert (row.body_state, row.body_next_at) == ("waiting", NOW + HOUR)
    assert save(sessions, WORLD, entry(1, title="Tin 1, sửa")).revised == ()


def test_a_stable_guid_follows_an_article_to_its_new_address(sessions: Sessions) -> None:
    first = save(sessions, OTHER, entry(1, url="https://a.vn/ten-cu", guid="g1"))
    moved = save(sessions, OTHER, entry(1, url="https://a.vn/ten-moi", guid="g1"))
    assert moved.ids == first.ids
    assert moved.new == ()


def test_what_a_feed_had_not_shown_before_is_told_apart_from_what_nobody_had(sessions: Sessions) -> None:
    world = save(sessions, WORLD, entry(1), entry(2))
    home = save(sessions, HOME, entry(2), entry(3))
    assert world.unseen == set(world.ids)
    assert home.unseen == set(home.ids)
    assert home.new == (home.ids[1],)
    assert save(sessions, HOME, entry(2), entry(3)).unseen == set()
    save(sessions, OTHER, entry(1, url="https://a.vn/ten-cu", guid="g1"))
    assert save(sessions, OTHER, entry(1, url="https://a.vn/ten-moi", guid="g1")).unseen == set()


def test_a_guid_that_repeats_loses_no_entry(sessions: Sessions) -> None:
    stored = save(sessions, OTHER, *(entry(n, url=f"https://a.vn/{n}", guid="same") for n in range(3)))
    assert len(set(stored.new)) == 3
    later = save(sessions, OTHER, entry(9, url="https://a.vn/9", guid="same"))
    assert len(later.new) == 1


def test_an_entry_without_a_link_is_known_by_its_guid(sessions: Sessions) -> None:
    stored = save(sessions, OTHER, entry(1, url=None, guid="g1"), entry(2, url=None, guid="g2"))
    assert len(stored.new) == 2
    assert article(sessions, stored.new[0]).body_state == "none"
    assert save(sessions, OTHER, entry(1, url=None, guid="g1")).ids == (stored.ids[0],)


def test_a_thousand_entries(sessions: Sessions) -> None:
    entries = [entry(number) for number in range(1000)]
    assert len(save(sessions, HOME, *entries).new) == 1000
    assert save(sessions, HOME, *entries).new == ()


def test_two_workers_with_the_same_entries_store_each_once(sessions: Sessions) -> None:
    entries = [entry(number) for number in range(30)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: save(sessions, WORLD, *entries), range(4)))
    assert sum(len(stored.new) for stored in results) == count(sessions, ArticleRow) == 30
    assert len({stored.ids for stored in results}) == 1


# ---- replayed ----


def line(**changes: object) -> Article:
    values = {"id": "seed-1", "title": "Tin", "text": "Toàn văn", "published_at": NOW, "outlet": "Báo A", **changes}
    return Article(**values)  # type: ignore[arg-type]


def replay(sessions: Sessions, *articles: Article, silent: bool = False) -> store.Stored:
    with sessions.begin() as session:
        return store.save_replayed(session, articles, NOW, silent)


def test_replayed_twice_is_stored_once(sessions: Sessions) -> None:
    first = replay(sessions, line(), line(id="seed-2"))
    again = replay(sessions, line(), line(id="seed-2"))
    assert len(first.new) == 2
    assert again == store.Stored(first.ids, (), ())
    row = article(sessions, first.ids[0])
    assert (row.key, row.text, row.body_state, row.silent) == ("seed-1", "Toàn văn", "none", False)


def test_a_replayed_line_and_a_polled_entry_with_one_address_are_one_article(sessions: Sessions) -> None:
    polled = save(sessions, WORLD, entry(1))
    assert replay(sessions, line(url="https://vnexpress.net/tin-4000001.html?utm_source=x")).ids == polled.ids


def test_a_changed_line_is_a_revision(sessions: Sessions) -> None:
    (article_id,) = replay(sessions, line()).new
    assert replay(sessions, line(text="Toàn văn, sửa")).revised == (article_id,)


def test_a_backfill_is_silent(sessions: Sessions) -> None:
    (article_id,) = replay(sessions, line(), silent=True).new
    assert article(sessions, article_id).silent


# ---- feeds and claims ----


def test_the_table_follows_the_catalogue(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed_of(session, HOME).interval_s = 900
        slower = CatalogueFeed(outlet="VnExpress", url=WORLD.url, interval_s=120, section="Thế giới")
        store.sync_feeds(session, [slower, HOME], NOW + DAY)
    with sessions() as session:
        world, home, other = (feed_of(session, listed) for listed in (WORLD, HOME, OTHER))
        assert (world.section, world.base_interval_s, world.interval_s) == ("Thế giới", 120, 120)
        assert (world.body_selector, world.next_poll_at) == ("", NOW)
        assert home.interval_s == 900  # what it learned stays
        assert (world.listed, home.listed, other.listed) == (True, True, False)
    assert count(sessions, FeedRow) == 3


def claim(sessions: Sessions, now: dt.datetime = NOW, limit: int = 10) -> list[str]:
    with sessions.begin() as session:
        ids = store.claim_due_feeds(session, now, limit)
        return sorted(session.get_one(FeedRow, feed_id).url for feed_id in ids)


def finish(sessions: Sessions, listed: CatalogueFeed, at: dt.datetime = NOW + MINUTE, **kept: object) -> None:
    with sessions.begin() as session:
        row = feed_of(session, listed)
        store.finish_poll(session, row, NextPoll(at, 60, "why"), NOW, pause=dt.timedelta(seconds=2), **kept)  # type: ignore[arg-type]


def test_one_feed_of_each_host_at_a_time(sessions: Sessions) -> None:
    assert claim(sessions) == [OTHER.url, WORLD.url]
    assert claim(sessions) == []
    finish(sessions, WORLD)
    assert claim(sessions, NOW + dt.timedelta(seconds=1)) == []  # the host rests
    assert claim(sessions, NOW + dt.timedelta(seconds=2)) == [HOME.url]


def test_a_claim_whose_worker_died_ends(sessions: Sessions) -> None:
    assert claim(sessions, limit=1) == [WORLD.url]
    assert WORLD.url in claim(sessions, NOW + store.LEASE)


def test_feeds_that_are_paused_or_left_the_catalogue_are_not_claimed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed_of(session, OTHER).paused = True
        store.sync_feeds(session, [HOME, OTHER], NOW)
    assert claim(sessions) == [HOME.url]


def test_two_pollers_claim_each_feed_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        store.sync_feeds(session, [CatalogueFeed(outlet="A", url=f"https://a{n}.vn/rss") for n in range(20)], NOW)
    with ThreadPoolExecutor(4) as pool:
        claimed = [url for urls in pool.map(lambda _: claim(sessions, limit=20), range(4)) for url in urls]
    assert len(claimed) == len(set(claimed)) == 20


def test_what_a_poll_leaves_behind(sessions: Sessions) -> None:
    claim(sessions)
    finish(sessions, WORLD, new=True, gap=True, answer=(Validators('"1"', "date"), "hash"))
    with sessions() as session:
        row = feed_of(session, WORLD)
        assert (row.etag, row.last_modified, row.body_hash) == ('"1"', "date", "hash")
        assert row.last_polled_at == row.last_success_at == row.last_new_at == row.last_full_at == NOW
        assert (row.next_poll_at, row.claimed_until, row.gaps) == (NOW + MINUTE, None, 1)


def test_a_failure_is_counted_and_keeps_the_last_good_answer(sessions: Sessions) -> None:
    finish(sessions, WORLD, answer=(Validators('"1"'), "hash"))
    for _ in range(2):
        finish(sessions, WORLD, failure="dns: no")
    with sessions() as session:
        row = feed_of(session, WORLD)
        assert (row.failures, row.last_error, row.etag, row.body_hash) == (2, "dns: no", '"1"', "hash")
    finish(sessions, WORLD)
    with sessions() as session:
        assert (feed_of(session, WORLD).failures, feed_of(session, WORLD).last_error) == (0, None)
        assert feed_of(session, WORLD).unmodified == 1
    finish(sessions, WORLD, answer=(Validators('"2"'), "hash"))
    with sessions() as session:
        assert feed_of(session, WORLD).unmodified == 0


def test_a_validator_too_long_to_keep_is_not_cut(sessions: Sessions) -> None:
    finish(sessions, WORLD, answer=(Validators("e" * 501, "m" * 201), "hash"))
    with sessions() as session:
        assert (feed_of(session, WORLD).etag, feed_of(session, WORLD).last_modified) == (None, None)


def test_entries_and_validators_are_saved_together_or_not_at_all(sessions: Sessions) -> None:
    with sessions() as session:
        row = feed_of(session, WORLD)
        store.save_articles(session, [entry(1)], row, NOW)
        store.finish_poll(session, row, NextPoll(NOW, 60, ""), NOW, pause=MINUTE, answer=(Validators('"1"'), "h"))
        session.flush()
        session.rollback()  # the process dies before its commit
    assert count(sessions, ArticleRow) == 0
    with sessions() as session:
        assert feed_of(session, WORLD).etag is None


# ---- pages ----


def claim_pages(sessions: Sessions, now: dt.datetime = NOW + MINUTE, limit: int = 10) -> list[store.PageJob]:
    with sessions.begin() as session:
        return store.claim_due_pages(session, now, limit)


@pytest.fixture
def waiting(sessions: Sessions) -> store.Stored:
    """Three articles of one host wait for their pages, and no feed is due."""
    with sessions.begin() as session:
        for row in session.scalars(select(FeedRow)):
            row.next_poll_at = NOW + DAY
    return save(sessions, WORLD, entry(1), entry(2), entry(3, published_at=None))


def test_pages_come_one_a_host_newest_first(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    assert (job.article_id, job.url, job.host) == (
        waiting.ids[0],
        "https://vnexpress.net/tin-4000001.html",
        "vnexpress.net",
    )
    assert (job.selector, job.attempts, job.robots) == (".fck_detail", 1, None)
    assert claim_pages(sessions) == []
    assert [again.article_id for again in claim_pages(sessions, NOW + MINUTE + store.LEASE)] == [waiting.ids[0]]


def test_a_feed_that_is_due_comes_before_pages(sessions: Sessions, waiting: store.Stored) -> None:
    with sessions.begin() as session:
        feed_of(session, HOME).next_poll_at = NOW
    assert claim_pages(sessions) == []


def test_robots_come_first_and_are_kept(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        store.save_robots(session, job, "User-agent: *", NOW + DAY, NOW + MINUTE)
        store.release_host(session, job.host, NOW + MINUTE)
    (again,) = claim_pages(sessions)
    assert (again.article_id, again.robots, again.attempts) == (job.article_id, "User-agent: *", 1)
    with sessions.begin() as session:
        session.get_one(HostRow, job.host).robots_until = NOW
        store.release_host(session, job.host, NOW + MINUTE)
    assert [job.robots for job in claim_pages(sessions, NOW + HOUR)] == [None]


def test_a_page_is_a_revision(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        session.get_one(ArticleRow, job.article_id).classify_state = "done"
    with sessions.begin() as session:
        assert store.save_page(session, job, Page(text="Toàn văn", how="selector"), NOW - DAY)
    row = article(sessions, job.article_id)
    assert (row.text, row.body_state, row.classify_state, row.revision) == ("Toàn văn", "done", "waiting", 2)
    assert row.published_at == NOW - MINUTE  # the feed's own date stays
    assert save(sessions, WORLD, entry(1)).revised == ()  # and the feed, which has no text, takes none away
    with sessions.begin() as session:
        assert not store.save_page(session, job, Page(text="Toàn văn", how="selector"), None)


@pytest.mark.parametrize(("days", "silent"), [(2, False), (0.5, True)])
def test_a_page_gives_the_date_that_the_feed_did_not(
    sessions: Sessions, waiting: store.Stored, days: float, silent: bool
) -> None:
    job = store.PageJob(
        article_id=waiting.ids[2], url="u", host="h", selector="", timezone="UTC", pause_s=None, attempts=1, robots=""
    )
    with sessions.begin() as session:
        store.save_page(session, job, Page(text="x", how="general", published_raw="raw"), NOW - DAY, NOW - days * DAY)
    row = article(sessions, waiting.ids[2])
    assert (row.published_at, row.published_raw, row.silent) == (NOW - DAY, "raw", silent)


@pytest.mark.parametrize(("again", "state"), [(NOW + HOUR, "waiting"), (None, "failed")])
def test_a_page_that_does_not_come(
    sessions: Sessions, waiting: store.Stored, again: dt.datetime | None, state: str
) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        store.save_page_failure(session, job, "missing: HTTP 404", again)
    row = article(sessions, job.article_id)
    assert (row.body_state, row.body_next_at, row.body_error) == (state, again, "missing: HTTP 404")
    assert row.classify_state == "waiting"
