"""Real workers on a Redis that is full, a PostgreSQL whose disk is, and a clock that is put forward and back.

They wait, it is said, they go on by themselves, and each article is told once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis
import sqlalchemy as sa

from services.status.standing import describe
from shared import db, heartbeat
from shared.tables import FeedRow, PulseRow
from tests.support import processes
from tests.support.feed_server import FeedServer
from tests.support.rehearsal import RSS, set_clock
from tests.support.servers import wait_for
from tests.support.slack_server import SlackServer
from tests.test_outage import Desk

FULL_DISK = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER disk_is_full BEFORE UPDATE ON articles EXECUTE FUNCTION disk_is_full();
CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON reports EXECUTE FUNCTION disk_is_full();
CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON announcements EXECUTE FUNCTION disk_is_full();
CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON feeds EXECUTE FUNCTION disk_is_full();
"""
DAYS, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@contextmanager
def full_disk(url: str) -> Iterator[None]:
    """PostgreSQL as it is while nothing more can be written."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FULL_DISK)
        yield
        connection.execute("DROP FUNCTION disk_is_full CASCADE")


@contextmanager
def full_redis(url: str) -> Iterator[None]:
    """Redis as it is while its memory is full, with `noeviction`."""
    with redis.Redis.from_url(url) as client:
        client.config_set("maxmemory", 1)
        yield
        client.config_set("maxmemory", 0)


class House:
    """The database, Redis and the rehearsal's clock that real workers run on."""

    def __init__(self, url: str, broker: str, home: Path) -> None:
        self.url, self.broker, self.home = url, broker, home

    def at(self, now: dt.datetime) -> None:
        set_clock(self.home / "clock", now.isoformat())

    def problems(self, now: dt.datetime) -> str:
        said = describe(db.sessions_for(self.url), self.broker, now)
        return "\n".join([*said["problems"], *said["remarks"]])

    def wait_for(self, words: str, now: dt.datetime) -> None:
        """Until the status says this."""
        try:
            wait_for(words, lambda: words in self.problems(now), 60)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.problems(now)}\n{processes.logs(self.home)}") from error

    def pulse(self) -> dt.datetime:
        with db.reading(db.sessions_for(self.url)) as session:
            return session.scalars(sa.select(PulseRow.seen_at)).one()

    def next_poll(self) -> dt.datetime:
        with db.reading(db.sessions_for(self.url)) as session:
            return session.scalars(sa.select(FeedRow.next_poll_at)).one()


def test_what_is_full_or_jumps_is_waited_for_said_and_left_behind(
    redis_url: str, postgres_url: str, tmp_path: Path
) -> None:
    desk, house = Desk(postgres_url, tmp_path), House(postgres_url, redis_url, tmp_path)
    (first, _), (second, _), (third, _) = desk.articles
    house.at(first)
    with SlackServer() as slack, FeedServer() as newspaper:
        feed = newspaper.serve("/rss", RSS.format(items="").encode())
        (tmp_path / "feeds.csv").write_text(f"outlet,url\nBáo,{feed}\n", encoding="utf-8")
        settings = processes.settings(
            postgres_url,
            redis_url,
            feeds=tmp_path / "feeds.csv",
            slack=slack.base_url,
            clock_file=tmp_path / "clock",
            tick_seconds=0.3,
        )
        with processes.stack(settings, tmp_path):
            wait_for("the first look", newspaper.paths, 60)
            with full_redis(redis_url):
                house.wait_for("Redis is full", first)
                desk.store()
            desk.wait()

            with full_disk(postgres_url):
                desk.store()
                house.wait_for("the disk of the database is full: could not extend file", second)
            desk.wait()

            house.at(third + 3 * DAYS)  # messages, polls and leases of this time lie ahead when the clock is put back
            wait_for("a tick of that time", lambda: house.pulse() > third + DAYS)
            house.wait_for("or the clock was put forward", third + 3 * DAYS + HOUR / 2)
            wait_for("a poll of that time", lambda: house.next_poll() > third + DAYS)
            asked = len(newspaper.paths())
            desk.store()  # puts the clock back to its own time
            desk.wait()
            house.wait_for("the clock went back by", third + HOUR / 2)
            wait_for("the feed to be asked", lambda: len(newspaper.paths()) > asked)
        posted = Counter(message["text"] for message in slack.posted)
    assert len(posted) >= 3
    assert set(posted.values()) == {1}
    assert "Traceback" not in processes.logs(tmp_path)


def test_a_worker_that_starts_while_redis_is_full_waits_for_it(
    redis_url: str, postgres_url: str, tmp_path: Path
) -> None:
    settings = processes.settings(postgres_url, redis_url, tick_seconds=0.3)
    with ExitStack() as running, redis.Redis.from_url(redis_url) as client:
        with full_redis(redis_url):
            worker = running.enter_context(processes.redphone(["worker", "classify"], settings, tmp_path))
            wait_for(
                "the worker to meet it or to end",
                lambda: "maxmemory" in processes.logs(tmp_path) or worker.poll() is not None,
                60,
            )
            assert worker.poll() is None, processes.logs(tmp_path)
        running.enter_context(processes.redphone(["beat"], settings, tmp_path))
        wait_for("a task through its queue", lambda: client.hexists(heartbeat.KEY, "classify"), 60)
