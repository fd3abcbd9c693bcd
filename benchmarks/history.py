"""One report held against the history, compared and stored, on PostgreSQL with few and with many calls in it."""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from statistics import quantiles
from typing import Any

import msgspec
from sqlalchemy import Insert, String, cast, func, insert, select, text, true
from sqlalchemy.orm import Session, sessionmaker

from benchmarks import texts
from benchmarks.copytexts import Press
from benchmarks.table import Row, Section, figure, times
from services.classify.copies import MARKS
from services.classify.facts import merge
from services.classify.history import pairs_of
from services.classify.identity import countries_of, persons_of, resolve
from services.classify.lexicon import Lexicon
from services.classify.naming import call_id_of
from services.classify.tasks import classify_batch
from services.classify.verdict import judge
from shared import db
from shared.events import CallsReported
from shared.records import Article, Extraction, Participant, Report, StoredReport, When
from shared.search import words_of
from shared.tables import ArticleRow, ReportRow
from tests.support.servers import postgres

_FEW, _MANY = 1_000, 100_000
TOLD_BY = 10
_REPORTS = 400
_FIRST = _MANY * TOLD_BY + 1
_CHANCE = random.Random(3)
_WARM_UP = 50
_LEADERS = 40
_YEARS = 10
#: Runs of words in an article of some 370 words.
_RUNS = 366
_NOW = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)
_APART = 4


class Taken(msgspec.Struct, frozen=True):
    """Milliseconds of one article: all its transactions, of these the one that compares and stores, and how long this
    process had the processor for that one."""

    whole: float
    stored: float
    worked: float


class Times(msgspec.Struct, frozen=True):
    """Milliseconds for one report: the median and the 99th percentile."""

    p50: float
    p99: float


def measure(lexicon: Lexicon) -> Section:
    """Few calls beside many, each in a database of its own, asked in turn so that both meet the same machine."""
    leaders, calls, press = leaders_of(lexicon), (_FEW, _MANY), Press(texts.load(None).stream)
    with postgres(durable=True) as server, ExitStack() as opened:
        few, many = (opened.enter_context(_filled(server, some, leaders)) for some in calls)
        fresh = [told(number, 0, leaders, _CHANCE) for number in range(_FIRST, _FIRST + _WARM_UP + _REPORTS)]
        taken = [
            tuple(_stored_in(sessions, number, stored, press.article(number).body) for sessions in (few, many))
            for number, stored in enumerate(fresh, _FIRST)
        ]
        floor = _times([_committed(many) for _ in range(_REPORTS)])
    a, b = zip(*taken[_WARM_UP:], strict=True)
    return Section(
        "Compare and store one report (PostgreSQL)",
        (
            *_rows("compare and store", [one.stored for one in a], [one.stored for one in b], goal=10),
            *_rows("processor time of that", [one.worked for one in a], [one.worked for one in b]),
            *_rows("with the claim and the look for work", [one.whole for one in a], [one.whole for one in b]),
            Row("the floor, one row changed and committed: p50, ms", figure(floor.p50)),
            Row("the floor, one row changed and committed: p99, ms", figure(floor.p99)),
        ),
        (
            f"The classifier's transactions for an article of some 370 words with one report, {_REPORTS} of them after "
            f"{_WARM_UP} that warm up. The calls are spread over {_LEADERS} leaders and {_YEARS} years, each told by "
            f"{TOLD_BY} articles: {_MANY * TOLD_BY:,} reports in the large history. The server waits for the disk at "
            f"each commit. Wall time, but where it says otherwise; the machine's load was {os.getloadavg()[1]:.1f}.",
        ),
    )


def _rows(what: str, few: Sequence[float], many: Sequence[float], goal: float | None = None) -> Iterator[Row]:
    small, large = _times(few), _times(many)
    for name, one, other in (("p50", small.p50, large.p50), ("p99", small.p99, large.p99)):
        limit = f"≤ {goal:g}" if goal is not None and name == "p99" else ""
        beside = f"{_FEW:,} calls: {figure(one)}"
        yield Row(f"{what}, {_MANY:,} calls: {name}, ms", figure(other), beside, times(other / one), limit)


def leaders_of(lexicon: Lexicon) -> list[Participant]:
    """One leader each of as many countries."""
    first = {terms[0].country: lexicon.persons[person] for person, terms in lexicon.terms_of.items()}
    return [
        Participant(name=person.name, country=country, person=person.id, surname=person.surname)
        for country, person in islice(sorted(first.items()), _LEADERS)
    ]


@contextmanager
def _filled(server: str, calls: int, leaders: Sequence[Participant]) -> Iterator[sessionmaker[Session]]:
    with db.sessions_for(server)() as session:
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"}).execute(
            text(f"CREATE DATABASE history_{calls}")
        )
    db.close(server)
    url = f"{server.rpartition('/')[0]}/history_{calls}"
    db.migrate(url)
    try:
        fill(db.sessions_for(url), calls_of_years(calls, leaders, random.Random(calls)))
        _index_texts(db.sessions_for(url))
        yield db.sessions_for(url)
    finally:
        db.close(url)


def _committed(sessions: sessionmaker[Session]) -> float:
    """Milliseconds of the least that any transaction takes which changes a row."""
    start = time.perf_counter()
    with sessions.begin() as session:
        session.execute(text("UPDATE articles SET revision = revision WHERE id = 1"))
    return (time.perf_counter() - start) * 1000


def _times(taken: Sequence[float]) -> Times:
    cuts = quantiles(taken, n=100)
    return Times(p50=cuts[49], p99=cuts[98])


def calls_of_years(calls: int, leaders: Sequence[Participant], chance: random.Random) -> list[StoredReport]:
    """So many calls over the years before, in the order of their days, as a newsroom's history is written; those of one
    pair some days apart, for closer ones would be one call."""
    days = sorted((chance.randrange(_APART, _YEARS * 365, _APART) for _ in range(calls)), reverse=True)
    taken: set[tuple[str, int]] = set()
    history: list[StoredReport] = []
    while len(history) < calls:
        days_ago = days[len(history)]
        stored = told(len(history) + 1, days_ago, leaders, chance)
        place = (countries_of(stored.report.participants), days_ago)
        if place not in taken:
            taken.add(place)
            history.append(stored)
    return history


def told(number: int, days_ago: int, leaders: Sequence[Participant], chance: random.Random) -> StoredReport:
    """A call of two leaders, as an article of the same day tells it."""
    day = (_NOW - _DAY * days_ago).date()
    who = tuple(chance.sample(leaders, 2))
    report = Report(participants=who, status="held", news=True, when=When(date=day.isoformat(), text=day.isoformat()))
    published = dt.datetime.combine(day, dt.time(20), dt.UTC)
    return StoredReport(
        key=f"a{number}#0",
        article=f"a{number}",
        published_at=published,
        outlet="Báo",
        report=report,
        title=f"a{number}",
    )


def fill(sessions: sessionmaker[Session], history: Sequence[StoredReport]) -> None:
    """Write a history as the store would have written it, without comparing: that is what is measured afterwards."""
    numbered = list(enumerate(history, 1))
    calls, reports = zip(*(_call_and_report(number, stored) for number, stored in numbered), strict=True)
    pairs = [{"call_id": call["id"], "pair": p} for call in calls for p in pairs_of(call["countries"])]
    with sessions.begin() as session:
        session.execute(
            text("SET LOCAL session_replication_role = replica")
        )  # what refers to what is known to be there
        bulk_copy(session, "articles", [_article(number, stored, "done") for number, stored in numbered])
        bulk_copy(session, "calls", calls)
        bulk_copy(session, "call_pairs", pairs)
        bulk_copy(session, "reports", reports)
        session.execute(_more_articles(len(history)))
        session.execute(_more_reports(len(history)))
        for table in ("articles", "reports"):
            name = func.pg_get_serial_sequence(table, "id")
            session.execute(select(func.setval(name, len(history) * TOLD_BY)))
    _vacuum(sessions)


def _index_texts(sessions: sessionmaker[Session]) -> None:
    """Put a text of each article into the index of texts, no two alike: in an empty one PostgreSQL would read whole
    tables, and keep to that plan."""
    with sessions.begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("SELECT setseed(0.5)"))
        session.execute(_SKETCHES)
        session.execute(_MARKS, {"marks": MARKS, "lowest": -(2**31), "span": 2**32 * MARKS // _RUNS})
    _vacuum(sessions)


def _vacuum(sessions: sessionmaker[Session]) -> None:
    """What a server does by itself soon after."""
    with sessions() as session:
        connection = session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        connection.execute(text("VACUUM (ANALYZE)"))
        connection.execute(text("CHECKPOINT"))


#: A sketch has 256 bytes; what these say is no text's.
_SKETCHES = text(
    "INSERT INTO fingerprints (article_id, sketch, origin_id) "
    "SELECT id, decode(repeat(md5(random()::text), 16), 'hex'), id FROM articles"
)
#: The marks of a text are its lowest numbers, so those of all texts lie in a small part of the range.
_MARKS = text(
    "INSERT INTO fingerprint_marks (mark, article_id) "
    "SELECT DISTINCT CAST(:lowest + floor(random() * :span) AS int) AS mark, id "
    "FROM articles, generate_series(1, :marks) ORDER BY mark"
)


def bulk_copy(session: Session, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows in one stream (https://www.psycopg.org/psycopg3/docs/basic/copy.html)."""
    cursor = session.connection().connection.cursor()
    with cursor.copy(f"COPY {table} ({', '.join(rows[0])}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row([_cell(value) for value in row.values()])


def _cell(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value


def _more_articles(calls: int) -> Insert:
    """The other articles on each call, all by the server: as the first, with numbers of their own, in the order of
    their days and among those on other calls of a day."""
    n = func.generate_series(1, TOLD_BY - 1).table_valued("n").render_derived()
    key = ArticleRow.key + "-" + cast(n.c.n, String)
    state = ("body_state", "body_attempts", "classify_state", "classify_attempts", "rejections")
    same = ("published_at", "fetched_at", "title", "summary", "text", "revision", "silent", *state)
    columns = {name: getattr(ArticleRow, name) for name in same}
    columns |= {"id": ArticleRow.id + n.c.n * calls, "key": key, "content_hash": key}
    told = select(*columns.values()).join(n, true()).order_by(ArticleRow.published_at, n.c.n, ArticleRow.id)
    return insert(ArticleRow).from_select(list(columns), told)


def _more_reports(calls: int) -> Insert:
    n = func.generate_series(1, TOLD_BY - 1).table_valued("n").render_derived()
    same = ("ordinal", "call_id", "report", "verdict", "judgement", "published_at", "created_at", "notify_state")
    columns = {name: getattr(ReportRow, name) for name in same}
    columns |= {"id": ReportRow.id + n.c.n * calls, "article_id": ReportRow.article_id + n.c.n * calls}
    told = select(*columns.values()).join(n, true()).order_by(ReportRow.published_at, n.c.n, ReportRow.id)
    return insert(ReportRow).from_select(list(columns), told)


def _article(number: int, stored: StoredReport, state: str) -> dict[str, Any]:
    when = stored.published_at
    row = {"id": number, "key": stored.article, "published_at": when, "fetched_at": when, "content_hash": stored.key}
    counts = {"revision": 1, "body_attempts": 0, "classify_attempts": 0}
    states = {"silent": False, "body_state": "none", "classify_state": state, "rejections": []}
    return row | {"title": stored.article, "summary": "", "text": ""} | counts | states


def _call_and_report(number: int, stored: StoredReport) -> tuple[dict[str, Any], dict[str, Any]]:
    (cluster,) = resolve([stored])
    facts = merge(cluster.members, cluster.span, cluster.maybe_second)
    call_id = call_id_of(stored.key)
    judgement = judge(stored, (), call_id, cluster.link(stored.key))
    call = {
        "id": call_id,
        "countries": countries_of(facts.participants),
        "persons": persons_of(facts.participants),
        "status": facts.status,
        "news": facts.news,
        "earliest": facts.earliest,
        "latest": facts.latest,
        "date": facts.date,
        "facts": msgspec.to_builtins(facts),
        "words": words_of(msgspec.to_builtins(facts)),
        "comparison": None,
        "updated_at": _NOW,
    }
    report = {
        "id": number,
        "article_id": number,
        "ordinal": 0,
        "call_id": call_id,
        "report": msgspec.to_builtins(stored.report),
        "verdict": judgement.verdict,
        "judgement": msgspec.to_builtins(judgement),
        "published_at": stored.published_at,
        "created_at": _NOW,
        "notify_state": "done",
    }
    return call, report


def _stored_in(sessions: sessionmaker[Session], number: int, stored: StoredReport, body: str) -> Taken:
    """How long the classifier takes for an article whose reading is at hand. Raises RuntimeError where it fails."""
    with sessions.begin() as session:
        session.execute(insert(ArticleRow), [_article(number, stored, "waiting") | {"text": body}])
    extraction = Extraction(reports=(stored.report,))
    read_at = worked = 0.0

    def extract(_: Article) -> Extraction:
        nonlocal read_at, worked
        read_at, worked = time.perf_counter(), time.process_time()
        return extraction

    def publish(_: CallsReported) -> None:
        return None

    start = time.perf_counter()
    told = classify_batch(sessions, [number], _NOW, extract, publish)
    end, worked = time.perf_counter(), time.process_time() - worked
    if not told:
        raise RuntimeError(f"article {number} was not stored")
    return Taken(whole=(end - start) * 1000, stored=(end - read_at) * 1000, worked=worked * 1000)
