"""The Celery settings that keep tasks from being lost or from running for ever."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from celery import Celery
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import celeryd_after_setup
from celery.worker.consumer.consumer import CANCEL_TASKS_BY_DEFAULT  # type: ignore[attr-defined]  # its types leave it out
from psycopg.errors import DiskFull
from sqlalchemy.exc import OperationalError

from shared import celery_app, events, heartbeat
from shared.celery_app import app
from shared.clock import utc_now
from shared.settings import Settings
from tests.support.servers import free_port


def test_a_killed_worker_gives_its_task_back() -> None:
    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
    options = conf.broker_transport_options
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 10


def test_what_is_decided_of_tasks_at_work_is_not_advised_against_at_each_broken_connection() -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.filterwarnings("always", category=CPendingDeprecationWarning)  # as Celery does in a worker
        celeryd_after_setup.send(sender="notify@host", instance=None, conf=app.conf)
        warnings.warn(CANCEL_TASKS_BY_DEFAULT, CPendingDeprecationWarning, stacklevel=1)
        warnings.warn("other advice", CPendingDeprecationWarning, stacklevel=1)
    assert [str(one.message) for one in said] == ["other advice"]


def test_no_task_is_delivered_again_while_it_may_still_run() -> None:
    places = (
        app.conf.broker_transport_options["visibility_timeout"],
        app.conf.result_backend_transport_options["visibility_timeout"],
        app.conf.visibility_timeout,
    )
    assert len(set(places)) == 1
    assert places[0] > app.conf.task_time_limit > app.conf.task_soft_time_limit


def test_every_task_that_hears_an_event_or_a_tick_has_a_queue() -> None:
    heard = {task for tasks in events.SUBSCRIBERS.values() for task in tasks}
    ticked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {task.partition(".")[0] for task in heard | ticked} == set(celery_app.QUEUES)


def test_a_tick_expires_before_the_next() -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] <= entry["schedule"] <= 10


def test_feeds_are_looked_for_each_second_however_long_a_tick_is() -> None:
    feeds = app.conf.beat_schedule["ingest.due"]["schedule"]
    assert feeds == celery_app.FEEDS_TICK_S < Settings().tick_seconds
    assert app.conf.beat_max_loop_interval <= feeds


def test_a_broker_that_is_down_is_logged_and_the_one_who_rings_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with celery_app.app.connection_for_write(f"redis://127.0.0.1:{free_port()}/0") as dead:
        celery_app.ring(events.ArticlesStored((1,)), connection=dead)
    (record,) = [record for record in caplog.records if record.name == "shared.celery_app"]
    assert record.levelname == "WARNING"
    assert record.message.startswith("could not ring for classify.articles, the sweep will find the rows: ")


def test_a_ring_reaches_the_subscribers_queue(redis_url: str) -> None:
    with celery_app.app.connection_for_write(redis_url) as connection, heartbeat.connect(redis_url) as client:
        for queue in celery_app.app.conf.task_queues:
            queue.bind(connection.default_channel).declare()
        celery_app.ring(events.ArticlesStored((1, 2)), connection=connection)
        celery_app.ring(events.CallsReported(()), connection=connection)
        assert heartbeat.depths(client, celery_app.QUEUES) == {"ingest": 0, "classify": 1, "notify": 0}


def test_a_tick_without_a_broker_is_told_once_and_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with celery_app.app.connection_for_write(f"redis://127.0.0.1:{free_port()}/0") as dead:
        ours: Any = app  # an app of our own kind of task, which Celery's types do not foresee here
        scheduler = celery_app.TickingScheduler(app=ours, lazy=True)
        scheduler.setup_schedule()
        for entry in (*scheduler.schedule.values(), *scheduler.schedule.values()):
            scheduler.apply_entry(entry, producer=app.amqp.Producer(dead, auto_declare=False))
    (record,) = [record for record in caplog.records if record.name == "shared.celery_app"]
    assert record.message.startswith("beat: Redis not reachable: ")
    assert record.exc_info is None


def test_tasks_leave_a_sign_of_life_of_their_queue_and_not_each_of_them(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    @Celery("probe", broker=redis_url, set_as_current=False).task(name="classify.probe")
    def probe() -> None:
        """A task of the queue."""

    monkeypatch.setattr(celery_app, "app", probe.app)
    monkeypatch.setattr(celery_app, "_signs", celery_app.Signs())
    with heartbeat.connect(redis_url) as client:
        probe.apply()
        assert set(heartbeat.read(client)) == {"classify"}
        client.delete(heartbeat.KEY)
        probe.apply()
        assert heartbeat.read(client) == {}


class Wall:
    """A clock that is read and set by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at


def test_beat_ticks_by_a_clock_that_nobody_puts_back(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, sent = Wall(), list[str]()
    monkeypatch.setattr("shared.celery_app.time.monotonic", wall.monotonic)
    ours: Any = app
    scheduler = celery_app.TickingScheduler(app=ours, lazy=True)
    scheduler.setup_schedule()
    monkeypatch.setattr(app, "now", lambda: pytest.fail("the time of day says nothing of when to tick"))
    monkeypatch.setattr(scheduler, "apply_entry", lambda entry, producer: sent.append(entry.name))
    monkeypatch.setattr(celery_app.TickingScheduler, "producer", None)
    waits = []
    for moment in (1000.0, 1002.0, 1005.0, 1005.1):
        wall.at = moment
        waits.append((round(scheduler.tick(), 1), len(sent)))
    # the look for feeds each second, the three others each five
    assert waits == [(1.0, 4), (1.0, 5), (1.0, 9), (0.9, 9)]


def test_a_queue_that_nobody_empties_is_filled_no_further(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_url", redis_url)
    monkeypatch.setattr(celery_app, "MOST_MESSAGES", 3)
    monkeypatch.setattr(celery_app, "_depths", celery_app.Depths())
    monkeypatch.setattr(celery_app.Depths, "EVERY_S", 0.0)
    ours: Any = app
    scheduler = celery_app.TickingScheduler(app=ours, lazy=True)
    scheduler.setup_schedule()
    with app.connection_for_write(redis_url) as connection, heartbeat.connect(redis_url) as client:
        for queue in app.conf.task_queues:
            queue.bind(connection.default_channel).declare()
        for _ in range(5):
            for entry in scheduler.schedule.values():
                scheduler.apply_entry(entry, producer=app.amqp.Producer(connection, auto_declare=False))
        celery_app.ring(events.ArticlesStored((1,)), connection=connection)
        assert heartbeat.depths(client, celery_app.QUEUES) == dict.fromkeys(celery_app.QUEUES, 3)
        assert "beat" in heartbeat.read(client)  # it is alive all the same
        client.lpop("classify")
        celery_app.ring(events.ArticlesStored((1,)), connection=connection)
        assert client.llen("classify") == 3


def test_a_full_redis_is_waited_for_without_end() -> None:
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.broker_channel_error_retry is True


def test_a_trouble_of_the_database_is_left_where_status_sees_it_until_it_passes(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [OperationalError("UPDATE …", {}, DiskFull("could not extend file: No space left on device"))]

    @Celery("probe", broker=redis_url, set_as_current=False, task_cls=celery_app.PatientTask).task(name="notify.probe")
    def probe() -> None:
        """A task that meets a full disk once."""
        if full:
            raise full.pop()

    monkeypatch.setattr(celery_app, "app", probe.app)
    with heartbeat.connect(redis_url) as client:
        probe()
        words = "the disk of the database is full: could not extend file: No space left on device"
        assert heartbeat.troubles(client, utc_now()) == {"notify.probe": words}
        assert heartbeat.troubles(client, utc_now() + heartbeat.MET_AGAIN) == {}
        probe()
        assert heartbeat.troubles(client, utc_now()) == {}
