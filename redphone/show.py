"""Tables for people, JSON lines for programs, over the stored history."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from rich.table import Table
from rich.text import Text
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from redphone import views
from redphone.articles import read_articles
from redphone.explain import explained
from redphone.lines import encode
from redphone.terminal import Terminal
from services.ingest.urls import key_of
from services.notify.voice import short_id
from services.notify.wording import phrase
from shared import db
from shared.errors import UsageError
from shared.names import LANGUAGES
from shared.records import Article
from shared.settings import Settings, load_settings
from shared.tables import ArticleRow, CallRow, ReportRow

Answer = TypeVar("Answer")
View: TypeAlias = Literal["calls", "articles", "feeds", "alerts"]

_QUERIES: dict[View, Callable[[Session, int | None], Sequence[msgspec.Struct]]] = {
    "calls": views.calls,
    "articles": views.articles,
    "alerts": views.alerts,
}
_ROWS: dict[View, type[msgspec.Struct]] = {
    "calls": views.CallView,
    "articles": views.ArticleView,
    "feeds": views.FeedView,
    "alerts": views.AlertView,
}
_COLUMNS: dict[View, tuple[str, ...]] = {
    "calls": ("call_id", "date", "participants", "status", "duration", "articles"),
    "articles": ("id", "article", "published_at", "outlet", "title", "state", "verdicts"),
    "feeds": ("outlet", "url", "state", "last_success_at", "next_poll_at", "interval_s", "entries_a_day", "error"),
    "alerts": ("id", "kind", "call_id", "state", "sent_at", "headline"),
}
#: Columns of codes, and the status page's words for them: another language's table has those, programs have the codes.
_WORDS: dict[tuple[View, str], str] = {
    ("calls", "status"): "status_{}",
    ("alerts", "kind"): "kind_{}",
    ("alerts", "state"): "alert_{}",
}
TABLE_LIMIT = 50  # of what grows from day to day; feeds are those that the desk watches, and are all shown


def listing(view: View, as_json: bool, limit: int | None, *, as_csv: bool = False) -> None:
    """Print one view of the database that the settings name. Raises UsageError for two forms at once."""
    if as_json and as_csv:
        raise UsageError("--json and --csv are two forms: ask for one")
    settings = load_settings()
    most = limit or (None if as_json or as_csv or view == "feeds" else TABLE_LIMIT)
    rows = _feeds(settings, most) if view == "feeds" else opened(settings, lambda s: _QUERIES[view](s, most))
    if as_json:
        sys.stdout.writelines(encode(row) + "\n" for row in rows)
    elif as_csv:
        _write_csv(rows, _ROWS[view])
    else:
        Terminal().print(_table(view, rows, settings))


def _feeds(settings: Settings, limit: int | None) -> Sequence[msgspec.Struct]:
    """The feeds of the database, if there is one yet, and of the catalogue. Raises UsageError for a bad feeds file."""
    from services.ingest import config  # brings the web client, which no other list needs

    if has_history(settings.database_url):
        return views.with_catalogue(opened(settings, views.feeds), config.feeds(settings), limit)
    catalogue, where = config.feeds(settings), db.parse_url(settings.database_url).database
    sys.stderr.write(f"redphone: no history at {where} yet: these are the feeds that `redphone run` will poll\n")
    return views.with_catalogue((), catalogue, limit)


def opened(settings: Settings, work: Callable[[Session], Answer]) -> Answer:
    """Do something that reads, on the settings' database, brought to the newest schema first where it is SQLite.

    Raises UsageError where there is no such file: looking makes no history.
    """
    url = settings.database_url
    require_history(url)
    db.prepare_reading(url)
    with db.explained(url), db.reading(db.sessions_for(url)) as session:
        return work(session)


def prepare(url: str) -> None:
    """An embedded database migrates by itself; a server's is migrated once, by `redphone db migrate`."""
    if db.parse_url(url).drivername == "sqlite":
        db.migrate(url)


def require_history(url: str) -> None:
    """Raise UsageError for a SQLite file that is not there, before opening it would make it."""
    if not has_history(url):
        path = db.parse_url(url).database
        raise UsageError(f"no history at {path}; `redphone run` or `redphone replay --into` makes one")


def has_history(url: str) -> bool:
    """Whether there is anything to read: a server answers for itself, a SQLite file is there or not. Raises UsageError
    where it may not be looked for."""
    parsed = db.parse_url(url)
    try:
        return parsed.drivername != "sqlite" or not parsed.database or Path(parsed.database).exists()
    except OSError as error:
        raise UsageError(db.cannot_open(parsed, error.strerror or str(error))) from error


def explain(what: str) -> None:
    """Explain the articles of a file, a stored article by its address, id or key, or all articles of a stored call."""
    found = read_articles(what) if what == "-" or _is_path(what) else _stored(what)
    console = Terminal(highlight=False)
    for article in found:
        for line in explained(article):
            console.print(line, soft_wrap=True)
        console.print()


def _is_path(what: str) -> bool:
    """Whether there is such a file or folder. Raises PermissionError where it may not be looked for."""
    try:
        return Path(what).exists()
    except PermissionError:
        raise
    except OSError:  # longer than a path can be: an article's address may be
        return False


def _stored(what: str) -> list[Article]:
    settings = load_settings()
    rows = opened(settings, lambda session: _find(session, what)) if has_history(settings.database_url) else []
    if not rows:
        raise UsageError(
            f"{what}: neither a file nor the id of a stored article; check the path, or see redphone articles for ids"
        )
    return [
        Article(
            id=row.key, title=row.title, summary=row.summary, text=row.text, published_at=row.published_at, url=row.url
        )
        for row in rows
    ]


def _find(session: Session, what: str) -> Sequence[ArticleRow]:
    """What is meant, the surest reading first: a key or an address, a row's id, a file's number, a call."""
    query = select(ArticleRow).order_by(ArticleRow.published_at, ArticleRow.id)
    found = session.scalars(query.where(ArticleRow.key.in_((what, key_of(what))))).all()
    if not found and what.isdecimal() and len(what) < 19 and str(int(what)) == what:  # "003" is the number of a file
        found = session.scalars(query.where(ArticleRow.id == int(what))).all()
    if not found:
        numbered = session.scalars(query.where(ArticleRow.key.startswith(f"{what}_", autoescape=True))).all()
        found = [row for row in numbered if short_id(row.key) == what]
    call = select(func.coalesce(CallRow.merged_into, CallRow.id)).where(CallRow.id == what)
    told = select(ReportRow.article_id).where(ReportRow.call_id.in_(call))
    return found or session.scalars(query.where(ArticleRow.id.in_(told))).all()


def _write_csv(rows: Sequence[msgspec.Struct], kind: type[msgspec.Struct]) -> None:
    """All columns, with their names in the first line also where there is no row; lists are joined by "|"."""
    written = csv.writer(sys.stdout, lineterminator="\n")
    written.writerow(kind.__struct_fields__)
    for row in rows:
        written.writerow(_flat(value) for value in msgspec.structs.astuple(row))


def _flat(value: object) -> object:
    if isinstance(value, list):
        return "|".join("" if item is None else str(item) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _table(view: View, rows: Sequence[msgspec.Struct], settings: Settings) -> Table:
    zone = ZoneInfo(settings.timezone)
    table = Table(box=None, pad_edge=False)
    for name, heading in zip(_COLUMNS[view], _headings(view, settings), strict=True):
        # an address is what `feeds pause` and `feeds check` are given: folded where the terminal is narrow, never cut
        table.add_column(heading, overflow="fold" if name == "url" else "ellipsis")
    for row in rows:
        cells = ((name, getattr(row, name)) for name in _COLUMNS[view])
        table.add_row(*(Text(_cell(_in_words(view, name, value, settings), zone)) for name, value in cells))
    return table


def _in_words(view: View, column: str, value: object, settings: Settings) -> object:
    """A code as a table in the desk's language has it; in English the code is the word, as the commands say it."""
    if settings.language == "en" or (view, column) not in _WORDS:
        return value
    from services.status.wording import phrases  # no list of a desk that reads English needs it

    known = phrases().get(_WORDS[view, column].format(value))
    return known[LANGUAGES.index(settings.language)] if known else value


def _headings(view: View, settings: Settings) -> list[str]:
    """The columns' names in the desk's language; the first column of times names the zone of all."""
    names = [phrase(f"heading_{name}", settings.language) for name in _COLUMNS[view]]
    times = [place for place, name in enumerate(_COLUMNS[view]) if name.endswith("_at")]
    for place in times[:1]:
        names[place] += f"\n({settings.timezone})"
    return names


def _cell(value: object, zone: ZoneInfo) -> str:
    if value is None:
        return "–"
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, list):
        return ", ".join(str(item or "?") for item in value)
    return str(value)
