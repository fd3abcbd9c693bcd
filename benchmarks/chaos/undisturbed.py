"""The same stream without trouble: one process, SQLite, the functions of the workers called in turn."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from benchmarks.chaos import ledger
from benchmarks.chaos.histories import History
from benchmarks.chaos.stream import START
from redphone.embedded import Pipeline
from services.ingest import tasks as ingest
from services.ingest.catalogue import read_feeds
from services.ingest.config import fetcher, options
from services.notify import config as notify
from shared import db
from shared.settings import Settings
from tests.support.expected import Desk

STEP = dt.timedelta(seconds=60)
MOST_ROUNDS = 10_000


def play(catalogue: str, folder: Path) -> History:
    """Read all that the newspapers show now, with its pages, and tell it. Raises RuntimeError where that has no end."""
    url = f"sqlite:///{folder / 'undisturbed.sqlite'}"
    db.migrate(url)
    sessions = db.sessions_for(url)
    settings = Settings(burst="never", pause_seconds=0, allow_hosts=("127.0.0.1",))
    pipeline = Pipeline(sessions, Desk(), notify.options(settings))
    fetch, chosen = fetcher(settings), options(settings)
    try:
        ingest.sync_catalogue(sessions, read_feeds(catalogue, "chaos"), START)
        ingest.poll_due(sessions, START, fetch, pipeline.publish, chosen)
        now = START
        for _ in range(MOST_ROUNDS):
            now += STEP / 60
            pages = ingest.fetch_pages(sessions, now, fetch, pipeline.publish, chosen)
            pipeline.sweep(now)
            if not pages:
                break
        else:
            raise RuntimeError("the undisturbed run has no end")
        pipeline.sweep(now + STEP)
        with db.reading(sessions) as session:
            return ledger.history(session)
    finally:
        fetch.close()
        db.close(url)
