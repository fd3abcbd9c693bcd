"""The command line: what it prints, and one clear line for what a user can mend."""

from __future__ import annotations

import datetime as dt
import json
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from redphone import views
from redphone.__main__ import run
from services.ingest.catalogue import built_in
from shared import db
from shared.settings import load_settings
from shared.tables import STOPPED, AnnouncementRow, ArticleRow, HeartbeatRow, ReportRow
from tests.support.processes import ROOT, environment
from tests.support.servers import free_port
from tests.support.unprivileged import closed_folder, unprivileged

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
CALL = "Tổng thống Nga Vladimir Putin và Tổng thống Mỹ Donald Trump đã điện đàm hôm 28-1."


def redphone(*arguments: str) -> int:
    """Run one command in this process and give its exit code."""
    try:
        return run(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)


def lines(path: Path, *articles: dict[str, str]) -> str:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return str(path)


def unboxed(printed: str) -> str:
    """What was printed in a panel, in one line."""
    return " ".join(printed.replace("│", " ").split())


@pytest.fixture
def article(tmp_path: Path) -> str:
    return lines(tmp_path / "a.jsonl", {"id": "a", "text": CALL, "published_at": "2017-01-29T08:00:00+07:00"})


def test_classify_prints_a_line_per_article(article: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("classify", article) == 0
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert said["alert"]
    assert sorted(said["calls"][0]["participants"]) == ["Donald Trump", "Vladimir Putin"]
    for proof in said["calls"][0]["evidence"]:
        assert CALL[proof["start"] : proof["end"]] == proof["text"]


def test_replay_as_json_is_lines_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("replay", str(ROOT / "seeds"), "--json") == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"][:3] for line in said] == ["003", "002", "001", "004", "000"]
    assert {"call_id", "call_date", "verdict", "changes", "compared_with"} <= set(said[0]["calls"][0])


def test_replay_shows_alerts_reasons_and_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lines(
        tmp_path / "a.jsonl",
        {"id": "later", "text": "Giá vàng tăng mạnh.", "published_at": "2017-01-30T08:00:00+07:00"},
        {"id": "first", "text": CALL, "published_at": "2017-01-29T08:00:00+07:00"},
    )
    assert redphone("replay", path) == 0
    said = capsys.readouterr().out
    assert said.index("Putin and Trump held a call") < said.index("no alert: no call between leaders")
    assert "2 articles, 2 of them new; calls told: 1 new" in said
    assert "1 alert and 0 updates to the desk" in said


def test_an_alerts_command_can_be_pasted(
    article: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", [".venv/bin/redphone", "replay"])
    monkeypatch.chdir(Path(article).parent)
    assert redphone("replay", "a.jsonl") == 0
    assert "all evidence: .venv/bin/redphone explain a.jsonl" in unboxed(capsys.readouterr().out)


def test_a_second_replay_into_the_same_database_says_nothing_new(
    database_url: str, article: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redphone("replay", article, "--into", database_url, "--alert") == 0
    assert "1 alert" in capsys.readouterr().out
    assert redphone("replay", article, "--into", database_url, "--alert") == 0
    said = capsys.readouterr().out
    assert "nothing new: this article is stored already" in said
    assert "0 alerts and 0 updates" in said


def test_a_replay_into_a_database_fills_history_in_silence(
    database_url: str, article: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", database_url)
    assert redphone("replay", article, "--into", database_url) == 0
    said = capsys.readouterr().out
    assert "no alert: Putin, Trump: new: silent: came with a backfill: history only" in said
    assert "0 alerts and 0 updates to the desk" in said
    assert redphone("alerts", "--json") == 0
    assert capsys.readouterr().out == ""
    assert redphone("calls", "--json") == 0
    assert json.loads(capsys.readouterr().out)["articles"] == ["a"]
    with db.sessions_for(database_url)() as session:  # a live article, not one of 2017
        assert session.scalars(select(ArticleRow.fetched_at)).one().year > 2017


def test_a_hand_fed_article_is_told_as_late(
    database_url: str, article: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", database_url)
    assert redphone("replay", article, "--into", database_url, "--alert") == 0
    assert "LATE: article of 29 Jan 08:00" in unboxed(capsys.readouterr().out)
    assert redphone("alerts", "--json", "list") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], said["sent_at"][:4] > "2017") == ("sent", True)
    with db.sessions_for(database_url)() as session:  # how long it waited is told by the clock
        written = session.scalars(select(AnnouncementRow.created_at).union(select(ReportRow.created_at))).all()
    assert all(moment.year > 2017 for moment in written)


def test_what_a_backfill_changes_of_a_told_call_waits_for_the_desks_own_poster(
    database_url: str, article: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", database_url)
    assert redphone("replay", article, "--into", database_url, "--alert") == 0
    longer = f"{CALL} Cuộc điện đàm kéo dài 45 phút."
    more = lines(tmp_path / "b.jsonl", {"id": "b", "text": longer, "published_at": "2017-01-29T09:00:00+07:00"})
    capsys.readouterr()
    assert redphone("replay", more, "--into", database_url) == 0
    assert "45" not in capsys.readouterr().out
    assert redphone("alerts", "--json") == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["kind"], row["state"]) for row in said] == [("edit", "waiting"), ("root", "sent")]


def test_an_alert_needs_a_database_that_stays(article: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("replay", article, "--alert") == 2
    assert "--alert tells the desk of what is played --into a database" in capsys.readouterr().err


def test_explain_shows_rules_words_and_near_misses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    miss = "Ngoại trưởng Chile đã điện đàm với Ngoại trưởng Peru."
    path = lines(tmp_path / "a.jsonl", {"id": "a", "text": f"{CALL} {miss}"})
    assert redphone("explain", path) == 0
    said = re.sub(" +", " ", capsys.readouterr().out)
    assert "\n1 call as news, 0 as background, 1 near miss (rules " in said
    call, _, refused = said.partition("\nNO CALL subject_object: ")
    assert "\nCALL 1 " in call
    assert "\n status.has_held “đã điện đàm” text 60–71\n cues.dien_dam “điện đàm” text 63–71\n" in call
    assert f"\n participants “{CALL}” text 0–{len(CALL)}\n" in call
    assert "\n cues.dien_dam “điện đàm” text 104–112\n" in refused
    assert f"\n cue “{miss}” text {len(CALL) + 1}–" in refused


@pytest.mark.parametrize("command", ["calls", "articles --json", "alerts", "status", "status --serve", "explain 1"])
def test_looking_makes_no_history(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mistyped" / "x.sqlite"
    monkeypatch.setenv("REDPHONE_DATABASE_URL", f"sqlite:///{path}")
    assert redphone(*command.split()) == 2
    out, err = capsys.readouterr()
    line = f"no history at {path}; `redphone run` or `redphone replay --into` makes one"
    said = "1: neither a file nor the id of a stored article" if command == "explain 1" else line
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"redphone: {said}")
    assert not path.parent.exists()


@pytest.mark.parametrize("command", ["status --serve", "run"])
def test_a_taken_port_is_told(
    command: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
        monkeypatch.setenv("REDPHONE_STATUS_PORT", str(port))
        assert redphone(*command.split()) == 2
    out, err = capsys.readouterr()
    line = f"redphone: the status page cannot listen on 127.0.0.1:{port}: Address already in use; set REDPHONE_STATUS"
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(line)


def test_views_of_the_history(
    article: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    assert redphone("replay", article, "--into", sqlite_url, "--alert") == 0
    capsys.readouterr()
    for view in ("calls", "articles", "alerts", "feeds"):
        assert redphone(view, "--json") == 0
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert len(rows) == (len(built_in()) if view == "feeds" else 1)
        assert redphone(view) == 0
        capsys.readouterr()
    assert redphone("explain", "a") == 0
    assert "CALL 1" in capsys.readouterr().out
    assert redphone("status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {"articles": 1, "calls": 1, "alerts": 1}


def test_tables_name_lengths_articles_and_the_zone_of_times(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COLUMNS", "200")
    assert redphone("replay", str(ROOT / "seeds"), "--into", sqlite_url, "--alert") == 0
    capsys.readouterr()
    shown = {}
    for view in ("calls", "articles", "alerts", "feeds"):
        assert redphone(view) == 0
        shown[view] = capsys.readouterr().out
    assert {"over 90", "about 60"} <= set(re.findall(r"(?:over|about) \d+", shown["calls"]))
    assert "003_56b6f42cd140b67f" in shown["articles"]
    assert [shown[view].count("Asia/Ho_Chi_Minh") for view in ("articles", "alerts", "feeds")] == [1, 1, 1]


def test_tables_in_vietnamese_have_no_codes_and_programs_have_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("REDPHONE_LANGUAGE", "vi")
    monkeypatch.setenv("COLUMNS", "200")
    assert redphone("replay", str(ROOT / "seeds"), "--into", sqlite_url, "--alert") == 0
    capsys.readouterr()
    for view, codes, words in (
        ("calls", {"held"}, {"đã diễn ra"}),
        ("alerts", {"sent", "root", "update", "edit", "list"}, {"đã gửi", "cảnh báo", "bổ sung", "sửa tin"}),
    ):
        assert redphone(view) == 0
        table = capsys.readouterr().out
        assert not codes & set(table.split())
        assert all(word in table for word in words)
        assert redphone(view, "--json") == 0
        assert codes <= set(re.findall(r"\w+", capsys.readouterr().out))


def test_explain_finds_an_article_by_row_number_of_a_file_and_call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    assert redphone("replay", str(ROOT / "seeds"), "--into", sqlite_url, "--alert") == 0
    capsys.readouterr()
    assert redphone("alerts", "--json") == 0
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    for what in ("003_56b6f42cd140b67f", "003", "1", first["call_id"]):
        assert redphone("explain", what) == 0
        assert capsys.readouterr().out.startswith("003_56b6f42cd140b67f")


@pytest.mark.parametrize(
    ("title", "text", "shown"),
    [
        (" Hai nhà lãnh đạo\n điện đàm ", "", "Hai nhà lãnh đạo điện đàm"),
        ("", "a" * 80, "a" * 80),
        ("", "a" * 81, "a" * 79 + "…"),
        (" ", "ngắn", "ngắn"),
        ("b" * 90, "", "b" * 90),
    ],
)
def test_a_title_is_one_line_and_shows_where_it_is_cut(sqlite_url: str, title: str, text: str, shown: str) -> None:
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(ArticleRow(key="a", title=title, summary="", text=text, fetched_at=NOW, content_hash=""))
    with db.sessions_for(sqlite_url)() as session:
        assert [article.title for article in views.articles(session, None)] == [shown]


def test_a_replay_speaks_the_desks_language(
    database_url: str, article: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_LANGUAGE", "vi")
    assert redphone("replay", article, "--into", database_url, "--alert") == 0
    said = capsys.readouterr().out
    assert "29/01/2017 08:00" in said
    assert "1 bài, trong đó 1 bài mới; cuộc được kể: 1 mới" in said
    assert "1 tin báo và 0 cập nhật gửi tới tòa soạn" in said
    load_settings.cache_clear()
    assert redphone("replay", article, "--into", database_url) == 0
    assert "không có gì mới: bài này đã lưu" in capsys.readouterr().out


def test_status_says_what_is_wrong(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(HeartbeatRow(name="loop", at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)))
    assert redphone("status") == 1
    out, err = capsys.readouterr()
    assert "silent" in out
    assert (out.count("showed no sign of life"), err.count("showed no sign of life")) == (1, 1)
    assert err.startswith("redphone: loop showed no sign of life for")
    assert err.count("\n") == 1
    assert redphone("status", "--json") == 1
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 1


def test_status_of_a_loop_that_was_stopped(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(HeartbeatRow(name=STOPPED, at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)))
    assert redphone("status") == 1
    out, err = capsys.readouterr()
    assert re.search(r"^loop +stopped +\d+ s ago", out, re.MULTILINE)
    assert err.startswith("redphone: the loop was stopped ")
    assert "silent" not in out + err


@pytest.mark.parametrize(
    ("command", "settings", "code", "line"),
    [
        (
            "classify nothing.jsonl",
            {},
            2,
            "nothing.jsonl: no such file or folder; name a folder like seeds/ or a .jsonl file",
        ),
        ("replay nothing", {}, 2, "nothing: no such file or folder; name a folder like seeds/ or a .jsonl file"),
        ("eval nothing", {}, 2, "nothing: no such folder; name one that holds articles.jsonl and labels.jsonl"),
        (
            "eval {seeds} --labels nothing",
            {},
            2,
            "nothing: cannot be read (No such file or directory); name a labels.jsonl that you may read",
        ),
        (
            "explain 17",
            {},
            2,
            "17: neither a file nor the id of a stored article; check the path, or see redphone articles for ids",
        ),
        ("replay {seeds} --into nonsense", {}, 2, "the database URL (REDPHONE_DATABASE_URL, or --into) cannot be read"),
        ("replay {seeds} --into sqlite:////proc/x/y", {}, 2, "cannot open the database sqlite:////proc/x/y"),
        (
            "replay {seeds} --into postgresql://u:pass@127.0.0.1:{port}/x",
            {},
            1,
            "PostgreSQL at postgresql+psycopg://u:***@",
        ),
        (
            "classify {seeds}",
            {"LANGAUGE": "vi"},
            2,
            "REDPHONE_LANGAUGE is not a setting: did you mean REDPHONE_LANGUAGE?",
        ),
        (
            "explain {seeds}",
            {"LANGAUGE": "vi"},
            2,
            "REDPHONE_LANGAUGE is not a setting: did you mean REDPHONE_LANGUAGE?",
        ),
        (
            "replay {seeds}",
            {"LANGAUGE": "vi"},
            2,
            "REDPHONE_LANGAUGE is not a setting: did you mean REDPHONE_LANGUAGE?",
        ),
        ("calls", {"LANGUAGE": "fr"}, 2, "REDPHONE_LANGUAGE: write 'en' or 'vi'"),
        ("worker ingest", {}, 2, "REDPHONE_BROKER_URL is not set"),
        (
            "worker ingest",
            {"BROKER_URL": "redis://127.0.0.1:{port}/0"},
            1,
            "Redis at 127.0.0.1:{port}/0 cannot be reached",
        ),
        (
            "beat",
            {"BROKER_URL": "redis://:word@127.0.0.1:{port}/0"},
            1,
            "Redis at 127.0.0.1:{port}/0 cannot be reached",
        ),
        (
            "status",
            {
                "BROKER_URL": "redis://:word@127.0.0.1:{port}/0",
                "DATABASE_URL": "postgresql://u:pass@127.0.0.1:{port}/x",
            },
            1,
            "PostgreSQL at postgresql+psycopg://u:***@127.0.0.1:{port}/x cannot be reached: ",
        ),
        ("status --alive ingest", {"BROKER_URL": "redis://127.0.0.1:{port}/0"}, 1, "Redis at 127.0.0.1:{port}/0"),
        (
            "run",
            {"DATABASE_URL": "postgresql://u:pass@127.0.0.1:{port}/x"},
            1,
            "PostgreSQL at postgresql+psycopg://u:***@127.0.0.1:{port}/x cannot be reached",
        ),
        ("run", {"FEEDS_FILE": "nothing.csv"}, 2, "REDPHONE_FEEDS_FILE nothing.csv: no such file; name a CSV of feeds"),
        ("run", {"FEEDS_FILE": "{seeds}"}, 2, "REDPHONE_FEEDS_FILE {seeds}: cannot be read (Is a directory)"),
        ("run", {"FEEDS_FILE": "{seeds}/dates.json"}, 2, "REDPHONE_FEEDS_FILE {seeds}/dates.json, line 1: column"),
        (
            "status",
            {"BROKER_URL": "foo"},
            2,
            "REDPHONE_BROKER_URL: write a Redis URL, such as redis://localhost:6379/0",
        ),
        ("run", {"BROKER_URL": "foo"}, 2, "REDPHONE_BROKER_URL: write a Redis URL, such as redis://localhost:6379/0"),
        ("run", {"POSTER": "slack"}, 2, "REDPHONE_POSTER is slack, but REDPHONE_SLACK_TOKEN is not set"),
    ],
)
def test_bad_input_gives_one_line(
    command: str,
    settings: dict[str, str],
    code: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    values = {"seeds": str(ROOT / "seeds"), "port": str(free_port())}
    for name, value in settings.items():
        monkeypatch.setenv(f"REDPHONE_{name}", value.format(**values))
    assert redphone(*command.format(**values).split()) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("redphone: " + line.format(**values))
    assert err.count("\n") == 1
    assert "pass" not in err
    assert "word@" not in err


@pytest.mark.parametrize("command", ["calls", "status", "run", "db migrate", "replay {seeds} --into"])
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("foo:pass@h", "cannot be read"),
        ("postgresql://u:pass@h:notaport/x", "cannot be read"),
        ("postgresql://[::1/x", "cannot be read"),
        ("postgresql://u:pass@127.0.0.1:1/x?bogus=1", 'cannot be used (invalid connection option "bogus")'),
        ("mysql://u:pass@h/x", "begins with mysql, which is not supported"),
        ("sqlite:///a%00b", "names no file"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///x?timeout=pass", "has a ? behind its file"),
    ],
)
def test_a_database_url_that_is_none_gives_one_line(
    command: str, url: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    into = [url] if command.endswith("--into") else []
    if not into:
        monkeypatch.setenv("REDPHONE_DATABASE_URL", url)
    assert redphone(*command.format(seeds=ROOT / "seeds").split(), *into) == 2
    wanted = "write sqlite:///FILE or postgresql://USER@HOST/NAME"
    line = f"redphone: the database URL (REDPHONE_DATABASE_URL, or --into) {why}: {wanted}\n"
    assert capsys.readouterr() == ("", line)


def test_a_database_without_a_name_is_not_a_fresh_one(article: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("replay", article, "--into", "") == 2
    assert capsys.readouterr().err.startswith("redphone: --into names no database: write sqlite:///FILE")


@pytest.mark.parametrize(
    "command",
    ["replay {0}/a", "classify {0}/a.txt", "explain {0}/a", "eval {0}/a", "classify {0}", "explain {0}"],
)
def test_a_closed_folder_gives_one_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    redphone(*command.format("nothing").split())  # whatever is imported late, while we may
    capsys.readouterr()
    with closed_folder() as folder, unprivileged():
        assert redphone(*command.format(folder).split()) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"redphone: {folder}")
    assert "Permission denied" in err


@pytest.mark.parametrize("command", ["calls", "status", "explain 5", "feeds"])
def test_a_database_in_a_closed_folder_gives_one_line(
    command: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    redphone(*command.split())
    capsys.readouterr()
    load_settings.cache_clear()
    with closed_folder() as folder, unprivileged():
        monkeypatch.setenv("REDPHONE_DATABASE_URL", f"sqlite:///{folder}/s.db")
        assert redphone(*command.split()) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"redphone: cannot open the database sqlite:///{folder}/s.db: Permission denied")


READING = ["calls", "articles", "feeds list", "alerts", "explain a", "status", "mutes"]


WRITING = ["replay {seeds} --into {url}", "db migrate", "reclassify", "run", "pause notify --reason x --by lan"]


@pytest.mark.parametrize("table", ["bookmarks", "articles"])  # the one beside ours, the other in their place
@pytest.mark.parametrize("command", READING + WRITING)
def test_a_file_of_another_program_is_left_as_it_is(
    command: str, table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"CREATE TABLE {table} (url TEXT)")
    before = path.read_bytes()
    url = f"sqlite:///{path}"
    monkeypatch.setenv("REDPHONE_DATABASE_URL", url)
    assert redphone(*command.format(seeds=ROOT / "seeds", url=url).split()) == 2
    said = f"is no history of redphone: it holds other tables, such as {table}; name another"
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"redphone: {url} {said}\n")
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["other.db"]


@pytest.mark.parametrize("command", READING)
def test_looking_needs_no_right_to_write(
    command: str, article: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with tempfile.TemporaryDirectory(prefix="redphone-readonly-") as place:
        path = Path(place) / "history.sqlite"
        url = f"sqlite:///{path}"
        assert redphone("replay", article, "--into", url) == 0
        monkeypatch.setenv("REDPHONE_DATABASE_URL", url)
        monkeypatch.setenv("XDG_DATA_HOME", place)
        load_settings.cache_clear()
        usual = redphone(*command.split())
        expected = capsys.readouterr().err
        db.close(url)
        path.chmod(0o444)
        Path(place).chmod(0o555)
        with unprivileged():
            assert (redphone(*command.split()), capsys.readouterr().err) == (usual, expected)
            assert redphone("pause", "notify", "--reason", "x", "--by", "lan") == 2
        Path(place).chmod(0o755)
        db.close(url)
        assert "attempt to write a readonly database" in capsys.readouterr().err


def test_a_read_only_history_of_an_older_version_is_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with tempfile.TemporaryDirectory(prefix="redphone-readonly-") as place:
        path = Path(place) / "old.sqlite"
        path.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
        with closing(sqlite3.connect(path)) as old:
            old.execute("UPDATE alembic_version SET version_num = '0001'")
            old.commit()
        monkeypatch.setenv("REDPHONE_DATABASE_URL", f"sqlite:///{path}")
        path.chmod(0o444)
        Path(place).chmod(0o555)
        with unprivileged():
            assert redphone("calls") == 2
        Path(place).chmod(0o755)
    assert "is of another version of redphone and may only be read" in capsys.readouterr().err


def test_a_user_without_a_home_is_told_where_one_is_needed(
    article: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nameless(*_arguments: object) -> None:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("pwd.getpwuid", nameless)
    for name in ("HOME", "XDG_DATA_HOME", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    assert redphone("replay", article, "--json") == 0
    capsys.readouterr()
    for command, line in (
        ("calls", "there is no home folder to keep a database in: set HOME, or REDPHONE_DATABASE_URL"),
        ("status", "there is no home folder to keep a database in: set HOME, or REDPHONE_DATABASE_URL"),
        ("feeds export", "there is no home folder: set HOME or XDG_DATA_HOME"),
    ):
        assert redphone(*command.split()) == 2
        assert capsys.readouterr().err == f"redphone: {line}\n"
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    load_settings.cache_clear()
    assert redphone("pause", "notify", "--reason", "x") == 2
    assert capsys.readouterr().err == "redphone: this machine has no name for you: say --by WHO\n"


def test_a_stored_article_is_not_looked_for_in_what_is_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Kính gửi tòa soạn, " * 100)
    monkeypatch.setenv("REDPHONE_DATABASE_URL", f"sqlite:///{letter}")
    assert redphone("explain", "x") == 2
    line = f"cannot open the database sqlite:///{letter}: file is not a database; name another file"
    assert capsys.readouterr().err == f"redphone: {line}\n"


def test_an_address_may_be_longer_than_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("explain", "https://a.vn/" + "a" * 300) == 2
    assert "neither a file nor the id of a stored article" in capsys.readouterr().err


def test_a_worker_wants_a_shared_database_with_tables(
    redis_url: str, postgres_server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_BROKER_URL", redis_url)
    assert redphone("worker", "classify") == 2
    assert "workers share a PostgreSQL database" in capsys.readouterr().err
    monkeypatch.setenv("REDPHONE_DATABASE_URL", postgres_server)
    load_settings.cache_clear()
    assert redphone("worker", "classify") == 1
    assert capsys.readouterr().err == "redphone: the database has no tables yet: run redphone db migrate\n"


@pytest.mark.parametrize("service", ["ingest", "classify", "notify"])
def test_a_worker_without_its_database_does_not_start(
    service: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_BROKER_URL", redis_url)
    monkeypatch.setenv("REDPHONE_DATABASE_URL", f"postgresql://u:pass@127.0.0.1:{free_port()}/x")
    assert redphone("worker", service) == 1
    err = capsys.readouterr().err
    assert err.startswith("redphone: PostgreSQL at postgresql+psycopg://u:***@127.0.0.1:")
    assert err.endswith("; start it, or set REDPHONE_DATABASE_URL to where it runs\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", ["calls", "run"])
def test_a_server_without_tables_is_told(
    command: str, postgres_server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", postgres_server)
    assert redphone(command) == 1
    err = capsys.readouterr().err
    assert err.endswith("has no tables yet: run redphone db migrate\n")
    assert err.count("\n") == 1


def test_nothing_is_written_for_a_bad_line(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = lines(
        tmp_path / "a.jsonl", {"id": "a", "text": CALL, "published_at": "2017-01-29"}, {"id": "b", "text": CALL}
    )
    assert redphone("replay", path, "--into", sqlite_url) == 2
    assert "line 2: article b has no published_at" in capsys.readouterr().err
    good = lines(tmp_path / "good.jsonl", {"id": "a", "text": CALL, "published_at": "2017-01-29"})
    assert redphone("replay", good, "--into", sqlite_url) == 0
    assert "1 article, 1 of them new" in capsys.readouterr().out


@pytest.mark.parametrize("body", ["", " \n\n"])
def test_no_database_is_left_for_a_file_without_articles(
    tmp_path: Path, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, kept = tmp_path / "a.jsonl", tmp_path / "x.db"
    path.write_text(body)
    assert redphone("classify", str(path)) == 2
    assert redphone("replay", str(path), "--into", f"sqlite:///{kept}") == 2
    out, err = capsys.readouterr()
    assert (out, err.count(f"redphone: {path}: no articles")) == ("", 2)
    assert not kept.exists()


@pytest.mark.parametrize("published_at", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_no_database_is_left_for_a_date_that_is_refused(
    tmp_path: Path, published_at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, kept = lines(tmp_path / "a.jsonl", {"id": "a", "text": CALL, "published_at": published_at}), tmp_path / "x.db"
    assert redphone("replay", path, "--into", f"sqlite:///{kept}") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not kept.exists()


@pytest.mark.parametrize("published_at", ["1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00"])
def test_the_first_and_the_last_day_can_be_replayed(
    tmp_path: Path, published_at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redphone("replay", lines(tmp_path / "a.jsonl", {"id": "a", "text": CALL, "published_at": published_at})) == 0
    assert "1 article, 1 of them new" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "settings", "first"),
    [
        ("classify {many}", {}, 100),
        ("classify {many}", {"REDPHONE_LANGUAGE": "vi"}, 100),  # not the short way to the same function
        ("replay seeds", {}, 0),
        ("replay seeds --json", {}, 0),
        ("replay --help", {}, 0),
    ],
)
def test_a_reader_that_has_enough_is_no_error(
    command: str, settings: dict[str, str], first: int, tmp_path: Path
) -> None:
    many = lines(tmp_path / "a.jsonl", *({"id": str(number), "text": CALL} for number in range(2000)))
    with subprocess.Popen(
        [sys.executable, "-m", "redphone", *command.format(many=many).split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(settings, tmp_path),
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert len(process.stdout.read(first)) == first
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.parametrize(
    ("command", "closed", "code", "out", "err"),
    [
        ("classify seeds", "2>&-", 0, '{"id":"000', ""),
        ("replay seeds --json", "2>&-", 0, '{"id":"003', ""),
        ("classify nothing", "2>&-", 2, "", ""),
        ("replay nothing --json", "2>&-", 2, "", ""),
        ("classify seeds", ">&-", 0, "", ""),
        ("replay seeds", ">&-", 0, "", ""),
        ("--help", ">&-", 0, "", ""),
        ("classify nothing", ">&-", 2, "", "redphone: nothing: no such file"),
        ("classify -", "<&-", 2, "", "redphone: standard input: no articles"),
        ("replay -", "<&-", 2, "", "redphone: standard input: no articles"),
        ("explain -", "<&-", 2, "", "redphone: standard input: no articles"),
        ("classify -", "<&- >&- 2>&-", 2, "", ""),
    ],
)
def test_standard_streams_may_be_closed(
    command: str, closed: str, code: int, out: str, err: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m redphone {command} {closed}'],
        capture_output=True,
        env=environment({}, tmp_path),
        cwd=ROOT,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout[: len(out) or 1], done.stderr[: len(err) or 1]) == (code, out, err)


@pytest.mark.parametrize("command", ["classify seeds", "replay seeds", "replay seeds --json", "--help"])
def test_a_full_disk_gives_one_line(command: str, tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "redphone", *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment({}, tmp_path),
            cwd=ROOT,
            text=True,
            check=False,
        )
    line = "redphone: the output cannot be written: No space left on device; make room for it\n"
    assert (done.returncode, done.stderr) == (1, line)
