"""Texts that go: of articles that are older than the desk wants to keep and prove no call.

Only the text is emptied. The article keeps its row, title, summary and address, and what was read in it: its near
misses, so `why` still answers. An article that tells of a call keeps its text, which is the evidence.
"""

from __future__ import annotations

import datetime as dt
import time

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, sessionmaker

from shared.tables import ArticleRow, ReportRow

BATCH = 500
#: So long nothing is looked for after all was found: whole tables are read for it.
REST_S = 600.0


def empty_texts(session: Session, before: dt.datetime, now: dt.datetime, limit: int = BATCH) -> int:
    """Empty the texts of at most so many articles that were fetched before then; returns how many.

    Each is claimed by its row's lock; those that another worker has in hand are left to it. An article that waits to be
    read or for its page is left too.
    """
    told = exists().where(ReportRow.article_id == ArticleRow.id)
    old = (
        select(ArticleRow.id)
        .where(
            ArticleRow.emptied_at.is_(None),
            ArticleRow.fetched_at < before,
            ArticleRow.classify_state != "waiting",
            ArticleRow.body_state != "waiting",
            ~told,
        )
        .order_by(ArticleRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(old).all()
    if ids:
        session.execute(update(ArticleRow).where(ArticleRow.id.in_(ids)).values(text="", emptied_at=now))
    return len(ids)


def empty_all(sessions: sessionmaker[Session], before: dt.datetime, now: dt.datetime) -> int:
    """The same until there is none left, a transaction for each batch; returns how many."""
    emptied = 0
    while True:
        with sessions.begin() as session:
            found = empty_texts(session, before, now)
        emptied += found
        if not found:
            return emptied


class Retention:
    """For the ticks of a service: a batch at each tick while there is one, then a rest. `days`: None keeps all."""

    def __init__(self, days: float | None) -> None:
        self._keep = dt.timedelta(days=days) if days is not None else None
        self._next = 0.0

    def tick(self, sessions: sessionmaker[Session], now: dt.datetime) -> int:
        """Empty what may go, a batch of it; returns how many texts."""
        if self._keep is None or time.monotonic() < self._next:
            return 0
        with sessions.begin() as session:
            emptied = empty_texts(session, now - self._keep, now)
        if emptied < BATCH:
            self._next = time.monotonic() + REST_S
        return emptied
