"""Ingest from end to end: a newspaper on loopback, its feeds and pages, a database, and who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from psycopg.errors import AdminShutdown
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from services.ingest import body, claims, feeds, pages, parse, schedule, store, tasks
from services.ingest.fetch import Fetcher
from services.ingest.values import (
    Answer,
    CatalogueFeed,
    Failed,
    FetchKind,
    Follows,
    NotModified,
    Validators,
    anywhere,
)
from shared.limits import OUT_OF_LIMITS
from shared.tables import FeedRow, HostRow
from tests.support import feed_server
from tests.support.feed_server import HTML, FeedServer, Reply, Request, always, redirect
from tests.support.watching import HOUR, LIMITS, LONG, MINUTE, NOTHING, NOW, Newsroom, item, page, rss


@pytest.fixture
def other() -> Iterator[FeedServer]:
    """Another newspaper's server: another port is another host."""
    with FeedServer() as running:
        yield running


@pytest.fixture
def newsroom(sessions: sessionmaker[Session], server: FeedServer, other: FeedServer) -> Iterator[Newsroom]:
    fetcher = Fetcher("Redphone-Test/1.0", [server.host, other.host], LIMITS)
    yield Newsroom(sessions, server, fetcher)
    fetcher.close()


# ---- polls ----


def test_new_entries_are_stored_and_published(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(2), item(1, date="Mon, 04 May 2026 11:00:00 +0700")), etag='"1"')
    newsroom.watch("/rss")
    result = newsroom.poll()
    assert (result.kind, result.entries, len(result.new_ids)) == ("new", 2, 2)
    assert newsroom.published == [result.new_ids]
    first, second = newsroom.articles()
    assert (first.title, second.title) == ("Tin 1", "Tin 2")
    assert first.url == server.url("/tin-1.html")
    assert second.published_at == dt.datetime(2026, 5, 4, 5, 5, 8, tzinfo=dt.UTC)
    assert newsroom.feed().etag == '"1"'
    assert newsroom.poll_all() == []


def test_an_unchanged_feed_is_asked_with_its_etag_and_says_nothing(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)), etag='"1"')
    newsroom.watch("/rss")
    newsroom.poll()
    result = newsroom.poll(NOW + 2 * MINUTE)
    assert (result.kind, result.words) == ("quiet", "not modified")
    assert server.requests[1].headers["if-none-match"] == '"1"'
    assert len(newsroom.published) == 1


def test_the_same_body_is_not_read_again(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    newsroom.watch("/rss")
    newsroom.poll()
    assert newsroom.poll(NOW + 2 * MINUTE).words == "the same body as last time"


@pytest.mark.parametrize("before", [[], [item(1)]])
def test_what_a_cut_feed_hides_comes_with_the_next_look(
    newsroom: Newsroom, server: FeedServer, before: list[str]
) -> None:
    whole = rss(*(item(number) for number in range(6)))
    newsroom.watch("/rss")
    for minute, served in enumerate([rss(*before), whole[: len(whole) // 2], whole, whole]):
        server.serve("/rss", served, etag='"1"' if minute else '"0"')
        words = newsroom.poll(NOW + 2 * minute * MINUTE).words
    assert len(newsroom.articles()) == 6
    assert words == "not modified"


def test_a_304_is_checked_after_a_while(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)), etag='"1"')
    newsroom.watch("/rss")
    for minutes in range(0, 64, 2):
        newsroom.poll(NOW + minutes * MINUTE)
    asked = ["if-none-match" in request.headers for request in server.requests]
    assert asked == [False, *[True] * schedule.FULL_GET_POLLS, False]


def test_a_server_that_always_says_304_is_found_out(newsroom: Newsroom, server: FeedServer) -> None:
    def stubborn(request: Request) -> Reply:
        conditional = "if-none-match" in request.headers
        return Reply(304) if conditional else Reply(200, rss(*items), {"ETag": f'"{len(items)}"'})

    server.answer("/rss", stubborn)
    newsroom.watch("/rss")
    items = [item(1)]
    newsroom.poll()
    items += [item(number, date="Mon, 04 May 2026 12:40:00 GMT+7") for number in (2, 3)]
    assert newsroom.poll(NOW + 60 * MINUTE).kind == "quiet"
    result = newsroom.poll(NOW + 3 * HOUR)
    assert (result.kind, len(result.new_ids)) == ("new", 2)
    assert "its 304 hid these" in result.words
    assert newsroom.poll(NOW + 4 * HOUR).words == "the same body as last time"


def test_a_server_whose_304_lies_is_not_asked_for_it_again(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)), etag='"same for ever"')
    newsroom.watch("/rss")
    newsroom.poll()
    server.serve("/rss", rss(item(2), item(1)), etag='"same for ever"')
    assert newsroom.poll(NOW + 2 * MINUTE).kind == "quiet"
    assert newsroom.poll(NOW + 121 * MINUTE).kind == "new"
    server.serve("/rss", rss(item(3), item(2)), etag='"same for ever"')
    assert newsroom.poll(NOW + 123 * MINUTE).kind == "new"
    assert newsroom.poll(NOW + 125 * MINUTE).words == "the same body as last time"
    assert "if-none-match" not in server.requests[-1].headers


def test_a_date_of_change_that_stands_still_while_entries_come_lies_too(newsroom: Newsroom, server: FeedServer) -> None:
    modified = "Mon, 04 May 2026 05:00:00 GMT"
    server.serve("/rss", rss(item(1, date="")), modified=modified)
    newsroom.watch("/rss")
    newsroom.poll()
    server.serve("/rss", rss(item(1, title="Tin 1, sửa", date="")), modified=modified)
    assert [newsroom.poll(NOW + minutes * MINUTE).kind for minutes in (2, 123, 125)] == ["quiet"] * 3
    assert "if-modified-since" in server.requests[-1].headers  # a counter in the feed is no entry
    server.serve("/rss", rss(item(2, date=""), item(1, date="")), modified=modified)
    result = newsroom.poll(NOW + 246 * MINUTE)
    assert (result.kind, "its 304 hid these" in result.words) == ("new", True)
    newsroom.poll(NOW + 248 * MINUTE)
    assert "if-modified-since" not in server.requests[-1].headers


@pytest.mark.parametrize("named", ["ETag", "Last-Modified"])
@pytest.mark.parametrize("honest", [False, True])
def test_a_server_that_says_304_to_validators_of_a_feed_that_it_has_changed_is_found_out(
    newsroom: Newsroom, server: FeedServer, named: str, honest: bool
) -> None:
    """Its entries have no dates and its validators change, so that the check itself proves nothing."""
    condition = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}[named]

    def answer(request: Request) -> Reply:
        version = f"Mon, 04 May 2026 05:0{len(items)}:00 GMT" if named == "Last-Modified" else f'"{len(items)}"'
        asked = request.headers.get(condition)
        return Reply(304) if asked == version or (asked and not honest) else Reply(200, rss(*items), {named: version})

    server.answer("/rss", answer)
    newsroom.watch("/rss")
    items = [item(1, date="")]
    newsroom.poll()
    assert newsroom.poll(NOW + 60 * MINUTE).kind == "quiet"
    items.append(item(2, date=""))
    looks = [newsroom.poll(NOW + 3 * HOUR + 2 * minutes * MINUTE) for minutes in range(4)]
    assert [look.kind for look in looks] == ["new", "quiet", "quiet", "quiet"]
    assert ["its 304 hid" in look.words for look in looks] == [False, not honest, False, False]
    asked = [condition in request.headers for request in server.requests[2:]]
    assert asked == ([False, True, True, True] if honest else [False, True, False, False])
    assert len(server.requests) == 6  # nothing is asked for that would not have been


def test_a_server_that_says_304_to_whoever_asks_first_fails(newsroom: Newsroom, server: FeedServer) -> None:
    server.answer("/rss", always(Reply(304)))
    newsroom.watch("/rss")
    assert [newsroom.poll(NOW + hours * HOUR).kind for hours in (0, 1)] == ["status", "status"]
    feed = newsroom.feed()
    assert (feed.failures, feed.last_success_at, feed.last_error) == (2, None, "status: HTTP 304 Not Modified")


def test_a_feed_with_texts_whose_pages_are_fetched_revises_nothing_while_nothing_is_edited(
    newsroom: Newsroom, server: FeedServer
) -> None:
    def told(number: int) -> str:
        head = '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        return item(number).replace("</item>", f"{head}{LONG}Bản của feed.</content:encoded></item>")

    newsroom.watch("/rss", fetch_body=True)
    shown: list[str] = []
    for number in range(1, 4):
        shown.insert(0, told(number))
        server.serve("/rss", rss(*shown))
        server.serve(f"/tin-{number}.html", page(LONG, "Bản của trang."), HTML)
        now = NOW + 2 * number * MINUTE
        assert newsroom.poll(now).revised_ids == ()
        for place in range(1, 5):  # robots.txt, a page, and as many looks more as pages wait
            later = now + place * dt.timedelta(seconds=1)
            tasks.fetch_pages(newsroom.sessions, later, newsroom.fetch, newsroom.publish, newsroom.options)
    assert [(row.revision, row.text.split("\n")[-1]) for row in newsroom.articles()] == [(2, "Bản của trang.")] * 3


def test_an_edited_entry_is_published_again(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    newsroom.watch("/rss")
    newsroom.poll()
    server.serve("/rss", rss(item(1, title="Tin 1, sửa")))
    result = newsroom.poll(NOW + 2 * MINUTE)
    assert result.kind == "quiet"
    assert newsroom.published[1] == result.revised_ids == (newsroom.articles()[0].id,)


def test_a_first_fetch_does_not_page_the_desk_with_old_news(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1), item(2, date="Thu, 30 Apr 2026 12:00:00 +0700"), item(3, date="hôm nào đó")))
    newsroom.watch("/rss")
    newsroom.poll()
    assert {row.title: row.silent for row in newsroom.articles()} == {"Tin 1": False, "Tin 2": True, "Tin 3": False}


def test_a_date_in_the_future_is_now(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1, date="Mon, 04 May 2026 12:35:00 GMT")))
    newsroom.watch("/rss")
    newsroom.poll()
    (row,) = newsroom.articles()
    assert row.published_at is not None
    assert NOW <= row.published_at < NOW + MINUTE
    assert row.published_raw == "Mon, 04 May 2026 12:35:00 GMT"


def test_missed_entries_are_said_and_looked_for_sooner(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1), item(2)))
    newsroom.watch("/rss")
    assert newsroom.poll().kind == "new"  # a first fetch misses nothing that we could know of
    server.serve("/rss", rss(item(8), item(9)))
    result = newsroom.poll(NOW + 2 * MINUTE)
    assert result.kind == "gap"
    assert "missed" in result.words
    feed = newsroom.feed()
    assert (feed.gaps, feed.interval_s) == (1, 30)


def test_what_another_feed_brought_first_is_no_gap_and_no_silence(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1), item(2)))
    server.serve("/home", rss(item(1), item(2)))
    newsroom.watch("/rss", "/home")
    newsroom.poll()
    newsroom.poll(NOW + MINUTE / 60)
    server.serve("/rss", rss(item(3), item(4), item(1)))
    server.serve("/home", rss(item(3), item(4)))
    newsroom.poll(NOW + 2 * MINUTE)
    result = newsroom.poll(NOW + 3 * MINUTE)
    assert (result.kind, result.new_ids) == ("gap", ())  # nothing is lost, and yet it moves faster than we look
    assert newsroom.feed("/home").last_new_at == newsroom.feed("/home").last_polled_at


def test_an_empty_feed_that_fills_has_hidden_nothing(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss())
    newsroom.watch("/rss")
    assert newsroom.poll().kind == "quiet"
    server.serve("/rss", rss(item(1), item(2)))
    assert newsroom.poll(NOW + 2 * MINUTE).kind == "new"


def test_a_feed_may_ask_for_a_longer_pause_than_the_desk(newsroom: Newsroom, server: FeedServer) -> None:
    url = server.serve("/rss", rss(item(1)))
    tasks.sync_catalogue(newsroom.sessions, [CatalogueFeed(outlet="A", url=url, pause_s=30)], NOW)
    newsroom.poll()
    with newsroom.sessions() as session:
        rests = session.get_one(HostRow, server.host).next_request_at
    assert rests is not None
    assert rests >= NOW + dt.timedelta(seconds=30)


def test_entries_that_cannot_be_read_are_counted(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1), "<item><title>Không liên kết</title></item>"))
    newsroom.watch("/rss")
    result = newsroom.poll()
    assert (result.entries, result.skipped) == (1, 1)
    assert "neither a link nor a guid" in result.words


def test_the_servers_wish_is_a_due_time(newsroom: Newsroom, server: FeedServer) -> None:
    server.answer("/rss", always(Reply(429, headers={"Retry-After": "1800"})))
    newsroom.watch("/rss")
    newsroom.poll()
    assert newsroom.feed().next_poll_at >= NOW + 30 * MINUTE
    assert newsroom.poll_all(NOW + 29 * MINUTE) == []


def test_the_servers_wish_holds_for_all_that_its_host_is_asked_for(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/sister", rss(item(2)))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.watch("/rss", "/sister", fetch_body=True)
    server.answer("/rss", always(Reply(429, headers={"Retry-After": "3600"})))
    with newsroom.sessions.begin() as session:
        session.execute(update(FeedRow).where(FeedRow.url == server.url("/rss")).values(next_poll_at=NOW - MINUTE))
    assert newsroom.poll(NOW + 2 * MINUTE).kind == "busy"
    newsroom.looks = 180
    assert (newsroom.poll_all(NOW + HOUR), newsroom.pages()) == ([], [])
    assert server.paths() == ["/rss", "/rss"]
    assert newsroom.feed("/sister").next_poll_at >= NOW + 2 * MINUTE + HOUR


def test_a_wish_at_the_end_of_a_redirect_is_that_hosts(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    server.answer("/rss", redirect(other.answer("/rss", always(Reply(429, headers={"Retry-After": "3600"})))))
    server.serve("/sister", rss(item(1)))
    newsroom.watch("/rss")
    assert newsroom.poll().kind == "busy"
    newsroom.watch("/sister")
    assert newsroom.poll(NOW + MINUTE).kind == "new"
    with newsroom.sessions() as session:
        rests_until = session.get_one(HostRow, other.host).next_page_at
    assert rests_until is not None
    assert rests_until >= NOW + HOUR


def test_the_servers_wish_holds_for_who_comes_to_its_host_later(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    server.answer("/rss", always(Reply(429, headers={"Retry-After": "3600"})))
    for path in ("/sister", "/moved"):
        server.serve(path, rss(item(1)))
    moved = other.answer("/rss", redirect(server.url("/moved")))
    newsroom.watch("/rss")
    newsroom.poll()
    newsroom.watch("/rss", "/sister")
    with newsroom.sessions.begin() as session:
        feeds.pause_feeds(session, "Báo A", "an", "archive", NOW)
        feeds.resume_feeds(session, "Báo A", "an", NOW)
    assert newsroom.poll_all(NOW + MINUTE) == []
    tasks.sync_catalogue(newsroom.sessions, [CatalogueFeed(outlet="Báo B", url=moved)], NOW)
    assert newsroom.poll(NOW + MINUTE).kind == "waits"
    assert server.paths() == ["/rss"]
    assert newsroom.poll(NOW + 2 * HOUR).kind == "new"


def test_a_poll_whose_claim_has_ended_asks_nobody(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    newsroom.watch("/rss")
    (feed_id,) = tasks.claim_due(newsroom.sessions, NOW)
    kinds = [
        tasks.poll_feed(newsroom.sessions, feed_id, now, newsroom.fetch, newsroom.publish, newsroom.options).kind
        for now in (NOW + 2 * MINUTE, NOW, NOW)  # too late, in time, rung for a second time
    ]
    assert kinds == ["late", "new", "late"]
    assert server.paths() == ["/rss"]


def test_what_a_person_says_of_a_feed_while_it_is_asked_stays(newsroom: Newsroom, server: FeedServer) -> None:
    def paused_meanwhile(_request: Request) -> Reply:
        with newsroom.sessions.begin() as session:
            feeds.pause_feeds(session, "Báo A", "an", "archive", NOW)
        return Reply(200, rss(item(1)))

    server.answer("/rss", paused_meanwhile)
    newsroom.watch("/rss")
    assert newsroom.poll().kind == "new"
    assert (newsroom.feed().paused, newsroom.feed().hand) == (
        True,
        f"paused by an at {NOW:%Y-%m-%d %H:%M} UTC: archive",
    )
    assert newsroom.poll_all(NOW + HOUR) == []


def test_one_feeds_trouble_is_not_anothers(sessions: sessionmaker[Session], caplog: pytest.LogCaptureFixture) -> None:
    class Fetch:
        def __call__(self, url: str, validators: Validators = NOTHING, follows: Follows = anywhere) -> Answer:
            if "b.vn" in url:
                raise RuntimeError("a bug")
            return NotModified(headers={})

    listed = [CatalogueFeed(outlet=name, url=f"https://{name}.vn/rss") for name in "abc"]
    tasks.sync_catalogue(sessions, listed, NOW)
    results = tasks.poll_due(sessions, NOW, Fetch(), lambda event: None)
    assert sorted(result.url for result in results) == ["https://a.vn/rss", "https://c.vn/rss"]
    assert "a bug" in caplog.text
    assert tasks.claim_due(sessions, NOW + claims.LEASE / 2) == []
    assert len(tasks.claim_due(sessions, NOW + 3 * MINUTE)) == 3  # the lease of the one that broke has ended


# ---- redirects to other hosts ----


def host(newsroom: Newsroom, server: FeedServer) -> HostRow:
    with newsroom.sessions() as session:
        return session.get_one(HostRow, server.host)


def test_the_host_that_a_redirect_leads_to_is_claimed_and_rests(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    claimed: list[dt.datetime | None] = []

    def answer(_request: Request) -> Reply:
        claimed.append(host(newsroom, other).claimed_until)
        return Reply(200, rss(item(1)))

    other.answer("/rss", answer)
    server.answer("/rss", feed_server.redirect(other.url("/rss")))
    newsroom.options = tasks.Options(pause=MINUTE, random=lambda: 0.5)
    newsroom.watch("/rss")
    assert newsroom.poll().kind == "new"
    assert claimed == [NOW + claims.LEASE]
    for row in (host(newsroom, server), host(newsroom, other)):
        assert row.claimed_until is None
        assert row.next_request_at is not None
        assert row.next_request_at >= NOW + MINUTE


def test_a_host_that_is_being_asked_is_not_asked_by_redirect(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    other.serve("/rss", rss(item(1)))
    server.answer("/rss", feed_server.redirect(other.url("/rss")))
    newsroom.watch("/rss")
    with newsroom.sessions.begin() as session:
        claims.claim_hosts(session, [other.host], NOW)
    result = newsroom.poll()
    assert (result.kind, other.requests) == ("waits", [])
    feed = newsroom.feed()
    assert (feed.failures, feed.last_success_at, feed.claimed_until) == (0, None, None)
    assert (feed.last_error or "").startswith(f"waits: it redirects to {other.url('/rss')}")
    assert feed.next_poll_at < NOW + dt.timedelta(seconds=10)
    assert newsroom.poll_all(NOW + claims.LEASE)[0].kind == "new"
    assert newsroom.feed().last_error is None


def test_a_host_that_another_took_over_meanwhile_stays_theirs(newsroom: Newsroom, server: FeedServer) -> None:
    later = NOW + claims.LEASE + MINUTE

    def slowly(url: str, validators: Validators = NOTHING, follows: Follows = anywhere) -> Answer:
        with newsroom.sessions.begin() as session:
            assert claims.claim_hosts(session, [server.host], later) == {server.host}
        return Failed(kind="timeout", words="no answer in time", took_s=99)

    newsroom.watch("/rss")
    tasks.poll_due(newsroom.sessions, NOW, slowly, newsroom.publish, newsroom.options)
    assert host(newsroom, server).claimed_until == later + claims.LEASE


def test_a_new_feed_is_asked_at_once_and_those_of_one_host_one_pause_after_the_other(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    paths = ("/rss", "/home", "/latest")
    for path in paths:
        server.serve(path, rss(item(1)))
    newsroom.options = tasks.Options(pause=dt.timedelta(seconds=1), random=lambda: 0.99)
    newsroom.watch(*paths)
    second = dt.timedelta(seconds=1)
    asked = [len(newsroom.poll_all(NOW + place * 1.2 * second)) for place in range(4)]
    assert asked == [1, 1, 1, 0]
    assert {feed.last_polled_at is None for feed in map(newsroom.feed, paths)} == {False}
    for feed in map(newsroom.feed, paths):  # and the second look comes no later than any other
        assert feed.next_poll_at - NOW <= 65 * second


def test_a_feed_that_asks_for_a_pause_has_it_while_it_does_not_change_too(
    newsroom: Newsroom, server: FeedServer
) -> None:
    body = rss(item(1)).replace(b"<title>", b"<ttl>50</ttl><title>", 1)
    server.serve("/rss", body, etag='"1"')
    newsroom.watch("/rss", world=False)
    newsroom.poll()
    now = NOW
    for _ in range(2):  # a 304 says nothing of the ttl
        now += 2 * HOUR / 1.9
        assert newsroom.poll(now).kind == "quiet"
        assert newsroom.feed().next_poll_at >= now + 50 * MINUTE
    server.serve("/rss", rss(item(1)), etag='"2"')  # it asks for none any more
    newsroom.poll(now + HOUR)
    assert newsroom.feed().next_poll_at < now + HOUR + 45 * MINUTE


def test_a_database_that_is_locked_is_not_the_newspapers_failure(
    newsroom: Newsroom, server: FeedServer, other: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_arguments: object) -> frozenset[str]:
        raise OperationalError("UPDATE hosts …", {}, Exception("database is locked"))

    server.answer("/rss", feed_server.redirect(other.url("/rss")))
    newsroom.watch("/rss")
    (feed_id,) = tasks.claim_due(newsroom.sessions, NOW)
    monkeypatch.setattr(claims, "claim_hosts", locked)
    (result,) = tasks.poll_claimed(
        newsroom.sessions, [feed_id], NOW, newsroom.fetch, newsroom.publish, newsroom.options
    )
    assert (result.kind, newsroom.feed().failures, other.requests) == ("waits", 0, [])


@pytest.mark.parametrize("where", ["save_articles", "finish_answered"])
def test_what_a_feed_showed_is_stored_when_the_database_is_back(
    newsroom: Newsroom, server: FeedServer, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    server.serve("/rss", rss(item(2), item(1)))
    newsroom.watch("/rss")
    goes_away(monkeypatch, store if where == "save_articles" else feeds, where)
    result = newsroom.poll()
    assert (result.kind, len(result.new_ids), len(server.requests)) == ("new", 2, 1)
    assert newsroom.published == [result.new_ids]
    assert (newsroom.feed().claimed_until, host(newsroom, server).claimed_until) == (None, None)
    assert newsroom.poll_all() == []


def test_what_a_page_told_is_stored_when_the_database_is_back(
    newsroom: Newsroom, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/tin-1.html", page(LONG, "Đoạn hai."), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.pages()
    goes_away(monkeypatch, pages, "save_page")
    (result,) = newsroom.pages()
    assert (result.kind, result.changed, server.paths().count("/tin-1.html")) == ("done", True, 1)
    assert newsroom.pages() == []


def test_a_database_that_stays_away_is_not_waited_for_beyond_the_lease(
    newsroom: Newsroom, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve("/rss", rss(item(1)))
    newsroom.watch("/rss")
    (feed_id,) = tasks.claim_due(newsroom.sessions, NOW)
    goes_away(monkeypatch, store, "save_articles")
    monkeypatch.setattr(tasks, "WAIT_FOR_DATABASE_S", 0.0)
    with pytest.raises(OperationalError):
        tasks.poll_feed(newsroom.sessions, feed_id, NOW, newsroom.fetch, newsroom.publish, newsroom.options)
    assert (newsroom.articles(), newsroom.published) == ([], [])


def goes_away(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """The server goes, twice, behind what a function of a module has just written."""
    write, away = getattr(module, name), iter(range(2))

    def written(*arguments: Any, **options: Any) -> Any:
        answer = write(*arguments, **options)
        if next(away, None) is not None:
            raise OperationalError("COMMIT", {}, AdminShutdown("terminating connection"))
        return answer

    monkeypatch.setattr(module, name, written)
    monkeypatch.setattr("shared.again.PAUSES_S", (0.0,) * 3)


def test_a_redirect_that_comes_back_to_its_host_claims_nothing_twice(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    server.answer("/rss", feed_server.redirect(other.url("/there")))
    other.answer("/there", feed_server.redirect(server.url("/back")))
    server.serve("/back", rss(item(1)))
    newsroom.watch("/rss")
    assert newsroom.poll().kind == "new"


def test_a_page_at_another_host_waits_for_that_hosts_rules(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    server.serve("/rss", rss(item(1), item(2)))
    for number in (1, 2):
        server.answer(f"/tin-{number}.html", feed_server.redirect(other.url(f"/tin-{number}.html")))
        other.serve(f"/tin-{number}.html", page(LONG), HTML)
    other.serve("/robots.txt", b"User-agent: *\nDisallow: /tin-1", "text/plain")
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    said = [result.kind for _ in range(6) for result in newsroom.pages()]
    assert sorted(said) == ["done", "forbidden", "moved", "moved", "robots", "robots"]
    assert sorted(other.paths()) == ["/robots.txt", "/tin-2.html"]
    assert sorted(row.text for row in newsroom.articles()) == ["", LONG.strip()]


def test_a_page_that_leads_from_host_to_host_is_given_up(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    server.serve("/rss", rss(item(1)))
    server.answer("/tin-1.html", feed_server.redirect(other.url("/tin-1.html")))
    other.answer("/tin-1.html", feed_server.redirect(server.url("/tin-1.html")))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    said = [result.kind for _ in range(8) for result in newsroom.pages()]
    assert said == ["robots", "moved", "robots", "moved", "redirects"]
    (row,) = newsroom.articles()
    assert (row.body_state, row.body_error) == ("failed", "redirects: leads from host to host")


def test_robots_txt_holds_for_where_a_redirect_leads(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/robots.txt", b"User-agent: *\nDisallow: /private", "text/plain")
    server.answer("/tin-1.html", feed_server.redirect("/private/tin-1.html"))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.pages()
    (result,) = newsroom.pages()
    assert (result.kind, server.paths()) == ("forbidden", ["/rss", "/robots.txt", "/tin-1.html"])


def test_a_robots_txt_at_a_host_that_is_being_asked_is_waited_for(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    server.serve("/rss", rss(item(1)))
    server.answer("/robots.txt", feed_server.redirect(other.url("/robots.txt")))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    with newsroom.sessions.begin() as session:
        claims.claim_hosts(session, [other.host], NOW)
    (result,) = newsroom.pages()
    assert (result.kind, other.requests, newsroom.articles()[0].body_attempts) == ("waits", [], 0)
    with newsroom.sessions.begin() as session:
        claims.release_host(session, other.host, NOW + claims.LEASE, None)
    newsroom.looks += 5
    assert [result.kind for result in newsroom.pages()] == ["robots"]
    assert other.paths() == ["/robots.txt"]


def test_a_robots_txt_that_cannot_be_had_puts_pages_off_and_costs_no_try(
    newsroom: Newsroom, server: FeedServer
) -> None:
    server.serve("/rss", rss(item(1), item(2)))
    server.answer("/robots.txt", always(Reply(503)))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    for _ in range(5):
        newsroom.pages()
        newsroom.looks += 5
    assert server.paths().count("/robots.txt") == 1
    assert [article.body_attempts for article in newsroom.articles()] == [0, 0]
    assert {article.body_state for article in newsroom.articles()} == {"waiting"}


def test_a_host_that_asks_to_wait_is_asked_for_no_page_meanwhile(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(*map(item, range(1, 6))))
    server.serve("/robots.txt", b"", "text/plain")
    for number in range(1, 6):
        server.answer(f"/tin-{number}.html", always(Reply(429, headers={"Retry-After": "3600"})))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    for _ in range(8):
        newsroom.pages()
        newsroom.looks += 5
    assert len([path for path in server.paths() if path.startswith("/tin-")]) == 1


@pytest.mark.parametrize(
    ("path", "status", "asked_s", "rests_s"),
    [
        ("/tin-1.html", 429, 300, 300),
        ("/tin-1.html", 503, 3600, 600),
        ("/robots.txt", 503, 3600, 600),
        ("/tin-1.html", 429, None, 0),
    ],
)
def test_a_wish_in_answer_to_a_page_holds_for_the_feeds_of_its_host_up_to_ten_minutes(
    newsroom: Newsroom, server: FeedServer, path: str, status: int, asked_s: int | None, rests_s: int
) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/sister", rss(item(1)))
    server.serve("/robots.txt", b"", "text/plain")
    server.answer(path, always(Reply(status, headers={"Retry-After": str(asked_s)} if asked_s else {})))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    while path not in server.paths():
        newsroom.pages()
    newsroom.watch("/rss", "/sister", fetch_body=True)
    rested = NOW + dt.timedelta(seconds=rests_s)
    looks = (NOW + MINUTE, rested - MINUTE / 60, rested + 2 * MINUTE)
    assert [len(newsroom.poll_all(now)) for now in looks] == ([0, 0, 1] if rests_s else [1, 0, 1])


@pytest.mark.parametrize(("before", "rests"), [(500, True), (429, False)])
def test_a_feed_that_failed_otherwise_before_makes_a_busy_host_rest_too(
    newsroom: Newsroom, server: FeedServer, before: int, rests: bool
) -> None:
    server.answer("/rss", always(Reply(before)))
    server.serve("/home", rss(item(1)))
    newsroom.watch("/rss")
    newsroom.poll()
    server.answer("/rss", always(Reply(429)))
    newsroom.watch("/rss", "/home")
    newsroom.feed_is_due_at(NOW + HOUR)
    with newsroom.sessions.begin() as session:
        session.execute(update(FeedRow).where(FeedRow.url == server.url("/rss")).values(next_poll_at=NOW + 30 * MINUTE))
    assert newsroom.poll(NOW + 30 * MINUTE).kind == "busy"
    with newsroom.sessions() as session:
        host = session.get_one(HostRow, server.host)
        assert (host.next_request_at is not None and host.next_request_at >= NOW + 35 * MINUTE) is rests


def test_a_host_that_is_busy_and_names_no_time_is_asked_for_no_other_page_for_five_minutes(
    newsroom: Newsroom, server: FeedServer
) -> None:
    server.serve("/rss", rss(*map(item, range(1, 6))))
    for number in range(1, 6):
        server.answer(f"/tin-{number}.html", always(Reply(429)))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.feed_is_due_at(NOW + HOUR)
    said: list[list[str]] = []
    for _ in range(61):
        said.append([result.kind for result in newsroom.pages()])
        newsroom.looks += 9
    assert said[:2] == [["robots"], ["busy"]]
    asked = [turn for turn, kinds in enumerate(said) if kinds == ["busy"]]
    assert len(asked) <= 4
    assert all(turn == 1 or turn >= 31 for turn in asked)


def test_a_robots_txt_is_not_asked_for_sooner_than_its_server_says(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    server.answer("/robots.txt", always(Reply(503, headers={"Retry-After": "7200"})))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.feed_is_due_at(NOW + 3 * HOUR)
    newsroom.pages()
    newsroom.looks = 7000
    assert newsroom.pages() == []
    newsroom.looks = 7300
    assert [result.kind for result in newsroom.pages()] == ["waits"]


# ---- pages ----


def test_the_page_follows_its_entry(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/tin-1.html", page(LONG, "Đoạn hai."), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    assert [result.kind for result in newsroom.pages()] == ["robots"]
    (result,) = newsroom.pages()
    assert (result.kind, result.changed) == ("done", True)
    (row,) = newsroom.articles()
    assert row.text == f"{LONG.strip()}\nĐoạn hai."
    assert newsroom.published == [(row.id,), (row.id,)]
    assert newsroom.pages() == []
    assert server.paths() == ["/rss", "/robots.txt", "/tin-1.html"]


def test_what_the_feed_tells_of_an_article_is_no_caption_on_its_page(newsroom: Newsroom, server: FeedServer) -> None:
    summary = f"<description>{TOLD}</description></item>"
    server.serve("/rss", rss(item(1).replace("</item>", summary)))
    lead = f"<div><img src='a.jpg'><p>{TOLD}</p></div><p>{LONG}</p>"
    server.serve("/tin-1.html", f"<html><body><article>{lead}</article></body></html>".encode(), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.pages()
    assert [result.kind for result in newsroom.pages()] == ["done"]
    assert newsroom.articles()[0].text == f"{TOLD}\n{LONG.strip()}"


def test_a_page_that_robots_txt_closes_is_not_asked_for(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/robots.txt", b"User-agent: Redphone-Test\nDisallow: /tin-\n", "text/plain")
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.pages()
    (result,) = newsroom.pages()
    assert (result.kind, result.changed) == ("forbidden", False)
    assert "/tin-1.html" not in server.paths()


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(404), "missing"),
        (Reply(500), "server"),
        (Reply(200, b"%PDF-1.7", {"Content-Type": "application/pdf"}), "status"),
        (Reply(200, b"<html><body></body></html>", {"Content-Type": HTML}), "no_entries"),
        (Reply(200, page("<div>" * 300 + LONG), {"Content-Type": HTML}), "too_large"),
        (Reply(200, page("\u0442" * 300).decode().encode("cp1251"), {"Content-Type": HTML}), "encoding"),
    ],
)
def test_a_page_that_does_not_come_is_tried_again(
    newsroom: Newsroom, server: FeedServer, reply: Reply, kind: str
) -> None:
    server.serve("/rss", rss(item(1)))
    server.answer("/tin-1.html", always(reply))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.pages()
    (result,) = newsroom.pages()
    assert result.kind == kind
    (row,) = newsroom.articles()
    assert (row.body_state, row.body_attempts, row.classify_state) == ("waiting", 1, "waiting")
    assert (row.body_error or "").startswith(f"{kind}: ")
    assert row.body_next_at is not None
    assert row.body_next_at > NOW + MINUTE


def test_a_feed_and_a_page_that_break_their_reader_have_failed(
    newsroom: Newsroom, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/tin-1.html", page(LONG), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.pages()
    monkeypatch.setattr(body, "decode", breaks)
    monkeypatch.setattr(parse, "decode", breaks)
    (result,) = newsroom.pages()
    assert (result.kind, newsroom.articles()[0].body_attempts) == ("unreadable", 1)
    server.serve("/rss", rss(item(2)))
    assert newsroom.poll(NOW + 2 * MINUTE).kind == "unreadable"
    row = newsroom.feed()
    assert (row.failures, row.last_error, row.claimed_until) == (1, "unreadable: UnicodeError: a bug", None)


def breaks(*_: object) -> None:
    raise UnicodeError("a bug")


def test_a_page_gives_the_date_that_a_feed_without_dates_does_not(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1, date="")))
    head = '<meta property="article:published_time" content="2026-05-04T10:00:00">'
    server.serve("/tin-1.html", page(LONG, head=head), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    assert newsroom.articles()[0].published_at is None
    newsroom.pages()
    newsroom.pages()
    assert newsroom.articles()[0].published_at == dt.datetime(2026, 5, 4, 3, 0, tzinfo=dt.UTC)


def test_a_page_without_a_text_gives_its_date(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1, date="")))
    head = '<meta property="article:published_time" content="2026-04-01T08:00:00+07:00">'
    server.serve("/tin-1.html", page("<video></video>", head=head), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    newsroom.pages()
    (result,) = newsroom.pages()
    assert (result.kind, result.changed) == ("no_entries", True)
    (row,) = newsroom.articles()
    assert (row.published_at, row.silent) == (dt.datetime(2026, 4, 1, 1, 0, tzinfo=dt.UTC), True)
    assert newsroom.published == [(row.id,), (row.id,)]


WALL = "Bạn cần đăng nhập để đọc tiếp nội dung này. Vui lòng đăng nhập, hoặc đăng ký một tài khoản miễn phí."
STORM = "Cơn bão số 3 đổ bộ vào Philippines, hàng nghìn người phải sơ tán trong đêm, chính quyền địa phương cho biết."
TOLD = "Tổng thống Phần Lan hôm 4/5 điện đàm với Thủ tướng Ấn Độ trong khoảng 40 phút về tàu phá băng."


@pytest.mark.parametrize(
    ("reply", "title", "words"),
    [
        (feed_server.redirect("/"), "Tin 1, sửa", "it leads to the site's front page"),
        (always(Reply(200, page(WALL), {"Content-Type": HTML})), TOLD, "it asks to sign in"),
        (always(Reply(200, page(STORM), {"Content-Type": HTML})), TOLD, "its text has nothing of the article's"),
        (
            always(Reply(200, f"<html><body><p>{STORM}</p></body></html>".encode(), {"Content-Type": HTML})),
            "Tin 1, sửa",
            f"{len(STORM)} characters where its text had {len(LONG.strip())}",
        ),
    ],
    ids=["the front page", "a form", "another story", "a short notice, and an article of few words"],
)
def test_a_page_that_is_another_one_takes_no_text_away(
    newsroom: Newsroom, server: FeedServer, reply: Callable[[Request], Reply], title: str, words: str
) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/", page(LONG, "Bản của trang chủ."), HTML)
    server.serve("/tin-1.html", page(LONG), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    assert [result.kind for _ in range(2) for result in newsroom.pages()] == ["robots", "done"]
    server.answer("/tin-1.html", reply)
    server.serve("/rss", rss(item(1, title=title)))
    newsroom.poll(NOW + 2 * MINUTE)
    newsroom.looks = 120  # seconds, as the poll
    (result,) = newsroom.pages()
    assert (result.kind, result.changed) == ("another_page", False)
    assert result.words.startswith(words)
    (row,) = newsroom.articles()
    assert (row.title, row.text, row.body_state) == (title, LONG.strip(), "waiting")


def test_a_form_to_sign_in_is_no_text_at_the_first_look_either(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    server.serve("/tin-1.html", page(WALL), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    assert [result.kind for _ in range(2) for result in newsroom.pages()] == ["robots", "another_page"]
    (row,) = newsroom.articles()
    assert (row.text, row.paged, row.body_state) == ("", False, "waiting")


def test_a_page_that_another_host_answers_with_its_front_page_is_none(
    newsroom: Newsroom, server: FeedServer, other: FeedServer
) -> None:
    server.serve("/rss", rss(item(1)))
    server.answer("/tin-1.html", feed_server.redirect(other.url("/")))
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    assert [result.kind for _ in range(2) for result in newsroom.pages()] == ["robots", "another_page"]
    assert other.requests == []


def test_a_crawl_delay_is_the_pause_between_two_pages(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1), item(2)))
    server.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 20", "text/plain")
    for number in (1, 2):
        server.serve(f"/tin-{number}.html", page(LONG), HTML)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    said = [[result.kind for result in newsroom.pages()] for _ in range(50)]
    asked = [second for second, kinds in enumerate(said) if kinds]
    assert [said[second] for second in asked] == [["robots"], ["done"], ["done"]]
    assert min(asked[1] - asked[0], asked[2] - asked[1]) >= 20


def test_a_host_rests_between_two_requests(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss(item(1)))
    newsroom.options = tasks.Options(pause=10 * MINUTE, user_agent="Redphone-Test", random=lambda: 0.5)
    newsroom.watch("/rss", fetch_body=True)
    newsroom.poll()
    assert newsroom.pages() == []
    with newsroom.sessions() as session:
        row = session.get_one(HostRow, server.host)
        assert row.next_request_at is not None
        assert row.next_request_at >= NOW + 10 * MINUTE
        assert row.claimed_until is None


@pytest.mark.parametrize("limit", OUT_OF_LIMITS)
def test_the_limits_of_a_worker_say_nothing_of_a_feed(newsroom: Newsroom, limit: type[Exception]) -> None:
    def ends(url: str, validators: Validators = NOTHING, follows: Follows = anywhere) -> Answer:
        raise limit

    newsroom.watch("/rss")
    with pytest.raises(limit):
        tasks.poll_due(newsroom.sessions, NOW, ends, newsroom.publish, newsroom.options)
    assert (newsroom.feed().failures, newsroom.feed().last_error) == (0, None)


@pytest.mark.parametrize("kind", ["timeout", "dns"])
def test_time_that_a_fetch_took_counts(sessions: sessionmaker[Session], kind: FetchKind) -> None:
    class Slow:
        def __call__(self, url: str, validators: Validators = NOTHING, follows: Follows = anywhere) -> Answer:
            return Failed(kind=kind, words="no", took_s=30.0)

    tasks.sync_catalogue(sessions, [CatalogueFeed(outlet="A", url="https://a.vn/rss")], NOW)
    (result,) = tasks.poll_due(sessions, NOW, Slow(), lambda event: None, tasks.Options(random=lambda: 0.0))
    assert result.next_poll_at == NOW + dt.timedelta(seconds=30 + 120)
