"""What every answer is made from: the database, the broker, the clock, and who may ask. Made once, in `app`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Literal

from fastapi import Depends, Request
from sqlalchemy.orm import Session, sessionmaker

from services.status.values import Leader
from shared import db
from shared.clock import utc_now

TICK_S = 5.0
Access = Literal["token", "anyone"]


def as_it_is(url: str) -> str:
    """The key of an address where nobody tells how articles are known: the address."""
    return url


@dataclass(frozen=True, kw_only=True)
class Known:
    """What other services know and status only shows: handed in by the command line, the one place that knows both.

    `leaders`: reads the leaders' data. `key_of`: an article's key from its address. `versions`: of the rules and data
    that this program would read with now.
    """

    leaders: Callable[[], tuple[Leader, ...]] = tuple
    key_of: Callable[[str], str] = as_it_is
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Context:
    """The world of one status service. `tick_s`: how often workers and loop must show a sign of life, in seconds;
    `stream_s`: how long one stream of events lasts, in seconds. `troubles`: what keeps this very process from its work,
    where it does more than answer."""

    sessions: sessionmaker[Session]
    broker_url: str | None = None
    clock: Callable[[], dt.datetime] = utc_now
    tick_s: float = TICK_S
    known: Known = Known()
    access: Access = "token"
    token: str | None = None
    language: Literal["en", "vi"] = "en"
    zone: str = "Asia/Ho_Chi_Minh"
    canary_every: dt.timedelta = dt.timedelta(minutes=5)
    stream_s: float = 300.0
    troubles: Callable[[], list[str]] = list

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads. Raises UsageError or ServiceDownError, one line each, for a database that cannot
        be asked."""
        with db.explained(db.url_of(self.sessions)), db.reading(self.sessions) as session:
            yield session


async def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Ctx = Annotated[Context, Depends(_context)]
