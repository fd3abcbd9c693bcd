"""What the status service is measured with: a history that stays healthy for as long as a measurement may last."""

from __future__ import annotations

import asyncio
import datetime as dt

import httpx
import pytest
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.status import watched
from services.status.app import create_app
from shared.tables import LOOP, HeartbeatRow

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("minutes", [0, 4, 20, 59])
def test_a_slow_measurement_does_not_find_the_service_down(sessions: sessionmaker[Session], minutes: float) -> None:
    at = NOW + dt.timedelta(minutes=minutes)
    with sessions.begin() as session:
        session.add_all(watched(NOW))
        session.add(HeartbeatRow(name=LOOP, at=at))
    app = create_app(sessions, None, clock=lambda: at)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get("/v1/status")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()["reasons"]) == (200, [])
