"""All services in one process: the same functions as the workers', called in turn for each event.

`SUBSCRIBERS` says who hears what; here a published event waits in a list and `drain` calls its subscribers, which
publish again, until nothing is left. A sweep finds rows that wait without an event: after a crash, or because their
time has come.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session, sessionmaker

from services.classify import tasks as classify
from services.classify.extract import extract, glance
from services.classify.lexicon import load_lexicon
from services.notify import tasks as notify
from services.notify.decide import Options
from services.notify.poster import Poster
from shared.clock import later
from shared.events import SUBSCRIBERS, AnnouncementsWritten, ArticlesStored, CallsReported, Event

Handler = Callable[[tuple[int, ...], dt.datetime], None]


class Pipeline:
    """Classify and notify over one database, with a poster. `publish` may be called from any thread.

    Without a poster nothing is sent: what the ledger holds waits for whoever owns its channel. `clock` tells when an
    article is read and a message is sent, where that is later than the moment that it was begun at. `grace` is how long
    after it was due a plan may be silent; `turn` for how long messages are sent before anything else is done again.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        poster: Poster | None,
        options: Options,
        clock: Callable[[], dt.datetime] | None = None,
        grace: dt.timedelta = dt.timedelta(hours=2),
        turn: dt.timedelta = notify.TURN,
    ) -> None:
        self._sessions = sessions
        self._poster = poster
        self._options = options
        self._clock = clock
        self._grace = grace
        self._turn = turn
        self._extract = partial(extract, lexicon=load_lexicon())
        self._events: deque[Event] = deque()
        self._handlers: dict[str, Handler] = {
            "classify.articles": self._classify,
            "notify.reports": self._decide,
            "notify.post": self._post,
        }

    def publish(self, event: Event) -> None:
        """Remember an event for the next :meth:`drain`."""
        self._events.append(event)

    def drain(self, now: dt.datetime) -> None:
        """Call the subscribers of all events, and of those that they publish, until none is left; each by the clock, so
        that no stage is done with a row before the stage that wrote it."""
        while self._events:
            event = self._events.popleft()
            for task in SUBSCRIBERS[type(event)] if event.ids else ():
                self._handlers[task](event.ids, later(now, self._clock))

    def sweep(self, now: dt.datetime) -> None:
        """Take up what waits without an event, and the digest whose hour has come."""
        self.publish(ArticlesStored(classify.sweep(self._sessions, now)))
        classify.sweep_plans(self._sessions, now, self._grace)
        classify.sweep_words(self._sessions)
        self.publish(CallsReported(notify.sweep(self._sessions, now)))
        notify.refresh_batch(self._sessions, notify.changed(self._sessions), now, self._options, self.publish)
        notify.write_digest(self._sessions, now, self._options)
        self.publish(AnnouncementsWritten(notify.due(self._sessions, now)))
        self.drain(now)

    def _classify(self, ids: tuple[int, ...], now: dt.datetime) -> None:
        classify.classify_batch(self._sessions, ids, now, self._extract, self.publish, self._clock, glance)

    def _decide(self, ids: tuple[int, ...], now: dt.datetime) -> None:
        notify.decide_batch(self._sessions, ids, now, self._options, self.publish)

    def _post(self, ids: tuple[int, ...], now: dt.datetime) -> None:
        if self._poster is not None:
            notify.post_batch(self._sessions, ids, now, self._poster, self._clock, turn=self._turn)
