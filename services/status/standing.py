"""How things stand, asked of the database and the broker: plain for `/status`, kept for a second for everything else.

Whoever asks within a second of another gets the same answer, and while one asks the database the others are given the
answer before; so a crowd costs what one reader does. With the database away, or hanging, the last answer stands, with
its age.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from services.status import problems, store
from services.status.context import TICK_S, Context
from services.status.flows import flow
from services.status.kept import Recounted
from services.status.lines import line
from services.status.problems import Problem
from services.status.queries.flows import passed
from services.status.values import Signs, Snapshot, Standing, Totals
from shared import db, heartbeat
from shared.errors import ServiceDownError, UsageError

QUEUES = ("ingest", "classify", "notify")
FRESH_S = 1.0
#: What whole tables have to be read for is counted this often, and waited for so long, in seconds.
RECOUNT_S, PATIENCE_S = 60.0, 0.1
#: Seconds after which a database that was asked and gives no answer counts as away: a server that is stopped, or a lock
#: that somebody holds, raises no error, and how things stood before must not be shown as how they stand.
HANGS_S = 5.0


def describe(
    sessions: sessionmaker[Session],
    broker_url: str | None,
    now: dt.datetime,
    tick_s: float = TICK_S,
    troubles: Sequence[str] = (),
) -> dict[str, Any]:
    """How things stand, in plain values: what `/status` and `redphone status` show. `troubles`: what keeps this very
    process from its work."""
    wrong = list(troubles)
    mode = "distributed" if broker_url else "embedded"
    said: dict[str, Any] = {"at": now, "mode": mode, "problems": wrong, "remarks": []}
    try:
        with db.explained(db.url_of(sessions)), db.reading(sessions) as session:
            standing = store.standing(session, now)
    except (UsageError, ServiceDownError, SQLAlchemyError) as error:
        wrong.append(_words(error))
    else:
        said |= msgspec.to_builtins(standing)
        wrong += _words_of(_wrong(standing, broker_url is not None, tick_s))
        resting = problems.resting(standing.paused, standing.mutes)
        rest = [*problems.paused_feeds(standing.feeds), *problems.failed(standing.failed),
                *problems.doubted(standing.channels)]  # fmt: skip
        told = [words for words in (standing.brake.words, standing.clock) if words]
        said["remarks"] = [*told, *resting, *rest, *problems.remarks(standing.feeds)]
    if broker_url:
        try:
            found = signs(broker_url, now)
            said |= msgspec.to_builtins(found)
            wrong += _words_of(problems.of_signs(found, tick_s))
        except (UsageError, ServiceDownError) as error:
            wrong.append(str(error))
    return said


def signs(broker_url: str, now: dt.datetime) -> Signs:
    """What Redis tells. Raises UsageError or ServiceDownError, one line, where it tells nothing."""
    with heartbeat.explained(broker_url), heartbeat.connect(broker_url) as client:
        seen = heartbeat.read(client)
        # a sign of the future is left from before a clock went back, and as old
        ages = {name: round(abs((now - at).total_seconds()), 1) for name, at in seen.items()}
        return Signs(
            queues=heartbeat.depths(client, QUEUES),
            workers=ages,
            troubles=heartbeat.troubles(client, now),
            memory=heartbeat.fullness(client),
        )


def _words(error: Exception) -> str:
    if isinstance(error, SQLAlchemyError):
        return f"the database cannot be asked: {str(error).partition('(Background')[0].strip()}; ask again"
    return str(error)


def _words_of(wrong: Iterable[Problem]) -> list[str]:
    return [problem.words for problem in wrong]


def _wrong(standing: Standing, distributed: bool, tick_s: float) -> list[Problem]:
    """With a broker the signs of life are in Redis, and a loop's in the database are of another time."""
    if not distributed and standing.stopped is not None:
        return [problems.stopped(standing.stopped)]
    silent = [] if distributed else problems.silent(standing.heartbeats, tick_s)
    return silent + problems.closed(standing.channels) + problems.feeds(standing.feeds, tick_s)


class Snapshots:
    """The newest snapshot, taken anew when it is older than a second. Safe in threads. `clock` gives seconds that only
    go forward."""

    def __init__(self, context: Context, clock: Callable[[], float] = time.monotonic, hangs_s: float = HANGS_S) -> None:
        self._context, self._clock, self._hangs_s = context, clock, hangs_s
        self._last: Snapshot | None = None
        self._taken = self._begun = float("-inf")
        self._taking: Future[Snapshot] | None = None
        self._changing, self._doing_without = threading.Lock(), threading.Lock()
        self._totals = Recounted[Totals](clock, RECOUNT_S, PATIENCE_S)

    def fresh(self) -> Snapshot | None:
        """The snapshot, without waiting for anything; None where it must be taken."""
        last = self._last
        return last if last is not None and self._clock() - self._taken < FRESH_S else None

    def get(self) -> Snapshot:
        """How things stand; never raises for a server that is away, and never waits long for one that hangs."""
        fresh, last = self.fresh(), self._last
        if fresh is not None:
            return fresh
        taking, ours = self._begin()
        left_s = self._begun + self._hangs_s - self._clock()
        if left_s > 0 and not ours and last is not None:
            return last
        wait([taking], max(0.0, left_s))
        return taking.result() if taking.done() else self._without_an_answer(taking)

    def _begin(self) -> tuple[Future[Snapshot], bool]:
        """The snapshot that is being taken, and whether that has just begun."""
        with self._changing:
            if self._taking is not None and not self._taking.done():
                return self._taking, False
            self._taking, self._begun = Future(), self._clock()
            threading.Thread(target=self._finish, args=(self._taking,), daemon=True).start()
            return self._taking, True

    def _finish(self, taking: Future[Snapshot]) -> None:
        try:
            taken = self._take(self._known)
        except Exception as error:  # a mistake of ours: it belongs to whoever asked
            taking.set_exception(error)
            return
        with self._changing:
            self._last, self._taken = taken, self._clock()
            taking.set_result(taken)

    def _without_an_answer(self, taking: Future[Snapshot]) -> Snapshot:
        """How things stand while the database hangs; made by one for all who ask."""
        with self._doing_without:
            taken = self.fresh() or self._take(_unanswered)
            with self._changing:
                if not taking.done():
                    self._last, self._taken = taken, self._clock()
            return taken

    def _take(self, ask: Callable[[dt.datetime], Snapshot]) -> Snapshot:
        """A snapshot with what `ask` knows from the database."""
        now, broker_url, tick_s = self._context.clock(), self._context.broker_url, self._context.tick_s
        wrong = [Problem(words) for words in self._context.troubles()]
        away: list[str] = []
        found = Signs()
        try:
            if broker_url:
                found = signs(broker_url, now)
                wrong += problems.of_signs(found, tick_s)
        except (UsageError, ServiceDownError) as error:
            away.append(str(error))
        try:
            known, answered = ask(now), True
        except (UsageError, ServiceDownError, SQLAlchemyError) as error:
            away.append(_words(error))
            known, answered = self._last or _nothing(now), False
        distributed = broker_url is not None
        stands = _wrong(known.standing, distributed, tick_s) if known.standing else []
        # what stood there last says since when, even where nobody knows whether it still does
        since = self._wrong_since(now, [*wrong, *stands])
        said = [*away, *_words_of(wrong + stands if answered else wrong)]
        return msgspec.structs.replace(
            known, at=now, distributed=distributed, signs=found, problems=said, away=away,
            wrong_since=since if said else None,
        )  # fmt: skip

    def _wrong_since(self, now: dt.datetime, wrong: Iterable[Problem]) -> dt.datetime | None:
        """Since when something is wrong, as far as this process has seen it come up, or the rows tell."""
        seen = None if self._last is None else self._last.wrong_since if self._last.problems else now
        told = max((problem.lasts_s for problem in wrong if problem.lasts_s is not None), default=None)
        before = None if told is None else now - dt.timedelta(seconds=told)
        return min((at for at in (seen, before) if at is not None), default=None)

    def _known(self, now: dt.datetime) -> Snapshot:
        totals = self._totals.get(lambda: self._count(now))
        with self._context.reading() as session:
            standing = store.standing(session, now, totals)
            recent = passed(session, now)
            return msgspec.structs.replace(
                _nothing(now),
                known_at=now,
                standing=standing,
                totals=totals,
                canaries=store.canaries(session, now),
                unseeing=store.unseeing(session, now),
                flows={stage: flow(traffic, standing.waiting[stage].count, now) for stage, traffic in recent.items()},
                last_sent=store.last_sent(session),
                schema=store.schema(session),
                ground=store.ground(session),
            )

    def _count(self, now: dt.datetime) -> Totals:
        with self._context.reading() as session:
            return store.count(session, now)


def _unanswered(_: dt.datetime) -> Snapshot:
    raise ServiceDownError(line("database_hangs"))


def _nothing(now: dt.datetime) -> Snapshot:
    return Snapshot(
        at=now,
        distributed=False,
        known_at=None,
        standing=None,
        totals=None,
        signs=Signs(),
        canaries=[],
        unseeing=[],
        flows={},
        last_sent=None,
        schema=None,
        problems=[],
        away=[],
    )
