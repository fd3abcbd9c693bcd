"""What people say of the alerts, on the command line: what they print, and that a slip changes nothing."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.orm import Session, sessionmaker

from shared import db
from shared.settings import load_settings
from tests.redphone.test_cli import redphone
from tests.services.notify.desk import Desk


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("REDPHONE_TIMEZONE", "UTC")
    load_settings.cache_clear()
    sessions: sessionmaker[Session] = db.sessions_for(sqlite_url)
    return Desk(sessions)


def alerts(desk: Desk, count: int) -> None:
    for number in range(count):
        desk.call(f"c{number}")
        desk.decide(desk.report(call_id=f"c{number}"))


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


def test_a_pause_is_told_by_status_and_ends_with_resume(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    alerts(desk, 1)
    assert redphone("pause", "notify", "--reason", "bad release", "--by", "lan") == 0
    assert "paused until redphone resume notify" in said(capsys)
    redphone("status", "--json")
    status = json.loads(capsys.readouterr().out)
    assert (status["paused"]["by"], status["paused"]["reason"], status["paused"]["until"]) == (
        "lan",
        "bad release",
        None,
    )
    assert any("until redphone resume notify, by lan: bad release" in remark for remark in status["remarks"])
    assert redphone("resume", "notify") == 0
    assert said(capsys) == "posting goes on; 1 message waits\n"
    assert redphone("resume", "notify") == 0
    assert said(capsys) == "posting was not paused\n"


def test_resume_asks_again_where_many_would_go_out_at_once(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    alerts(desk, 6)
    redphone("pause", "notify", "--reason", "x", "--for", "2h")
    capsys.readouterr()
    assert redphone("resume", "notify") == 2
    assert said(capsys).startswith("redphone: 6 messages would go out at once: look at redphone alerts")
    assert redphone("resume", "notify", "--yes") == 0


def test_release_drop_and_retry_by_id(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    alerts(desk, 3)
    assert redphone("alerts", "release", "2", "--reason", "true", "--by", "lan") == 0
    assert redphone("alerts", "drop", "1", "3", "--reason", "old pages", "--by", "lan") == 0
    assert said(capsys) == "released: 2\ndropped: 1, 3\n"
    assert redphone("alerts", "retry", "1") == 2
    assert said(capsys) == "redphone: alert 1 is dropped; retry is for one that is refused or dead\n"
    assert redphone("alerts", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["id"], row["state"]) for row in rows] == [(3, "dropped"), (2, "waiting"), (1, "dropped")]
    assert rows[0]["hand"].startswith("dropped by lan at ")
    assert redphone("alerts", "list", "--limit", "1") == 0


def test_mutes_are_set_listed_and_ended(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("mutes") == 0
    assert redphone("mute", "mỹ", "RU", "--for", "2d", "--reason", "every day", "--by", "lan") == 0
    assert redphone("mutes") == 0
    first, second, third = said(capsys).splitlines()
    assert first == "no pair is muted"
    assert second.startswith("RU-US is muted until ")
    assert third.startswith("RU-US  until ")
    assert third.endswith("(UTC), set by lan: every day")
    assert redphone("unmute", "US", "Russia") == 0
    assert redphone("unmute", "US", "Russia") == 2
    assert said(capsys) == "RU-US is no longer muted\nredphone: RU-US is not muted; redphone mutes lists what is\n"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("mute US Atlantis --reason x", "'Atlantis' is no country that is known"),
        ("mute US Mỹ --reason x", "US and Mỹ are one country: name two"),
        ("mute US RU --reason x --for ever", "'ever' is no span of time"),
        ("pause notify --reason x --for 1h --until 06:00", "write --until or --for, not both"),
        ("alerts drop 7 --reason x", "7: no alert has this id"),
        ("pause notify --reason=", "--reason: say why"),
    ],
)
def test_a_slip_is_one_line(desk: Desk, command: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone(*command.split()) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err
