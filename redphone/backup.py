"""`redphone db backup FILE` and `redphone db restore FILE`: everything in one file, whatever the database.

A backup is a SQLite file with the program's own tables, of PostgreSQL too: every command can look into it
(`REDPHONE_DATABASE_URL=sqlite:///FILE`), and it moves a history from one kind of database to the other. What is written
takes its name only when it is whole.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    create_engine,
    func,
    insert,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.orm import sessionmaker

import migrations
from redphone.show import require_history
from shared import db
from shared.clock import utc_now
from shared.errors import ServiceDownError, UsageError
from shared.settings import load_settings
from shared.tables import AnnouncementRow, Base, PauseRow

BATCH = 1000
PATIENCE_S = 30.0
COUNTED = {
    "articles": "SELECT count(*) FROM articles",
    "calls": "SELECT count(*) FROM calls",
    "messages": "SELECT count(*) FROM announcements",
}
WHY = "restored from a backup: what was said since may be said again"


def backup(file: str, *, force: bool) -> None:
    """Write the settings' database into a file, as it is at one moment, while others write on.

    Raises UsageError for a file that is there already (without `force`) or cannot be written, ServiceDownError for a
    database that does not answer; then no file is left behind.
    """
    url, target = load_settings().database_url, Path(file)
    require_history(url)
    if target.exists() and not force:
        raise UsageError(f"{target} is there already: name another file, or say --force")
    _refuse_itself(url, target)
    with _written_whole(target) as part:
        if db.parse_url(url).drivername == "sqlite":
            _revision(url)
            with db.explained(url), _sqlite_errors(target):
                _copy_file(url, part)
        else:
            _dump(url, part)
        said = _summary(part)
    sys.stdout.write(f"{target}: {said}\n")


def restore(file: str, *, force: bool) -> None:
    """Put a backup into the settings' database, all of it or nothing, brought to the newest schema; and pause posting,
    since what was said after the backup is not known any more.

    Raises UsageError for a file that is no backup, is damaged or was made by a newer program, and for a database that
    holds a history already (without `force`, by which that is lost).
    """
    url, source = load_settings().database_url, Path(file)
    if not source.is_file():
        raise UsageError(f"{source}: there is no such file; redphone db backup writes one")
    _refuse_itself(url, source)
    _refuse_damaged(source)
    _revision(f"sqlite:///{source}")
    _refuse_full(url, force=force)
    beside = _folder(url)
    with db.explained(url), _copy_made_ready(source, beside) as copy:
        if beside is None:
            _load(copy, url)
        else:
            _lay(copy, url)
    sys.stdout.write(
        f"restored from {source}: {_summary(source)}\n"
        "posting to the desk is paused: look at redphone alerts, then redphone resume notify\n"
    )


# --- what is refused -----------------------------------------------------------------------------------------------


def _refuse_itself(url: str, file: Path) -> None:
    parsed = db.parse_url(url)
    if parsed.drivername == "sqlite" and Path(parsed.database or "").absolute() == file.absolute():
        raise UsageError(f"{file} is the database itself: name another file")


def _revision(url: str) -> str:
    """The schema of a SQLite file of ours. Raises UsageError for one that is not, or is of a newer program."""
    revision, path = db.own_revision(db.parse_url(url)), db.parse_url(url).database
    if revision is None:
        raise UsageError(f"{path} holds no history of redphone")
    _refuse_newer(str(path), revision)
    return revision


def _refuse_newer(where: str, revision: str) -> None:
    known = migrations.revisions()
    if revision not in known:
        raise UsageError(
            f"{where} was made by a newer redphone (schema {revision}, this one knows {known[0]}): use that version"
        )


def _folder(url: str) -> Path | None:
    """The folder of a SQLite database, made where it is missing; None for a server."""
    parsed = db.parse_url(url)
    if parsed.drivername != "sqlite":
        return None
    folder = Path(parsed.database or "").absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(db.cannot_open(parsed, error.strerror or str(error))) from error
    return folder


def _refuse_damaged(file: Path) -> None:
    try:
        with closing(db.open_for_reading(db.parse_url(f"sqlite:///{file}"))) as connection:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise UsageError(f"{file} is damaged: {said.splitlines()[-1]}; take another backup")


def _refuse_full(url: str, *, force: bool) -> None:
    """Raise UsageError where the database holds a history that nobody said may go."""
    parsed = db.parse_url(url)
    if parsed.drivername == "sqlite" and (not Path(parsed.database or "").exists() or db.own_revision(parsed) is None):
        return
    engine = db.make_engine(url)
    try:
        with db.explained(url), engine.connect() as connection:
            begun = inspect(connection).has_table("announcements")
            counts = {name: connection.execute(text(query)).scalar_one() for name, query in COUNTED.items() if begun}
    finally:
        engine.dispose()
    if any(counts.values()) and not force:
        held = ", ".join(f"{count} {name}" for name, count in counts.items())
        raise UsageError(f"the database holds a history already ({held}): back it up, then say --force to replace it")


# --- files ---------------------------------------------------------------------------------------------------------


@contextmanager
def _written_whole(target: Path) -> Iterator[Path]:
    """A file beside the target that becomes it at the end; gone where that does not come. Raises UsageError where it
    cannot be written."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _sqlite_errors(target):
            yield part
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(target)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror}); name another file") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _sqlite_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise UsageError(f"{target}: cannot be written ({error}); name another file") from error


@contextmanager
def _copy_made_ready(source: Path, beside: Path | None) -> Iterator[Path]:
    """A copy of a backup that can be restored, gone at the end. It lies in the folder of the database, whose place it
    takes; for a server in that of the backup, which has room for one: a container's /tmp has not. Raises UsageError
    where there is no room."""
    own = source.absolute().parent
    place = beside or (own if os.access(own, os.W_OK) else Path(tempfile.gettempdir()))
    try:
        folder = tempfile.TemporaryDirectory(prefix=".redphone-", dir=place)
    except OSError as error:
        raise UsageError(f"{place}: no copy of the backup can be laid there ({error.strerror})") from error
    with folder:
        copy = Path(folder.name) / "copy.sqlite"
        try:
            _copy_file(f"sqlite:///{source}", copy)
            _make_ready(f"sqlite:///{copy}")
        except (sqlite3.Error, DBAPIError) as error:
            said, size = getattr(error, "orig", error), source.stat().st_size / 1e6
            raise UsageError(f"{place}: no copy of the backup, of {size:.1f} MB, can be made there ({said})") from error
        yield copy


def _copy_file(url: str, target: Path) -> None:
    """Copy a SQLite database as it is at one moment, its journal included, into one file without a journal."""
    with closing(db.open_for_reading(db.parse_url(url))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy, progress=_patiently(target))
        copy.execute("PRAGMA journal_mode = DELETE")


def _patiently(target: Path) -> Callable[[int, int, int], None]:
    """SQLite tries for ever where another program keeps the file locked; this ends it."""
    end = time.monotonic() + PATIENCE_S

    def look(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > end:
            raise ServiceDownError(f"the database {target} is locked by another program")

    return look


def _lay(copy: Path, url: str) -> None:
    """Put a SQLite file where the settings have the database; into one that is there, as one transaction."""
    place = Path(db.parse_url(url).database or "").absolute()
    if not place.exists():
        copy.replace(place)
        return
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(place)) as target:
        source.backup(target, progress=_patiently(place))


def _make_ready(url: str) -> None:
    """Bring a copy to the newest schema. What waited to be posted, or was held until an hour that is past, is sought in
    its channel first, for it may have gone out after the backup; and a person has to say that posting goes on."""
    db.migrate(url)
    now = utc_now()
    with db.sessions_for(url).begin() as session:
        held_until = (AnnouncementRow.state == "held") & (AnnouncementRow.next_attempt_at <= now)
        may_be_out = or_(AnnouncementRow.state == "waiting", held_until), AnnouncementRow.kind != "edit"
        session.execute(update(AnnouncementRow).where(*may_be_out).values(state="unknown", next_attempt_at=now))
        session.add(PauseRow(by="redphone db restore", reason=WHY, since=now))
    db.close(url)


def _summary(file: Path) -> str:
    with closing(db.open_for_reading(db.parse_url(f"sqlite:///{file}"), as_it_lies=True)) as connection:
        counts = [f"{connection.execute(query).fetchone()[0]} {name}" for name, query in COUNTED.items()]
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    return f"{', '.join(counts)}; schema {revision}, {file.stat().st_size / 1e6:.1f} MB"


# --- from and to PostgreSQL ----------------------------------------------------------------------------------------


class _JsonText(TypeDecorator[str]):
    """JSON as it is written, so that "nothing" stays apart from the JSON value null on both databases."""

    impl = Text
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> ColumnElement[Any]:
        """A value on its way in."""
        return cast(bindparam, Text().with_variant(JSONB(), "postgresql"))

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A value on its way out."""
        return cast(column, Text())

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it is."""
        return value


def _tables() -> list[Table]:
    """The program's tables, those that others point to first, with their JSON as text."""
    plain = MetaData()
    for table in Base.metadata.sorted_tables:
        copy = table.to_metadata(plain)
        for column in copy.columns:
            if isinstance(column.type, JSON):
                column.type = _JsonText()
    return plain.sorted_tables


def _dump(url: str, part: Path) -> None:
    """Write PostgreSQL's rows, as they are at one moment, into a SQLite file of the same schema."""
    source, engine = db.make_engine(url), create_engine(f"sqlite:///{part}")
    try:
        with db.explained(url), db.snapshot(sessionmaker(source)) as session:
            revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            _refuse_newer("the database", revision)
            with engine.begin() as target:
                migrations.upgrade(target, revision)
                _copy_rows(session.connection(), target)
    finally:
        engine.dispose()
        source.dispose()


def _load(copy: Path, url: str) -> None:
    """Replace what PostgreSQL holds by the rows of a SQLite file, in one transaction."""
    db.migrate(url)
    source, target = create_engine(f"sqlite:///{copy}"), db.make_engine(url)
    try:
        with source.connect() as rows, target.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_S:.0f}s'"))
            connection.execute(text(f"TRUNCATE {', '.join(table.name for table in _tables())}"))
            _copy_rows(rows, connection)
            _count_on(connection)
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise ServiceDownError("the database is in use: stop the workers, then restore again") from error
        raise
    except DataError as error:  # SQLite keeps any length
        said = str(error.orig).strip().splitlines()[0]
        raise UsageError(f"the backup holds what PostgreSQL does not take ({said}): nothing was changed") from error
    finally:
        source.dispose()
        target.dispose()


def _copy_rows(source: Connection, target: Connection) -> None:
    """Copy all rows, table by table, a batch at a time."""
    there = inspect(source)
    for table in _tables():
        if not there.has_table(table.name):
            continue
        known = {each["name"] for each in there.get_columns(table.name)}
        columns = [each for each in table.columns if each.name in known]
        query = select(*columns).order_by(*table.primary_key.columns)
        # not the model's own table, whose defaults would fill columns that an older schema does not have
        laid = sql_table(table.name, *(sql_column(each.name, each.type) for each in columns))
        own = _own_references(table)
        later: list[dict[str, Any]] = []
        for rows in source.execute(query, execution_options={"yield_per": BATCH}).mappings().partitions():
            plain = [dict(row) for row in rows]
            later += [_taken_out(row, table, own) for row in plain if any(row[column.name] for column in own)]
            target.execute(insert(laid), plain)
        _point(target, table, own, later)


def _own_references(table: Table) -> list[Column[Any]]:
    """The columns that point to rows of the same table: such a row may come later."""
    return [c for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]


def _taken_out(row: dict[str, Any], table: Table, own: list[Column[Any]]) -> dict[str, Any]:
    """Empty what points to rows of the same table; returns what has to be set when all are there."""
    keys = {f"key_{column.name}": row[column.name] for column in table.primary_key.columns}
    later = {f"to_{column.name}": row[column.name] for column in own}
    row.update({column.name: None for column in own})
    return keys | later


def _point(target: Connection, table: Table, own: list[Column[Any]], rows: list[dict[str, Any]]) -> None:
    if rows:
        keys = [column == bindparam(f"key_{column.name}") for column in table.primary_key.columns]
        values: dict[str, Any] = {column.name: bindparam(f"to_{column.name}") for column in own}
        target.execute(update(table).where(*keys).values(values), rows)


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL's sequences go on behind the rows that came with their numbers."""
    for table in _tables():
        for column in table.primary_key.columns:
            if isinstance(column.type, Integer) and not column.foreign_keys:
                sequence, last = func.pg_get_serial_sequence(table.name, column.name), func.max(column)
                connection.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))
