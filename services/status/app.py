"""The status service over HTTP: `GET /healthz` (is this process up?) and `GET /status` (how do things stand?).

`/status` answers with what it can find out: what is wrong (the database or Redis down, a worker that is silent, most
feeds failing) stands in its `problems`, with status 503, and the rest is still told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from services.status import problems, store
from services.status.page import render
from services.status.values import Standing
from shared import db, heartbeat
from shared.clock import utc_now
from shared.errors import ServiceDownError, UsageError

QUEUES = ("ingest", "classify", "notify")
TICK_S = 5.0


def create_app(
    sessions: sessionmaker[Session],
    broker_url: str | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
    tick_s: float = TICK_S,
) -> FastAPI:
    """The web application over one database and, where there is one, one broker; `tick_s`: how often there must be a
    sign of life."""
    app = FastAPI(title="Redphone status", docs_url=None, redoc_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """This process answers. Says nothing about the others: that is what `/status` is for."""
        return {"status": "ok"}

    @app.get("/")
    def page() -> HTMLResponse:
        """How things stand, for a person with a browser; 503 where there is a problem."""
        said = describe(sessions, broker_url, clock(), tick_s)
        return HTMLResponse(render(said), 503 if said["problems"] else 200)

    @app.get("/status")
    def status() -> Response:
        """How things stand, as JSON; 503 where there is a problem."""
        said = describe(sessions, broker_url, clock(), tick_s)
        return Response(msgspec.json.encode(said), 503 if said["problems"] else 200, media_type="application/json")

    return app


def describe(
    sessions: sessionmaker[Session], broker_url: str | None, now: dt.datetime, tick_s: float = TICK_S
) -> dict[str, Any]:
    """How things stand, in plain values: what `/status` and `redphone status` show."""
    wrong: list[str] = []
    mode = "distributed" if broker_url else "embedded"
    said: dict[str, Any] = {"at": now, "mode": mode, "problems": wrong, "remarks": []}
    try:
        with db.explained(db.url_of(sessions)), db.reading(sessions) as session:
            standing = store.standing(session, now)
    except (UsageError, ServiceDownError) as error:
        wrong.append(str(error))
    except SQLAlchemyError as error:
        wrong.append(f"the database cannot be asked: {str(error).partition('(Background')[0].strip()}; ask again")
    else:
        said |= msgspec.to_builtins(standing)
        wrong += _wrong(standing, broker_url is not None, tick_s)
        resting = problems.resting(standing.paused, standing.mutes)
        said["remarks"] = [*resting, *problems.failed(standing.failed), *problems.remarks(standing.feeds)]
    if broker_url:
        try:
            said |= _broker(broker_url, now)
            wrong += problems.silent(said["workers"], tick_s) + problems.missing(said["workers"])
        except (UsageError, ServiceDownError) as error:
            wrong.append(str(error))
    return said


def _wrong(standing: Standing, distributed: bool, tick_s: float) -> list[str]:
    """With a broker the signs of life are in Redis, and a loop's in the database are of another time."""
    if not distributed and standing.stopped is not None:
        return [problems.stopped(standing.stopped)]
    silent = [] if distributed else problems.silent(standing.heartbeats, tick_s)
    return silent + problems.feeds(standing.feeds, tick_s)


def _broker(broker_url: str, now: dt.datetime) -> dict[str, Any]:
    with heartbeat.explained(broker_url), heartbeat.connect(broker_url) as client:
        seen = heartbeat.read(client)
        ages = {name: round((now - at).total_seconds(), 1) for name, at in seen.items()}
        return {"queues": heartbeat.depths(client, QUEUES), "workers": ages}
