"""The database of article pages, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.ingest import claims, pages, schedule, store
from services.ingest.values import Page
from shared.tables import ArticleRow, FeedRow, HostRow
from tests.support.listed import DAY, HOME, HOUR, MINUTE, NOW, WORLD, Sessions, article, entry, feed_of, listed, save


@pytest.fixture(autouse=True)
def _feeds(sessions: Sessions) -> None:
    listed(sessions)


def claim_pages(sessions: Sessions, now: dt.datetime = NOW + MINUTE, limit: int = 10) -> list[pages.PageJob]:
    with sessions.begin() as session:
        return pages.claim_due_pages(session, now, limit)


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
    assert [again.article_id for again in claim_pages(sessions, NOW + MINUTE + claims.LEASE)] == [waiting.ids[0]]


def test_a_page_whose_tries_end_without_a_word_is_given_up(sessions: Sessions, waiting: store.Stored) -> None:
    claimed = [claim_pages(sessions, NOW + MINUTE + tick * claims.LEASE) for tick in range(schedule.PAGE_TRIES + 2)]
    tried = [[job.article_id for job in jobs] for jobs in claimed]
    assert tried == [[waiting.ids[0]]] * schedule.PAGE_TRIES + [[], [waiting.ids[1]]]
    with sessions() as session:
        row = session.get_one(ArticleRow, waiting.ids[0])
        assert (row.body_state, row.body_error, row.body_next_at) == ("failed", "no outcome of 8 tries", None)


def test_a_feed_that_is_due_comes_before_pages(sessions: Sessions, waiting: store.Stored) -> None:
    with sessions.begin() as session:
        feed_of(session, HOME).next_poll_at = NOW
    assert claim_pages(sessions) == []


def test_robots_come_first_and_are_kept(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        pages.save_robots(session, job, "User-agent: *", NOW + DAY, NOW + MINUTE)
        claims.release_host(session, job.host, job.host_until, NOW + MINUTE)
    (again,) = claim_pages(sessions)
    assert (again.article_id, again.robots, again.attempts) == (job.article_id, "User-agent: *", 1)
    with sessions.begin() as session:
        session.get_one(HostRow, job.host).robots_until = NOW
        claims.release_host(session, job.host, job.host_until, NOW + MINUTE)
    assert [job.robots for job in claim_pages(sessions, NOW + HOUR)] == [None]


def test_a_page_is_a_revision(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        session.get_one(ArticleRow, job.article_id).classify_state = "done"
    with sessions.begin() as session:
        assert pages.save_page(session, job, Page(text="Toàn văn", how="selector"), NOW - DAY, NOW)
    row = article(sessions, job.article_id)
    assert (row.text, row.body_state, row.classify_state, row.revision) == ("Toàn văn", "done", "waiting", 2)
    assert row.body_at == NOW
    assert row.published_at == NOW - MINUTE  # the feed's own date stays
    assert save(sessions, WORLD, entry(1)).revised == ()  # and the feed, which has no text, takes none away
    with sessions.begin() as session:
        assert not pages.save_page(session, job, Page(text="Toàn văn", how="selector"), None, NOW)


def test_the_text_is_the_pages_once_it_came_and_the_feeds_until_then(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(update(FeedRow).values(next_poll_at=NOW + DAY))
    (article_id,) = save(sessions, WORLD, entry(1, text="Của feed")).new
    assert article(sessions, article_id).text == "Của feed"
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        assert pages.save_page(session, job, Page(text="Của trang", how="selector"), None, NOW)
    for _ in range(3):  # the feed goes on saying what it said
        assert save(sessions, WORLD, entry(1, text="Của feed")).revised == ()
    row = article(sessions, article_id)
    assert (row.text, row.revision, row.body_state) == ("Của trang", 2, "done")
    assert save(sessions, WORLD, entry(1, text="Của feed, sửa"), now=NOW + HOUR).revised == ()
    row = article(sessions, article_id)  # its page was edited too, probably, and is looked at
    assert (row.text, row.revision, row.body_state, row.body_next_at) == ("Của trang", 2, "waiting", NOW + HOUR)
    assert save(sessions, WORLD, entry(1, title="Tin 1, sửa", text="Của feed, sửa")).revised == (article_id,)
    assert article(sessions, article_id).text == "Của trang"
    with sessions.begin() as session:
        assert pages.save_page(session, job, Page(text="Của trang, sửa", how="selector"), None, NOW)
    assert save(sessions, WORLD, entry(1, title="Tin 1, sửa", text="Của feed, sửa")).revised == ()
    assert (article(sessions, article_id).text, article(sessions, article_id).revision) == ("Của trang, sửa", 4)


def test_the_feeds_text_serves_where_the_page_cannot_be_had(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        pages.save_page_failure(session, job, "missing: HTTP 404", None, NOW)
    assert save(sessions, WORLD, entry(1, text="Của feed")).revised == (job.article_id,)
    assert article(sessions, job.article_id).text == "Của feed"


@pytest.mark.parametrize(("days", "silent"), [(2, False), (0.5, True)])
def test_a_page_gives_the_date_that_the_feed_did_not(
    sessions: Sessions, waiting: store.Stored, days: float, silent: bool
) -> None:
    (claimed,) = claim_pages(sessions)
    job = msgspec.structs.replace(claimed, article_id=waiting.ids[2])
    with sessions.begin() as session:
        page = Page(text="x", how="general", published_raw="raw")
        pages.save_page(session, job, page, NOW - DAY, NOW, NOW - days * DAY)
    row = article(sessions, waiting.ids[2])
    assert (row.published_at, row.published_raw, row.silent) == (NOW - DAY, "raw", silent)


@pytest.mark.parametrize("text", ["", "Của feed"], ids=["no text", "the feed's own text"])
def test_an_article_that_gets_its_date_of_its_page_is_read_again(sessions: Sessions, text: str) -> None:
    with sessions.begin() as session:
        session.execute(update(FeedRow).values(next_poll_at=NOW + DAY))
    save(sessions, WORLD, entry(1, text="Của feed", published_at=None))
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        session.get_one(ArticleRow, job.article_id).classify_state = "done"
    for changed in (True, False):
        with sessions.begin() as session:
            if text:
                page = Page(text=text, how="selector", published_raw="raw")
                assert pages.save_page(session, job, page, NOW - DAY, NOW, NOW - HOUR) is changed
            else:
                assert pages.save_page_date(session, job, NOW - DAY, "raw", NOW - HOUR) is changed
    row = article(sessions, job.article_id)
    assert (row.published_at, row.published_raw, row.silent) == (NOW - DAY, "raw", True)
    assert (row.text, row.classify_state, row.revision) == ("Của feed", "waiting", 2)


@pytest.mark.parametrize(("again", "state"), [(NOW + HOUR, "waiting"), (None, "failed")])
def test_a_page_that_does_not_come(
    sessions: Sessions, waiting: store.Stored, again: dt.datetime | None, state: str
) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        pages.save_page_failure(session, job, "missing: HTTP 404", again, NOW)
    row = article(sessions, job.article_id)
    assert (row.body_state, row.body_next_at, row.body_error) == (state, again, "missing: HTTP 404")
    assert row.body_at == (None if again else NOW)
    assert row.classify_state == "waiting"


def test_a_page_that_moved_waits_at_its_new_host(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        pages.move_page(session, job, "https://amp.vnexpress.net/tin-1", NOW + MINUTE)
    (moved,) = claim_pages(sessions)  # and its old host is still held
    assert (moved.article_id, moved.url, moved.host) == (
        job.article_id,
        "https://amp.vnexpress.net/tin-1",
        "amp.vnexpress.net",
    )
    assert (moved.attempts, moved.robots) == (2, None)
    assert article(sessions, job.article_id).url == job.url
    with sessions.begin() as session:
        pages.save_page(session, moved, Page(text="Toàn văn", how="general"), None, NOW)
    save(sessions, WORLD, entry(1, title="Tin 1, sửa"))
    assert (article(sessions, job.article_id).host, article(sessions, job.article_id).page_url) == (job.host, None)


def test_a_page_that_is_put_off_was_not_tried(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        pages.put_off(session, job, NOW + HOUR)
    row = article(sessions, job.article_id)
    assert (row.body_state, row.body_attempts, row.body_next_at) == ("waiting", 0, NOW + HOUR)


COMES_LATE: dict[str, Callable[[Session, pages.PageJob], object]] = {
    "it failed": lambda session, job: pages.save_page_failure(session, job, "timeout: no answer", None, NOW),
    "it waits": lambda session, job: pages.put_off(session, job, NOW + HOUR),
    "it moved": lambda session, job: pages.move_page(session, job, "https://amp.vnexpress.net/tin-1", NOW + HOUR),
}


@pytest.mark.parametrize("word", COMES_LATE.values(), ids=COMES_LATE)
@pytest.mark.parametrize("done", [True, False], ids=["done by another", "in another's hands"])
def test_who_comes_back_after_its_lease_writes_nothing_over_what_another_did(
    sessions: Sessions, waiting: store.Stored, word: Callable[[Session, pages.PageJob], object], *, done: bool
) -> None:
    (late,) = claim_pages(sessions)
    (other,) = claim_pages(sessions, NOW + MINUTE + claims.LEASE)
    if done:
        with sessions.begin() as session:
            pages.save_page(session, other, Page(text="Toàn văn", how="general"), None, NOW)
    before = article(sessions, late.article_id)
    with sessions.begin() as session:
        word(session, late)
    after = article(sessions, late.article_id)
    for name in ("body_state", "body_next_at", "body_attempts", "body_error", "host", "page_url"):
        assert getattr(after, name) == getattr(before, name), name


def test_pages_wait_as_long_as_robots_txt_asks_and_feeds_do_not(sessions: Sessions, waiting: store.Stored) -> None:
    (job,) = claim_pages(sessions)
    with sessions.begin() as session:
        claims.release_host(session, job.host, job.host_until, NOW + MINUTE)
        claims.delay_pages(session, job.host, NOW + 3 * MINUTE)
    assert claim_pages(sessions, NOW + 2 * MINUTE) == []
    (later,) = claim_pages(sessions, NOW + 3 * MINUTE)
    assert later.host == job.host
    with sessions.begin() as session:
        claims.release_host(session, later.host, later.host_until, NOW)
        claims.delay_pages(session, job.host, NOW + DAY)
        feed_of(session, HOME).next_poll_at = NOW
        assert claims.claim_due_feeds(session, NOW, 10) == [feed_of(session, HOME).id]
