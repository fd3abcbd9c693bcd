"""The status service over HTTP: everything that is answered, put together. README lists it, `/v1/openapi.json` tells
it to programs.

`/status` answers with what it can find out, as it always did: what is wrong stands in its `problems`, with status 503,
and the rest is still told.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable

import msgspec
from fastapi import Depends, FastAPI, Response
from sqlalchemy.orm import Session, sessionmaker
from starlette.middleware.gzip import GZipMiddleware

from services.status import errors, schema
from services.status.answers import AT_ONCE, Written
from services.status.asked import only_known
from services.status.context import TICK_S, Context
from services.status.guard import Guard, Heads
from services.status.kept import Kept
from services.status.routes import (
    alerts,
    articles,
    calls,
    events,
    feeds,
    health,
    leaders,
    metrics,
    pages,
    pairs,
    status,
    why,
)
from services.status.standing import Snapshots, describe
from shared.clock import utc_now

ROUTERS = (status, calls, pairs, articles, alerts, feeds, leaders, why, events, health, metrics, pages)
API = "/v1"
DESCRIPTION = "What Redphone knows of calls between leaders, and how it stands. Read only; times are UTC."


def create_app(
    sessions: sessionmaker[Session],
    broker_url: str | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
    tick_s: float = TICK_S,
) -> FastAPI:
    """The web application over one database and, where there is one, one broker; `tick_s`: how often there must be a
    sign of life."""
    return application(Context(sessions=sessions, broker_url=broker_url, clock=clock, tick_s=tick_s))


def application(context: Context) -> FastAPI:
    """The web application over a context."""
    app = FastAPI(
        title="Redphone", version="1", description=DESCRIPTION, openapi_url="/v1/openapi.json",
        docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.context, app.state.snapshots = context, Snapshots(context)
    app.state.kept, app.state.making = Kept[Written](time.monotonic), asyncio.Semaphore(AT_ONCE)
    errors.install(app, pages.not_shown)
    for module in ROUTERS:
        strict = [Depends(only_known)] if module.router.prefix == API else []
        app.include_router(module.router, dependencies=strict)
    _install_plain_status(app, context)
    schema.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Heads)
    app.add_middleware(Guard, access=context.access, token=context.token)
    return app


def _install_plain_status(app: FastAPI, context: Context) -> None:
    @app.get("/status", include_in_schema=False)
    def plain() -> Response:
        """How things stand, as JSON; 503 where there is a problem."""
        said = describe(context.sessions, context.broker_url, context.clock(), context.tick_s, context.troubles())
        return Response(msgspec.json.encode(said), 503 if said["problems"] else 200, media_type="application/json")
