"""A desk for tests: articles and calls written straight into the tables, and a channel that remembers."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from services.notify import tasks
from services.notify.decide import Options
from services.notify.plain import as_text
from services.notify.poster import Absent, CannotLook, Found, Outcome, Post, Poster, Sent, Unknown
from shared.events import AnnouncementsWritten
from shared.records import CallFacts, Change, Comparison, Coverage, Judgement, Report, Verdict
from shared.tables import AnnouncementRow, ArticleRow, CallRow, ReportRow
from tests.services.notify.variations import AT, MACRON, MERZ, facts

OPTIONS = Options(channel="#redphone")
MINUTE = dt.timedelta(minutes=1)
NOW = AT + MINUTE


class FakePoster:
    """A channel with a memory. `answers` are given in turn before it works; `lost` ones are posted all the same."""

    interval_s = 0.0

    def __init__(self, *answers: Outcome, lost: bool = True, readable: bool = True) -> None:
        self.channel: dict[str, Post] = {}
        self.sent: list[Post] = []
        self.looked: list[str] = []
        self.looked_since: list[dt.datetime] = []
        self.waited: list[float] = []
        self.answers = deque(answers)
        self._lost, self._readable = lost, readable

    def send(self, post: Post) -> Outcome:
        answer = self.answers.popleft() if self.answers else None
        if answer is not None and not (isinstance(answer, Unknown) and self._lost):
            return answer
        self.sent.append(post)
        ts = post.ts or f"ts{len(self.sent)}"
        self.channel[ts] = post
        return answer or Sent(ts)

    def find(self, post: Post, since: dt.datetime) -> Found:
        self.looked.append(post.key)
        self.looked_since.append(since)
        if not self._readable:
            return CannotLook("closed for the night")
        return next((Sent(ts) for ts, sent in self.channel.items() if sent.key == post.key), Absent())

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(post.kind, post.message.headline) for post in self.sent]


class Desk:
    """A database with calls in it, and the notifier's two tasks over it."""

    def __init__(self, sessions: sessionmaker[Session], options: Options = OPTIONS) -> None:
        self.sessions = sessions
        self.options = options
        self.published: list[AnnouncementsWritten] = []

    def call(
        self,
        call_id: str = "c1",
        known: CallFacts | None = None,
        articles: int = 2400,
        days: int | None = None,
    ) -> CallFacts:
        """Write a call, or write it anew; `days` after the one before."""
        told = known or facts(MACRON, MERZ)
        comparison = Comparison(days=days, coverage=Coverage(articles=articles, months=12, thin=False))
        with self.sessions.begin() as session:
            row = session.get(CallRow, call_id) or CallRow(id=call_id, updated_at=NOW)
            row.persons, row.countries, row.status, row.news = "macron+merz", "DE-FR", told.status, told.news
            row.facts, row.comparison = msgspec.to_builtins(told), msgspec.to_builtins(comparison)
            session.add(row)
        return told

    def report(
        self,
        verdict: Verdict = "new",
        call_id: str = "c1",
        changes: tuple[Change, ...] = (),
        published: dt.datetime | None = AT,
        *,
        silent: bool = False,
        **values: Any,
    ) -> int:
        """Write an article with one report of a call, waiting to be decided on."""
        return self.reports((call_id, verdict), changes=changes, published=published, silent=silent, **values)[0]

    def reports(
        self,
        *told: tuple[str, Verdict],
        changes: tuple[Change, ...] = (),
        published: dt.datetime | None = AT,
        silent: bool = False,
        stored: Sequence[int] | None = None,
        **values: Any,
    ) -> list[int]:
        """Write an article that tells of calls, each with its verdict, as its text goes; the ids of the reports.

        `stored` is the order in which they are written, where that is another.
        """
        rows: dict[int, ReportRow] = {}
        with self.sessions.begin() as session:
            number = len(session.scalars(select(ArticleRow.id)).all()) + 1
            article = ArticleRow(
                key=f"a{number}",
                published_at=published,
                fetched_at=NOW,
                content_hash="0",
                silent=silent,
                classify_state="done",
            )
            session.add(article)
            session.flush()
            for ordinal in stored or range(len(told)):
                call_id, verdict = told[ordinal]
                rows[ordinal] = self._report(session, article, ordinal, call_id, verdict, changes, values)
                session.flush()
            return [rows[ordinal].id for ordinal in range(len(told))]

    def _report(
        self,
        session: Session,
        article: ArticleRow,
        ordinal: int,
        call_id: str,
        verdict: Verdict,
        changes: tuple[Change, ...],
        values: dict[str, Any],
    ) -> ReportRow:
        call = msgspec.convert(session.get_one(CallRow, call_id).facts, CallFacts)
        report = Report(participants=call.participants, status=call.status, news=True, **values)
        judgement = Judgement(verdict=verdict, call_id=call_id, reason=verdict, changes=changes)
        row = ReportRow(
            article_id=article.id,
            ordinal=ordinal,
            call_id=call_id,
            report=msgspec.to_builtins(report),
            verdict=verdict,
            judgement=msgspec.to_builtins(judgement),
            published_at=article.published_at,
            created_at=NOW,
        )
        session.add(row)
        return row

    def decide(self, *report_ids: int, now: dt.datetime = NOW) -> tuple[int, ...]:
        ids = report_ids or tasks.sweep(self.sessions, now)
        return tasks.decide_batch(self.sessions, ids, now, self.options, self.published.append)

    def post(self, poster: Poster, now: dt.datetime = NOW) -> tuple[int, ...]:
        return tasks.post_batch(self.sessions, (), now, poster)

    def refresh(self, now: dt.datetime = NOW) -> None:
        """Look at the calls that changed behind their reports."""
        tasks.refresh_batch(self.sessions, tasks.changed(self.sessions), now, self.options, self.published.append)

    def ledger(self) -> list[tuple[str, str, str]]:
        """Kind, key and state of every row, in order."""
        with self.sessions() as session:
            rows = session.scalars(select(AnnouncementRow).order_by(AnnouncementRow.id)).all()
            return [(row.kind, row.key, row.state) for row in rows]

    def states(self) -> list[str]:
        return [state for _, _, state in self.ledger()]

    def row(self, kind: str) -> AnnouncementRow:
        with self.sessions() as session:
            rows = session.scalars(select(AnnouncementRow).where(AnnouncementRow.kind == kind)).all()
            return rows[-1]

    def decision(self, report_id: int) -> tuple[str, str | None]:
        with self.sessions() as session:
            row = session.get_one(ReportRow, report_id)
            return row.notify_state, row.decision


def text_of(post: Post) -> str:
    return as_text(post.message)
