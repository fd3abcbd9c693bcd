"""`redphone db backup` and `redphone db restore`, between both databases, as they are typed."""

from __future__ import annotations

import datetime as dt
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import inspect, select, text

from shared import db
from shared.clock import utc_now
from shared.settings import load_settings
from shared.tables import AnnouncementRow, ArticleRow, Base, CallRow, CanaryRow, PauseRow
from tests.redphone.test_cli import redphone
from tests.support.history import NOW, fill

#: An article as the first schema had it.
OLD = """
INSERT INTO articles (key, title, summary, text, fetched_at, content_hash, revision, silent, body_state,
body_attempts, classify_state, classify_attempts, rejections)
VALUES (:key, :title, '', '', :at, 'x', 1, false, 'none', 0, 'done', 0, '[]')
"""


@pytest.fixture
def filled(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The seeds on each database in turn, with a call that names another, a canary on its way, and a message that waits
    and two that are held back."""
    sessions = db.sessions_for(database_url)
    fill(sessions)
    with sessions.begin() as session:
        first, *_, last = session.scalars(select(CallRow).order_by(CallRow.id))
        first.merged_into = last.id
        session.add(CanaryRow(started_at=NOW, stored_at=NOW, title="thử", summary=""))
        rows = session.scalars(select(AnnouncementRow).order_by(AnnouncementRow.id)).all()
        rows[0].state = "waiting"
        rows[1].state, rows[1].next_attempt_at = "held", NOW  # that hour has passed
        rows[2].state, rows[2].next_attempt_at = "held", utc_now() + dt.timedelta(hours=9)
    db.close(database_url)
    use(database_url, monkeypatch)
    return database_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'other' / 'new.sqlite'}"
        yield url
        db.close(url)
        return
    server = str(request.getfixturevalue("postgres_server"))
    name = f"restored_{os.getpid()}"
    url = f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield url
        db.close(url)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", url)
    load_settings.cache_clear()


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but the pauses, as the program reads them."""
    with db.reading(db.sessions_for(url)) as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name != "pauses"]
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables
        }


def nulls(url: str) -> tuple[int, int]:
    """How many calls have the JSON value null as their withdrawal, how many canaries no facts at all."""
    with db.reading(db.sessions_for(url)) as session:
        said = session.execute(text("SELECT count(*) FROM calls WHERE CAST(withdrawn AS TEXT) = 'null'")).scalar_one()
        none = session.execute(text("SELECT count(*) FROM canaries WHERE facts IS NULL")).scalar_one()
        return said, none


def test_everything_comes_back_on_either_database(
    filled: str, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kept.bak"
    assert redphone("db", "backup", str(file)) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{file}: 5 articles, {len(everything(filled)['calls'])} calls, ")
    assert sorted(path.name for path in tmp_path.glob("*kept*")) == ["kept.bak"]  # nothing is left beside it
    use(empty, monkeypatch)
    assert redphone("db", "restore", str(file)) == 0
    assert "posting to the desk is paused" in capsys.readouterr().out
    before, after = everything(filled), everything(empty)
    messages, restored = before.pop("announcements"), after.pop("announcements")
    assert after == before
    assert nulls(empty) == nulls(filled) == (len(before["calls"]), 1)
    state = AnnouncementRow.__table__.columns.keys().index("state")
    changed = [(old[state], new[state]) for old, new in zip(messages, restored, strict=True) if old != new]
    # what may have gone out after the backup is looked for, not posted
    assert changed == [("waiting", "unknown"), ("held", "unknown")]
    with db.sessions_for(empty).begin() as session:
        pause = session.scalars(select(PauseRow).where(PauseRow.by == "redphone db restore")).one()
        assert pause.ended_at is None
        session.add(ArticleRow(key="next", fetched_at=NOW, content_hash="x"))  # numbers go on behind the last


def test_a_backup_is_read_by_every_command(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kept.bak"
    assert redphone("db", "backup", str(file)) == 0
    use(f"sqlite:///{file}", monkeypatch)
    capsys.readouterr()
    assert redphone("articles", "--json") == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    db.close(f"sqlite:///{file}")


def test_a_backup_is_of_one_moment_while_somebody_writes(sqlite_url: str, tmp_path: Path, monkeypatch: Any) -> None:
    use(sqlite_url, monkeypatch)
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(ArticleRow(key="said", fetched_at=NOW, content_hash="x"))
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(ArticleRow(key="not yet said", fetched_at=NOW, content_hash="x"))
        session.flush()
        assert redphone("db", "backup", str(tmp_path / "kept.bak")) == 0
    with closing(sqlite3.connect(tmp_path / "kept.bak")) as kept:
        assert kept.execute("SELECT key FROM articles").fetchall() == [("said",)]


def test_nothing_is_replaced_unasked(
    filled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kept.bak"
    file.write_text("a letter")
    assert redphone("db", "backup", str(file)) == 2
    assert "is there already: name another file, or say --force" in capsys.readouterr().err
    assert file.read_text() == "a letter"
    assert redphone("db", "backup", str(file), "--force") == 0
    with db.sessions_for(filled).begin() as session:
        session.add(ArticleRow(key="later", fetched_at=NOW, content_hash="x"))
    assert redphone("db", "restore", str(file)) == 2
    assert "holds a history already (6 articles, " in capsys.readouterr().err
    assert len(everything(filled)["articles"]) == 6
    assert redphone("db", "restore", str(file), "--force") == 0
    assert len(everything(filled)["articles"]) == 5


def test_a_restore_reaches_a_program_that_has_the_file_open(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(sqlite_url, monkeypatch)
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(ArticleRow(key="kept", fetched_at=NOW, content_hash="x"))
    assert redphone("db", "backup", str(tmp_path / "kept.bak")) == 0
    with closing(sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///")))) as other:
        other.execute("UPDATE articles SET key = 'spoilt'")
        other.commit()
        assert redphone("db", "restore", str(tmp_path / "kept.bak"), "--force") == 0
        assert other.execute("SELECT key FROM articles").fetchall() == [("kept",)]


def test_what_is_no_backup_is_refused_in_one_line(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(sqlite_url, monkeypatch)
    fill(db.sessions_for(sqlite_url))
    whole = tmp_path / "whole.bak"
    assert redphone("db", "backup", str(whole)) == 0
    newer, damaged, other, empty = (tmp_path / f"{name}.bak" for name in ("newer", "damaged", "other", "empty"))
    newer.write_bytes(whole.read_bytes())
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    damaged.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    empty.touch()
    for file, words in {
        newer: "was made by a newer redphone (schema 9999",
        damaged: "is damaged",
        other: "holds other tables, such as bookmarks",
        empty: "holds no history of redphone",
        tmp_path / "nowhere.bak": "there is no such file",
        Path(sqlite_url.removeprefix("sqlite:///")): "is the database itself",
    }.items():
        capsys.readouterr()
        assert redphone("db", "restore", str(file), "--force") == 2
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
    assert len(everything(sqlite_url)["articles"]) == 5


def test_a_restore_that_fails_leaves_what_was_there(
    postgres_url: str,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fill(db.sessions_for(postgres_url))
    use(sqlite_url, monkeypatch)
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(ArticleRow(key="one", fetched_at=NOW, content_hash="x"))
        session.add(ArticleRow(key="two", fetched_at=NOW, content_hash="x" * 65))  # longer than PostgreSQL takes
    assert redphone("db", "backup", str(tmp_path / "kept.bak")) == 0
    use(postgres_url, monkeypatch)
    assert redphone("db", "restore", str(tmp_path / "kept.bak"), "--force") == 2
    assert "does not take (value too long" in capsys.readouterr().err
    assert len(everything(postgres_url)["articles"]) == 5


def test_a_restore_into_a_server_needs_room_beside_the_backup_alone(
    sqlite_url: str, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container's /tmp is small."""
    use(sqlite_url, monkeypatch)
    fill(db.sessions_for(sqlite_url))
    assert redphone("db", "backup", str(tmp_path / "kept.bak")) == 0
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "full"))
    use(postgres_url, monkeypatch)
    assert redphone("db", "restore", str(tmp_path / "kept.bak")) == 0
    assert len(everything(postgres_url)["articles"]) == 5
    assert not list(tmp_path.glob(".redphone-*"))


def test_a_restore_without_room_says_so_in_one_line(
    sqlite_url: str,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    use(sqlite_url, monkeypatch)
    assert redphone("db", "backup", str(tmp_path / "kept.bak")) == 0
    capsys.readouterr()
    use(postgres_url, monkeypatch)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))  # as a full disk is met
    try:
        assert redphone("db", "restore", str(tmp_path / "kept.bak")) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = capsys.readouterr().err
    assert f"{tmp_path}: no copy of the backup" in said
    assert said.count("\n") == 1
    assert not list(tmp_path.glob(".redphone-*"))


def test_a_database_in_use_is_named(
    postgres_url: str,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("redphone.backup.PATIENCE_S", 1.0)
    use(sqlite_url, monkeypatch)
    assert redphone("db", "backup", str(tmp_path / "kept.bak")) == 0
    use(postgres_url, monkeypatch)
    with db.sessions_for(postgres_url).begin() as session:
        session.add(ArticleRow(key="busy", fetched_at=NOW, content_hash="x"))
        session.flush()
        assert redphone("db", "restore", str(tmp_path / "kept.bak"), "--force") == 1
    assert "stop the workers" in capsys.readouterr().err


def test_an_older_schema_is_kept_and_brought_up(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import migrations

    engine = db.make_engine(empty)
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
        connection.execute(text(OLD), {"key": "old", "title": "Điện đàm", "at": "2025-03-18 00:00:00+00:00"})
    engine.dispose()
    use(empty, monkeypatch)
    assert redphone("db", "backup", str(tmp_path / "old.bak")) == 0
    assert "1 articles, 0 calls, 0 messages; schema 0001" in capsys.readouterr().out
    use(f"sqlite:///{tmp_path / 'new.sqlite'}", monkeypatch)
    assert redphone("db", "restore", str(tmp_path / "old.bak")) == 0
    with db.reading(db.sessions_for(f"sqlite:///{tmp_path / 'new.sqlite'}")) as session:
        assert session.scalars(select(ArticleRow.title)).all() == ["Điện đàm"]
        assert "canaries" in inspect(session.connection()).get_table_names()
    db.close(f"sqlite:///{tmp_path / 'new.sqlite'}")
