"""SIGTERM, as an orchestrator sends it: a worker finishes what it has in hand, or hands it back within its time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from shared import db, heartbeat
from shared.celery_app import app
from shared.tables import ArticleRow
from tests.support import processes
from tests.support.feed_server import FeedServer, Reply, Request
from tests.support.servers import wait_for

GRACE_S = 30  # what docker-compose.yml gives it
ITEM = "<item><title>{name}</title><link>http://news.example/{name}</link><guid>{name}</guid></item>"
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Báo</title>{item}</channel></rss>'


class SlowPaper:
    """A newspaper that begins its answer and ends it only when it is let: longer than a worker that stops may wait."""

    def __init__(self, server: FeedServer, name: str) -> None:
        self._body = FEED.format(item=ITEM.format(name=name)).encode()
        self.asked, self.may_end = threading.Event(), threading.Event()
        self.feed = server.answer(f"/{name}.rss", self._answer)

    def _answer(self, _request: Request) -> Reply:
        self.asked.set()
        return Reply(body=self._drip(), headers={"Content-Type": "application/rss+xml"})

    def _drip(self) -> Iterator[bytes]:
        yield self._body[:-1]
        while not self.may_end.wait(1.0):
            yield b" "
        yield self._body[-1:]


def titles(url: str) -> list[str]:
    with db.reading(db.sessions_for(url)) as session:
        return list(session.scalars(sa.select(ArticleRow.title)))


def test_a_worker_that_is_stopped_finishes_its_tasks_or_hands_them_back(
    redis_url: str, postgres_url: str, tmp_path: Path
) -> None:
    with FeedServer() as server:
        slow, hanging = SlowPaper(server, "slow"), SlowPaper(server, "hanging")
        elsewhere = hanging.feed.replace("127.0.0.1", "localhost")  # one request at a time goes to one host
        feeds = tmp_path / "feeds.csv"
        feeds.write_text(f"outlet,url\nBáo,{slow.feed}\nBáo,{elsewhere}\n", encoding="utf-8")
        settings = {
            "REDPHONE_DATABASE_URL": postgres_url,
            "REDPHONE_BROKER_URL": redis_url,
            "REDPHONE_FEEDS_FILE": str(feeds),
            "REDPHONE_BUILT_IN_FEEDS": "no",
            "REDPHONE_ALLOW_HOSTS": f"{server.host},{server.host.replace('127.0.0.1', 'localhost')}",
        }
        with processes.redphone(["worker", "ingest", "--concurrency", "3"], settings, tmp_path) as worker:
            with app.connection_for_write(redis_url) as connection:
                app.send_task("ingest.sweep", connection=connection)
            wait_for("both feeds to be asked for", lambda: slow.asked.is_set() and hanging.asked.is_set())
            worker.terminate()
            wait_for("the worker to hear it", lambda: "Soft Shutdown" in processes.logs(tmp_path))
            slow.may_end.set()
            assert worker.wait(GRACE_S) == 0
        hanging.may_end.set()
    assert titles(postgres_url) == ["slow"]
    with heartbeat.connect(redis_url) as client:
        (handed_back,) = client.lrange("ingest", 0, -1)
        assert '"task": "ingest.poll"' in handed_back
