"""SIGTERM, as an orchestrator sends it: a worker finishes what it has in hand, or hands it back within its time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from shared import db, heartbeat
from shared.celery_app import app
from shared.tables import ArticleRow
from tests.support import processes
from tests.support.feed_server import FeedServer, Reply, Request
from tests.support.servers import wait_for

GRACE_S = 30  # what docker-compose.yml gives it
ITEM = b"<item><title>Tin</title><link>http://news.example/1</link><guid>1</guid></item>"
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>B</title>' + ITEM + b"</channel></rss>"


class SlowPaper:
    """A newspaper that answers only when it is let."""

    def __init__(self, server: FeedServer) -> None:
        self.asked, self.may_answer = threading.Event(), threading.Event()
        self.feed = server.answer("/rss.xml", self._answer)

    def _answer(self, _request: Request) -> Reply:
        self.asked.set()
        self.may_answer.wait()
        return Reply(body=FEED, headers={"Content-Type": "application/rss+xml"})


@contextmanager
def kept_waiting(url: str) -> Iterator[Callable[[], bool]]:
    """Whoever sends a test article waits for its table, longer than a worker that stops may; says whether one does."""
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'canaries'::regclass"
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as watcher:
        holder.execute("LOCK TABLE canaries IN ACCESS EXCLUSIVE MODE")
        yield lambda: watcher.execute(asked).fetchone() == (1,)


def titles(url: str) -> list[str]:
    with db.reading(db.sessions_for(url)) as session:
        return list(session.scalars(sa.select(ArticleRow.title)))


def test_a_worker_that_is_stopped_finishes_its_tasks_or_hands_them_back(
    redis_url: str, postgres_url: str, tmp_path: Path
) -> None:
    with FeedServer() as server, kept_waiting(postgres_url) as waits:
        paper = SlowPaper(server)
        feeds = tmp_path / "feeds.csv"
        feeds.write_text(f"outlet,url\nBáo,{paper.feed}\n", encoding="utf-8")
        settings = processes.settings(postgres_url, redis_url, feeds=feeds)
        with processes.redphone(["worker", "ingest", "--concurrency", "3"], settings, tmp_path) as worker:
            with app.connection_for_write(redis_url) as connection:
                app.send_task("ingest.sweep", connection=connection)
            wait_for("a poll and a tick at work", lambda: paper.asked.is_set() and waits())
            worker.terminate()
            wait_for("the worker to hear it", lambda: "Soft Shutdown" in processes.logs(tmp_path))
            paper.may_answer.set()
            assert worker.wait(GRACE_S) == 0
    assert titles(postgres_url) == ["Tin"]
    with heartbeat.connect(redis_url) as client:
        (handed_back,) = client.lrange("ingest", 0, -1)
        assert '"task": "ingest.sweep"' in handed_back
