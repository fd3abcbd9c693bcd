"""Real workers through an outage: the broker comes back empty, a worker is killed in the middle of its task.

The rows are the queue, so each article is told once all the same, as one process would tell it.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from redphone.articles import in_order, read_articles
from services.classify.store import LEASE
from services.ingest import claims
from services.ingest import store as ingest
from services.ingest.fetch import Limits
from services.notify import sending
from services.notify.slack import BEGIN_S, TIMEOUT_S
from shared import db, pulse
from shared.settings import Settings
from shared.tables import AnnouncementRow, ArticleRow, ReportRow
from tests.support import processes
from tests.support.rehearsal import replayed, set_clock, standing, story
from tests.support.servers import free_port, valkey, wait_for
from tests.support.slack_server import SlackServer


class Desk:
    """The rows that real workers work on: articles are stored without a ring, at the rehearsal's time."""

    def __init__(self, url: str, home: Path) -> None:
        self._url, self._home = url, home
        self.articles = in_order(read_articles(str(processes.ROOT / "seeds")))[:3]
        self._stored = 0

    def store(self) -> None:
        """Store the next article, at its own time."""
        now, article = self.articles[self._stored]
        set_clock(self._home / "clock", now.isoformat())
        with db.sessions_for(self._url).begin() as session:
            ingest.save_replayed(session, [article], now)
        self._stored += 1

    def pass_lease(self) -> None:
        """Let the lease of the last article end."""
        now, _ = self.articles[self._stored - 1]
        set_clock(self._home / "clock", (now + LEASE).isoformat())

    def attempts(self) -> list[int]:
        """How often each article was taken."""
        with db.reading(db.sessions_for(self._url)) as session:
            return list(session.scalars(sa.select(ArticleRow.classify_attempts).order_by(ArticleRow.id)))

    def wait(self) -> None:
        """Until all that was stored is read, decided on and told."""
        left = (
            sa.select(sa.func.count()).where(ArticleRow.classify_state != "done"),
            sa.select(sa.func.count()).where(ReportRow.notify_state == "waiting"),
            sa.select(sa.func.count()).where(AnnouncementRow.state != "sent"),
        )

        def quiet() -> bool:
            with db.reading(db.sessions_for(self._url)) as session:
                return not any(session.scalar(query) for query in left)

        try:
            wait_for(f"article {self._stored} to be told", quiet, timeout=60)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{standing(self._url)}\n{processes.logs(self._home)}") from error


@pytest.mark.parametrize("lease", [LEASE, claims.LEASE, sending.LEASE], ids=["reading", "asking", "sending"])
def test_what_a_killed_worker_had_in_hand_is_due_well_within_half_a_minute(lease: dt.timedelta) -> None:
    started_again = dt.timedelta(seconds=5)
    assert lease + dt.timedelta(seconds=Settings().tick_seconds) + started_again <= dt.timedelta(seconds=28)
    assert lease <= pulse.LONGEST_LEASE  # a clock that is put back cuts none short


def test_a_lease_is_longer_than_the_work_may_take() -> None:
    assert claims.LEASE.total_seconds() > Limits().total_s
    assert dt.timedelta(seconds=TIMEOUT_S) + sending.SETTLE <= sending.LEASE
    begins = sending.PROMPTLY + dt.timedelta(seconds=BEGIN_S)
    assert begins + dt.timedelta(seconds=TIMEOUT_S) < sending.LEASE  # nobody looks for what may still land
    assert claims.MESSAGE < claims.TURN < claims.LEASE


def test_each_article_is_told_once_whatever_dies_meanwhile(postgres_url: str, sqlite_url: str, tmp_path: Path) -> None:
    desk, port = Desk(postgres_url, tmp_path), free_port()
    set_clock(tmp_path / "clock", "2017-01-01T00:00:00+07:00")
    with SlackServer() as slack, ExitStack() as broker:
        broker.enter_context(valkey(port))
        settings = processes.settings(
            postgres_url,
            f"redis://127.0.0.1:{port}/0",
            slack=slack.base_url,
            clock_file=tmp_path / "clock",
            tick_seconds=0.3,
        )
        with processes.stack(settings, tmp_path) as workers:
            desk.store()
            desk.wait()

            broker.close()
            wait_for("beat to miss Redis", lambda: "Redis not reachable" in processes.logs(tmp_path))
            desk.store()
            broker.enter_context(valkey(port))
            desk.wait()

            with db.sessions_for(postgres_url).begin() as session:
                session.execute(sa.text("LOCK TABLE reports"))  # who reads an article cannot keep what it read
                desk.store()
                wait_for("the article to be taken", lambda: desk.attempts()[-1] == 1)
                os.killpg(workers["classify"].pid, signal.SIGKILL)
                workers["classify"].wait()
            desk.pass_lease()
            with processes.redphone(["worker", "classify", "--concurrency", "1"], settings, tmp_path):
                desk.wait()
        told = story(slack)
    assert desk.attempts() == [1, 1, 2]
    assert told == replayed([article for _, article in desk.articles], sqlite_url)
    assert "Traceback" not in processes.logs(tmp_path)
