"""Engines, sessions and migrations, on both databases."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session, sessionmaker

from shared import db
from shared.errors import ServiceDownError, UsageError
from shared.tables import Base, FeedRow, HostRow
from tests.support.servers import free_port


# of an index on an expression, on SQLite
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping")
def test_migrations_and_tables_say_the_same(database_url: str) -> None:
    engine = db.make_engine(database_url)

    def is_of_this_database(made: sa.schema.SchemaItem, *_: object) -> bool:
        return bool(made.info.get("only", engine.dialect.name) == engine.dialect.name)

    with engine.connect() as connection:
        strictly = {"compare_type": True, "compare_server_default": True, "include_object": is_of_this_database}
        context = MigrationContext.configure(connection, opts=strictly)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_migrating_twice_does_nothing(database_url: str) -> None:
    db.migrate(database_url)
    with db.sessions_for(database_url)() as session:
        assert session.execute(sa.text("SELECT count(*) FROM alembic_version")).scalar_one() == 1


def test_two_may_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'both.sqlite'}"
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(db.migrate, [url] * 3))
    with db.sessions_for(url)() as session:
        assert session.execute(sa.text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
    db.close(url)


def test_who_opens_a_fresh_file_while_another_writes_it_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "fresh.sqlite"
    waited: list[float] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:

        def wait(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 2:
                other.execute("COMMIT")

        monkeypatch.setattr(time, "sleep", wait)
        other.execute("BEGIN IMMEDIATE")
        engine = db.make_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        engine.dispose()
    assert len(waited) == 2


def test_downgrade_leaves_nothing(sqlite_url: str) -> None:
    from alembic import command

    import migrations

    engine = db.make_engine(sqlite_url)
    with engine.begin() as connection:
        command.downgrade(migrations.alembic_config(connection), "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_sqlite_is_set_up_for_several_processes(sqlite_url: str) -> None:
    with db.sessions_for(sqlite_url)() as session:
        said = {
            name: session.execute(sa.text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "foreign_keys")
        }
    assert said == {"journal_mode": "wal", "foreign_keys": 1}


def test_a_sqlite_writer_holds_the_lock_from_its_first_line(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    other = sa.create_engine(sqlite_url, connect_args={"timeout": 0})
    with sessions() as session, session.begin():
        session.execute(sa.text("SELECT 1"))
        with other.connect() as connection, pytest.raises(sa.exc.OperationalError, match="locked"):
            connection.exec_driver_sql("INSERT INTO heartbeats (name, at) VALUES ('x', CURRENT_TIMESTAMP)")
        with db.reading(sessions) as reader:
            assert reader.execute(sa.text("SELECT count(*) FROM heartbeats")).scalar_one() == 0
    other.dispose()


def test_a_thread_that_waits_to_write_is_not_passed_by_those_that_come_later(sqlite_url: str) -> None:
    sessions, begun, wrote = db.sessions_for(sqlite_url), Event(), list[str]()

    def write(name: str, times: int = 1) -> None:
        for _ in range(times):
            with sessions.begin() as session:
                session.execute(sa.text("SELECT 1"))
                begun.set()
                wrote.append(name)
                time.sleep(0.02)

    with ThreadPoolExecutor(2) as pool:
        busy = pool.submit(write, "busy", 20)
        begun.wait(10)
        pool.submit(write, "waits").result()
        busy.result()
    assert wrote.index("waits") < 5


def test_a_connection_that_writes_twice_does_not_wait_for_itself(sqlite_url: str) -> None:
    engine = db.make_engine(sqlite_url)
    with engine.connect() as connection:
        for name in ("a", "b"):
            with connection.begin():
                connection.execute(sa.text("INSERT INTO heartbeats (name, at) VALUES (:name, 0)"), {"name": name})
    engine.dispose()


def test_what_a_server_has_prepared_outlives_a_reading(postgres_url: str) -> None:
    sessions = db.sessions_for(postgres_url)
    for _ in range(8):  # a statement is prepared when it comes for the sixth time
        with db.reading(sessions) as session:
            session.execute(sa.select(FeedRow.id))
    with db.reading(sessions) as session:
        kept = session.scalars(sa.text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("FROM feeds" in statement for statement in kept)


def test_a_server_hands_out_times_in_utc_whatever_its_own_zone_is(postgres_url: str) -> None:
    url = f"{postgres_url}?options=-c%20timezone%3DAsia/Ho_Chi_Minh"
    try:
        with db.reading(db.sessions_for(url)) as session:
            assert session.scalar(sa.text("SELECT now()")).tzinfo is dt.UTC
    finally:
        db.close(url)


def test_foreign_keys_are_kept(sessions: sessionmaker[Session]) -> None:
    statement = sa.text("INSERT INTO call_pairs (call_id, pair) VALUES ('nobody', 'RU-US')")
    with sessions() as session, pytest.raises(sa.exc.IntegrityError):
        session.execute(statement)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("nonsense", "database URL .* cannot be read"),
        ("mysql://localhost/x", "mysql, which is not supported"),
        ("sqlite:////proc/nothing/x.sqlite", "cannot open the database"),
    ],
)
def test_a_database_that_cannot_be_used_gives_one_line(url: str, word: str) -> None:
    with pytest.raises(UsageError, match=word) as caught:
        db.migrate(url)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_gives_one_line(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Kính gửi tòa soạn, " * 100)
    with pytest.raises(UsageError, match=r"letter\.sqlite: file is not a database; name another file$"):
        db.migrate(f"sqlite:///{path}")


def test_a_file_that_another_program_has_open_is_seen_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.commit()
        assert b"bookmarks" not in path.read_bytes()  # still in its journal
        with pytest.raises(UsageError, match="other tables, such as bookmarks"):
            db.migrate(f"sqlite:///{path}")
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


def test_a_database_of_a_newer_program_gives_one_line(database_url: str) -> None:
    with db.sessions_for(database_url).begin() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UsageError, match=r"was made by another version of redphone .*9999") as caught:
        db.migrate(database_url)
    assert "\n" not in str(caught.value)


def test_a_file_that_another_process_keeps_locked_is_not_called_unusable(sqlite_url: str) -> None:
    def write() -> None:
        with db.explained(sqlite_url), sa.create_engine(sqlite_url, connect_args={"timeout": 0}).begin() as connection:
            connection.exec_driver_sql("INSERT INTO heartbeats (name, at) VALUES ('x', CURRENT_TIMESTAMP)")

    with db.sessions_for(sqlite_url).begin() as session:
        session.connection()
        with pytest.raises(ServiceDownError, match="is locked by another program"):
            write()


def test_a_server_that_went_without_a_word_is_given_up_and_a_url_may_say_when(postgres_url: str) -> None:
    for url, idle in ((postgres_url, "5"), (f"{postgres_url}?keepalives_idle=7", "7")):
        engine = db.make_engine(url)
        with engine.connect() as connection:
            used = connection.connection.driver_connection
            assert used is not None
            said = used.info.get_parameters()
        engine.dispose()
        assert (said["keepalives_idle"], said["keepalives_count"], said["tcp_user_timeout"]) == (idle, "3", "20000")


def test_a_question_that_takes_too_long_is_given_up_in_one_line(postgres_url: str) -> None:
    sessions = db.sessions_for(postgres_url)
    db.give_up_after(sessions, 0.05)
    late = pytest.raises(ServiceDownError, match="takes too long to answer")
    with late, db.explained(postgres_url), db.reading(sessions) as session:
        session.execute(sa.text("SELECT pg_sleep(20)"))


def test_a_server_that_is_down_is_told_without_its_password() -> None:
    with pytest.raises(ServiceDownError, match="cannot be reached") as caught:
        db.migrate(f"postgresql://me:secret@127.0.0.1:{free_port()}/x")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_on_postgresql_a_question_for_many_values_is_the_same_as_for_few(sessions: sessionmaker[Session]) -> None:
    said: list[str] = []
    engine = sessions.kw["bind"]
    sa.event.listen(engine, "before_cursor_execute", lambda *of: said.append(str(of[2])))
    with db.reading(sessions) as session:
        for names in (["a"], ["a", "b", "c"], []):
            query = sa.select(HostRow.name).where(db.among(session, HostRow.name, names))
            assert session.scalars(query).all() == []
    asked = {words for words in said if words.startswith("SELECT")}
    assert len(asked) == (1 if engine.dialect.name == "postgresql" else 3)


def test_among_finds_what_it_is_asked_for(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all(HostRow(name=name) for name in "abc")
        query = sa.select(HostRow.name).where(db.among(session, HostRow.name, ["c", "a", "x"]))
        assert sorted(session.scalars(query)) == ["a", "c"]


def test_connections_that_a_crowd_opened_are_kept(postgres_url: str) -> None:
    def crowd() -> set[int]:
        with ExitStack() as opened:
            sessions = [opened.enter_context(factory()) for _ in range(db.CONNECTIONS)]
            return {session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one() for session in sessions}

    factory = db.sessions_for(postgres_url)
    assert crowd() == crowd()


def test_reading_opens_no_transaction_on_a_server(postgres_url: str) -> None:
    moment = sa.text("SELECT transaction_timestamp()")
    with db.reading(db.sessions_for(postgres_url)) as session:
        assert session.execute(moment).scalar_one() < session.execute(moment).scalar_one()


def test_connections_that_died_at_rest_are_opened_anew(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "REST", -1.0)
    first, other = (db.make_engine(postgres_url) for _ in range(2))
    with first.connect() as one, first.connect() as two:
        mine = [connection.scalar(sa.text("SELECT pg_backend_pid()")) for connection in (one, two)]
    with other.begin() as connection:
        for process in mine:
            connection.execute(sa.text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
    with first.connect() as one, first.connect() as two:
        now = [connection.scalar(sa.text("SELECT pg_backend_pid()")) for connection in (one, two)]
    assert not set(now) & set(mine)
    for engine in (first, other):
        engine.dispose()


def test_connections_in_use_are_not_asked_before_each_transaction(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = db.make_engine(postgres_url)
    asked: list[object] = []
    monkeypatch.setattr(engine.dialect, "do_ping", asked.append)
    for rest, times in ((1e9, 0), (-1.0, 3)):
        monkeypatch.setattr(db, "REST", rest)
        for _ in range(3):
            with engine.connect() as connection:
                assert connection.scalar(sa.text("SELECT 1")) == 1
        assert len(asked) == times
    engine.dispose()
