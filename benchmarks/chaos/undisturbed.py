"""The same stream without trouble: one process, SQLite, the functions of the workers called in turn."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from benchmarks.chaos import ledger
from benchmarks.chaos.histories import History
from benchmarks.chaos.stream import PAPERS, START
from redphone.embedded import Pipeline
from services.ingest import tasks as ingest
from services.ingest.catalogue import read_feeds
from services.ingest.config import fetcher, options
from services.notify import config as notify
from shared import db
from shared.settings import Settings
from tests.support.expected import Desk

MOST_SECONDS = 3_600


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
        for second in range(MOST_SECONDS):
            now = START + dt.timedelta(seconds=second)
            ingest.poll_due(sessions, now, fetch, pipeline.publish, chosen)
            ingest.fetch_pages(sessions, now, fetch, pipeline.publish, chosen, limit=PAPERS)
            pipeline.sweep(now)
            with db.reading(sessions) as session:
                if not ledger.unfinished(session):
                    return ledger.history(session)
        raise RuntimeError("the undisturbed run has no end")
    finally:
        fetch.close()
        db.close(url)
