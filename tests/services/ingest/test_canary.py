"""The canary's first leg: over HTTP by the real fetcher, through parser and store; where it stops, and no trace."""

from __future__ import annotations

import datetime as dt
import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any, TypeAlias

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from services.ingest import store
from services.ingest.canary import send
from services.ingest.config import fetcher, fetcher_to
from services.ingest.loopback import published
from services.ingest.urls import host_of
from services.ingest.values import Answer, Failed, Fetch, Fetched, Follows, NotModified, Validators, anywhere
from services.status.lines import told
from services.status.trust import trust
from services.status.values import Canary, Signs, Snapshot
from services.status.wording import Voice
from shared import db
from shared.settings import Settings
from shared.tables import Base, CanaryRow
from tests.support.feed_server import HTML, RSS, FeedServer, Reply, always, gzip_bomb, redirect

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
EVERY = dt.timedelta(minutes=5)
REAL = partial(fetcher_to, Settings())
TITLE = "Tổng thống Aurelio Canario điện đàm với Thủ tướng Beatrix Testova"
OTHER = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
#: What a server does with the canary's document; the URL at which it does it.
Serve: TypeAlias = Callable[[FeedServer, bytes], str]


class Listener:
    """The real fetcher, with a memory of what was asked and answered."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Validators, Answer]] = []

    @contextmanager
    def to(self, place: str) -> Iterator[Fetch]:
        with REAL(place) as fetch:

            def heard(url: str, validators: Validators = Validators(), follows: Follows = anywhere) -> Answer:  # noqa: B008  immutable
                answer = fetch(url, validators, follows)
                self.asked.append((url, validators, answer))
                return answer

            yield heard


def everything(sessions: sessionmaker[Session]) -> dict[str, list[Any]]:
    """All rows of all tables but the canary's own."""
    tables = [table for name, table in Base.metadata.tables.items() if name != CanaryRow.__tablename__]
    with db.reading(sessions) as session:
        return {table.name: [tuple(row) for row in session.execute(select(table))] for table in tables}


def row(sessions: sessionmaker[Session]) -> CanaryRow:
    with db.reading(sessions) as session:
        return session.scalars(select(CanaryRow)).one()


def test_it_is_fetched_compressed_and_conditionally_by_the_real_fetcher(sessions: sessionmaker[Session]) -> None:
    listener = Listener()
    assert send(sessions, NOW, EVERY, listener.to)
    (url, nothing, answer), (again, conditions, unchanged) = listener.asked
    assert isinstance(answer, Fetched)
    assert answer.headers["content-encoding"] == "gzip"
    assert TITLE in answer.body.decode()
    assert (nothing, conditions) == (Validators(), answer.validators)
    assert None not in (conditions.etag, conditions.last_modified)
    assert isinstance(unchanged, NotModified)
    assert url == again
    assert url.startswith("http://127.0.0.1:")
    with REAL(host_of(url)) as fetch:
        gone = fetch(url)
    assert isinstance(gone, Failed)
    assert gone.kind == "connect"  # nobody listens there any more


def test_it_begins_at_the_fetch_and_leaves_nothing_but_its_own_row(sessions: sessionmaker[Session]) -> None:
    before = everything(sessions)
    send(sessions, NOW, EVERY, REAL)
    kept = row(sessions)
    assert (kept.title, kept.failed, kept.started_at) == (TITLE, None, NOW)
    assert kept.stored_at > NOW
    assert everything(sessions) == before


def test_it_goes_through_the_store_of_articles(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is taken on is what the database gave back, as for any article."""
    real, seen = store.save_articles, list[str]()

    def changing(session: Session, *arguments: Any, **named: Any) -> store.Stored:
        stored = real(session, *arguments, **named)
        seen.extend(session.scalars(text("SELECT url FROM articles")))
        session.execute(text("UPDATE articles SET title = 'as it was stored'"))
        return stored

    monkeypatch.setattr(store, "save_articles", changing)
    send(sessions, NOW, EVERY, REAL)
    assert row(sessions).title == "as it was stored"
    assert seen == [f"https://canary.invalid/{row(sessions).id}"]


def served(body: bytes, content_type: str = RSS) -> Serve:
    return lambda server, _document: server.serve("/feed.xml", body, content_type, etag='"1"')


def answering(answer: Callable[[bytes], Reply]) -> Serve:
    return lambda server, document: server.answer("/feed.xml", always(answer(document)))


STOPS: dict[str, tuple[Serve, str, str]] = {
    "an interrupted answer": (
        answering(lambda document: Reply(raw=[b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", document])),
        "fetch: protocol: ",
        "ở chặng tải nguồn tin: trả lời không đúng giao thức (",
    ),
    "a hang-up": (
        answering(lambda _document: Reply(raw=[b""])),
        "fetch: protocol: ",
        "ở chặng tải nguồn tin: trả lời không đúng giao thức (",
    ),
    "an error": (
        answering(lambda _document: Reply(500)),
        "fetch: server: HTTP 500",
        "ở chặng tải nguồn tin: máy chủ bị lỗi (HTTP 500",
    ),
    "broken gzip": (
        answering(lambda document: Reply(200, gzip.compress(document)[:-9], {"Content-Encoding": "gzip"})),
        "fetch: encoding: gzip ends early",
        "ở chặng tải nguồn tin: bảng mã không đọc được (gzip ends early)",
    ),
    "a bomb": (
        lambda server, _document: server.answer("/feed.xml", gzip_bomb()),
        "fetch: too_large: ",
        "ở chặng tải nguồn tin: trả lời quá lớn (",
    ),
    "a redirect to elsewhere on this machine": (
        lambda server, _document: server.answer("/feed.xml", redirect("http://localhost:9/feed.xml")),
        "fetch: address: localhost is ",
        "ở chặng tải nguồn tin: địa chỉ không dùng được (localhost is ",
    ),
    "validators that are not heeded": (
        answering(lambda document: Reply(200, document, {"ETag": '"1"'})),
        "fetch: its address did not answer as it should",
        "ở chặng tải nguồn tin: địa chỉ của nó không trả lời như phải trả lời",
    ),
    "a page": (
        served(b"<html><title>Hello</title></html>", HTML),
        "feed: html: ",
        "ở chặng nguồn tin: trả về trang HTML, không phải nguồn tin (",
    ),
    "a feed without it": (
        served(OTHER),
        "feed: its one entry was not found",
        "ở chặng nguồn tin: không tìm thấy mục duy nhất của nó",
    ),
}


def sentence(failed: str) -> str:
    """The first line of the status page, three minutes later."""
    after = NOW + dt.timedelta(minutes=3)
    canary = Canary(NOW, NOW, None, None, None, failed)
    snapshot = Snapshot(
        at=after, distributed=False, known_at=after, standing=None, totals=None, signs=Signs(), canaries=[canary],
        unseeing=[], flows={}, last_sent=None, schema=None, problems=[], away=[],
    )  # fmt: skip
    return trust(snapshot, EVERY).cause


@pytest.mark.parametrize("what", list(STOPS))
def test_where_it_stops_is_told_in_words(sqlite_url: str, server: FeedServer, what: str) -> None:
    serve, failed, vietnamese = STOPS[what]
    sessions = db.sessions_for(sqlite_url)
    before = everything(sessions)
    assert send(sessions, NOW, EVERY, REAL, lambda document: nullcontext(serve(server, document)))
    said = row(sessions).failed or ""
    assert said.startswith(failed)
    assert sentence(said) == f"the test article of 17:00 UTC failed: {said}"
    in_vietnamese = told(sentence(said), Voice("vi", "Asia/Ho_Chi_Minh", NOW))
    assert in_vietnamese.startswith(f"tin thử lúc 00:00 bị hỏng: {vietnamese}")
    assert everything(sessions) == before
    assert not send(sessions, NOW, EVERY, REAL)  # this stretch has had its own
    assert send(sessions, NOW + EVERY, EVERY, REAL)


def test_a_machine_that_has_no_port_left_stops_it_at_the_fetch(sqlite_url: str) -> None:
    def publish(_document: bytes) -> AbstractContextManager[str]:
        raise OSError(24, "Too many open files")

    sessions = db.sessions_for(sqlite_url)
    send(sessions, NOW, EVERY, REAL, publish)
    assert row(sessions).failed == "fetch: OSError: [Errno 24] Too many open files"


def test_a_table_that_takes_no_article_stops_it_at_the_store(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.execute(text("ALTER TABLE entries RENAME TO entries_of_old"))
    send(sessions, NOW, EVERY, REAL)
    said = row(sessions).failed or ""
    assert said.startswith("store: ")
    assert "entries" in said
    assert "ở chặng lưu: " in told(sentence(said), Voice("vi", "Asia/Ho_Chi_Minh", NOW))


def test_a_database_that_is_busy_is_no_stage_and_the_next_tick_tries_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_arguments: Any, **_named: Any) -> store.Stored:
        busy = sqlite3.OperationalError("database is locked")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError("INSERT", {}, busy)

    sessions = db.sessions_for(sqlite_url)
    with monkeypatch.context() as patched:
        patched.setattr(store, "save_articles", locked)
        with pytest.raises(OperationalError):
            send(sessions, NOW, EVERY, REAL)
    assert send(sessions, NOW, EVERY, REAL)
    assert row(sessions).failed is None


def test_meanwhile_every_other_address_of_this_machine_is_refused(sqlite_url: str, server: FeedServer) -> None:
    """Also those that the desk lets through, to the canary's fetcher; and the canary's own, to the desk's."""
    settings = Settings(allow_hosts=(server.host,))
    desks, kinds = fetcher(settings), list[str]()

    @contextmanager
    def publish(document: bytes) -> Iterator[str]:
        with published(document) as url, published(b"another's") as other:
            port = host_of(url).partition(":")[2]
            with fetcher_to(settings, host_of(url)) as own:
                named = (other, server.url("/"), f"http://localhost:{port}/feed.xml", f"http://[::1]:{port}/feed.xml")
                answers = [*map(own, named), desks(url)]
            kinds.extend(answer.kind for answer in answers if isinstance(answer, Failed))
            yield url

    sessions = db.sessions_for(sqlite_url)
    send(sessions, NOW, EVERY, partial(fetcher_to, settings), publish)
    assert kinds == ["address"] * 5
    assert row(sessions).failed is None
    assert server.requests == []
    desks.close()


def test_switched_off_nothing_is_published(sqlite_url: str) -> None:
    def publish(_document: bytes) -> AbstractContextManager[str]:
        raise AssertionError("something was published")

    assert not send(db.sessions_for(sqlite_url), NOW, dt.timedelta(0), REAL, publish)
