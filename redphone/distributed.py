"""Workers and beat: Celery's own, started with the flags and checks that ours need."""

from __future__ import annotations

import importlib
import os
import socket
import sys
from contextlib import suppress

from redis.exceptions import OutOfMemoryError as RedisFullError
from sqlalchemy import text

from redphone import ears
from redphone.starts import note
from shared import db, logs
from shared.clock import utc_now
from shared.errors import ServiceDownError, UsageError
from shared.heartbeat import connect, explained, record_here, require_redis
from shared.settings import Settings, load_settings


def worker(service: str, concurrency: int | None) -> None:
    """Run the Celery worker of one service until it is stopped. Raises for a server that is away, before it starts;
    one that is full is waited for."""
    settings = load_settings()
    broker_url = require_redis(settings.broker_url)
    require_shared_database(settings)
    os.environ["REMAP_SIGTERM"] = "SIGQUIT"  # read when Celery is imported; celery_app's soft shutdown says why
    from shared.celery_app import PROCESS, app

    PROCESS["service"] = service
    logs.set_up(settings, service)
    importlib.import_module(f"services.{service}.worker").prepare()
    note(db.sessions_for(settings.database_url), service, settings, utc_now())
    db.close(settings.database_url)  # no connection crosses the fork of the worker's processes
    # one that is full is waited for, as by a worker that runs: its first task leaves a sign too
    with explained(broker_url), connect(broker_url) as client, suppress(RedisFullError):
        record_here(client, service, utc_now())
    ears.watch(broker_url, service)
    # as `celery worker` does it, without its command line: the libraries of that are a sixth of what a start costs
    program = app.Worker(
        queues=[service],
        hostname=f"{service}@{socket.gethostname()}",
        concurrency=concurrency or os.cpu_count() or 1,
        loglevel=settings.log_level,
        quiet=settings.log_format == "json",  # no banner between the lines
        # workers that greet each other at start-up are what stayed alive and deaf after a restart of Redis
        without_gossip=True,
        without_mingle=True,
    )
    program.start()
    sys.exit(program.exitcode or 0)


def beat() -> None:
    """Run beat until it is stopped. It needs no database: a tick says only "look for what waits"."""
    settings = load_settings()
    require_redis(settings.broker_url)
    from shared.celery_app import PROCESS, app

    PROCESS["service"] = "beat"
    logs.set_up(settings, "beat")
    app.Beat(loglevel=settings.log_level, pidfile=None, quiet=settings.log_format == "json").run()


def require_shared_database(settings: Settings) -> None:
    """Raise unless the database is one that workers can share, answers, and has its tables."""
    url = settings.database_url
    if db.parse_url(url).drivername == "sqlite":
        raise UsageError("workers share a PostgreSQL database: set REDPHONE_DATABASE_URL=postgresql://…")
    with db.explained(url), db.reading(db.sessions_for(url)) as session:
        ready = session.execute(text("SELECT to_regclass('alembic_version')")).scalar_one()
    if ready is None:
        raise ServiceDownError("the database has no tables yet: run redphone db migrate")
