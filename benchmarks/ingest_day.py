"""A day's load in minutes: 500 newspapers, 50,000 new articles, real ingest workers on Redis and PostgreSQL.

Ingest alone is measured: what it rings for the classifier waits in its queue.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.ingest import START, Measured, section
from benchmarks.newsfeeds import styles
from benchmarks.newsstand import Newsstand, Shown
from benchmarks.table import Section
from shared import db
from shared.tables import ArticleRow, FeedRow
from tests.support import processes
from tests.support.servers import postgres, valkey

PATIENCE_S = 180.0
NOTES = (
    "The newspapers, both servers, the beat and an ingest worker with a process for each core share the machine. "
    "The rate counts the pauses between rounds: it is what was sustained, not what is possible.",
)


def measure() -> Section:
    """The day, as a table."""
    return section("Ingest: a day's load in minutes, on Redis and PostgreSQL", rows(), NOTES)


def rows(feeds: int = 500, rounds: int = 4, a_round: int = 25, every_s: float = 60.0) -> list[Measured]:
    """Each newspaper publishes `a_round` articles at once, `rounds` times, `every_s` seconds apart; each is asked every
    30 seconds. Raises RuntimeError where articles do not arrive at all."""
    started, waits, late = time.monotonic(), [], 0
    with newsroom(feeds) as (stand, sessions):
        made = styles(feeds)
        for turn in range(1, rounds + 1):
            shown_at = time.monotonic()
            at = START + turn * dt.timedelta(minutes=30)
            stand.show({n: Shown(style, turn * a_round, at) for n, style in enumerate(made)})
            _wait_for(sessions, feeds * turn * a_round)
            waits.append(time.monotonic() - shown_at)
            late += waits[-1] > every_s
            time.sleep(max(0.0, every_s - waits[-1]) if turn < rounds else 0.0)
        took = time.monotonic() - started
        stored, twice, failing = _stock(sessions)
    wanted = feeds * rounds * a_round
    goal = "sustained"
    return [
        Measured(f"{feeds} feeds, {wanted:,} new articles: stored", stored / took, "articles/s", "", None, goal),
        Measured("… articles lost", wanted - stored, "", "", None, "0"),
        Measured("… articles stored twice", twice, "", "", None, "0"),
        Measured("… feeds failing at the end", failing, "", "", None, "0"),
        Measured(
            f"… rounds of {feeds * a_round:,} not stored before the next, {every_s:.0f} s later",
            late,
            "",
            "",
            None,
            goal,
        ),
        Measured("… the longest from publication to the last of a round stored, asked every 30 s", max(waits), "s"),
    ]


@contextmanager
def newsroom(feeds: int) -> Iterator[tuple[Newsstand, sessionmaker[Session]]]:
    """A newsstand and, on fresh servers, an ingest worker with a process per core, and the beat."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="redphone-")))
        broker, database = running.enter_context(valkey()), running.enter_context(postgres())
        db.migrate(database)
        running.callback(db.close, database)
        stand = running.enter_context(Newsstand(feeds))
        stand.show({n: Shown(style, 0, START) for n, style in enumerate(styles(feeds))})
        (folder / "feeds.csv").write_text(_catalogue(stand.urls()), encoding="utf-8")
        steps = folder / "data" / "shared" / "brake.csv"
        steps.parent.mkdir(parents=True)
        steps.write_text("waiting,oldest_s,others_s,world_s,pages,why\n", encoding="utf-8")  # nobody reads: no brake
        settings = processes.settings(
            database,
            broker,
            feeds=folder / "feeds.csv",
            data_dir=folder / "data",
            tick_seconds=1,
            log_level="ERROR",
        )
        cores = str(os.cpu_count() or 1)
        running.enter_context(processes.redphone(["worker", "ingest", "--concurrency", cores], settings, folder))
        running.enter_context(processes.redphone(["beat"], settings, folder))
        yield stand, db.sessions_for(database)


def _catalogue(urls: Sequence[str]) -> str:
    looks = zip(urls, styles(len(urls)), strict=True)
    lines = (f"Báo {number},{url},{style.timezone},30,yes,no" for number, (url, style) in enumerate(looks))
    return "\n".join(("outlet,url,timezone,interval_s,world,fetch_body", *lines)) + "\n"


def _wait_for(sessions: sessionmaker[Session], articles: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while (stored := _stock(sessions)[0]) < articles:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{stored:,} of {articles:,} articles stored after {PATIENCE_S:.0f} s")
        time.sleep(0.5)


def _stock(sessions: sessionmaker[Session]) -> tuple[int, int, int]:
    """Different articles, those stored more than once, failing feeds."""
    with sessions() as session:
        count = session.scalar(select(func.count()).select_from(ArticleRow)) or 0
        different = session.scalar(select(func.count(func.distinct(ArticleRow.url)))) or 0
        failing = session.scalar(select(func.count()).select_from(FeedRow).where(FeedRow.failures > 0)) or 0
    return different, count - different, failing
