"""Dependency of the routes that show how things stand: the one snapshot that all of them share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from services.status.standing import Snapshots
from services.status.values import Snapshot


async def _snapshot(request: Request) -> Snapshot:
    snapshots: Snapshots = request.app.state.snapshots
    fresh = snapshots.fresh()
    return fresh if fresh is not None else await run_in_threadpool(snapshots.get)


Stand = Annotated[Snapshot, Depends(_snapshot)]
