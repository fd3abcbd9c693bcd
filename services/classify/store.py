"""The classifier's side of the database: waiting articles, the history of a pair, and what a reading adds to it.

An article is saved in one transaction that holds the locks of its pairs of countries: on PostgreSQL advisory locks
in sorted order, on SQLite the write lock that `BEGIN IMMEDIATE` takes anyway. So two workers who read two reports of
one new call make one call, and one of them says "new". Only the stretch of history that a report can touch is loaded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ScalarSelect, func, literal, or_, select, update
from sqlalchemy.orm import Session

from services.classify.compare import PastCall, compare, coverage_of, previous_of
from services.classify.facts import dated_by, merge
from services.classify.identity import Cluster, countries_of, persons_of, resolve
from services.classify.naming import Member, name_calls, numbered
from services.classify.spans import DAY, span_of
from services.classify.verdict import judge
from shared.records import Article, CallFacts, Comparison, Coverage, Extraction, Report, StoredReport
from shared.tables import ArticleRow, CallPairRow, CallRow, ReportRow

LEASE = dt.timedelta(minutes=5)
RETRY = dt.timedelta(seconds=10)
MOST_ATTEMPTS = 5
NO_ANSWER = f"given up: taken {MOST_ATTEMPTS} times without an answer; its reader was killed, or out of time or memory"
#: Reports further apart than this never tell of one call; with the two calls before it, no other can be touched.
WINDOW = 45 * DAY
CALLS_BEFORE = 2
#: The record's thickness is counted up to these.
MOST_ARTICLES = 1000
MOST_MONTHS = 36
MOST_PER_MONTH = 20
OVER = ("held", "ongoing")


# --- waiting articles ----------------------------------------------------------------------------------------------


def waiting(
    session: Session, now: dt.datetime, limit: int | None = None, ids: Collection[int] | None = None
) -> list[int]:
    """Ids of articles that wait to be read (of `ids`, where they are given), the oldest first; those that were taken
    before and gave no answer come last."""
    due = or_(ArticleRow.classify_next_at.is_(None), ArticleRow.classify_next_at <= now)
    query = select(ArticleRow.id).where(ArticleRow.classify_state == "waiting", due)
    if ids is not None:
        query = query.where(ArticleRow.id.in_(ids))
    published = ArticleRow.published_at
    order = (ArticleRow.classify_attempts > 0, published.is_(None), published, ArticleRow.id)
    return list(session.scalars(query.order_by(*order).limit(limit)))


def claim(session: Session, article_id: int, now: dt.datetime) -> tuple[Article, int] | None:
    """Take an article for the length of a lease: as the extraction takes it, with the number of its revision.

    None where it does not wait any more, or not yet. The claim is counted before the article is read, since one that
    kills its reader lets nobody count afterwards; after five claims without an answer it has failed.
    """
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    if row.classify_state != "waiting" or (row.classify_next_at or now) > now:
        return None
    if row.classify_attempts >= MOST_ATTEMPTS:
        fail(session, article_id, NO_ANSWER)
        return None
    row.classify_next_at, row.classify_attempts = now + LEASE, row.classify_attempts + 1
    record = Article(
        id=row.key,
        title=row.title,
        summary=row.summary,
        text=row.text,
        published_at=row.published_at,
        url=row.url,
        outlet=row.outlet,
    )
    return record, row.revision


def postpone(session: Session, article_id: int, now: dt.datetime, error: str) -> None:
    """Put an article back after trouble that may pass; after five attempts it has failed."""
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    if row.classify_attempts >= MOST_ATTEMPTS:
        fail(session, article_id, error)
    else:
        row.classify_next_at, row.classify_error = now + RETRY, error


def fail(session: Session, article_id: int, error: str) -> None:
    """Set an article aside with its error; a new revision of its text makes it wait again."""
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    row.classify_state, row.classify_error = "failed", error


# --- one reading of an article -------------------------------------------------------------------------------------


def save(session: Session, article_id: int, revision: int, extraction: Extraction, now: dt.datetime) -> list[int]:
    """Add a reading to the history: background first, then the news, oldest first.

    Returns the ids of the reports that wait to be decided on: those of this article, and one for each other call that
    it changed. Does nothing where another worker was faster or the text has changed meanwhile. A second reading of an
    article replaces the first; its reports keep their rows and verdicts.
    """
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    if row.classify_state != "waiting" or row.revision != revision:
        return []
    old = {r.ordinal: r for r in session.scalars(select(ReportRow).where(ReportRow.article_id == article_id))}
    before = {ordinal: _report(r.report) for ordinal, r in old.items()}
    numbers = numbered(before, extraction.reports)
    _lock(session, [*extraction.reports, *before.values()])
    writer = _Writer(session, row, old.values(), now)
    for ordinal in set(old) - set(numbers):
        writer.withdraw(old[ordinal])
    stored = [_stored(row, number, report) for number, report in zip(numbers, extraction.reports, strict=True)]
    for report in sorted(stored, key=_background_first):
        writer.add(report)
    row.classify_state, row.classify_next_at, row.classify_error = "done", None, None
    row.classified_at, row.rules_version = now, extraction.version
    row.rejections = msgspec.to_builtins(extraction.rejections)
    return sorted(writer.rung)


def _background_first(stored: StoredReport) -> tuple[bool, dt.datetime, str]:
    span = span_of(stored)
    start = span.earliest if span.day is not None else span.latest
    return stored.report.news, start or dt.datetime.max.replace(tzinfo=dt.UTC), stored.key


def _stored(row: ArticleRow, ordinal: int, report: Report) -> StoredReport:
    return StoredReport(
        key=f"{row.key}#{ordinal}",
        article=row.key,
        published_at=row.published_at,
        outlet=row.outlet,
        report=report,
        url=row.url,
        title=row.title,
    )


def _report(value: dict[str, Any]) -> Report:
    return msgspec.convert(value, Report)


def _facts(value: dict[str, Any]) -> CallFacts:
    return msgspec.convert(value, CallFacts)


def pairs_of(countries: str) -> list[str]:
    """The unordered pairs of a set of countries: "GB-RU-US" → "GB-RU", "GB-US", "RU-US"."""
    return sorted({"-".join(pair) for pair in itertools.combinations(countries.split("-"), 2)})


def _lock(session: Session, reports: Iterable[Report]) -> None:
    """Hold every pair of countries of the reports until the transaction ends."""
    pairs = {pair for report in reports for pair in pairs_of(countries_of(report.participants))}
    _lock_pairs(session, pairs)


def _lock_pairs(session: Session, pairs: Iterable[str]) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite: BEGIN IMMEDIATE has the one write lock already
    for pair in sorted(pairs):
        digest = hashlib.blake2b(f"pair:{pair}".encode(), digest_size=8).digest()
        session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(digest, "big", signed=True))))


class _Known(msgspec.Struct, frozen=True):
    """A stored report with its row and its call."""

    row_id: int
    call_id: str
    stored: StoredReport


class _Writer:
    """Adds the reports of one article to the history, one after the other. `rung` collects the reports to decide on."""

    def __init__(self, session: Session, article_row: ArticleRow, old: Iterable[ReportRow], now: dt.datetime) -> None:
        self.session = session
        self.article = article_row
        self.now = now
        self.own = {f"{article_row.key}#{row.ordinal}": row.id for row in old}
        self.rung: set[int] = set()

    def add(self, stored: StoredReport) -> None:
        """Find the call of a report, move what moves with it, compare, and give the verdict."""
        known = _history(self.session, stored, self.own.get(stored.key))
        own = next((k for k in known if k.stored.key == stored.key), None)
        clusters, names = _named([k for k in known if k is not own], own, stored)
        cluster, call_id = next(
            (cluster, name)
            for cluster, name in zip(clusters, names, strict=True)
            if any(member.key == stored.key for member in cluster.members)
        )
        changed = self._write_calls(known, clusters, names, call_id)
        self._move(known, clusters, names)
        row = self._write_report(stored, cluster, call_id, own)
        for name in changed:
            self._refresh(name)
        comparison = self.session.get_one(CallRow, call_id).comparison
        if row.verdict == "new" and row.judgement["comparison"] is None:
            row.judgement = {**row.judgement, "comparison": comparison}
            self.session.flush()

    def withdraw(self, row: ReportRow) -> None:
        """Take back a report that a new reading does not have."""
        call = self.session.get_one(CallRow, row.call_id)
        self.session.delete(row)
        self.session.flush()
        left = _members(self.session, [call.id])
        if left:
            clusters, names = _named(left)
            for name in self._write_calls(left, clusters, names, call.id):
                self._ring(name)
            self._move(left, clusters, names)
        else:
            call.status = "withdrawn"
        self._refresh(call.id)

    def _write_calls(
        self, known: Sequence[_Known], clusters: Sequence[Cluster], names: Sequence[str], touched: str
    ) -> list[str]:
        """Write the touched call and those whose reports are others than before; returns those that say other things
        than they did."""
        before: dict[str, set[str]] = {}
        for k in known:
            before.setdefault(k.call_id, set()).add(k.stored.key)
        changed = []
        for cluster, name in zip(clusters, names, strict=True):
            keys = {member.key for member in cluster.members}
            if (name == touched or keys != before.get(name)) and self._write_call(name, cluster):
                changed.append(name)
        return changed

    def _write_call(self, call_id: str, cluster: Cluster) -> bool:
        facts = merge(cluster.members, cluster.span, cluster.maybe_second)
        row = self.session.get(CallRow, call_id)
        if row is not None:
            said = _bearing(_facts(row.facts))
            row.merged_into = None
            self._put(row, facts)
            return _bearing(facts) != said
        row = CallRow(id=call_id, countries=countries_of(facts.participants), comparison=None)
        self._put(row, facts)
        self.session.add(row)
        self.session.flush()
        self.session.add_all(CallPairRow(call_id=call_id, pair=pair) for pair in pairs_of(row.countries))
        return True

    def _put(self, row: CallRow, facts: CallFacts) -> None:
        row.persons = persons_of(facts.participants)
        row.status, row.news = facts.status, facts.news
        row.earliest, row.latest = facts.earliest, facts.latest
        row.facts = msgspec.to_builtins(facts)
        row.updated_at = self.now

    def _move(self, known: Sequence[_Known], clusters: Sequence[Cluster], names: Sequence[str]) -> None:
        """Let the reports follow their calls; a call that all have left names the one that it was."""
        home = {m.key: name for cluster, name in zip(clusters, names, strict=True) for m in cluster.members}
        self.session.flush()
        for k in known:
            name = home[k.stored.key]
            if name != k.call_id:
                self.session.execute(update(ReportRow).where(ReportRow.id == k.row_id).values(call_id=name))
                self._ring(name)
        for call_id in {k.call_id for k in known} - set(names):
            founder = min((k for k in known if k.call_id == call_id), key=lambda k: k.row_id)
            self.session.get_one(CallRow, call_id).merged_into = home[founder.stored.key]
        self.session.flush()

    def _write_report(self, stored: StoredReport, cluster: Cluster, call_id: str, own: _Known | None) -> ReportRow:
        """The report's row with its verdict. A verdict once given stays, unless a new reading tells of another call."""
        report = msgspec.to_builtins(stored.report)
        if own is not None:
            row = self.session.get_one(ReportRow, own.row_id, populate_existing=True)
            if _report(row.report) == stored.report and own.call_id == call_id:
                return row
        else:
            ordinal = int(stored.key.rpartition("#")[2])
            row = ReportRow(article_id=self.article.id, ordinal=ordinal, created_at=self.now)
            self.session.add(row)
        if own is None or own.call_id != call_id:
            earlier = [member for member in cluster.members if member.key != stored.key]
            judgement = judge(stored, earlier, call_id, cluster.link(stored.key))
            row.verdict, row.judgement = judgement.verdict, msgspec.to_builtins(judgement)
        row.call_id, row.report, row.published_at = call_id, report, stored.published_at
        row.notify_state = "waiting"
        self.session.flush()
        self.rung.add(row.id)
        return row

    def _ring(self, call_id: str) -> None:
        """Ask for a new decision on a call that changed behind its reports: its message may need an edit."""
        first = select(func.min(ReportRow.id)).where(ReportRow.call_id == call_id, ReportRow.verdict != "background")
        row_id = self.session.scalar(first)
        if row_id is not None:
            self.session.execute(update(ReportRow).where(ReportRow.id == row_id).values(notify_state="waiting"))
            self.rung.add(row_id)

    # --- what hangs on a call ---

    def _refresh(self, call_id: str) -> None:
        """Give a changed call its derived day and its comparison, and those that hang on it theirs."""
        self._derive_days(call_id)
        row = self.session.get_one(CallRow, call_id)
        calls = _calls_of_pairs(self.session, pairs_of(row.countries))
        self._compare(row, calls)
        for later in _later(self.session, row, calls):
            if self._compare(later):
                self._ring(later.id)

    def _derive_days(self, call_id: str) -> None:
        """Days told as "the same day" as another call's: this call's own, and those of calls told beside it."""
        row = self.session.get_one(CallRow, call_id)
        facts = _facts(row.facts)
        for beside in _told_beside(self.session, call_id):
            other = _facts(beside.facts)
            dated, other_dated = dated_by(facts, other), dated_by(other, facts)
            if dated != facts:
                facts = dated
                self._put(row, facts)
            elif other_dated != other:
                _lock_pairs(self.session, pairs_of(beside.countries))
                self.session.refresh(beside)
                self._put(beside, dated_by(_facts(beside.facts), facts))
                self.session.flush()
                self._compare(beside)
                self._ring(beside.id)
        self.session.flush()

    def _compare(self, row: CallRow, calls: Sequence[_PairCall] | None = None) -> bool:
        """Compare a call with its history; returns whether the comparison changed. Background is not compared.

        `calls` are those of the call's pairs, where they are at hand.
        """
        if not row.news or row.status == "withdrawn":
            return False
        comparison = _comparison(self.session, row, calls or _calls_of_pairs(self.session, pairs_of(row.countries)))
        if row.comparison is not None and msgspec.convert(row.comparison, Comparison) == comparison:
            return False
        row.comparison = msgspec.to_builtins(comparison)
        self.session.flush()
        return True


def _bearing(facts: CallFacts) -> CallFacts:
    """What of a call's facts bears on its neighbours: not who printed it."""
    return msgspec.structs.replace(facts, sources=facts.sources[:1], evidence=(), heard=())


def _named(
    known: Sequence[_Known], own: _Known | None = None, new: StoredReport | None = None
) -> tuple[Sequence[Cluster], Sequence[str]]:
    """The calls of the known reports and a new one, with their ids; `own` is the new report's row, if it has one."""
    rows = [*known, own] if own is not None else known
    members = {k.stored.key: Member(call_id=k.call_id, arrived=k.row_id) for k in rows}
    clusters = resolve([*(k.stored for k in known), *([new] if new is not None else [])])
    return clusters, name_calls(clusters, members)


# --- history -------------------------------------------------------------------------------------------------------


def _history(session: Session, stored: StoredReport, own_row: int | None) -> list[_Known]:
    """The reports that a report can have to do with: those of the calls of these countries around its time, of the two
    calls before, and of the call of its own row where its article is read again."""
    span = span_of(stored)
    until = span.latest or span.earliest
    since = span.earliest or until
    ids: set[str] = set()
    if since is not None and until is not None:
        countries = countries_of(stored.report.participants)
        calls = select(CallRow.id).where(CallRow.countries == countries, CallRow.merged_into.is_(None))
        near = calls.where(
            or_(CallRow.earliest.is_(None), CallRow.earliest <= until + WINDOW),
            or_(CallRow.latest.is_(None), CallRow.latest >= since - WINDOW),
        )
        past = calls.where(CallRow.latest < since - WINDOW).order_by(CallRow.latest.desc()).limit(CALLS_BEFORE)
        ids = {*session.scalars(near), *session.scalars(past)}
    if own_row is not None:
        ids.add(session.scalars(select(ReportRow.call_id).where(ReportRow.id == own_row)).one())
    return _members(session, ids) if ids else []


def _members(session: Session, call_ids: Collection[str]) -> list[_Known]:
    rows = session.execute(
        select(
            ReportRow.id,
            ReportRow.ordinal,
            ReportRow.call_id,
            ReportRow.report,
            ArticleRow.key,
            ArticleRow.published_at,
            ArticleRow.outlet,
            ArticleRow.url,
            ArticleRow.title,
        )
        .join(ArticleRow, ArticleRow.id == ReportRow.article_id)
        .where(ReportRow.call_id.in_(call_ids))
        .order_by(ReportRow.id)
    )
    return [
        _Known(
            row_id=row.id,
            call_id=row.call_id,
            stored=StoredReport(
                key=f"{row.key}#{row.ordinal}",
                article=row.key,
                published_at=row.published_at,
                outlet=row.outlet,
                report=_report(row.report),
                url=row.url,
                title=row.title,
            ),
        )
        for row in rows
    ]


def _told_beside(session: Session, call_id: str) -> list[CallRow]:
    """The other calls that the articles on a call tell of."""
    articles = select(ReportRow.article_id).where(ReportRow.call_id == call_id)
    beside = select(ReportRow.call_id).where(ReportRow.article_id.in_(articles), ReportRow.call_id != call_id)
    return list(session.scalars(select(CallRow).where(CallRow.id.in_(beside)).order_by(CallRow.id)))


class _PairCall(PastCall, frozen=True, kw_only=True):
    """A call of the pair in whatever status."""

    held: bool


def _calls_of_pairs(session: Session, pairs: Collection[str]) -> list[_PairCall]:
    """All calls in which one of the pairs of countries took part, without their facts."""
    ids = select(CallPairRow.call_id).where(CallPairRow.pair.in_(pairs))
    rows = session.execute(
        select(
            CallRow.id,
            CallRow.persons,
            CallRow.countries,
            CallRow.status,
            CallRow.earliest,
            CallRow.latest,
            CallRow.facts["date"].as_string().label("date"),
        ).where(CallRow.id.in_(ids), CallRow.merged_into.is_(None), CallRow.status != "withdrawn")
    )
    return [
        _PairCall(
            call_id=row.id,
            persons=frozenset(row.persons.split("|")),
            countries=frozenset(row.countries.split("-")),
            date=row.date,
            earliest=row.earliest,
            latest=row.latest,
            held=row.status in OVER,
        )
        for row in rows
    ]


def _pair_call(row: CallRow) -> _PairCall:
    """A call's own row in the form of the list above."""
    return _PairCall(
        call_id=row.id,
        persons=frozenset(row.persons.split("|")),
        countries=frozenset(row.countries.split("-")),
        date=row.facts["date"],
        earliest=row.earliest,
        latest=row.latest,
        held=row.status in OVER,
    )


def _later(session: Session, row: CallRow, calls: Iterable[_PairCall]) -> list[CallRow]:
    """The calls of the pairs of a call that came after it: what they are compared with may have changed."""
    now = _pair_call(row).moment
    after = [c.call_id for c in calls if c.call_id != row.id and now and c.moment and c.moment >= now]
    return list(session.scalars(select(CallRow).where(CallRow.id.in_(after)).order_by(CallRow.id))) if after else []


def _comparison(session: Session, row: CallRow, calls: Iterable[_PairCall]) -> Comparison:
    call, facts = _pair_call(row), _facts(row.facts)
    past = [c for c in calls if c.held]
    found = previous_of(call, past)
    named = [c.call_id for c in (found.persons, found.countries) if c is not None]
    rows = session.execute(select(CallRow.id, CallRow.facts).where(CallRow.id.in_(named)))
    known = {other.id: _facts(other.facts) for other in rows}
    last = found.persons or found.countries
    told = facts.sources[0].published_at
    coverage = _coverage(session, last.moment if last else None, told) if told else coverage_of(0, ())
    return compare(call, facts, past, known, coverage)


def _coverage(session: Session, since: dt.datetime | None, until: dt.datetime) -> Coverage:
    """How many articles the record had when a call was first told, and how many of them in each month since the last
    call."""
    before = select(literal(1)).where(ArticleRow.published_at < until).limit(MOST_ARTICLES)
    articles = session.scalar(select(func.count()).select_from(before.subquery())) or 0
    first = since or session.scalar(select(func.min(ArticleRow.published_at))) or until
    months = [_counted(start, min(end, until)) for start, end in itertools.pairwise(_months(first, until))]
    counts = session.execute(select(*months)).one() if articles and months else ()
    return coverage_of(articles, [int(count) for count in counts])


def _counted(start: dt.datetime, end: dt.datetime) -> ScalarSelect[int]:
    some = select(literal(1)).where(ArticleRow.published_at >= start, ArticleRow.published_at < end)
    return select(func.count()).select_from(some.limit(MOST_PER_MONTH).subquery()).scalar_subquery()


def _months(first: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """The starts of the months from the first to the last and of the one after, at most three years of them."""
    numbers = range(first.year * 12 + first.month - 1, until.year * 12 + until.month + 1)
    return [dt.datetime(n // 12, n % 12 + 1, 1, tzinfo=dt.UTC) for n in numbers][-MOST_MONTHS - 1 :]
