"""`redphone status`: the one sentence first, and what people told the feeds to do."""

from __future__ import annotations

import datetime as dt
import json
import signal
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from shared import db
from shared.clock import utc_now
from shared.settings import load_settings
from shared.tables import LOOP, CanaryRow, FeedRow, HeartbeatRow
from tests.redphone.test_cli import redphone
from tests.support import processes
from tests.support.servers import free_port, wait_for


@pytest.fixture
def history(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A loop that works, a feed, and a test article that went through just now."""
    now = utc_now()
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(HeartbeatRow(name=LOOP, at=now))
        session.add(FeedRow(url="https://a.example/rss", outlet="Báo A", next_poll_at=now, last_success_at=now))
        session.add(CanaryRow(started_at=now, stored_at=now, read_at=now, told_at=now, title="", summary=""))
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COLUMNS", "200")
    load_settings.cache_clear()
    return sqlite_url


@pytest.mark.usefixtures("history")
def test_status_begins_with_whether_the_desk_can_trust_the_silence(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("status") == 0
    assert capsys.readouterr().out.startswith("Yes, the desk can trust the silence: a test article went ")
    assert redphone("pause", "notify", "--reason", "storm", "--by", "Minh") == 0
    capsys.readouterr()
    assert redphone("status", "--json") == 0
    trust = json.loads(capsys.readouterr().out)["trust"]
    assert trust["yes"] is False
    assert trust["sentence"].endswith("posting to the desk is paused by Minh: storm.")


def test_status_begins_with_since_when_and_why_not(history: str, capsys: pytest.CaptureFixture[str]) -> None:
    since = utc_now() - dt.timedelta(hours=3)
    with db.sessions_for(history).begin() as session:
        session.get_one(HeartbeatRow, LOOP).at = since
    assert redphone("status") == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(f"No, since {since:%Y-%m-%d %H:%M} UTC: loop showed no sign of life for 3 h")


@pytest.mark.usefixtures("history")
def test_status_names_a_feed_that_somebody_paused(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("feeds", "pause", "Báo A", "--reason", "re-dated archive", "--by", "Minh") == 0
    capsys.readouterr()
    assert redphone("status") == 0
    said = capsys.readouterr().out
    assert "remark: Báo A (https://a.example/rss) is not polled: paused by Minh at " in said
    assert "re-dated archive" in said
    assert redphone("feeds", "resume", "Báo A") == 0
    capsys.readouterr()
    assert redphone("status") == 0
    assert "is not polled" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("feed", "words"), [({"paused": True}, "every feed is paused by hand"), ({"listed": False}, "no feed is watched")]
)
def test_status_tells_that_no_feed_is_watched(
    history: str, capsys: pytest.CaptureFixture[str], feed: dict[str, bool], words: str
) -> None:
    since = utc_now() - dt.timedelta(hours=3)
    with db.sessions_for(history).begin() as session:
        session.execute(update(FeedRow).values(last_success_at=since, **feed))
    assert redphone("status") == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == f"No, since {since:%Y-%m-%d %H:%M} UTC: {words}."
    assert said.err == f"redphone: {words}\n"


def test_an_open_page_keeps_no_service_from_ending(history: str, tmp_path: Path) -> None:
    """Its stream of events lasts for minutes; who orchestrates waits half a minute before it kills."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {"REDPHONE_DATABASE_URL": history, "REDPHONE_STATUS_PORT": str(port)}

    def serves() -> bool:
        try:
            return httpx.get(f"{address}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    with processes.redphone(["status", "--serve"], settings, tmp_path) as process:
        wait_for("the status service", serves)
        with httpx.stream("GET", f"{address}/v1/events") as stream:
            assert next(stream.iter_lines()) == ": connected"
            process.send_signal(signal.SIGTERM)
            process.wait(25)
    assert "Traceback" not in processes.logs(tmp_path)
