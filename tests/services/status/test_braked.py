"""What the status service says while newspapers are asked less, reading being behind, and of a clock that jumped."""

from __future__ import annotations

import asyncio
import datetime as dt

import httpx
import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.status.app import create_app
from shared.tables import LOOP, CanaryRow, FeedRow, HeartbeatRow, PulseRow

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
WHY = "reading is behind: 2,500 articles wait, the oldest for 5 min"


@pytest.fixture
def answers(sessions: sessionmaker[Session]) -> dict[str, httpx.Response]:
    with sessions.begin() as session:
        session.add(HeartbeatRow(name=LOOP, at=NOW))
        for world in (True, False):
            name = "world" if world else "other"
            session.add(FeedRow(url=f"https://{name}.vn/rss", outlet=name, world=world, next_poll_at=NOW - 5 * MINUTE,
                                last_success_at=NOW))  # fmt: skip
        session.add(PulseRow(id=1, seen_at=NOW, jumped_at=NOW - MINUTE, jumped_s=-10_800, brake=2, waiting=2500,
                             oldest_s=300))  # fmt: skip
        ahead = {"title": "", "summary": "", "told_at": NOW + 60 * MINUTE, "stored_at": NOW + 60 * MINUTE}
        session.add(CanaryRow(id=1, started_at=NOW + 60 * MINUTE, **ahead))
    app = create_app(sessions, None, clock=lambda: NOW)

    async def ask() -> dict[str, httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return {path: await client.get(path) for path in ("/status", "/v1/status", "/v1/feeds", "/metrics")}

    return asyncio.run(ask())


def test_the_brake_is_said_everywhere(answers: dict[str, httpx.Response]) -> None:
    assert answers["/status"].json()["remarks"][0].startswith(WHY)
    status = answers["/v1/status"].json()
    assert status["state"] == "degraded"
    assert status["reasons"][0].startswith(WHY)
    feeds = {feed["outlet"]: feed for feed in answers["/v1/feeds"].json()["items"]}
    assert feeds["other"]["words"] == "asked 15 min later than usual: reading is behind"
    assert feeds["other"]["next_poll_at"] == "2026-05-04T05:10:00Z"
    assert feeds["world"]["words"] == ""
    assert "redphone_brake 2.0" in answers["/metrics"].text


def test_a_feed_that_is_asked_later_is_not_overdue(answers: dict[str, httpx.Response]) -> None:
    overdue = [words for words in answers["/status"].json()["problems"] if "due for" in words]
    assert overdue == []  # the world's is, by five minutes, the other one is not yet


def test_a_clock_that_went_back_is_said_and_proves_no_silence(answers: dict[str, httpx.Response]) -> None:
    told = "the clock went back by 180 min at 2026-05-04 04:59 UTC: what had to wait for a later time was made due"
    assert told in answers["/status"].json()["remarks"]
    assert told in answers["/v1/status"].json()["remarks"]
    trust = answers["/v1/status"].json()["trust"]
    assert (trust["yes"], trust["cause"]) == (False, "no test article has been sent in the last day")
