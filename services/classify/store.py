"""The classifier's side of the database: waiting articles, the history of a pair, and what a reading adds to it.

An article is saved in one transaction that holds the locks of its pairs of countries: on PostgreSQL advisory locks
in sorted order, on SQLite the write lock that `BEGIN IMMEDIATE` takes anyway. So two workers who read two reports of
one new call make one call, and one of them says "new". Only the stretch of history that a report can touch is loaded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Table,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from services.classify import history
from services.classify.copies import Sketch
from services.classify.facts import hangs_on
from services.classify.history import Known, lock_pairs, origin_of, pairs_on, report_of
from services.classify.identity import Cluster
from services.classify.naming import numbered
from services.classify.origins import place
from services.classify.rebuild import UNTRACKED, Rebuilder
from services.classify.spans import span_of
from services.classify.verdict import judge
from services.classify.version import rules_version
from shared.clock import WENT_BACK
from shared.db import among
from shared.records import Article, Extraction, Judgement, Report, StoredReport
from shared.tables import WITHOUT_WORDS, ArticleRow, Base, CallRow, JsonColumn, ReportRow, RereadingRow, UtcDateTime

AnyRow = Row[*tuple[Any, ...]]
Moment = dt.datetime | BindParameter[Any]
#: Fifty articles that are claimed together and all tell of calls take a second, and most of this on a machine ten times
#: as busy. One that takes longer is read by two, which does no harm: the second finds that it is done.
LEASE = dt.timedelta(seconds=12)
RETRY = dt.timedelta(seconds=10)
#: A server that goes down or is full may be back at the next tick.
RETRY_BLAMELESS = dt.timedelta(seconds=2)
MOST_ATTEMPTS = 5
#: That of a text which nobody can have read before.
FIRST_REVISION = 1
NO_ANSWER = f"given up: taken {MOST_ATTEMPTS} times without an answer; its reader was killed, or out of time or memory"
#: What a report says of itself that a later reading by other rules has found.
FOUND_AGAIN = "silent: found when its article was read again: history only"


# --- waiting articles ----------------------------------------------------------------------------------------------


def waiting(
    session: Session, now: dt.datetime, limit: int | None = None, ids: Collection[int] | None = None
) -> list[int]:
    """Ids of articles that wait to be read (of `ids`, where they are given), the oldest first; those that were taken
    before and gave no answer come last."""
    query = select(ArticleRow.id).where(ArticleRow.classify_state == "waiting", _due(now, _no_lease_ends(now)))
    if ids is not None:
        query = query.where(among(session, ArticleRow.id, ids))
    published = ArticleRow.published_at
    order = (ArticleRow.classify_attempts > 0, published.is_(None), published, ArticleRow.id)
    return list(session.scalars(query.order_by(*order).limit(limit)))


def _no_lease_ends(now: dt.datetime) -> dt.datetime:
    """After this moment no lease ends that was taken by now: such a one was taken before a clock went back."""
    return now + LEASE + WENT_BACK


def _due(now: Moment, never: Moment) -> ColumnElement[bool]:
    next_at = ArticleRow.classify_next_at
    return or_(next_at.is_(None), next_at <= now, next_at > never)


def claim(session: Session, article_id: int, now: dt.datetime) -> tuple[Article, int] | None:
    """Take an article for the length of a lease: as the extraction takes it, with the number of its revision.

    None where it does not wait any more, or not yet. The claim is counted before the article is read, since one that
    kills its reader lets nobody count afterwards; after five claims without an answer it has failed.
    """
    mine = {"of": article_id, "now": now, "never": _no_lease_ends(now)}
    row = session.execute(_TAKE, {**mine, "until": now + LEASE}, execution_options=UNTRACKED).one_or_none()
    if row is None:
        session.execute(_GIVE_UP, mine, execution_options=UNTRACKED)
        return None
    return _article(row), int(row.revision)


def article(session: Session, article_id: int) -> tuple[Article, int]:
    """An article as the extraction takes it, and the number of its revision; claimed or not."""
    row = session.get_one(ArticleRow, article_id)
    return _article(row), row.revision


class Taken(msgspec.Struct, frozen=True):
    """An article that was claimed: its id, as the extraction takes it, its revision, whether it was ever read."""

    id: int
    article: Article
    revision: int
    read: bool


def untaken(session: Session, article_ids: Collection[int]) -> list[Taken]:
    """Those of the articles that wait and that nobody took before, held until the transaction ends, the oldest first.
    One that somebody else holds at this moment is left out."""
    # by their numbers alone: an index of states would lead through all that waits
    query = select(*_TEXTS).where(among(session, ArticleRow.id, article_ids), ArticleRow.classify_attempts == 0)
    rows = session.execute(query.order_by(ArticleRow.id).with_for_update(skip_locked=True)).all()
    taken = [
        Taken(row.id, _article(row), row.revision, row.classified_at is not None)
        for row in rows
        if row.classify_state == "waiting"
    ]
    return sorted(taken, key=_oldest_first)


#: What of an article is read.
_READ = (
    ArticleRow.key,
    ArticleRow.title,
    ArticleRow.summary,
    ArticleRow.text,
    ArticleRow.published_at,
    ArticleRow.url,
    ArticleRow.outlet,
    ArticleRow.revision,
)
_TEXTS = (*_READ, ArticleRow.id, ArticleRow.classified_at, ArticleRow.classify_state)


def _oldest_first(one: Taken) -> tuple[bool, dt.datetime, int]:
    published = one.article.published_at
    return published is None, published or dt.datetime.max.replace(tzinfo=dt.UTC), one.id


def take(session: Session, article_ids: Collection[int], now: dt.datetime) -> None:
    """Claim articles that the transaction holds (:func:`untaken`), all for the length of one lease."""
    if article_ids:
        claimed = {"classify_next_at": now + LEASE, "classify_attempts": 1}
        _change(session, article_ids, claimed)


def pass_over(session: Session, article_ids: Collection[int], now: dt.datetime) -> None:
    """Write down of articles that the transaction holds (:func:`untaken`), and that were never read before, that they
    hold no word of a call."""
    if article_ids:
        read = {"classify_state": "done", "classified_at": now, "rules_version": rules_version()}
        _change(session, article_ids, read)


def _change(session: Session, article_ids: Collection[int], values: dict[str, Any]) -> None:
    changed = update(ArticleRow).where(among(session, ArticleRow.id, article_ids)).values(values)
    session.execute(changed, execution_options=UNTRACKED)


def save_empty(session: Session, read: Sequence[tuple[Taken, Extraction]], now: dt.datetime) -> None:
    """Write down of articles that were never read before that they tell of no call: they touch no history."""
    rows = [
        {
            "article": taken.id,
            "read": taken.revision,
            "version": rules_version(),
            "refused": msgspec.to_builtins(extraction.rejections),
            "at": now,
        }
        for taken, extraction in read
    ]
    if rows:
        session.connection().execute(_EMPTY, rows)


_ARTICLES: Table = ArticleRow.__table__  # type: ignore[assignment]
_EMPTY = (
    update(_ARTICLES)
    .where(
        _ARTICLES.c.id == bindparam("article"),
        _ARTICLES.c.revision == bindparam("read"),
        _ARTICLES.c.classify_state == "waiting",
        _ARTICLES.c.classified_at.is_(None),
    )
    .values(
        classify_state="done",
        classify_next_at=None,
        classify_error=None,
        classified_at=bindparam("at", type_=UtcDateTime()),
        rules_version=bindparam("version"),
        rejections=bindparam("refused", type_=JsonColumn),
    )
)


#: The statements of each article's way are put together once: that costs as much as running them.
_WAITS = update(ArticleRow).where(
    ArticleRow.id == bindparam("of"),
    ArticleRow.classify_state == "waiting",
    _due(bindparam("now"), bindparam("never")),
)
_TAKE = (
    _WAITS.where(ArticleRow.classify_attempts < MOST_ATTEMPTS)
    .values(classify_next_at=bindparam("until"), classify_attempts=ArticleRow.classify_attempts + 1)
    .returning(*_READ)
)
_GIVE_UP = _WAITS.where(ArticleRow.classify_attempts >= MOST_ATTEMPTS).values(
    classify_state="failed", classify_error=NO_ANSWER
)


def _article(row: ArticleRow | AnyRow) -> Article:
    return Article(
        id=row.key,
        title=row.title,
        summary=row.summary,
        text=row.text,
        published_at=row.published_at,
        url=row.url,
        outlet=row.outlet,
    )


def postpone(
    session: Session, article_id: int, revision: int, now: dt.datetime, error: str, *, blameless: bool
) -> None:
    """Put an article back after trouble that may pass; after five attempts it has failed, unless it is `blameless`: a
    server that is full or away for an hour says nothing of the article. Nothing where it is as in :func:`fail`."""
    row = _still_waiting(session, article_id, revision)
    if row is None:
        return
    if blameless:
        row.classify_attempts = max(1, row.classify_attempts - 1)
    if row.classify_attempts >= MOST_ATTEMPTS:
        row.classify_state, row.classify_error = "failed", error
    else:
        row.classify_next_at = now + (RETRY_BLAMELESS if blameless else RETRY)
        row.classify_error = error


def fail(session: Session, article_id: int, revision: int, error: str) -> None:
    """Set an article aside with its error; a new revision of its text makes it wait again. Nothing where there is one
    already, which says nothing of the text that was read, or where another worker has read it meanwhile."""
    row = _still_waiting(session, article_id, revision)
    if row is not None:
        row.classify_state, row.classify_error = "failed", error


def _still_waiting(session: Session, article_id: int, revision: int) -> ArticleRow | None:
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    return row if row.classify_state == "waiting" and row.revision == revision else None


# --- reading everything again --------------------------------------------------------------------------------------


def rereading(session: Session, now: dt.datetime) -> tuple[int, int]:
    """The run of `reclassify` that is not finished, else a new one: its number, and the last article that it read."""
    query = select(RereadingRow).where(RereadingRow.finished_at.is_(None)).order_by(RereadingRow.id).limit(1)
    row = session.scalars(query).first()
    if row is None:
        row = RereadingRow(started_at=now, article_id=0, articles=0)
        session.add(row)
        session.flush()
    return row.id, row.article_id


def reread(session: Session, run: int, article_id: int) -> None:
    """A run has read another article."""
    values = {"article_id": article_id, "articles": RereadingRow.articles + 1}
    session.execute(update(RereadingRow).where(RereadingRow.id == run).values(**values))


def finished(session: Session, run: int, now: dt.datetime) -> None:
    """A run has read all articles."""
    session.get_one(RereadingRow, run).finished_at = now


def read_before(session: Session, after: int) -> list[int]:
    """The articles behind that one that do not wait to be read and have their text, as they were stored."""
    read = ArticleRow.id > after, ArticleRow.classify_state != "waiting", ArticleRow.emptied_at.is_(None)
    return list(session.scalars(select(ArticleRow.id).where(*read).order_by(ArticleRow.id)))


def emptied(session: Session) -> int:
    """How many articles have no text any more: old ones that proved no call."""
    query = select(func.count()).select_from(ArticleRow).where(ArticleRow.emptied_at.is_not(None))
    return session.scalar(query) or 0


# --- plans that pass in silence ------------------------------------------------------------------------------------


def passed(session: Session, until: dt.datetime, limit: int) -> list[str]:
    """The planned calls that were due by then and of which no more was told, the oldest first."""
    query = select(CallRow.id).where(_passed(until)).order_by(CallRow.due_at, CallRow.id)
    return list(session.scalars(query.limit(limit)))


def _passed(until: dt.datetime) -> ColumnElement[bool]:
    return and_(CallRow.due_at <= until, CallRow.status == "planned", CallRow.merged_into.is_(None))


def unconfirmed(session: Session, call_id: str, until: dt.datetime, now: dt.datetime) -> bool:
    """Write down that a plan passed in silence, and ask the notifier to look; once, and only where it is still so."""
    countries = session.scalars(select(CallRow.countries).where(CallRow.id == call_id)).one()
    pairs = history.pairs_of(countries)
    lock_pairs(session, pairs)
    row = session.scalars(select(CallRow).where(CallRow.id == call_id, _passed(until)).with_for_update()).first()
    if row is None:
        return False
    row.unconfirmed_at = now
    rebuilder = Rebuilder(session, pairs, now)
    rebuilder.put(row, history.facts_of(row.facts))
    session.flush()
    rebuilder.look(row.id)
    return True


def without_words(session: Session, limit: int) -> dict[str, dict[str, Any]]:
    """The facts of calls that cannot be found by their words yet, because an older release wrote them."""
    query = select(CallRow.id, CallRow.facts).where(text(WITHOUT_WORDS)).order_by(CallRow.id).limit(limit)
    return {row.id: row.facts for row in session.execute(query)}


def put_words(session: Session, words: Mapping[str, str]) -> None:
    """Let calls be found by these words, where nobody else has put some there."""
    calls = Base.metadata.tables["calls"]
    change = update(calls).where(calls.c.id == bindparam("call"), calls.c.words.is_(None)).values(words=bindparam("by"))
    session.connection().execute(change, [{"call": call, "by": by} for call, by in words.items()])


# --- one reading of an article -------------------------------------------------------------------------------------


def save(
    session: Session,
    article_id: int,
    revision: int,
    extraction: Extraction,
    now: dt.datetime,
    *,
    sketch: Sketch = (),
    again: bool = False,
) -> list[int]:
    """Add a reading to the history: background first, then the news, oldest first.

    Returns the ids of the reports that wait to be decided on: those of this article, and one for each other call that
    it changed. Does nothing where another worker was faster or the text has changed meanwhile. A second reading of an
    article replaces the first; its reports keep their rows and verdicts. `sketch` is that of its text, for the index
    of texts. `again` is for an article that does not wait: its calls are put together anew, and nobody is alerted.
    """
    row = _closed(session, article_id, revision, extraction, now, again=again)
    if row is None:
        return []
    reports = session.scalars(select(ReportRow).where(ReportRow.article_id == article_id)) if row.read else ()
    old = {r.ordinal: r for r in reports}
    before = {ordinal: report_of(r.report) for ordinal, r in old.items()}
    numbers = numbered(before, extraction.reports)
    pairs = {pair for r in (*extraction.reports, *before.values()) for pair in pairs_on(r.participants)}
    lock_pairs(session, pairs)
    origin = None
    if extraction.reports or row.read:  # a reading without calls takes the article out of the index
        origin = origin_of(place(session, article_id, sketch, read=row.read))
    writer = _Writer(session, row, old, pairs, now, again=again)
    for ordinal in set(old) - set(numbers):
        writer.take_back(old[ordinal])
    stored = [_stored(row, number, report, origin) for number, report in zip(numbers, extraction.reports, strict=True)]
    # An article that was read before may have told of a call that was withdrawn since, and has its row.
    alone = len(stored) == 1 and revision == FIRST_REVISION and not again
    for report in sorted(stored, key=_background_first):
        writer.add(report, alone=alone)
    return sorted(writer.rung)


def _closed(
    session: Session, article_id: int, revision: int, extraction: Extraction, now: dt.datetime, *, again: bool
) -> AnyRow | None:
    """Mark an article as read, and hold it until the transaction ends: what the history needs of it, with whether it
    was read before. None where it is not ours to read."""
    reading = {"now": now, "version": rules_version(), "refused": msgspec.to_builtins(extraction.rejections)}
    mine = {"of": article_id, "same": revision, "waits": not again}
    return session.execute(_CLOSE, {**mine, **reading}).one_or_none()


_CLOSE = (
    update(_ARTICLES)
    .where(
        _ARTICLES.c.id == bindparam("of"),
        _ARTICLES.c.revision == bindparam("same"),
        (_ARTICLES.c.classify_state == "waiting") == bindparam("waits"),
    )
    .values(
        classify_state="done",
        classify_next_at=None,
        classify_error=None,
        classified_at=bindparam("now"),
        rules_version=bindparam("version"),
        rejections=bindparam("refused"),
    )
    .returning(
        _ARTICLES.c.id,
        _ARTICLES.c.key,
        _ARTICLES.c.published_at,
        _ARTICLES.c.outlet,
        _ARTICLES.c.url,
        _ARTICLES.c.title,
        _ARTICLES.c.silent,
        # The number, and not the column: SQLite's RETURNING would take `id` for the report's own.
        exists().where(ReportRow.article_id == bindparam("of")).label("read"),
    )
)


def _background_first(stored: StoredReport) -> tuple[bool, dt.datetime, str]:
    span = span_of(stored)
    start = span.earliest if span.day is not None else span.latest
    return stored.report.news, start or dt.datetime.max.replace(tzinfo=dt.UTC), stored.key


def _stored(row: AnyRow, ordinal: int, report: Report, origin: str | None) -> StoredReport:
    return StoredReport(
        key=f"{row.key}#{ordinal}",
        article=row.key,
        published_at=row.published_at,
        outlet=row.outlet,
        report=report,
        url=row.url,
        title=row.title,
        origin=origin,
    )


class _Writer(Rebuilder):
    """Adds the reports of one article to the history, one after the other.

    `again`: the article is read again by the rules of today; what is found then is history only.
    """

    def __init__(
        self,
        session: Session,
        article_row: AnyRow,
        reports: Mapping[int, ReportRow],
        pairs: Collection[str],
        now: dt.datetime,
        *,
        again: bool,
    ) -> None:
        super().__init__(session, pairs, now, quiet=article_row.silent or again)
        self.article = article_row
        self.again = again
        self.own = {f"{article_row.key}#{ordinal}": report.id for ordinal, report in reports.items()}

    def add(self, stored: StoredReport, *, alone: bool = False) -> None:
        """Find the call of a report, move what moves with it, compare, and give the verdict. `alone`: its article tells
        of no other call."""
        row_id = self.own.get(stored.key)
        known = self.known({history.call_of(self.session, row_id)} if row_id else (), history.around(stored))
        own = next((k for k in known if k.stored.key == stored.key), None)
        clusters, names = self.named([k for k in known if k is not own], own, stored)
        cluster, call_id = next(
            (cluster, name)
            for cluster, name in zip(clusters, names, strict=True)
            if any(member.key == stored.key for member in cluster.members)
        )
        if alone and len(cluster.members) == 1:
            self.founded.add(call_id)
        changed = self.write_calls(known, clusters, names, [call_id])
        joined = self.move(known, clusters, names)
        row = self._write_report(stored, cluster, call_id, own)
        refreshed = dict.fromkeys([*([call_id] if self.again else []), *changed])
        for name in refreshed:
            self.refresh(name)
        if not alone:
            joined.add(call_id)
        self.follow(joined - refreshed.keys())
        comparison, kept = self.row(call_id).comparison, row.judgement["comparison"]
        if row.verdict == "new" and kept != comparison and (kept is None or own is None):
            row.judgement = {**row.judgement, "comparison": comparison}
            self.session.flush()

    def take_back(self, row: ReportRow) -> None:
        """Take back a report that a new reading does not have."""
        call = self.row(row.call_id)
        facts = history.facts_of(call.facts)
        hanging = [b for b in history.told_beside(self.session, call.id) if hangs_on(history.facts_of(b.facts), facts)]
        self.session.delete(row)
        self.session.flush()
        self.heed()
        left = self.known([call.id])
        if left:
            clusters, names = self.named(left)
            for name in self.write_calls(left, clusters, names, [call.id]):
                self.ring(name)
            self.move(left, clusters, names)
        else:
            self.withdraw(call, self.article.outlet or self.article.key)
        self.refresh(call.id)
        for beside in hanging:
            self.rebuild_beside(beside, call.id)

    def _write_report(self, stored: StoredReport, cluster: Cluster, call_id: str, own: Known | None) -> ReportRow:
        """The report's row with its verdict. A verdict once given stays, unless a new reading tells of another call."""
        report = msgspec.to_builtins(stored.report)
        moved = own is None or own.call_id != call_id
        if own is not None:
            row = self.session.get_one(ReportRow, own.row_id, populate_existing=True)
            if report_of(row.report) == stored.report and not moved:
                return row
        else:
            ordinal = int(stored.key.rpartition("#")[2])
            row = ReportRow(article_id=self.article.id, ordinal=ordinal, created_at=self.now, notify_state="done")
        if moved:
            judgement = self._judged(stored, cluster, call_id)
            row.verdict, row.judgement = judgement.verdict, msgspec.to_builtins(judgement)
            if row.verdict == "new":
                row.judgement["comparison"] = self.row(call_id).comparison
        row.call_id, row.report, row.published_at = call_id, report, stored.published_at
        if self.again:
            row.decision = row.decision or FOUND_AGAIN
            self.look(call_id)
        else:
            row.notify_state = "waiting"
        self.session.add(row)
        self.session.flush()
        if not self.again:
            self.rung.add(row.id)
        return row

    def _judged(self, stored: StoredReport, cluster: Cluster, call_id: str) -> Judgement:
        """The verdict on a report; the texts of the articles before it are fetched where they count."""
        earlier = [member for member in cluster.members if member.key != stored.key]
        known_as_news = stored.report.news and any(member.report.news for member in earlier)
        texts = history.texts(self.session, {member.article for member in earlier}) if known_as_news else {}
        return judge(stored, earlier, call_id, cluster.link(stored.key), texts=texts)
