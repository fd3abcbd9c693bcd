"""`/healthz`: this process lives. `/readyz`: the database and the broker answer, and work passed each queue lately."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.status.answers import Model, fleeting
from services.status.context import Ctx
from services.status.routes.standing import Stand
from services.status.values import Snapshot
from shared.heartbeat import STALE
from shared.tables import LOOP

router = APIRouter(tags=["health"])
#: Of a queue, whose other worker takes a tick while one is busy; a loop alone may post for longer before its next.
THROUGH = dt.timedelta(minutes=1)


class Health(Model):
    """This process answers."""

    status: str = "ok"


class Check(Model):
    """One thing that has to be there, and what was found."""

    name: str
    ok: bool
    words: str


class Readiness(Model):
    """Whether all that is needed is there."""

    ready: bool
    checks: list[Check] = Field(description="database, broker, and a sign of life through each queue, or of the loop")


@router.get("/healthz")
async def healthz() -> Health:
    """This process answers. Says nothing about the others: that is what `/readyz` and `/v1/status` are for."""
    return Health()


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def readyz(context: Ctx, snapshot: Stand) -> Response:
    """Whether work passes: database, broker, and a heartbeat that went *through* each queue within the last minute."""
    checks = [*_servers(snapshot), *_signs(snapshot)]
    answer = Readiness(ready=all(check.ok for check in checks), checks=checks)
    return fleeting(answer, 200 if answer.ready else 503)


def _servers(snapshot: Snapshot) -> list[Check]:
    broker = [words for words in snapshot.away if "Redis" in words or "BROKER" in words]
    database = [words for words in snapshot.away if words not in broker]
    checks = [Check(name="database", ok=not database, words=database[0] if database else "answers")]
    if snapshot.distributed:
        checks.append(Check(name="broker", ok=not broker, words=broker[0] if broker else "answers"))
    return checks


def _signs(snapshot: Snapshot) -> list[Check]:
    standing = snapshot.standing
    loop = standing.heartbeats if standing is not None and not snapshot.away else {}
    ages = snapshot.signs.workers if snapshot.distributed else loop
    if snapshot.distributed:
        return [_sign(name, ages.get(name), THROUGH) for name in ("ingest", "classify", "notify", "beat")]
    return [_sign(LOOP, ages.get(LOOP), STALE)]


def _sign(name: str, age: float | None, limit: dt.timedelta) -> Check:
    if age is None:
        return Check(name=name, ok=False, words="no sign of life")
    return Check(name=name, ok=age <= limit.total_seconds(), words=f"last sign of life {age:.0f} s ago")
