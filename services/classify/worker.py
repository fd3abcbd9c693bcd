"""Classify as Celery tasks: articles that somebody rang for, and on each tick those that nobody rang for.

`redphone worker classify` starts it. The tasks carry ids and call the functions of `tasks`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from sqlalchemy.orm import Session, sessionmaker

from services.classify import canary, tasks
from services.classify.extract import extract, glance
from services.classify.lexicon import load_lexicon
from shared.celery_app import app, ring
from shared.clock import utc_now
from shared.db import sessions_for
from shared.settings import load_settings


def prepare() -> None:
    """Before the worker starts: the data are read once, and its processes share them."""
    load_lexicon()


@app.task(name="classify.articles")
def articles(ids: Sequence[int]) -> None:
    """Read the articles that were stored or changed."""
    read = partial(extract, lexicon=load_lexicon())
    tasks.classify_batch(_sessions(), ids, utc_now(), read, ring, utc_now, glance)


@app.task(name="classify.sweep")
def sweep() -> None:
    """The tick: read what waits and what nobody rang for."""
    until = utc_now() + dt.timedelta(seconds=load_settings().tick_seconds)
    before: tuple[int, ...] = ()
    while (waiting := tasks.sweep(_sessions(), utc_now())) and waiting != before:  # a database that is full, say
        articles(waiting)
        before = waiting
        if utc_now() >= until:  # the next tick goes on
            break
    tasks.sweep_plans(_sessions(), utc_now(), dt.timedelta(hours=load_settings().plan_grace_hours))
    tasks.sweep_words(_sessions())
    canary.read(_sessions(), utc_now())


def _sessions() -> sessionmaker[Session]:
    return sessions_for(load_settings().database_url)
