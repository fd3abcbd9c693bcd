"""Who looks on during a day: every few seconds what each part uses and what waits where; and the scrapes of /metrics
that a Prometheus would make.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Mapping
from typing import Self

import httpx
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.dayfigures import Sample
from benchmarks.usage import usage
from shared import db, heartbeat
from shared.tables import AnnouncementRow, ArticleRow, CallRow, ReportRow

LOOK_S = 5.0
SCRAPE_EVERY = 3  # looks
#: What a counter of the server knows; to count the rows would cost more with each of them.
_STORED = text("SELECT n_tup_ins - n_tup_del FROM pg_stat_user_tables WHERE relname = 'articles'")


class Watch:
    """Looks until it is left; a context manager. `printed`: how many articles the newspapers have shown."""

    def __init__(self, roots: Mapping[str, int], database: str, broker: str, status: str, hour_s: float) -> None:
        self._roots, self._database, self._broker, self._status = roots, database, broker, status
        self._hour_s = hour_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self.samples: list[Sample] = []

    def __enter__(self) -> Self:
        self._begun = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _look_on(self) -> None:
        looks = 0
        while True:
            self.samples.append(self._look())
            _say(self.samples[-1])
            if looks % SCRAPE_EVERY == 0:
                httpx.get(f"{self._status}/metrics", timeout=30)
            looks += 1
            if self._stopping.wait(LOOK_S):
                return

    def _look(self) -> Sample:
        hour = (time.monotonic() - self._begun) / self._hour_s
        with db.reading(db.sessions_for(self._database)) as session:
            stored = session.scalar(_STORED) or 0
            waiting = unfinished(session)
        with heartbeat.connect(self._broker) as client:
            waiting |= {"in the queues": sum(heartbeat.depths(client, ("ingest", "classify", "notify")).values())}
        return Sample(hour, usage(self._roots), stored, waiting)


def unfinished(session: Session) -> dict[str, int]:
    """How many rows wait at each stage."""
    waiting = {
        "pages to fetch": select(func.count()).where(ArticleRow.body_state == "waiting"),
        "articles to read": select(func.count()).where(ArticleRow.classify_state == "waiting"),
        "reports to decide on": select(func.count()).where(ReportRow.notify_state == "waiting"),
        "calls to look at again": select(func.count()).where(CallRow.notify_state == "waiting"),
        "messages to send": select(func.count()).where(AnnouncementRow.state.not_in(("sent", "dropped", "dead"))),
    }
    return {stage: session.scalar(query) or 0 for stage, query in waiting.items()}


def _say(sample: Sample) -> None:
    parts = ", ".join(f"{name} {one.mb:.0f} MB {one.cpu_s:.1f} s" for name, one in sample.usage.items())
    waits = ", ".join(f"{count} {stage}" for stage, count in sample.waiting.items() if count)
    sys.stderr.write(f"day: hour {sample.hour:.1f}: {sample.stored:,} stored; {parts}; waiting: {waits or 'nothing'}\n")
