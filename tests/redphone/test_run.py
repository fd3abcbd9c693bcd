"""`redphone run`: a real poll of a real feed over HTTP, the alert on the terminal, and a clean end on Ctrl-C."""

from __future__ import annotations

import datetime as dt
import signal
import sqlite3
import threading
import time
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from redphone.run import Loop
from services.ingest.config import Watch
from services.ingest.fetch import Fetcher, Limits
from shared import db
from shared.settings import load_settings
from shared.tables import LOOP, STOPPED, ArticleRow, CanaryRow, FeedRow, HeartbeatRow
from tests.support.feed_server import RSS as RSS_TYPE
from tests.support.feed_server import FeedServer, Reply, drip_body
from tests.support.processes import redphone
from tests.support.servers import free_port, wait_for

#: A loop leaves its connections to the end of its process.
CLOSING = {"Content-Type": RSS_TYPE, "Connection": "close"}
LONG_AGO, LATE = dt.datetime(2025, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Báo Thử</title><item>
<title>Ông Trump và ông Putin điện đàm hôm nay</title><link>{link}</link><pubDate>{date}</pubDate>
<description>Tổng thống Mỹ Donald Trump và Tổng thống Nga Vladimir Putin đã điện đàm hôm nay.</description>
</item></channel></rss>"""


def signs(url: str) -> list[str]:
    """Whose signs of life are in a database, which is closed again."""
    with db.reading(db.sessions_for(url)) as session:
        names = list(session.scalars(sa.select(HeartbeatRow.name)))
    db.close(url)
    return names


def put(path: Path, text: str) -> None:
    """In one step: the loop reads the file all the time and must never find it half-written."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def test_run_polls_alerts_serves_its_status_and_stops(tmp_path: Path) -> None:
    port, feeds, log = free_port(), tmp_path / "feeds.csv", tmp_path / "run.log"
    with FeedServer() as server:
        # the clock stands still in 2025, when these two were in office
        now = dt.datetime(2025, 3, 18, 12, 0, tzinfo=dt.UTC)
        (tmp_path / "clock").write_text(now.isoformat())
        feed = server.serve("/rss", RSS.format(link=server.url("/1.html"), date=format_datetime(now)).encode())
        dead = f"http://127.0.0.1:{free_port()}/rss"
        feeds.write_text(f"outlet,url,fetch_body\nBáo Thử,{feed},no\nBáo Hỏng,{dead},no\n", encoding="utf-8")
        settings = {
            "REDPHONE_DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite'}",
            "REDPHONE_FEEDS_FILE": str(feeds),
            "REDPHONE_BUILT_IN_FEEDS": "no",
            "REDPHONE_ALLOW_HOSTS": "127.0.0.1",
            "REDPHONE_STATUS_PORT": str(port),
            "REDPHONE_CLOCK_FILE": str(tmp_path / "clock"),
        }
        with redphone(["run"], settings, tmp_path) as process:
            wait_for("the alert", lambda: "Putin and Trump held a call" in log.read_text())
            wait_for("the loop to show life", lambda: signs(settings["REDPHONE_DATABASE_URL"]) == [LOOP])
            wait_for("the dead feed to be told", lambda: f"{dead}: connect: " in log.read_text())
            status = httpx.get(f"http://127.0.0.1:{port}/status").json()
            assert status["counts"] == {"articles": 1, "calls": 1, "alerts": 1}
            asked = time.monotonic()
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
            assert time.monotonic() - asked < 2
        assert log.read_text().rstrip().endswith("stopping")
        assert [path.name for path in tmp_path.glob("run.sqlite*")] == ["run.sqlite"]
        assert signs(settings["REDPHONE_DATABASE_URL"]) == [STOPPED]
        assert "Traceback" not in log.read_text()
        assert " -m redphone explain " in " ".join(log.read_text().replace("│", " ").split())


def test_run_picks_up_a_new_entry_at_the_next_look(tmp_path: Path) -> None:
    clock, feeds, log = tmp_path / "clock", tmp_path / "feeds.csv", tmp_path / "run.log"
    now = dt.datetime(2025, 3, 18, 12, 0, tzinfo=dt.UTC)
    put(clock, now.isoformat())
    with FeedServer() as server:
        empty = RSS[: RSS.index("<item>")] + "</channel></rss>"
        feed = server.serve("/rss", empty.encode())
        feeds.write_text(f"outlet,url,fetch_body\nBáo Thử,{feed},no\n", encoding="utf-8")
        settings = {
            "REDPHONE_DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite'}",
            "REDPHONE_FEEDS_FILE": str(feeds),
            "REDPHONE_BUILT_IN_FEEDS": "no",
            "REDPHONE_ALLOW_HOSTS": "127.0.0.1",
            "REDPHONE_STATUS_PORT": "0",
            "REDPHONE_CLOCK_FILE": str(clock),
        }
        with redphone(["run"], settings, tmp_path):
            wait_for("the first look", lambda: server.paths() == ["/rss"])
            server.serve("/rss", RSS.format(link=server.url("/1.html"), date=format_datetime(now)).encode())
            put(clock, (now + dt.timedelta(seconds=64)).isoformat())  # a minute's interval, with its jitter
            wait_for("the alert", lambda: "Putin and Trump held a call" in log.read_text())
        assert server.paths() == ["/rss", "/rss"]
        assert f"{feed}: 1 new article\n" in log.read_text()


def test_a_feed_that_hangs_keeps_no_other_waiting(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = dt.datetime(2025, 3, 18, 12, 0, tzinfo=dt.UTC)
    put(tmp_path / "clock", now.isoformat())
    monkeypatch.setenv("REDPHONE_CLOCK_FILE", str(tmp_path / "clock"))
    load_settings.cache_clear()
    for_ever = Limits(connect_s=600, read_s=600, total_s=600)
    monkeypatch.setattr("services.ingest.config.fetcher", lambda _: Fetcher("Redphone", ["127.0.0.1"], for_ever))
    said = list[str]()

    def heard(line: str) -> bool:
        said.append(capsys.readouterr().out)
        return line in "".join(said)

    with FeedServer() as server, FeedServer() as slow:
        news = [RSS[: RSS.index("<item>")] + "</channel></rss>"]
        feed = server.answer("/rss", lambda _: Reply(body=news[-1].encode(), headers=CLOSING))
        listed = ((feed, server.host), (slow.answer("/rss", drip_body(slow)), slow.host))
        with db.sessions_for(sqlite_url).begin() as session:
            session.add_all(FeedRow(url=url, outlet="A", host=host, next_poll_at=LONG_AGO) for url, host in listed)
        loop = Loop(db.sessions_for(sqlite_url), load_settings(), Watch(load_settings()))
        thread = threading.Thread(target=loop.run)
        thread.start()
        wait_for("both feeds to be asked", lambda: (server.paths(), slow.paths()) == (["/rss"], ["/rss"]))
        news.append(RSS.format(link=server.url("/1.html"), date=format_datetime(now)))
        put(tmp_path / "clock", (now + dt.timedelta(seconds=64)).isoformat())
        wait_for("the alert", lambda: heard("Putin and Trump held a call"), 60)
        loop.stop()
        thread.join(20)
    assert not thread.is_alive()


def test_run_takes_over_feeds_that_are_imported_meanwhile(tmp_path: Path) -> None:
    feeds, log = tmp_path / "feeds.csv", tmp_path / "run.log"
    now = dt.datetime(2025, 3, 18, 12, 0, tzinfo=dt.UTC)
    put(tmp_path / "clock", now.isoformat())
    with FeedServer() as server:
        first = server.serve("/1", (RSS[: RSS.index("<item>")] + "</channel></rss>").encode())
        second = server.serve("/2", RSS.format(link=server.url("/2.html"), date=format_datetime(now)).encode())
        feeds.write_text(f"outlet,url,fetch_body\nBáo Thử,{first},no\n", encoding="utf-8")
        (tmp_path / "a.opml").write_text(f'<opml><body><outline text="Báo Hai" xmlUrl="{second}"/></body></opml>')
        settings = {
            "REDPHONE_DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite'}",
            "REDPHONE_FEEDS_FILE": str(feeds),
            "REDPHONE_BUILT_IN_FEEDS": "no",
            "REDPHONE_ALLOW_HOSTS": "127.0.0.1",
            "REDPHONE_PAUSE_SECONDS": "0",
            "REDPHONE_STATUS_PORT": "0",
            "REDPHONE_CLOCK_FILE": str(tmp_path / "clock"),
        }
        with redphone(["run"], settings, tmp_path):
            wait_for("the first look", lambda: server.paths() == ["/1"])
            with redphone(["feeds", "import", "a.opml"], settings, tmp_path) as command:
                assert command.wait(30) == 0
            wait_for("the alert", lambda: "Putin and Trump held a call" in log.read_text())
            put(feeds, "outlet;url\n")
            wait_for("the mistake to be told", lambda: "the feeds stay as they were" in log.read_text())
        assert "the catalogue has changed: polling 2 feeds" in log.read_text()
        assert log.read_text().count("stay as they were") == 1
        assert set(server.paths()) == {"/1", "/2"}


def test_a_feed_that_fell_silent_is_told_once(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        row = {"url": "http://a.vn/rss", "outlet": "A", "host": "a.vn", "next_poll_at": LATE}
        session.add(FeedRow(last_new_at=LONG_AGO, last_success_at=LONG_AGO + dt.timedelta(days=8), **row))
    loop = Loop(sessions, load_settings(), Watch(load_settings()))
    thread = threading.Thread(target=loop.run)
    thread.start()
    said: list[str] = []

    def heard() -> bool:
        said.append(capsys.readouterr().out)
        return "brings nothing" in "".join(said)

    wait_for("the silence to be told", heard)
    loop.stop()
    thread.join(20)
    assert "http://a.vn/rss: answers and brings nothing since 2025-01-01 00:00 UTC" in "".join(said)


def test_the_test_article_goes_the_whole_way_in_one_process(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    loop = Loop(sessions, load_settings(), Watch(load_settings()))
    thread = threading.Thread(target=loop.run)
    thread.start()

    def told() -> bool:
        with db.reading(sessions) as session:
            return session.scalar(sa.select(CanaryRow.told_at).where(CanaryRow.failed.is_(None))) is not None

    wait_for("the test article to be told", told)
    loop.stop()
    thread.join(20)
    with db.reading(sessions) as session:
        assert session.scalars(sa.select(ArticleRow.id)).all() == []
        assert session.scalars(sa.select(FeedRow.id)).all() == []


def test_a_locked_database_is_told_and_waited_for(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []

    def heard(line: str) -> bool:
        said.append(capsys.readouterr().out)
        return line in "".join(said)

    def recovered() -> bool:
        with db.reading(db.sessions_for(sqlite_url)) as session:
            polled = session.scalar(sa.select(FeedRow.last_polled_at))
            return polled is not None and session.get(HeartbeatRow, "loop") is not None

    with db.sessions_for(sqlite_url).begin() as session:
        session.add(FeedRow(url="http://127.0.0.1:1/rss", outlet="A", next_poll_at=LONG_AGO))
    engine = sa.create_engine(sqlite_url, connect_args={"timeout": 2})
    loop = Loop(sessionmaker(engine, expire_on_commit=False), load_settings(), Watch(load_settings()))
    thread = threading.Thread(target=loop.run)
    with db.sessions_for(sqlite_url).begin() as writer:
        writer.connection()
        thread.start()
        wait_for("the lock to be told by the loop", lambda: heard("looking for what waits: database is locked"))
        wait_for("the lock to be told by the poller", lambda: heard("polling feeds: database is locked"))
    wait_for("the loop and the poller to go on", recovered)
    loop.stop()
    thread.join(20)
    engine.dispose()
    assert not thread.is_alive()


class Disk:
    """How much an SQLite file may grow; full until there is room."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url, poolclass=sa.NullPool)
        self._room = 0
        sa.event.listen(self.engine, "connect", self._limit)

    def _limit(self, connection: sqlite3.Connection, _record: object) -> None:
        if not self._room:  # what is there stays, and not a page more
            connection.execute("PRAGMA max_page_count = 1")

    def make_room(self) -> None:
        self._room = 1


def test_a_full_disk_is_told_waited_for_and_loses_nothing(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said, disk = list[str](), Disk(sqlite_url)
    now = dt.datetime(2025, 3, 18, 12, 0, tzinfo=dt.UTC)
    put(tmp_path / "clock", now.isoformat())
    monkeypatch.setenv("REDPHONE_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setenv("REDPHONE_ALLOW_HOSTS", "127.0.0.1")
    load_settings.cache_clear()

    def heard(line: str) -> bool:
        said.append(capsys.readouterr().out)
        return line in "".join(said)

    with FeedServer() as server:
        long = RSS.replace("hôm nay.", "hôm nay. " + "Hai bên cũng nói về thời tiết. " * 3000)
        news = long.format(link=server.url("/1.html"), date=format_datetime(now)).encode()
        feed = server.answer("/rss", lambda _: Reply(body=news, headers=CLOSING))
        with db.sessions_for(sqlite_url).begin() as session:
            session.add(FeedRow(url=feed, outlet="A", host=server.host, next_poll_at=LONG_AGO))
        loop = Loop(sessionmaker(disk.engine, expire_on_commit=False), load_settings(), Watch(load_settings()))
        thread = threading.Thread(target=loop.run)
        thread.start()
        wait_for("the full disk to be told", lambda: heard("polling feed 1: database or disk is full"), 60)
        assert "polling feed 1: database or disk is full" in loop.troubles()
        disk.make_room()
        put(tmp_path / "clock", (now + dt.timedelta(minutes=1)).isoformat())  # the lease of the poll ends
        wait_for("the alert", lambda: heard("Putin and Trump held a call"), 60)
        wait_for("the end of the trouble to be told", lambda: heard("polling feed 1: works again"))
        wait_for("all of it to pass", lambda: loop.troubles() == [])
    loop.stop()
    thread.join(20)
    disk.engine.dispose()
    assert not thread.is_alive()
