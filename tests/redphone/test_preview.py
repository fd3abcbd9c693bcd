"""`redphone preview`: what Slack would get of a stored call, in either language, as JSON, page or on the terminal."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from redphone.articles import in_order, read_articles
from redphone.replay import Replay
from services.notify import words
from services.notify.said import Pressed
from shared import db
from shared.settings import load_settings
from tests.redphone.test_cli import redphone
from tests.support.expected import Desk
from tests.support.processes import ROOT
from tests.support.slack_server import APP_TOKEN, TOKEN

NOW = dt.datetime(2025, 3, 19, 17, 0, tzinfo=dt.UTC)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """The seeds' call of 12 February 2025, which has an update in its thread."""
    url = f"sqlite:///{tmp_path / 'seeds.sqlite'}"
    monkeypatch.setenv("REDPHONE_DATABASE_URL", url)
    load_settings.cache_clear()
    db.migrate(url)
    replay = Replay(db.sessions_for(url), load_settings(), Desk())
    for now, article in in_order(read_articles(str(ROOT / "seeds"), dated=True)):
        replay.play(article, now)
    db.close(url)
    assert redphone("calls", "--json") == 0
    calls = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return str(next(c["call_id"] for c in calls if len(c["articles"]) == 3))


def test_the_blocks_that_slack_would_get(call: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("preview", call, "--json", "--language", "vi") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["call_id"], said["language"]) == (call, "vi")
    assert said["root"]["text"] == "Putin và Trump điện đàm ngày 12/2, 90 phút"
    assert said["root"]["blocks"][0]["text"]["text"].startswith("*☎ Putin và Trump điện đàm ngày 12/2, 90 phút*\n")
    assert [reply["text"][:9] for reply in said["thread"]] == ["Cập nhật:"]


def test_the_buttons_and_what_editors_said_stand_there_where_an_app_token_is_set(
    call: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_SLACK_TOKEN", TOKEN)
    monkeypatch.setenv("REDPHONE_SLACK_APP_TOKEN", APP_TOKEN)
    load_settings.cache_clear()
    pressed = Pressed(key="k", action="confirm", value=call, by="lan", user="U1")
    with db.sessions_for(load_settings().database_url).begin() as session:
        words.write(session, pressed, "confirm", call, NOW)
    db.close(load_settings().database_url)
    assert redphone("preview", call, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert "_Confirmed by the desk: lan, 20 Mar 00:00_" in str(said["root"])
    buttons = [[e["text"]["text"] for e in m["blocks"][-1]["elements"]] for m in (said["root"], *said["thread"])]
    assert buttons == [
        ["I have it", "Same as …", "Mute Russia–US for 7 days", "Not a call", "Undo: confirmed"],
        ["Another call"],
    ]


def test_a_page_is_written_and_the_terminal_stays_quiet(
    call: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "call.html"
    assert redphone("preview", call, "--html", str(path)) == 0
    assert capsys.readouterr().out == ""
    text = path.read_text(encoding="utf-8")
    assert "<b>☎ Putin and Trump held a call on 12 February, 90 minutes</b>" in text
    assert "Edited 13 Feb 10:00" in text


def test_on_the_terminal_the_thread_follows_the_root(call: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("preview", call) == 0
    said = capsys.readouterr().out
    assert said.index("Putin and Trump held a call on 12 February") < said.index("Update: ")


def test_what_cannot_be_shown_is_one_line(call: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("preview", "c404") == 2
    assert capsys.readouterr().err == "redphone: c404: no call has this id; redphone calls lists them\n"
    assert redphone("preview", call, "--html", str(tmp_path / "none" / "x.html")) == 2
    assert "cannot be written (No such file or directory)" in capsys.readouterr().err
