"""The database: engines, sessions and migrations, the same on SQLite and PostgreSQL.

Engines are made on first use in each process and never cross a fork. On SQLite a transaction starts with
`BEGIN IMMEDIATE`, so that "read, decide, write" holds the write lock from its first line, and the threads of a process
take turns; a reader that does not want it asks with :func:`reading`. On PostgreSQL the services take their locks
themselves.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, ColumnElement, Connection, Engine, any_, create_engine, event, literal, make_url
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from shared.errors import ServiceDownError, UsageError
from shared.turns import Turns

BUSY_TIMEOUT_MS = 30_000
#: A server that went without a word (its machine is off, a cable is cut) is given up after some twenty seconds; by the
#: system's own choice a worker would wait for hours (https://www.postgresql.org/docs/current/libpq-connect.html).
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
READING = "redphone_reading"
TURN = "redphone_turn"
RESTED = "redphone_rested"
#: Seconds after which a connection that nobody used is asked whether it still stands. No server restarts in less.
REST = 0.1
#: The most connections of one process to a server. All are kept: one that is opened for a crowd and thrown away behind
#: it costs the server a process, and a plan of each question anew, just when many ask.
CONNECTIONS = 15


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


#: A report held against forty others has as many records to read: the standard library needs five times as long.
JSON_BY: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": msgspec.json.decode}


def parse_url(url: str | URL) -> URL:
    """Read a database URL; `postgresql://` means psycopg 3. Raises UsageError where it is no URL that we support, or
    none because there is no place for a file; the line does not repeat it, for a password may stand in it."""
    if not url:
        raise UsageError("there is no home folder to keep a database in: set HOME, or REDPHONE_DATABASE_URL")
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is none, brackets without an address
        raise UsageError(_bad_url("cannot be read")) from error
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise UsageError(_bad_url(f"begins with {parsed.drivername}, which is not supported"))
    if not parsed.database or "\0" in parsed.database or parsed.database == ":memory:":
        raise UsageError(_bad_url("names no file"))
    if parsed.query:
        raise UsageError(_bad_url("has a ? behind its file"))
    return parsed.set(drivername="sqlite")


def _bad_url(why: str) -> str:
    return (
        f"the database URL (REDPHONE_DATABASE_URL, or --into) {why}: "
        "write sqlite:///FILE or postgresql://USER@HOST/NAME"
    )


def make_engine(url: str) -> Engine:
    """A new engine. The folder of a SQLite file is made where it is missing."""
    parsed = parse_url(url)
    try:
        return _sqlite_engine(parsed) if parsed.drivername == "sqlite" else _postgres_engine(parsed)
    except NoSuchModuleError as error:
        raise UsageError(f"{parsed.drivername}: {error}") from error


def _postgres_engine(url: URL) -> Engine:
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo(**dict.fromkeys(url.query, ""))
    except ProgrammingError as error:  # an option that PostgreSQL does not know
        raise UsageError(_bad_url(f"cannot be used ({str(error).strip()})")) from error
    patience = {name: value for name, value in PATIENCE.items() if name not in url.query}
    engine = create_engine(url, pool_size=CONNECTIONS, max_overflow=0, connect_args=patience, **JSON_BY)
    event.listen(engine, "connect", _prepare_postgres)
    _ask_after_a_rest(engine)
    return engine


def _prepare_postgres(connection: Any, _record: Any) -> None:
    # psycopg hands out times in the session's zone: from any other each would have to be turned into UTC by itself
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _ask_after_a_rest(engine: Engine) -> None:
    """Let a connection that lay idle be tried before it is used: after a restart of PostgreSQL the pool's connections
    are dead, and the next task should not be the one to find out. The pool's own pre-ping asks before each transaction,
    which is a twentieth of a report's time
    (https://docs.sqlalchemy.org/en/21/core/pooling.html#custom-legacy-pessimistic-ping)."""

    def lay_down(_connection: Any, record: Any) -> None:
        record.info[RESTED] = time.monotonic()

    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        now = time.monotonic()
        if now - record.info.get(RESTED, now) <= REST:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", lay_down)
    event.listen(engine, "checkout", ask)


def _sqlite_engine(url: URL) -> Engine:
    try:
        _file(url).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(cannot_open(url, error.strerror or str(error))) from error
    if _only_readable(url):
        return create_engine(url, creator=lambda: open_for_reading(url), **JSON_BY)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, **JSON_BY)
    event.listen(engine, "connect", _prepare_sqlite)
    _take_turns(engine)
    return engine


def _file(url: URL) -> Path:
    return Path(url.database or "").absolute()


def _only_readable(url: URL) -> bool:
    """Whether a SQLite file is there and may not be written, or its folder, where SQLite keeps its journal."""
    path = _file(url)
    # by the effective rights, which are those that opening goes by (access(2))
    return path.exists() and not all(os.access(place, os.W_OK, effective_ids=True) for place in (path, path.parent))


def open_for_reading(url: URL, *, as_it_lies: bool = False) -> sqlite3.Connection:
    """Open a SQLite file and write nothing, not even beside it (https://www.sqlite.org/uri.html).

    `as_it_lies`: without the journal of whoever writes it; so it is read anyway where there is no such journal.
    """
    path = _file(url)
    as_it_lies = as_it_lies or not path.with_name(path.name + "-wal").exists()
    name = f"{path.as_uri()}?mode=ro{'&immutable=1' if as_it_lies else ''}"
    return sqlite3.connect(name, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # sqlite3's own BEGIN comes late and is never IMMEDIATE; with isolation_level None we say it ourselves
    # (https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl)
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set the journal of a file, which stays with it. SQLite does not wait here for another process that sets it at the
    same moment: its busy handler is not asked (https://www.sqlite.org/c3ref/busy_handler.html)."""
    given_up = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > given_up:
                raise
        time.sleep(0.01)


def _take_turns(engine: Engine) -> None:
    """Let the threads that want to write wait for each other here: SQLite looks ten times a second whether the file is
    free (https://www.sqlite.org/c3ref/busy_timeout.html), and whoever looks at the wrong moments waits for all others.
    Other processes are waited for as SQLite does it, so a writer may wait for both. A thread that keeps a connection
    which has written must not write by a second one: it would wait for itself."""
    turns = Turns()

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(READING, False):
            connection.exec_driver_sql("BEGIN")
            return
        connection.info[TURN] = connection.info.get(TURN, False) or turns.take(BUSY_TIMEOUT_MS / 1000)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def give_back(_connection: Any, record: Any) -> None:
        if record.info.pop(TURN, False):
            turns.pass_on()

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", give_back)


_factories: dict[tuple[int, str], sessionmaker[Session]] = {}


def sessions_for(url: str) -> sessionmaker[Session]:
    """The session factory for a database, made on first use in each process (an engine must not cross a fork)."""
    key = (os.getpid(), url)
    if key not in _factories:
        _factories[key] = sessionmaker(make_engine(url), expire_on_commit=False)
    return _factories[key]


def give_up_after(sessions: sessionmaker[Session], seconds: float) -> None:
    """From now on a question to a server that takes longer than that is an error (`statement_timeout`): a lock that
    somebody holds must not hold everybody who asks. SQLite has its busy timeout."""
    engine: Engine = sessions.kw["bind"]

    def limit(connection: Any, _record: Any) -> None:
        connection.execute(f"SET statement_timeout = {round(seconds * 1000)}")
        connection.commit()

    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", limit)


def close(url: str) -> None:
    """Close this process's connections to a database; the next :func:`sessions_for` opens new ones."""
    factory = _factories.pop((os.getpid(), url), None)
    if factory is not None:
        factory.kw["bind"].dispose()


@contextmanager
def reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that only reads: on SQLite it does not wait for a writer. On PostgreSQL each question is by itself, as
    it is in any transaction of READ COMMITTED, and BEGIN and COMMIT are saved; :func:`snapshot` reads one moment."""
    with sessions() as session:
        options: dict[str, Any] = {READING: True}
        if session.get_bind().dialect.name == "postgresql":
            options["isolation_level"] = "AUTOCOMMIT"
        session.connection(execution_options=options)
        yield session
        session.commit()


def among(session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of the values; ask for some hundreds at a time, which SQLite takes.

    PostgreSQL has them as one array: so the statement is the same however many they are, and its plan, which is kept,
    reads the index. A parameter for each, planned while the table is young, reads the whole table ever after.
    """
    if session.get_bind().dialect.name != "postgresql":
        return column.in_(values)
    return column == any_(literal(list(values), ARRAY(column.type)))


@contextmanager
def snapshot(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that reads everything as it was at one moment, however long it takes, and keeps nobody from writing."""
    options: dict[str, Any] = {READING: True}
    with sessions() as session:
        if session.get_bind().dialect.name == "postgresql":  # on SQLite each read transaction is one
            options["isolation_level"] = "REPEATABLE READ"
        session.connection(execution_options=options)
        yield session


def migrate(url: str) -> None:
    """Bring the database to the newest revision; at that revision already, do nothing.

    Raises UsageError for a SQLite file that cannot be opened, is no database or is another program's, which is left as
    it is, and for a schema that only a newer program knows; ServiceDownError for a server that does not answer. Two
    processes may migrate at once: the second waits and then finds nothing to do.
    """
    from alembic.util.exc import CommandError

    import migrations

    parsed = parse_url(url)
    if parsed.drivername == "sqlite":
        own_revision(parsed)  # before the file is opened for good, which makes its journal a WAL
    engine = make_engine(url)
    with explained(url):
        try:
            with engine.begin() as connection:
                migrations.upgrade(connection)
        except CommandError as error:  # a revision that this program does not have
            raise UsageError(
                f"the database {_shown(parsed)} was made by another version of redphone ({error}): "
                "use that version, or another database"
            ) from error
        finally:
            engine.dispose()


def prepare_reading(url: str) -> None:
    """Make an embedded database ready for a command that looks only: a history of an older version is migrated, where
    it may be written; a server's is migrated by `redphone db migrate` alone.

    Raises UsageError for a SQLite file that has other tables than ours, and leaves it as it is.
    """
    parsed = parse_url(url)
    if parsed.drivername != "sqlite":
        return
    with explained(url):
        if not _only_readable(parsed):
            migrate(url)
        elif own_revision(parsed) != _newest():
            raise UsageError(f"{_shown(parsed)} is of another version of redphone and may only be read: copy it first")


def own_revision(url: URL) -> str | None:
    """The revision of a SQLite file's schema; None for one that is not there, is empty or cannot be read like this.

    Raises UsageError for a file that has other tables than ours. Nothing is written.
    """
    tables, revision = _contents(url) or _contents(url, as_it_lies=True) or (set(), None)
    others = sorted(tables - {"alembic_version"})
    if others and not {"alembic_version", "announcements"} <= tables:
        raise UsageError(
            f"{_shown(url)} is no history of redphone: it holds other tables, such as {others[0]}; name another"
        )
    return revision


def _contents(url: URL, *, as_it_lies: bool = False) -> tuple[set[str], str | None] | None:
    """The tables of a SQLite file and the revision of its schema; None where it cannot be read like this."""
    try:
        with closing(open_for_reading(url, as_it_lies=as_it_lies)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            found = "alembic_version" in tables and connection.execute("SELECT version_num FROM alembic_version")
            return tables, next((number for (number,) in found), None) if found else None
    except sqlite3.Error:  # whoever opens it for good will say what is wrong
        return None


def _newest() -> str:
    import migrations

    return migrations.revisions()[0]


def url_of(sessions: sessionmaker[Session]) -> URL:
    """Where the database of a session factory is."""
    url: URL = sessions.kw["bind"].url
    return url


@contextmanager
def explained(url: str | URL) -> Iterator[None]:
    """Turn the driver's error of a database that cannot be used into one line for a person."""
    try:
        yield
    except DBAPIError as error:
        parsed = parse_url(url)
        detail = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        if type(error.orig).__name__ == "UndefinedTable" or detail.startswith("no such table"):
            raise ServiceDownError(f"{_shown(parsed)} has no tables yet: run redphone db migrate") from error
        if parsed.drivername == "sqlite":
            if "locked" in detail:  # nothing is wrong with the file: another process has been writing for too long
                raise ServiceDownError(f"the database {_shown(parsed)} is locked by another program") from error
            raise UsageError(cannot_open(parsed, detail)) from error
        if type(error.orig).__name__ == "QueryCanceled":
            raise ServiceDownError(
                f"PostgreSQL at {_shown(parsed)} takes too long to answer: it is overloaded, or somebody holds a lock, "
                "such as a migration or VACUUM FULL"
            ) from error
        if isinstance(error, OperationalError):
            raise ServiceDownError(
                f"PostgreSQL at {_shown(parsed)} cannot be reached: {detail}; "
                "start it, or set REDPHONE_DATABASE_URL to where it runs"
            ) from error
        raise


def cannot_open(url: URL, detail: str) -> str:
    """The line for a SQLite file that cannot be opened."""
    wanted = "name another file" if "not a database" in detail else "name a file in a folder that can be written to"
    return f"cannot open the database {_shown(url)}: {detail}; {wanted}"


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
