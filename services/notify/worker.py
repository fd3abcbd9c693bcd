"""Notify as Celery tasks: reports to decide on, announcements to post, and on each tick those that nobody rang for.

`redphone worker notify` starts it. The tasks carry ids and call the functions of `tasks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy.orm import Session, sessionmaker

from services.notify import canary, channels, config, tasks
from services.notify.poster import Poster
from shared.celery_app import app, ring
from shared.clock import utc_now
from shared.db import sessions_for
from shared.settings import load_settings


def prepare() -> None:
    """Before the worker starts: raises UsageError where the settings give no poster, or nothing to decide by."""
    config.poster(load_settings())
    config.options(load_settings())


@app.task(name="notify.reports")
def reports(ids: Sequence[int]) -> None:
    """Decide what to say about reports."""
    tasks.decide_batch(_sessions(), ids, utc_now(), config.options(load_settings()), ring)


@app.task(name="notify.post")
def post(ids: Sequence[int]) -> None:
    """Send what the ledger holds now; a queue is the tick's."""
    tasks.post_batch(_sessions(), ids, utc_now(), _poster(), utc_now, patient=False)


@app.task(name="notify.sweep")
def sweep() -> None:
    """The tick: decide and send what waits and what nobody rang for; write the digest whose hour has come."""
    if waiting := tasks.sweep(_sessions(), utc_now()):
        reports(waiting)
    if changed := tasks.changed(_sessions()):
        tasks.refresh_batch(_sessions(), changed, utc_now(), config.options(load_settings()), ring)
    tasks.write_digest(_sessions(), utc_now(), config.options(load_settings()))
    if load_settings().clock_file is None:  # a rehearsal's clock jumps
        tasks.look_around(_sessions(), utc_now(), config.options(load_settings()))
        tasks.prove_life(_sessions(), utc_now(), config.options(load_settings()))
    if due := tasks.due(_sessions(), utc_now()):
        tasks.post_batch(_sessions(), due, utc_now(), _poster(), utc_now)
    settings = load_settings()
    channels.check(_sessions(), utc_now(), _poster(), config.options(settings))
    poster = _poster() if settings.uses_slack else None
    canary.tell(_sessions(), utc_now(), poster, settings.canary_channel, settings.language, settings.timezone)


def _sessions() -> sessionmaker[Session]:
    return sessions_for(load_settings().database_url)


@lru_cache(maxsize=1)
def _poster() -> Poster:
    return config.poster(load_settings())
