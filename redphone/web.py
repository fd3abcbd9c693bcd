"""The status service with what it is told of the others: leaders, versions, how addresses become keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from redphone.versions import versions
from services.classify.lexicon import load_lexicon
from services.ingest.urls import key_of
from services.status.app import application
from services.status.context import Context, Known
from services.status.values import Leader, Term
from shared.settings import Settings


def web(
    sessions: sessionmaker[Session],
    settings: Settings,
    broker_url: str | None,
    troubles: Callable[[], list[str]] = list,
) -> FastAPI:
    """The web application as the settings have it. `troubles`: what keeps the process that serves it from its work."""
    return application(replace(context_of(sessions, settings, broker_url), troubles=troubles))


def context_of(sessions: sessionmaker[Session], settings: Settings, broker_url: str | None) -> Context:
    """What every answer is made from, as the settings have it."""
    return Context(
        sessions=sessions,
        broker_url=broker_url,
        tick_s=settings.tick_seconds,
        known=known(),
        access=settings.status_access,
        token=settings.status_token.get_secret_value() if settings.status_token else None,
        language=settings.language,
        zone=settings.timezone,
        canary_every=dt.timedelta(minutes=settings.canary_minutes),
    )


def known() -> Known:
    """What the other services know and status shows."""
    return Known(leaders=leaders, key_of=key_of, versions=versions())


@lru_cache(maxsize=1)
def leaders() -> tuple[Leader, ...]:
    """The leaders of the data, by id."""
    lexicon = load_lexicon()
    return tuple(
        Leader(
            person=person.id,
            name=person.name,
            name_vi=person.name_vi,
            wikidata=person.wikidata or None,
            terms=tuple(
                Term(country=t.country, office=t.office, capacity=t.capacity, since=t.since, until=t.until)
                for t in lexicon.terms_of.get(person.id, ())
            ),
        )
        for person in sorted(lexicon.persons.values(), key=lambda person: person.id)
    )
