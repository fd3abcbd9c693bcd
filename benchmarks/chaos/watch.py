"""Who looks on while the plant is struck: how long each struck piece of work takes until it is done, and whether all
has come to rest. It also has newspapers asked at once that showed something: the wait for a poll is no part of this.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Self, TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from benchmarks.chaos import ledger
from benchmarks.chaos.stream import START
from benchmarks.chaos.struck import Struck
from shared import db
from shared.tables import ArticleRow, FeedRow

LOOK_S = 0.25
_Answer = TypeVar("_Answer")


class Watch:
    """Looks at the database until it is left; a context manager."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._feeds: dict[str, str] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self.struck: list[Struck] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def shown(self, articles: Sequence[tuple[str, str]]) -> None:
        """These articles, each with the address of its feed, are to be stored."""
        self._feeds |= dict(articles)

    def in_hand(self) -> str | None:
        """The key of the announcement that somebody is sending."""
        return self._ask(ledger.in_hand)

    def unfinished(self) -> list[str]:
        """What has not come to rest, in words."""
        missing, left = self._missing(), self._ask(ledger.unfinished)
        if missing is None or left is None:
            return ["the database cannot be asked"]
        return [*(f"article {key} is not stored" for key in missing), *left]

    def _ask(self, question: Callable[[Session], _Answer]) -> _Answer | None:
        try:
            with db.reading(db.sessions_for(self._url)) as session:
                return question(session)
        except (DBAPIError, PoolTimeoutError):  # the server is being struck
            return None

    def _missing(self) -> list[str] | None:
        shown = dict(self._feeds)
        stored = self._ask(lambda session: set(session.scalars(select(ArticleRow.key))))
        return None if stored is None else [key for key in shown if key not in stored]

    def _look_on(self) -> None:
        while not self._stopping.wait(LOOK_S):
            self._look()
        self._look()  # at what was done since

    def _look(self) -> None:
        self._ring([self._feeds[key] for key in self._missing() or ()])
        for one in [one for one in self.struck if one.delay_s is None]:
            work = (one.step, one.article, one.announcement)
            if self._ask(partial(ledger.is_done, work=work)):
                one.delay_s = time.monotonic() - one.at

    def _ring(self, feeds: Sequence[str]) -> None:
        if not feeds:
            return
        due = update(FeedRow).where(FeedRow.url.in_(feeds), FeedRow.next_poll_at > START).values(next_poll_at=START)
        try:
            with db.sessions_for(self._url).begin() as session:
                session.execute(due)
        except (DBAPIError, PoolTimeoutError):  # the server is being struck
            return
