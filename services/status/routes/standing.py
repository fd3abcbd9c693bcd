"""Dependency of the routes that show how things stand: the one snapshot that all of them share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from services.status.standing import Snapshots


async def _snapshots(request: Request) -> Snapshots:
    snapshots: Snapshots = request.app.state.snapshots
    return snapshots


Stand = Annotated[Snapshots, Depends(_snapshots)]
