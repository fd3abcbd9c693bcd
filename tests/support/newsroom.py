"""A newsroom for tests: articles whose reading is written by hand, through the classifier's tasks into a database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from services.classify.tasks import classify_batch
from shared.events import CallsReported
from shared.records import Article, CallFacts, Comparison, Extraction, Report
from shared.tables import ArticleRow, CallRow, ReportRow
from tests.support.reports import at

NOW = dt.datetime(2031, 12, 31, tzinfo=dt.UTC)


class Newsroom:
    """Articles whose reading is written by hand. `readings` maps an article's key to its reports, or to an error."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.sessions = sessions
        self.readings: dict[str, tuple[Report, ...] | Exception] = {}
        self.published: list[CallsReported] = []

    def extract(self, article: Article) -> Extraction:
        reading = self.readings[article.id]
        if isinstance(reading, Exception):
            raise reading
        return Extraction(reports=reading)

    def stores(self, key: str, published: str, *reading: Report) -> int:
        """An article is stored and waits."""
        self.readings[key] = reading
        with self.sessions.begin() as session:
            row = ArticleRow(
                key=key, title=key, text=key, published_at=at(published), fetched_at=at(published), content_hash=key
            )
            session.add(row)
            session.flush()
            return row.id

    def reads(self, *ids: int, now: dt.datetime = NOW) -> tuple[int, ...]:
        return classify_batch(self.sessions, ids, now, self.extract, self.published.append)

    def tells(self, key: str, published: str, *reading: Report) -> list[ReportRow]:
        """An article is stored and read."""
        self.reads(self.stores(key, published, *reading))
        return self.reports(key)

    def revises(self, key: str, *reading: Report) -> list[ReportRow]:
        """The text of an article changes and is read again."""
        self.readings[key] = reading
        changed = update(ArticleRow).where(ArticleRow.key == key)
        waits = {"classify_state": "waiting", "classify_next_at": None, "revision": ArticleRow.revision + 1}
        with self.sessions.begin() as session:
            session.execute(changed.values(**waits))
            article_id = session.scalar(select(ArticleRow.id).where(ArticleRow.key == key))
        assert article_id is not None
        self.reads(article_id)
        return self.reports(key)

    def reports(self, key: str | None = None) -> list[ReportRow]:
        query = select(ReportRow).join(ArticleRow, ArticleRow.id == ReportRow.article_id).order_by(ReportRow.ordinal)
        with self.sessions() as session:
            return list(session.scalars(query.where(ArticleRow.key == key) if key else query))

    def calls(self) -> list[CallRow]:
        with self.sessions() as session:
            return list(session.scalars(select(CallRow).order_by(CallRow.earliest, CallRow.id)))

    def article(self, key: str) -> ArticleRow:
        with self.sessions() as session:
            return session.scalars(select(ArticleRow).where(ArticleRow.key == key)).one()

    def decided(self) -> None:
        """The notifier has dealt with all that waits."""
        with self.sessions.begin() as session:
            session.execute(update(ReportRow).values(notify_state="done"))

    def history(self) -> list[tuple[list[str], CallFacts, dict[str, Any] | None]]:
        """The calls with their articles, facts and comparisons; ids of calls, which are opaque, as their articles."""
        with self.sessions() as session:
            told: dict[str, list[str]] = {}
            rows = session.execute(select(ReportRow.call_id, ArticleRow.key).join(ArticleRow).order_by(ArticleRow.key))
            for call_id, key in rows:
                told.setdefault(call_id, []).append(key)
        compared = {c.id: msgspec.to_builtins(c.comparison) for c in self.calls()}
        for comparison in filter(None, compared.values()):
            for name in ("previous", "previous_of_countries"):
                if comparison[name]:
                    comparison[name]["call_id"] = told[comparison[name]["call_id"]]
        return sorted((told[c.id], facts_of(c), compared[c.id]) for c in self.calls() if c.id in told)


def facts_of(call: CallRow) -> CallFacts:
    return msgspec.convert(call.facts, CallFacts)


def comparison_of(value: Any) -> Comparison:
    return msgspec.convert(value, Comparison)
