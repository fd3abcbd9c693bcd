"""The stretch of history that a report can touch: reports with their calls, the calls of a pair, the hands on them.

Only reads, and locks what it was asked to lock. Stored rows become the values that the pure modules work with.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    BindParameter,
    CompoundSelect,
    Executable,
    Row,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from services.classify.compare import MONTH_COVERED, Began, PastCall, compare, coverage_of, previous_of
from services.classify.hands import Hand
from services.classify.identity import countries_of
from services.classify.lexicon import load_lexicon
from services.classify.spans import DAY, span_of, span_on
from shared.records import OVER, CallFacts, Comparison, Coverage, Participant, Report, StoredReport
from shared.tables import ArticleRow, Base, CallRow, ReportRow, UtcDateTime

#: Reports further apart than this never tell of one call; with the two calls before it, no other can be touched.
WINDOW = 45 * DAY
CALLS_BEFORE = 2
#: The record's thickness is counted up to these.
MOST_ARTICLES = 1000
MOST_MONTHS = 36
#: A month that has only begun is judged by the two weeks until then: on its first day no record would have enough.
BEGUN = 14 * DAY
#: They are asked about in statements for so many months: each length is another statement, and compiled by itself.
SLOTS = (3, 12, MOST_MONTHS)
#: The tables themselves: their rows are read into values, and are no objects in between.
_CALLS, _CALL_PAIRS, _REPORTS, _ARTICLES, _FINGERPRINTS, _HANDS = (
    Base.metadata.tables[name] for name in ("calls", "call_pairs", "reports", "articles", "fingerprints", "hands")
)
#: How many articles before a time tell of calls of pairs of countries.
_OF_PAIR = select(func.count()).select_from(
    select(_REPORTS.c.article_id)
    .join(_CALL_PAIRS, _CALL_PAIRS.c.call_id == _REPORTS.c.call_id)
    .where(
        _CALL_PAIRS.c.pair.in_(bindparam("pairs", expanding=True)),
        _REPORTS.c.published_at < bindparam("until", type_=UtcDateTime()),
    )
    .distinct()
    .limit(MOST_ARTICLES)
    .subquery()
)
#: Parameters of one statement stay far below SQLite's limit.
CHUNK = 400


def report_of(value: Mapping[str, Any]) -> Report:
    """A report out of its column."""
    return msgspec.convert(value, Report)


def facts_of(value: Mapping[str, Any]) -> CallFacts:
    """A call's facts out of their column."""
    return msgspec.convert(value, CallFacts)


def origin_of(number: int | None) -> str | None:
    """What the articles of one origin have in common, out of their column."""
    return str(number) if number is not None else None


def _rows(
    session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What the tables say, with what this session has changed and not written yet."""
    session.flush()
    return session.execute(statement, parameters).all()


# --- pairs of countries and their locks ----------------------------------------------------------------------------


def pairs_of(countries: str) -> list[str]:
    """The unordered pairs of a set of countries: "GB-RU-US" → "GB-RU", "GB-US", "RU-US"."""
    return sorted({"-".join(pair) for pair in itertools.combinations(countries.split("-"), 2)})


def pairs_on(participants: Iterable[Participant]) -> list[str]:
    """The pairs of countries on a call."""
    return pairs_of(countries_of(participants))


def lock_pairs(session: Session, pairs: Iterable[str]) -> None:
    """Hold pairs of countries until the transaction ends, those of one call of this in sorted order. Who comes for
    more of them later may have to try again: PostgreSQL ends one of two that wait for each other."""
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite: BEGIN IMMEDIATE has the one write lock already
    for pair in sorted(pairs):
        digest = hashlib.blake2b(f"pair:{pair}".encode(), digest_size=8).digest()
        session.execute(_LOCK, {"key": int.from_bytes(digest, "big", signed=True)})


#: With a lock comes, until the transaction ends, that a prepared statement keeps its plan: each finds a few rows by an
#: index whatever it is asked, and to plan one anew takes longer than to run it
#: (https://www.postgresql.org/docs/current/sql-prepare.html).
_LOCK = select(
    func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger())),
    func.set_config("plan_cache_mode", "force_generic_plan", True),
)


# --- reports and their calls ---------------------------------------------------------------------------------------


Around = Mapping[str, Any]


class Known(msgspec.Struct, frozen=True):
    """A stored report with its row and its call."""

    row_id: int
    call_id: str
    stored: StoredReport


def around(stored: StoredReport, day: dt.date | None = None) -> Around | None:
    """Where the calls of a report's countries lie around its time, or around a day that a person has set, with the two
    before: no other can be touched by it. None for a report without any time."""
    span = span_of(stored) if day is None else span_on(day, stored.report.countries)
    until = span.latest or span.earliest
    since = span.earliest or until
    if since is None or until is None:
        return None
    countries = countries_of(stored.report.participants)
    return {"countries": countries, "since": since - WINDOW, "until": until + WINDOW}


def _around() -> CompoundSelect[str]:
    """The calls `around` a report; each part is one stretch of an index, and they have nothing in common."""
    calls = select(_CALLS.c.id).where(_CALLS.c.countries == bindparam("countries"), _CALLS.c.merged_into.is_(None))
    since = bindparam("since", type_=UtcDateTime())
    begun = calls.where(or_(_CALLS.c.earliest.is_(None), _CALLS.c.earliest <= bindparam("until", type_=UtcDateTime())))
    past = calls.where(_CALLS.c.latest < since).order_by(_CALLS.c.latest.desc()).limit(CALLS_BEFORE)
    return union_all(
        begun.where(_CALLS.c.latest >= since), begun.where(_CALLS.c.latest.is_(None)), select(past.subquery().c.id)
    )


_AROUND = _around()


def calls_around(session: Session, stored: StoredReport, day: dt.date | None = None) -> set[str]:
    """The ids of the calls around a report (see `around`)."""
    near = around(stored, day)
    return {row.id for row in _rows(session, _AROUND, near)} if near is not None else set()


def call_of(session: Session, report_row: int) -> str:
    """The call that a stored report belongs to."""
    return session.scalars(select(ReportRow.call_id).where(ReportRow.id == report_row)).one()


def members(session: Session, call_ids: Collection[str], near: Around | None = None) -> list[Known]:
    """The reports of calls, and of those `near` (see `around`), in the order in which they came in."""
    if near is not None and call_ids:  # together they would be found by no index
        call_ids = {*call_ids, *(row.id for row in _rows(session, _AROUND, near))}
        near = None
    if near is None and not call_ids:
        return []
    rows = _rows(session, _MEMBERS_OF, {"calls": list(call_ids)}) if near is None else _rows(session, _NEAR, near)
    return [
        Known(
            row_id=row.id,
            call_id=row.call_id,
            stored=StoredReport(
                key=f"{row.key}#{row.ordinal}",
                article=row.key,
                published_at=row.published_at,
                outlet=row.outlet,
                report=report_of(row.report),
                url=row.url,
                title=row.title,
                origin=origin_of(row.origin_id),
            ),
        )
        for row in rows
    ]


_MEMBERS = (
    select(
        _REPORTS.c.id,
        _REPORTS.c.ordinal,
        _REPORTS.c.call_id,
        _REPORTS.c.report,
        _ARTICLES.c.key,
        _ARTICLES.c.published_at,
        _ARTICLES.c.outlet,
        _ARTICLES.c.url,
        _ARTICLES.c.title,
        _FINGERPRINTS.c.origin_id,
    )
    .join(_ARTICLES, _ARTICLES.c.id == _REPORTS.c.article_id)
    .outerjoin(_FINGERPRINTS, _FINGERPRINTS.c.article_id == _REPORTS.c.article_id)
    .order_by(_REPORTS.c.id)
)
_MEMBERS_OF = _MEMBERS.where(_REPORTS.c.call_id.in_(bindparam("calls", expanding=True)))
_NEAR = _MEMBERS.where(_REPORTS.c.call_id.in_(_AROUND))


def texts(session: Session, articles: Collection[str]) -> dict[str, str]:
    """The whole texts of articles, by their keys."""
    if not articles:
        return {}
    parts = (ArticleRow.key, ArticleRow.title, ArticleRow.summary, ArticleRow.text)
    rows = session.execute(select(*parts).where(ArticleRow.key.in_(articles)))
    return {row.key: f"{row.title}\n{row.summary}\n{row.text}" for row in rows}


def told_beside(session: Session, call_id: str) -> list[CallRow]:
    """The other calls that the articles on a call tell of."""
    articles = select(ReportRow.article_id).where(ReportRow.call_id == call_id)
    beside = select(ReportRow.call_id).where(ReportRow.article_id.in_(articles), ReportRow.call_id != call_id)
    return list(session.scalars(select(CallRow).where(CallRow.id.in_(beside)).order_by(CallRow.id)))


class PairCall(PastCall, frozen=True, kw_only=True):
    """A call of the pair in whatever status."""

    held: bool


def calls_of_pairs(session: Session, pairs: Collection[str]) -> list[PairCall]:
    """All calls in which one of the pairs of countries took part, without their facts."""
    rows = _rows(session, _OF_PAIRS, {"pairs": list(pairs)})
    return [_pair_call(*row) for row in rows]


def pair_call(row: CallRow) -> PairCall:
    """A call's own row in the form of the list above."""
    return _pair_call(row.id, row.persons, row.countries, row.status, row.earliest, row.latest, row.date)


def _pair_call(
    call_id: str,
    persons: str,
    countries: str,
    status: str,
    earliest: dt.datetime | None,
    latest: dt.datetime | None,
    date: str | None,
) -> PairCall:
    return PairCall(
        call_id=call_id,
        persons=_set_of(persons, "|"),
        countries=_set_of(countries, "-"),
        date=date,
        earliest=earliest,
        latest=latest,
        held=status in OVER,
    )


@lru_cache(maxsize=4096)
def _set_of(names: str, between: str) -> frozenset[str]:
    """A pair has the same few persons and countries in all its calls."""
    return frozenset(names.split(between))


_RECORD = select(
    _CALLS.c.id,
    _CALLS.c.persons,
    _CALLS.c.countries,
    _CALLS.c.status,
    _CALLS.c.earliest,
    _CALLS.c.latest,
    _CALLS.c.date,
).where(_CALLS.c.merged_into.is_(None), _CALLS.c.status != "withdrawn")
_BETWEEN_TWO = (_CALLS.c.countries.in_(bindparam("pairs", expanding=True)), _CALLS.c.merged_into.is_(None))
_FILED_UNDER = select(_CALL_PAIRS.c.call_id).where(_CALL_PAIRS.c.pair.in_(bindparam("pairs", expanding=True)))
#: Nearly all calls are between two: these stand side by side in an index, and only the others are looked up one by one.
_OF_PAIRS = union_all(
    _RECORD.where(*_BETWEEN_TWO),
    _RECORD.where(_CALLS.c.id.in_(_FILED_UNDER.except_(select(_CALLS.c.id).where(*_BETWEEN_TWO)))),
)


def later_calls(session: Session, row: CallRow, calls: Iterable[PairCall]) -> list[CallRow]:
    """The calls of the pairs of a call that came after it: what they are compared with may have changed."""
    now = pair_call(row).moment
    after = [c.call_id for c in calls if c.call_id != row.id and now and c.moment and c.moment >= now]
    return list(session.scalars(select(CallRow).where(CallRow.id.in_(after)).order_by(CallRow.id))) if after else []


def comparison_of(session: Session, row: CallRow, calls: Iterable[PairCall]) -> Comparison:
    """A call held against its history."""
    call, facts = pair_call(row), facts_of(row.facts)
    past = [c for c in calls if c.held]
    found = previous_of(call, past)
    named = [c.call_id for c in (found.persons, found.countries) if c is not None]
    rows = _rows(session, _FACTS, {"calls": named}) if named else ()
    known = {other.id: facts_of(other.facts) for other in rows}
    last = found.persons or found.countries
    told = facts.sources[0].published_at
    coverage = _coverage(session, row, last.moment if last else None, told) if told else coverage_of(0, 0, 0)
    return compare(call, facts, past, known, coverage, _term(facts))


_FACTS = select(_CALLS.c.id, _CALLS.c.facts).where(_CALLS.c.id.in_(bindparam("calls", expanding=True)))


def _term(facts: CallFacts) -> Began | None:
    """The term in office that began last among those of the persons on a call; None without a day of the call."""
    if facts.date is None or "?" in facts.date:
        return None
    lexicon, day = load_lexicon(), dt.date.fromisoformat(facts.date)
    terms = [term for p in facts.participants if p.person and (term := lexicon.in_office(p.person, day, slack=0))]
    last = max((term for term in terms if term.capacity != "elect"), key=lambda term: term.since, default=None)
    return Began(lexicon.persons[last.person].surname, last.since) if last is not None else None


def _coverage(session: Session, row: CallRow, since: dt.datetime | None, until: dt.datetime) -> Coverage:
    """How many articles the record had when a call was first told, and in how many of the months since the last call it
    had enough of them; of a thin record also how many tell of calls of its countries, which is said of that alone."""
    since = since or session.scalar(select(func.min(_ARTICLES.c.published_at))) or until
    months = list(itertools.pairwise(_months(min(since, until), until)))
    months[-1] = (min(months[-1][0], until - BEGUN), until)
    slots = next(slots for slots in SLOTS if len(months) <= slots)
    padded = [*months, *([(until, until)] * (slots - len(months)))]
    firsts = {f"first_{n}": start for n, (start, _) in enumerate(padded)}
    lasts = {f"last_{n}": end for n, (_, end) in enumerate(padded)}
    articles, covered = session.execute(_counted(slots), {"until": until, **firsts, **lasts}).one()
    coverage = coverage_of(articles, covered, len(months))
    if not coverage.thin:
        return coverage
    of_pair = session.scalar(_OF_PAIR, {"pairs": pairs_of(row.countries), "until": until})
    return msgspec.structs.replace(coverage, of_pair=of_pair)


@lru_cache(maxsize=len(SLOTS))
def _counted(months: int) -> Select[int, int]:
    """How many articles came before `until`, up to a number that is enough, and in how many of so many months, given
    as first_0, last_0 and so on, enough of them came."""

    def given(name: str) -> BindParameter[dt.datetime]:
        return bindparam(name, type_=UtcDateTime())

    before = select(literal(1)).where(_ARTICLES.c.published_at < given("until")).limit(MOST_ARTICLES)
    rows = (select(given(f"first_{n}").label("first"), given(f"last_{n}").label("last")) for n in range(months))
    spans = union_all(*rows).subquery()
    within = (_ARTICLES.c.published_at >= spans.c.first, _ARTICLES.c.published_at < spans.c.last)
    enough = select(_ARTICLES.c.published_at).where(*within).order_by(_ARTICLES.c.published_at)
    last_of_them = enough.offset(MONTH_COVERED - 1).limit(1).scalar_subquery()
    covered = select(func.count()).select_from(spans).where(last_of_them.is_not(None))
    return select(select(func.count()).select_from(before.subquery()).scalar_subquery(), covered.scalar_subquery())


def _months(first: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """The starts of the months from the first to the last and of the one after, at most three years of them."""
    numbers = range(first.year * 12 + first.month - 1, until.year * 12 + until.month + 1)
    return [dt.datetime(n // 12, n % 12 + 1, 1, tzinfo=dt.UTC) for n in numbers][-MOST_MONTHS - 1 :]


# --- hands ---------------------------------------------------------------------------------------------------------


def standing_hands(session: Session, pairs: Collection[str]) -> tuple[Hand, ...]:
    """The hands that stand on calls of these pairs, each with those of its reports that are still there."""
    rows = _rows(session, _STANDING)
    mine = [row for row in rows if not set(pairs).isdisjoint(row.pairs)]
    there = {key for key, _ in _keyed(session, [key for row in mine for key in (*row.reports, *row.others)])}
    return tuple(
        Hand(
            id=row.id,
            kind=row.kind,
            reports=tuple(key for key in row.reports if key in there),
            others=tuple(key for key in row.others if key in there),
            edits=row.edits,
            reason=row.reason,
            by=row.by,
            at=row.at,
            beyond=tuple(sorted(set(row.pairs) - set(pairs))),
        )
        for row in mine
    )


_STANDING = select(_HANDS).where(_HANDS.c.retired_at.is_(None)).order_by(_HANDS.c.id)


def calls_of_keys(session: Session, keys: Collection[str]) -> set[str]:
    """The calls that reports belong to, by the keys of the reports."""
    return {call_id for _, call_id in _keyed(session, keys)}


def _keyed(session: Session, keys: Collection[str]) -> Iterator[tuple[str, str]]:
    """Of those of the reports that are there, key and call."""
    articles = sorted({key.rpartition("#")[0] for key in keys})
    for first in range(0, len(articles), CHUNK):
        query: Select[str, int, str] = (
            select(ArticleRow.key, ReportRow.ordinal, ReportRow.call_id)
            .join(ReportRow, ReportRow.article_id == ArticleRow.id)
            .where(ArticleRow.key.in_(articles[first : first + CHUNK]))
        )
        for article, ordinal, call_id in session.execute(query):
            if (key := f"{article}#{ordinal}") in keys:
                yield key, call_id
