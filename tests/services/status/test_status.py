"""The status page: what it counts, what waits, and what it says when a part is down."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx
from sqlalchemy.orm import Session, sessionmaker

from services.status.app import create_app
from shared import db, heartbeat
from shared.tables import STOPPED, AnnouncementRow, ArticleRow, CallRow, EntryRow, FeedRow, HeartbeatRow, ReportRow
from tests.support.servers import free_port

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)


def get(sessions: sessionmaker[Session], path: str, broker_url: str | None = None) -> tuple[int, dict[str, Any]]:
    app = create_app(sessions, broker_url, clock=lambda: NOW)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return await client.get(path)

    answer = asyncio.run(ask())
    return answer.status_code, answer.json()


def ago(minutes: float) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)


def article(key: str, fetched_at: dt.datetime, state: str) -> ArticleRow:
    return ArticleRow(key=key, title=key, fetched_at=fetched_at, content_hash="", classify_state=state)


def test_healthz_needs_nothing() -> None:
    sessions = sessionmaker[Session]()
    assert get(sessions, "/healthz") == (200, {"status": "ok"})


def test_status_counts_and_names_what_waits_longest(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(
            FeedRow(
                url="http://a/rss",
                outlet="A",
                next_poll_at=ago(-1),
                last_success_at=ago(2),
                failures=1,
                last_error="429",
            )
        )
        session.add(FeedRow(url="http://b/rss", outlet="B", next_poll_at=ago(-1), last_success_at=ago(1)))
        session.add_all(
            [article("new", ago(1), "waiting"), article("old", ago(5), "waiting"), article("read", ago(9), "done")]
        )
        session.add(HeartbeatRow(name="loop", at=ago(0.5)))
    code, said = get(sessions, "/status")
    assert code == 200
    assert (said["mode"], said["problems"]) == ("embedded", [])
    assert said["counts"] == {"articles": 3, "calls": 0, "alerts": 0}
    waiting = said["waiting"]["classify"]
    assert (waiting["count"], waiting["oldest_age_s"]) == (2, 300)
    assert said["waiting"]["notify"] == {"count": 0, "oldest_id": None, "oldest_age_s": None}
    assert said["feeds"][:1] == [
        {
            "url": "http://a/rss",
            "outlet": "A",
            "last_success_age_s": 120,
            "next_poll_in_s": 60,
            "failures": 1,
            "error": "429",
            "watched": True,
            "interval_s": 60,
            "entries_a_day": 0.0,
            "last_new_age_s": None,
            "missed": 0,
            "silent": False,
            "paused": "",
            "polls": {},
            "slowed": "",
            "listed": True,
        }
    ]
    assert said["heartbeats"] == {"loop": 30}


def test_what_failed_for_good_is_counted_with_its_first_example(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for number in (1, 2, 3):
            row = article(str(number), ago(5), "failed" if number > 1 else "done")
            row.classify_error, row.body_state = f"ValueError: {number}", "failed" if number == 3 else "done"
            row.body_error = "missing: HTTP 404"
            session.add(row)
        session.flush()
        session.add(CallRow(id="c", persons="", countries="", status="held", news=True, facts={}, updated_at=NOW))
        session.flush()
        session.add(
            ReportRow(
                article_id=1,
                ordinal=0,
                call_id="c",
                report={},
                verdict="new",
                judgement={},
                created_at=NOW,
                notify_state="failed",
                decision="KeyError: 'x'",
            )
        )
        for state in ("sent", "refused", "dead"):
            session.add(
                AnnouncementRow(
                    key=state,
                    kind="root",
                    channel="#a",
                    language="en",
                    payload={},
                    state=state,
                    next_attempt_at=NOW,
                    created_at=NOW,
                    error="not_in_channel" if state == "refused" else None,
                )
            )
            session.flush()
    code, said = get(sessions, "/status")
    assert (code, said["problems"]) == (200, [])
    assert said["failed"] == {
        "body": {"count": 1, "first_id": 3, "reason": "missing: HTTP 404"},
        "classify": {"count": 2, "first_id": 2, "reason": "ValueError: 2"},
        "notify": {"count": 1, "first_id": 1, "reason": "KeyError: 'x'"},
        "post": {"count": 2, "first_id": 2, "reason": "not_in_channel"},
    }
    assert said["remarks"] == [
        "1 page could not be fetched, the first that of article 3: missing: HTTP 404",
        "2 articles could not be read, the first 2: ValueError: 2; redphone explain 2",
        "1 report could not be decided on, the first 1: KeyError: 'x'",
        "2 alerts refused or given up, the first 2: not_in_channel; redphone alerts retry 2",
    ]


def test_status_reads_the_broker_directly(sqlite_url: str, redis_url: str) -> None:
    with heartbeat.connect(redis_url) as client:
        for name in ("ingest", "classify", "notify", "beat"):
            heartbeat.record(client, name, ago(1))
        client.lpush("notify", "a", "b")
    code, said = get(db.sessions_for(sqlite_url), "/status", redis_url)
    assert code == 200
    assert said["queues"] == {"ingest": 0, "classify": 0, "notify": 2}
    assert said["workers"] == {"ingest": 60, "classify": 60, "notify": 60, "beat": 60}


def test_a_worker_that_is_silent_or_was_never_there_is_a_problem(sqlite_url: str, redis_url: str) -> None:
    with heartbeat.connect(redis_url) as client:
        for name, minutes in (("ingest", 1), ("classify", 3), ("notify", 0)):
            heartbeat.record(client, name, ago(minutes))
    code, said = get(db.sessions_for(sqlite_url), "/status", redis_url)
    assert (code, said["problems"]) == (
        503,
        [
            "classify showed no sign of life for 180 s (expected within 120 s)",
            "beat has not shown a sign of life yet",
        ],
    )


def test_a_loop_that_is_silent_and_feeds_that_fail_are_problems(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(HeartbeatRow(name="loop", at=ago(2.5)))
        for number in range(3):
            url = f"http://{number}/rss"
            session.add(FeedRow(url=url, outlet="A", next_poll_at=ago(-1), failures=number, last_error="dns: no"))
    code, said = get(sessions, "/status")
    assert (code, said["problems"]) == (
        503,
        [
            "loop showed no sign of life for 150 s (expected within 120 s)",
            "2 of 3 feeds fail, such as http://1/rss: dns: no",
        ],
    )


def test_a_loop_that_was_stopped_is_not_called_silent(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(HeartbeatRow(name=STOPPED, at=ago(90)))
        session.add(FeedRow(url="http://1/rss", outlet="A", next_poll_at=ago(80)))
    code, said = get(sessions, "/status")
    line = "the loop was stopped 90 min ago and polls nothing; redphone run starts it"
    assert (code, said["problems"], said["heartbeats"]) == (503, [line], {})


def test_what_is_down_is_said_and_the_rest_is_still_told(sqlite_url: str) -> None:
    port = free_port()
    code, said = get(db.sessions_for(sqlite_url), "/status", f"redis://:word@127.0.0.1:{port}/0")
    assert code == 503
    (problem,) = said["problems"]
    assert problem.startswith(f"Redis at 127.0.0.1:{port}/0 cannot be reached: ")
    assert problem.endswith("; start it, or set REDPHONE_BROKER_URL to where it runs")
    assert said["counts"]["articles"] == 0


def test_a_database_without_tables_is_a_problem(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    code, said = get(db.sessions_for(url), "/status")
    db.close(url)
    assert (code, said["problems"]) == (503, [f"{url} has no tables yet: run redphone db migrate"])


def test_a_feed_that_brings_nothing_any_more_is_remarked_and_wakes_nobody(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        row = {"url": "http://a/rss", "outlet": "Báo A", "next_poll_at": ago(-1), "last_success_at": ago(1)}
        session.add(FeedRow(id=1, last_new_at=ago(60 * 14), **row))
        session.flush()
        for number in range(280):
            seen = ago(60 * (14 + number / 2))
            session.add(ArticleRow(id=number + 1, key=str(number), fetched_at=seen, content_hash=""))
            session.flush()
            session.add(EntryRow(feed_id=1, entry_key=str(number), article_id=number + 1, first_seen_at=seen))
    code, said = get(sessions, "/status")
    assert (code, said["problems"]) == (200, [])
    assert said["remarks"] == ["Báo A (http://a/rss) brought nothing for 14 h; it usually brings 44 entries a day"]
    assert said["feeds"][0]["silent"]
