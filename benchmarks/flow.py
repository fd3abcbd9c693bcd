"""The flow on Redis and PostgreSQL: articles into the database, through a real classify worker, and from a feed to the
desk.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.ingest import START
from benchmarks.newsprint import sentence, text
from benchmarks.table import Row, Section, figure
from services.ingest import store
from services.ingest.values import Entry
from shared import db, heartbeat
from shared.clock import utc_now
from shared.records import Article
from shared.tables import ArticleRow, FeedRow, ReportRow
from tests.support import processes
from tests.support.servers import postgres, valkey, wait_for

ROWS, A_FEED = 20_000, 50
TIMES = 3
AN_EVENT = 50
PATIENCE_S = 600.0


def measure(stream: Sequence[Article]) -> Section:
    """Rows into PostgreSQL, and articles to verdicts."""
    bulk, feeds = stored(ROWS, ROWS), stored(ROWS, A_FEED)
    whole, reports = verdicts(stream, TIMES)
    count = TIMES * len(stream)
    cores = os.cpu_count() or 1
    return Section(
        "The flow on Redis and PostgreSQL",
        (
            Row(f"{ROWS:,} new articles stored at once: rows/s", figure(bulk), goal="≥ 10,000"),
            Row(f"… as {ROWS // A_FEED} feeds of {A_FEED}, a transaction each: rows/s", figure(feeds)),
            Row(f"{count:,} stored articles → verdicts: articles/s", figure(whole), goal="≥ 1,000"),
            Row("… reports of calls among them", f"{reports:,}"),
        ),
        (
            "Stored: the rows of articles and of a feed's entries, with all their keys, by one process; PostgreSQL "
            "without waiting for the disk.",
            f"Verdicts: a classify worker with {cores} processes, {AN_EVENT} articles an event, from the first ring "
            f"until no article waits; both servers share the {cores} cores. The stream is played {TIMES} times, each "
            "under keys of its own, so that its calls are reported again.",
        ),
    )


def stored(count: int, at_once: int) -> float:
    """New entries of feeds, so many in one transaction: rows a second."""
    with postgres() as url:
        db.migrate(url)
        sessions = db.sessions_for(url)
        with sessions.begin() as session:
            session.add(FeedRow(url="https://a.example/rss", outlet="A", host="a.example", next_poll_at=START))
        with sessions() as session:
            feed = session.scalars(select(FeedRow)).one()
        entries = [_entry(number) for number in range(count)]
        begun = time.perf_counter()
        for start in range(0, count, at_once):
            with sessions.begin() as session:
                store.save_articles(session, entries[start : start + at_once], feed, START)
        took = time.perf_counter() - begun
        db.close(url)
        return count / took


def verdicts(stream: Sequence[Article], times: int) -> tuple[float, int]:
    """Stored articles through a classify worker: articles a second, and how many reports they gave."""
    with _worker() as (url, broker):
        sessions = db.sessions_for(url)
        ids: list[int] = []
        for turn in range(times):
            copies = [msgspec.structs.replace(one, id=f"{turn}-{one.id}", url=None) for one in stream]
            with sessions.begin() as session:
                ids += store.save_replayed(session, copies, utc_now()).new
        begun = time.monotonic()
        _send(broker, "classify.articles", [[ids[start : start + AN_EVENT]] for start in range(0, len(ids), AN_EVENT)])
        wait_for("the articles to be read", lambda: not _waiting(sessions), PATIENCE_S)
        took = time.monotonic() - begun
        with sessions() as session:
            reports = session.scalar(select(func.count(ReportRow.id))) or 0
        return len(ids) / took, reports


@contextmanager
def _worker() -> Iterator[tuple[str, str]]:
    """Fresh servers and a classify worker that has started; the URLs of database and broker."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="redphone-")))
        broker, database = running.enter_context(valkey()), running.enter_context(postgres())
        db.migrate(database)
        running.callback(db.close, database)
        settings = processes.settings(database, broker)
        cores = str(os.cpu_count() or 1)
        running.enter_context(processes.redphone(["worker", "classify", "--concurrency", cores], settings, folder))
        _send(broker, "classify.sweep", [[]])
        with heartbeat.connect(broker) as client:
            wait_for("the worker", lambda: "classify" in heartbeat.read(client), PATIENCE_S)
        yield database, broker


def _send(broker: str, task: str, arguments: Sequence[Sequence[Any]]) -> None:
    from shared.celery_app import app

    with app.connection_for_write(broker) as connection:
        for some in arguments:
            app.send_task(task, args=some, connection=connection)


def _waiting(sessions: sessionmaker[Session]) -> int:
    with db.reading(sessions) as session:
        time.sleep(0.2)  # a question is work too
        return session.scalar(select(func.count(ArticleRow.id)).where(ArticleRow.classify_state == "waiting")) or 0


def _entry(number: int) -> Entry:
    link = f"https://a.example/tin-tuc-{number}.html"
    return Entry(
        title=sentence(number), summary=text(number, 3), text="", url=link, guid=link, published_at=START,
        published_raw=START.isoformat(),
    )  # fmt: skip
