"""`redphone reclassify`: every stored article read again by the rules of today; nobody is alerted.

Article by article, each in a transaction of its own, beside workers that run: what was stopped goes on where it was.
The dry run does the same on a copy of the history in a temporary file, so that it says exactly what would change.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session, sessionmaker

from redphone.lines import encode
from redphone.progress import counted
from redphone.show import prepare, require_history
from redphone.views import CallView, calls
from services.classify import store
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from services.classify.tasks import read_again
from shared import db
from shared.clock import utc_now
from shared.errors import ServiceDownError
from shared.settings import load_settings
from shared.tables import ArticleRow, CallPairRow, CallRow, FeedRow, HandRow, ReportRow

#: What history is made of, in an order in which a row never comes before one that it points to; a call may.
TABLES = (FeedRow, ArticleRow, CallRow, CallPairRow, ReportRow, HandRow)
CHUNK = 1000


class Difference(msgspec.Struct, frozen=True):
    """A field of a call that is another than before; of a call that is new or gone, nothing stands on one side."""

    field: str
    before: str
    after: str


class CallChange(msgspec.Struct, frozen=True):
    """A call that is another than before: "new", "gone" (withdrawn or part of another) or "changed"."""

    call_id: str
    change: str
    fields: list[Difference]


def reclassify(*, dry_run: bool, as_json: bool) -> None:
    """Read everything again and print the calls that changed. Raises ServiceDownError where articles could not be
    read; the others are."""
    url = load_settings().database_url
    require_history(url)
    prepare(url)
    with db.explained(url):
        sessions = db.sessions_for(url)
        if dry_run:
            with _copy(sessions) as copied:
                before, after, troubles = _read(copied, keep_run=False)
        else:
            before, after, troubles = _read(sessions, keep_run=True)
    changes = differences(before, after)
    if as_json:
        sys.stdout.writelines(encode(change) + "\n" for change in changes)
    else:
        sys.stdout.writelines(f"{line}\n" for line in _told(changes, len(after), dry_run))
    if troubles:
        raise ServiceDownError(f"{len(troubles)} articles could not be read again, the first: {troubles[0]}")


def _read(
    sessions: sessionmaker[Session], *, keep_run: bool
) -> tuple[Mapping[str, CallView], Mapping[str, CallView], list[str]]:
    """The calls before and after, and the articles that could not be read."""
    before, troubles = _calls(sessions), []
    run, done = None, 0
    if keep_run:
        with sessions.begin() as session:
            run, done = store.rereading(session, utc_now())
    with db.reading(sessions) as session:
        ids, emptied = store.read_before(session, done), store.emptied(session)
    if emptied:
        some = "1 article is" if emptied == 1 else f"{emptied} articles are"
        sys.stderr.write(f"{some} not read again: the text went (REDPHONE_KEEP_TEXT_DAYS), and proved no call\n")
    if done:
        sys.stderr.write(f"going on behind article {done}: an earlier run was stopped there\n")
    by_rules = partial(extract, lexicon=load_lexicon())
    for article_id in counted(ids, "read again"):
        trouble = read_again(sessions, article_id, utc_now(), by_rules, run)
        if trouble is not None:
            troubles.append(f"article {article_id}: {trouble}")
    if run is not None:
        with sessions.begin() as session:
            store.finished(session, run, utc_now())
    return before, _calls(sessions), troubles


def _calls(sessions: sessionmaker[Session]) -> dict[str, CallView]:
    with db.reading(sessions) as session:
        return {call.call_id: call for call in calls(session, None)}


@contextmanager
def _copy(sessions: sessionmaker[Session]) -> Iterator[sessionmaker[Session]]:
    """The history in a temporary file, read as it was at one moment."""
    with tempfile.TemporaryDirectory(prefix="redphone-") as folder:
        url = f"sqlite:///{Path(folder) / 'copy.sqlite'}"
        db.migrate(url)
        try:
            copied = db.sessions_for(url)
            with db.snapshot(sessions) as source, copied.begin() as target:
                target.execute(text("PRAGMA defer_foreign_keys = ON"))
                for table in TABLES:
                    columns: Any = table.__table__
                    rows = source.execute(select(columns).execution_options(yield_per=CHUNK)).mappings()
                    for chunk in rows.partitions(CHUNK):
                        target.execute(insert(columns), [dict(row) for row in chunk])
            yield copied
        finally:
            db.close(url)


def differences(before: Mapping[str, CallView], after: Mapping[str, CallView]) -> list[CallChange]:
    """The calls that are others than before, by the order in which they stood, new ones last."""
    found = []
    for call_id in dict.fromkeys([*before, *after]):
        old, new = before.get(call_id), after.get(call_id)
        fields = [
            Difference(field, one, other)
            for field in CallView.__struct_fields__[1:]
            if (one := _value(old, field)) != (other := _value(new, field))
        ]
        if fields:
            found.append(CallChange(call_id, "new" if old is None else "gone" if new is None else "changed", fields))
    return found


def _value(call: CallView | None, field: str) -> str:
    value = getattr(call, field) if call is not None else None
    if isinstance(value, list):
        return ", ".join("?" if item is None else str(item) for item in value)
    return "" if value is None else str(value)


def _told(changes: list[CallChange], total: int, dry_run: bool) -> Iterator[str]:
    is_, changed = ("would be", "would change") if dry_run else ("is", "changed")
    for change in changes:
        shown = {one.field: one for one in change.fields}
        if change.change == "changed":
            for field, one in shown.items():
                yield f"{change.call_id}: {field}: {one.before or '–'} → {one.after or '–'}"
        else:
            values = [(shown[f].after or shown[f].before) for f in ("participants", "date", "status") if f in shown]
            yield f"{change.call_id}: {is_} {change.change}: {', '.join(filter(None, values))}"
    yield f"{len(changes)} of {total} calls {changed}" if changes else f"no call {changed}; there are {total}"
