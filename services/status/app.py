"""The status service over HTTP: `GET /healthz` (is this process up?) and `GET /status` (how do things stand?).

`/status` answers with what it can find out: with the database or Redis down it says so, with status 503, and still
tells the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import FastAPI, Response
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from services.status import store
from shared import heartbeat
from shared.clock import utc_now
from shared.db import reading

QUEUES = ("ingest", "classify", "notify")


def create_app(
    sessions: sessionmaker[Session], broker_url: str | None = None, clock: Callable[[], dt.datetime] = utc_now
) -> FastAPI:
    """The web application over one database and, where there is one, one broker."""
    app = FastAPI(title="Redphone status", docs_url=None, redoc_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """This process answers. Says nothing about the others: that is what `/status` is for."""
        return {"status": "ok"}

    @app.get("/status")
    def status() -> Response:
        """How things stand, as JSON; 503 where the database or the broker cannot be asked."""
        said = describe(sessions, broker_url, clock())
        return Response(msgspec.json.encode(said), 503 if said["problems"] else 200, media_type="application/json")

    return app


def describe(sessions: sessionmaker[Session], broker_url: str | None, now: dt.datetime) -> dict[str, Any]:
    """How things stand, in plain values: what `/status` and `redphone status` show."""
    problems: list[str] = []
    said: dict[str, Any] = {"at": now, "mode": "distributed" if broker_url else "embedded", "problems": problems}
    try:
        with reading(sessions) as session:
            said |= msgspec.to_builtins(store.standing(session, now))
    except SQLAlchemyError as error:
        problems.append(f"the database cannot be asked: {type(error).__name__}")
    if broker_url:
        try:
            said |= _broker(broker_url, now)
        except RedisError as error:
            problems.append(f"Redis cannot be asked: {type(error).__name__}")
    return said


def _broker(broker_url: str, now: dt.datetime) -> dict[str, Any]:
    with heartbeat.connect(broker_url) as client:
        seen = heartbeat.read(client)
        ages = {name: round((now - at).total_seconds(), 1) for name, at in seen.items()}
        return {"queues": heartbeat.depths(client, QUEUES), "workers": ages}
