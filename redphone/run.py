"""`redphone run`: all services in one process, for one newsroom and no server to install.

A thread hands the feeds that are due to others, so that one that hangs keeps none waiting; a second one fetches pages;
the main thread classifies and notifies; another serves the status page.
What happens is said in lines: each feed's trouble when it begins or changes, new articles, the alerts themselves.
A database that fails for a while stops neither: see :mod:`redphone.guard`.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial

import uvicorn
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from redphone.called import called
from redphone.desk import Desk
from redphone.embedded import Pipeline
from redphone.guard import EXPECTED, Guard
from redphone.show import prepare
from redphone.standing import listening
from redphone.starts import note
from redphone.terminal import Terminal
from redphone.web import web
from services.classify.canary import read as read_canary
from services.ingest import config as ingest_config
from services.ingest import tasks as ingest
from services.ingest.canary import send as send_canary
from services.ingest.retention import Retention
from services.ingest.values import CatalogueFeed, PollResult
from services.notify import config as notify_config
from services.notify import tasks as notify
from services.notify.canary import tell as tell_canary
from services.notify.channels import check as check_channels
from shared import db, logs
from shared.brake import FREE, load_steps
from shared.clock import utc_now
from shared.errors import ServiceDownError, UsageError
from shared.events import Event
from shared.rhythm import silent_feeds
from shared.settings import Settings, load_settings
from shared.tables import LOOP, STOPPED, HeartbeatRow

log = logging.getLogger(__name__)

POLL_EVERY_S = 1.0
POLLS_AT_ONCE = 16
SWEEP_EVERY_S = 5.0
STOP_WITHIN_S, LEAVE_WITHIN_S = 1.4, 0.4  # two seconds in all
QUIET = {"new", "quiet", "gap"}
UNASKED = {"late", "waits"}


def run() -> None:
    """Run until Ctrl-C or SIGTERM, then end within two seconds.

    Raises UsageError or ServiceDownError before anything is started.
    """
    settings = load_settings()
    # on a terminal the lines below tell the story; a log for machines has them and everything else
    logs.set_up(settings, "run", None if settings.log_format == "json" else "WARNING")
    catalogue = ingest_config.Watch(settings)  # looks at the file before it is read: no change falls between
    feeds = ingest_config.feeds(settings)
    prepare(settings.database_url)
    sessions = db.sessions_for(settings.database_url)
    with db.explained(settings.database_url):
        ingest.sync_catalogue(sessions, feeds, utc_now())
    note(sessions, "run", settings, utc_now())
    loop = Loop(sessions, settings, catalogue)
    address = _serve_status(sessions, settings, loop.troubles)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.stop())
    loop.say(f"polling {len(feeds)} feeds; status on {address}; Ctrl-C stops")
    loop.run()
    db.close(settings.database_url)  # the last to leave an SQLite file takes its -wal and -shm away
    # A poll may still wait for a slow server, and Python would wait for its thread. What it has not committed is
    # rolled back by the database and polled again next time, so there is nothing to wait for.
    sys.stdout.flush()
    os._exit(0)


class Loop:
    """The pipeline with its clock: polls in a thread, classifies and notifies in this one."""

    def __init__(self, sessions: sessionmaker[Session], settings: Settings, catalogue: ingest_config.Watch) -> None:
        self._sessions, self._settings, self._catalogue = sessions, settings, catalogue
        self._console = Terminal(highlight=False, soft_wrap=True)
        grace = dt.timedelta(hours=settings.plan_grace_hours)
        self._poster, self._desk_options = notify_config.poster(settings, called()), notify_config.options(settings)
        self._pipeline = Pipeline(sessions, self._poster, self._desk_options, utc_now, grace)
        self._step = FREE
        self._looks_around = settings.clock_file is None  # a rehearsal's clock jumps
        self._stopped, self._woken = threading.Event(), threading.Event()
        self._fetcher, self._options = ingest_config.fetcher(settings), ingest_config.options(settings)
        self._guard = Guard(self.say)
        self._polls, self._under_way = ThreadPoolExecutor(POLLS_AT_ONCE, "poll"), set[Future[None]]()
        self._trouble: dict[int, str] = {}
        self._retention = Retention(settings.keep_text_days)
        self._silent: set[int] = set()
        self._desk = Desk(sessions, settings, self._woken.set) if self._desk_options.listens else None
        self._listening = False

    def say(self, line: str) -> None:
        """Print one line behind the machine's local time of day, no word of it read as markup; or log it as JSON."""
        if self._settings.log_format == "json":
            log.info(line)
            return
        self._console.print(f"{utc_now().astimezone():%H:%M:%S}  {line}", markup=False)

    def stop(self) -> None:
        """Let `run` and the poller end after what they are doing now; safe in a signal handler."""
        self._stopped.set()
        self._woken.set()

    def troubles(self) -> list[str]:
        """What keeps the loop from its work now."""
        return self._guard.troubles()

    def run(self) -> None:
        """Until `stop`: take up events when they come, sweep every few seconds."""
        self._listen()
        workers = [
            threading.Thread(target=self._repeat, args=(name, work), name=name, daemon=True)
            for name, work in (
                ("polling feeds", self._poll_feeds),
                ("fetching pages", self._fetch_pages),
                ("sending a test article", self._send_canary),
            )
        ]
        for worker in workers:
            worker.start()
        swept = 0.0
        while not self._stopped.is_set():
            self._woken.wait(POLL_EVERY_S)
            self._woken.clear()
            self._guard.step("reading and telling", lambda: self._pipeline.drain(utc_now()))
            if time.monotonic() - swept > SWEEP_EVERY_S:
                swept = time.monotonic()
                self._guard.step("looking for what waits", self._sweep)
        self.say("stopping")
        self._polls.shutdown(wait=False, cancel_futures=True)
        wait(self._under_way, STOP_WITHIN_S)
        leaver = threading.Thread(target=self._leave, name="leaver", daemon=True)  # it may meet a locked database
        leaver.start()
        leaver.join(LEAVE_WITHIN_S)

    def _listen(self) -> None:
        """Hear what the desk says in Slack, where it has a token for that; a Slack that is down is asked again."""
        if self._desk is None or self._listening:
            return
        try:
            self._desk.listener.start()
        except ServiceDownError as error:
            self.say(f"{error}; trying again")
        else:
            self._listening = True
            self.say("listening to the desk in Slack")

    def _sweep(self) -> None:
        self._follow_catalogue()
        self._step = ingest.look(self._sessions, utc_now(), load_steps())
        self._listen()
        if self._looks_around:
            notify.look_around(self._sessions, utc_now(), self._desk_options)
            notify.prove_life(self._sessions, utc_now(), self._desk_options)
        self._pipeline.sweep(utc_now())
        check_channels(self._sessions, utc_now(), self._poster, self._desk_options)
        self._pass_canary()
        if emptied := self._retention.tick(self._sessions, utc_now()):
            self.say(f"the text of {emptied} old articles was emptied: they prove no call")
        self._live()
        self._tell_silence()

    def _follow_catalogue(self) -> None:
        try:
            self._catalogue.follow(self._take_over)
        except UsageError as error:
            self.say(f"the feeds stay as they were: {error}")

    def _take_over(self, feeds: Sequence[CatalogueFeed]) -> None:
        ingest.sync_catalogue(self._sessions, feeds, utc_now())
        self.say(f"the catalogue has changed: polling {len(feeds)} feeds")

    def _pass_canary(self) -> None:
        """Take the test article on from the stage that the poller left it at."""
        settings = self._settings
        read_canary(self._sessions, utc_now())
        poster = self._poster if settings.uses_slack else None
        tell_canary(self._sessions, utc_now(), poster, settings.canary_channel, settings.language, settings.timezone)

    def _tell_silence(self) -> None:
        """A feed that answers and brings nothing any more is told once, until it brings something again."""
        with db.reading(self._sessions) as session:
            silent = {feed.id: feed for feed in silent_feeds(session, utc_now())}
        for feed_id in silent.keys() - self._silent:
            feed = silent[feed_id]
            since = feed.last_new_at
            never = "answers and has never brought anything"
            ended = f"answers and brings nothing since {since:%Y-%m-%d %H:%M} UTC, unlike before" if since else never
            self.say(f"{feed.url}: {ended}")
        self._silent = set(silent)

    def _repeat(self, name: str, work: Callable[[], None]) -> None:
        while not self._stopped.is_set():
            self._guard.last(name, work)
            self._stopped.wait(POLL_EVERY_S)

    def _poll_feeds(self) -> None:
        self._under_way = {poll for poll in self._under_way if not poll.done()}
        room = POLLS_AT_ONCE - len(self._under_way)
        for feed_id in ingest.claim_due(self._sessions, utc_now(), room, self._step) if room else ():
            self._under_way.add(self._polls.submit(self._poll_feed, feed_id))

    def _poll_feed(self, feed_id: int) -> None:
        def poll() -> None:
            self._tell([ingest.poll_feed(self._sessions, feed_id, utc_now(), self._fetcher, self._ring, self._options)])

        self._guard.last(f"polling feed {feed_id}", poll)

    def _fetch_pages(self) -> None:
        if self._step.pages:
            ingest.fetch_pages(self._sessions, utc_now(), self._fetcher, self._ring, self._options)

    def _send_canary(self) -> None:
        every = dt.timedelta(minutes=self._settings.canary_minutes)
        send_canary(self._sessions, utc_now(), every, partial(ingest_config.fetcher_to, self._settings))

    def _ring(self, event: Event) -> None:
        self._pipeline.publish(event)
        self._woken.set()

    def _tell(self, results: Iterable[PollResult]) -> None:
        for result in (result for result in results if result.kind not in UNASKED):
            before = self._trouble.pop(result.feed_id, None)
            if result.kind not in QUIET:
                self._trouble[result.feed_id] = result.kind
                if result.kind != before:
                    self.say(f"{result.url}: {result.kind}: {result.words}{_again(result)}")
            elif before is not None or result.new_ids or result.kind == "gap":
                missed = "; others came and went between two looks: looking sooner" if result.kind == "gap" else ""
                articles = f"{len(result.new_ids)} new article{'' if len(result.new_ids) == 1 else 's'}"
                self.say(f"{result.url}: {articles}{missed}")

    def _live(self) -> None:
        self._sign(LOOP, instead_of=STOPPED)

    def _leave(self) -> None:
        with suppress(*EXPECTED):  # then the loop will be called silent
            self._sign(STOPPED, instead_of=LOOP)

    def _sign(self, name: str, instead_of: str) -> None:
        with self._sessions.begin() as session:
            session.execute(delete(HeartbeatRow).where(HeartbeatRow.name == instead_of))
            session.merge(HeartbeatRow(name=name, at=utc_now()))


def _again(result: PollResult) -> str:
    return f"; next look in {(result.next_poll_at - utc_now()).total_seconds():.0f} s" if result.next_poll_at else ""


def _serve_status(sessions: sessionmaker[Session], settings: Settings, troubles: Callable[[], list[str]]) -> str:
    """Start the status page in a thread and give its address. Raises UsageError where the port is taken."""
    place = listening(settings)
    server = uvicorn.Server(uvicorn.Config(web(sessions, settings, None, troubles), log_config=None, access_log=False))
    threading.Thread(target=server.run, args=([place],), name="status", daemon=True).start()
    host, port = place.getsockname()[:2]
    return f"http://{host}:{port}/status"
