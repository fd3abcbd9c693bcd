"""The Celery app: three queues, one beat, and every setting that differs from Celery's default, with its reason.

The database is the queue and Celery is the doorbell (see :mod:`shared.events`): a task carries ids only, may come
twice, late or never, and nothing here is needed for correctness. These settings make the doorbell prompt and cheap.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from celery import Celery, Task
from celery.beat import ScheduleEntry, Scheduler, SchedulingError
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import after_setup_logger, after_setup_task_logger, celeryd_after_setup, task_prerun
from kombu import Connection, Exchange, Queue
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from shared import channel, heartbeat, logs
from shared.blame import is_servers_own
from shared.clock import utc_now
from shared.events import SUBSCRIBERS, Event
from shared.outages import BROKER, DATABASE, Told, WithoutTrace, words_of
from shared.settings import Settings, load_settings

log = logging.getLogger(__name__)

QUEUES = ("ingest", "classify", "notify")
#: Feeds are looked for more often than all else: each waits for half of this on average beyond its minute, and those
#: that come due in one look are asked, and told of, in the same moment.
FEEDS_TICK_S = 1.0
HARD_LIMIT_S = 120
#: So many messages in a queue say all that there is to say: the rows are in the database, and a tick finds them.
MOST_MESSAGES = 1000
VISIBILITY_S = HARD_LIMIT_S + 60  # longer than any task may run, or a running task is delivered again


def _transport_options() -> dict[str, Any]:
    return {
        # a worker that died gives its task back after this long …
        "visibility_timeout": VISIBILITY_S,
        # … looked for every 10 s; by default only every tenth look is a real one, so 10 s became 100 s (kombu 5.7)
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # a broker that does not answer is found out, and a half-open connection does not hang for ever
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
        # a publisher tries to connect once more and gives up: whoever stored the rows must not wait for the doorbell
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "broker_url": settings.broker_url or "redis://localhost:6379/0",
        "broker_connection_retry_on_startup": True,
        # a Redis that is away or full is waited for, however long; by default a worker ends after a hundred tries
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,
        "broker_transport_options": _transport_options(),
        # visibility_timeout has to stand in all three places that Celery's Redis page names: with one missing, the
        # shortest of the apps that share a broker wins
        "visibility_timeout": VISIBILITY_S,
        "result_backend_transport_options": {"visibility_timeout": VISIBILITY_S},
        "timezone": "UTC",
        "enable_utc": True,
        "worker_send_task_events": False,
        "beat_schedule": _beat_schedule(settings.tick_seconds),
        # beat wakes up often enough for short ticks; by default it may sleep for five minutes
        "beat_max_loop_interval": min(settings.tick_seconds, FEEDS_TICK_S),
        "beat_scheduler": "shared.celery_app:TickingScheduler",
        **_tasks(),
        **_queues(),
    }


def _tasks() -> dict[str, Any]:
    return {
        # a worker whose connection breaks just after one of its processes was killed connects anew all the same
        "worker_pool": "shared.pool:Pool",
        # results are rows in the database, nobody waits for a task
        "task_ignore_result": True,
        # ids in JSON, never objects
        "task_serializer": "json",
        "accept_content": ["json"],
        # acks_late alone acknowledges and loses the task of a pool process that was killed: both are needed
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # take one task at a time: a batch is long, and what is prefetched waits for it
        "worker_prefetch_multiplier": 1,
        # no task runs without an end
        "task_time_limit": HARD_LIMIT_S,
        "task_soft_time_limit": HARD_LIMIT_S - 20,
        # SIGTERM (which `redphone worker` makes a SIGQUIT, for at SIGTERM Celery waits for its tasks without end): what
        # runs has this long to finish, then it is stopped and handed back
        "worker_soft_shutdown_timeout": 20.0,
        # a task whose broker connection is lost goes on, and is delivered again beside it: claims keep the two apart.
        # Cancelled, it is a task that was killed, and what it had in hand waits for its lease (docs/decisions/039)
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        # waiting is a column in the database; a countdown on Redis runs again past the visibility timeout
        "worker_eta_task_limit": 100,
        # a failed publish is normal, the sweep finds the row: one quick try
        "task_publish_retry": False,
    }


def _queues() -> dict[str, Any]:
    return {
        # each queue with its own key: queues without one share the default's, and each task would go to all three
        "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in QUEUES],
        "task_create_missing_queues": False,
        "task_default_queue": "ingest",
        "task_routes": {f"{name}.*": {"queue": name} for name in QUEUES},
    }


def _beat_schedule(tick_s: float) -> dict[str, Any]:
    # a tick says only "look for what waits"; it expires when the next one is due, so ticks never pile up, and two
    # beats or none do no harm, because a tick is a claim in the database
    ticks = {**{f"{name}.sweep": tick_s for name in QUEUES}, "ingest.due": min(tick_s, FEEDS_TICK_S)}
    return {
        task: {"task": task, "schedule": every_s, "options": {"expires": every_s}} for task, every_s in ticks.items()
    }


# Celery's lines for every task, every tick and every tick that came too late would bury the lines that say something
for chatty in ("celery.worker.strategy", "celery.worker.request", "celery.app.trace", "celery.beat"):
    logging.getLogger(chatty).setLevel(logging.WARNING)

_told = Told(log)


#: Which service this process is, for its log; whoever starts it says so.
PROCESS = {"service": ""}


@after_setup_logger.connect
@after_setup_task_logger.connect
def _our_lines(logger: logging.Logger, **_: Any) -> None:
    for handler in logger.handlers:
        handler.addFilter(WithoutTrace())
        handler.setFormatter(logs.Lines(load_settings(), PROCESS["service"]))
    logs.quieten()


@celeryd_after_setup.connect
def _decided(**_: Any) -> None:
    # said at each broken connection, in five lines: that a task at work goes on is decided. Only now, because a worker
    # that sets up its log lets all such advice through
    warnings.filterwarnings("ignore", r"\s*In Celery 5\.1 we introduced", CPendingDeprecationWarning)


class PatientTask(Task[..., Any]):
    """A task that a server's outage does not fail: it is told in one line, and the next tick finds the rows."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do the task; any other mistake goes up, and Celery logs its traceback."""
        try:
            with logs.bound(task_id=self.request.id):
                result = super().__call__(*args, **kwargs)
        except (*DATABASE, *BROKER) as error:
            troubled(self.name, error)
            return None
        if _told.passed(self.name):
            _note(lambda client: heartbeat.forget_trouble(client, self.name))
        return result


channel.use()
app = Celery("redphone", task_cls=PatientTask, amqp=channel.Wires)
app.config_from_object(_configuration(load_settings()))


def ring(event: Event, connection: Connection | None = None) -> None:
    """Send an event to its subscribers' queues; one without ids is nothing to tell. Never raises: a broker that is
    down is logged, and the sweep finds the rows."""
    for task in SUBSCRIBERS[type(event)] if event.ids else ():
        send(task, list(event.ids), connection=connection)


def send(task: str, *arguments: object, connection: Connection | None = None, expires_s: float | None = None) -> bool:
    """Put a task into its queue; returns whether that was possible. One that nobody took within `expires_s` is thrown
    away: messages that come again by themselves must not pile up behind a busy worker. Never raises: a broker that is
    down is logged, and the sweep finds the rows. Into a queue that nobody empties nothing more is put."""
    if _depths.is_full(task.partition(".")[0]):
        return False
    try:
        app.send_task(task, args=list(arguments), connection=connection, expires=expires_s)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("could not ring for %s, the sweep will find the rows: %s", task, error)
        return False
    return True


def beaten(name: str, now: dt.datetime) -> None:
    """Leave a sign of life in Redis: "ingest" when a task of that queue runs, "beat" when beat ticks."""
    sign = f"sign of life of {name}"
    try:
        with heartbeat.connect(app.conf.broker_url) as client:
            heartbeat.record(client, name, now)
    except RedisError as error:
        _told.trouble(sign, words_of(error))
    else:
        _told.passed(sign)


def troubled(name: str, error: BaseException) -> None:
    """Tell, in the log and where the status page sees it, that a server's outage keeps a task from its work."""
    words = words_of(error)
    _told.trouble(name, words)
    passing = isinstance(error, DBAPIError) and not is_servers_own(error)  # a deadlock, which is tried again
    if isinstance(error, DATABASE) and not passing:
        _note(lambda client: heartbeat.note_trouble(client, name, words, utc_now()))


def _note(write: Callable[[Redis], None]) -> None:
    # whether Redis itself is away or full is seen by whoever asks it
    with suppress(RedisError), heartbeat.connect(app.conf.broker_url) as client:
        write(client)


class Signs:
    """Signs of life by the tasks of this process: many a second leave one in two."""

    EVERY_S = 2.0

    def __init__(self) -> None:
        self._last = -self.EVERY_S

    def passed(self, queue: str) -> None:
        """A task came through this queue."""
        if time.monotonic() - self._last >= self.EVERY_S:
            self._last = time.monotonic()
            beaten(queue, utc_now())


_signs = Signs()


@task_prerun.connect
def _leave_sign(task: Task[..., Any], **_: Any) -> None:
    _signs.passed(task.name.partition(".")[0])


class Depths:
    """How many messages wait in the queues, asked at most once a second."""

    EVERY_S = 1.0

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, int]] = {}

    def is_full(self, queue: str) -> bool:
        """Whether nobody may put more into a queue. A broker that is down says so to whoever sends."""
        asked, depth = self._known.get(queue, (-self.EVERY_S, 0))
        if time.monotonic() - asked >= self.EVERY_S:
            depth = self._ask(queue)
            self._known[queue] = time.monotonic(), depth
        if depth < MOST_MESSAGES:
            _told.passed(f"queue of {queue}")
            return False
        _told.trouble(f"queue of {queue}", f"{MOST_MESSAGES} messages wait and nobody takes them")
        return True

    def _ask(self, queue: str) -> int:
        try:
            with heartbeat.connect(app.conf.broker_url) as client:
                return heartbeat.depths(client, (queue,))[queue]
        except RedisError:
            return 0


_depths = Depths()


class TickingScheduler(Scheduler):
    """Beat in memory: ticks need no file that remembers when they last ran. Each tick leaves a sign of life.

    Celery's own counts by the time of day: where the clock is put back by hours, it would send nothing for hours.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._due: dict[str, float] = {}
        super().__init__(*arguments, **options)

    def tick(self, *_: Any, **__: Any) -> float:
        """Send each tick when it is time; the seconds until the next is due."""
        for name, entry in self.schedule.items():
            if time.monotonic() >= self._due.get(name, 0.0):
                self._due[name] = time.monotonic() + float(self.app.conf.beat_schedule[name]["schedule"])
                self.apply_entry(entry, producer=self.producer)
        return max(0.001, min(self._due.values()) - time.monotonic())

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send one tick; a broker that is down is told, and the next tick tries again. A queue that nobody empties has
        ticks enough."""
        if _depths.is_full(str(entry.task).partition(".")[0]):
            beaten("beat", utc_now())
            return
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            if not isinstance(error.__context__, BROKER):
                log.exception("%s could not be sent", entry.name)
                return
            _told.trouble("beat", words_of(error.__context__))
            return
        _told.passed("beat")
        beaten("beat", utc_now())
