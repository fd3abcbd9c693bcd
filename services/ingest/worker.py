"""Ingest as Celery tasks: the tick looks for feeds and pages that are due, one task polls one feed.

`redphone worker ingest` starts it. The tasks carry ids and call the functions of `tasks`.
"""

from __future__ import annotations

import datetime as dt
import logging
from functools import lru_cache, partial

from sqlalchemy.orm import Session, sessionmaker

from services.ingest import canary, config, tasks
from services.ingest.claims import LEASE, MESSAGE
from services.ingest.fetch import Fetcher
from services.ingest.retention import Retention
from shared.brake import Step, load_steps
from shared.celery_app import app, ring, send
from shared.clock import utc_now
from shared.db import sessions_for
from shared.errors import UsageError
from shared.logs import tell
from shared.settings import load_settings

log = logging.getLogger(__name__)

CLAIMS_A_TICK = 200  # so many feeds are handed out at a tick: at one second, 12,000 a minute


def prepare() -> None:
    """Before the worker starts: the feeds' table follows the catalogue. Raises UsageError for a bad feeds file."""
    _catalogue()  # looked at before it is read, so that no change falls between
    tasks.sync_catalogue(_sessions(), config.feeds(load_settings()), utc_now())


@app.task(name="ingest.sweep")
def sweep() -> None:
    """The tick: feeds that are due, pages that wait, texts that go, the canary."""
    _follow_catalogue()
    step = tasks.look(_sessions(), utc_now(), load_steps())
    if not _hand_out(step):
        return
    if step.pages:  # behind many polls its message must last longer than theirs, or no page would be fetched any more
        send(pages.name, expires_s=LEASE.total_seconds())
    if emptied := _retention().tick(_sessions(), utc_now()):
        tell(log, "texts_emptied", articles=emptied)
    settings = load_settings()
    every = dt.timedelta(minutes=settings.canary_minutes)
    canary.send(_sessions(), utc_now(), every, partial(config.fetcher_to, settings))


@app.task(name="ingest.due")
def due() -> None:
    """The quick tick: the clock, the brake, and feeds that are due. A clock that is ahead for less time than lies
    between two sweeps moves what it polls by as much, and nobody else would see it."""
    _hand_out(tasks.look(_sessions(), utc_now(), load_steps()))


@app.task(name="ingest.poll")
def poll(feed_id: int) -> None:
    """Poll one feed that was claimed."""
    tasks.poll_feed(_sessions(), feed_id, utc_now(), _fetcher(), ring, config.options(load_settings()))


@app.task(name="ingest.pages")
def pages() -> None:
    """Fetch article pages that wait, one a host, until none waits or the next tick has sent others."""
    until = utc_now() + dt.timedelta(seconds=load_settings().tick_seconds)
    while tasks.fetch_pages(_sessions(), utc_now(), _fetcher(), ring, config.options(load_settings())):
        if utc_now() >= until:
            return


def _hand_out(step: Step) -> bool:
    """Claim what is due, and have each feed polled by a task of its own. Feeds that cannot be handed out, because the
    broker is away, are given back and are due at the next tick."""
    now = utc_now()
    claimed = tasks.claim_due(_sessions(), now, CLAIMS_A_TICK, step)
    for place, feed_id in enumerate(claimed):
        if not send(poll.name, feed_id, expires_s=MESSAGE.total_seconds()):
            tasks.give_back(_sessions(), claimed[place:], now)
            return False
    return True


def _follow_catalogue() -> None:
    try:
        if _catalogue().follow(lambda listed: tasks.sync_catalogue(_sessions(), listed, utc_now())):
            log.info("ingest: the catalogue has changed")
    except UsageError as error:
        log.warning("ingest: the feeds stay as they were: %s", error)


@lru_cache(maxsize=1)
def _catalogue() -> config.Watch:
    return config.Watch(load_settings())


def _sessions() -> sessionmaker[Session]:
    return sessions_for(load_settings().database_url)


@lru_cache(maxsize=1)
def _retention() -> Retention:
    return Retention(load_settings().keep_text_days)


@lru_cache(maxsize=1)
def _fetcher() -> Fetcher:
    return config.fetcher(load_settings())
