"""`redphone replay`: articles in order of publication, through the same functions as live ones.

"Now" is each article's own time, so a replay gives the same answer for ever. Alerts go to the terminal, whatever the
settings say of Slack: a replay is for looking, not for telling the desk.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from redphone.articles import in_order, read_articles
from redphone.embedded import Pipeline
from redphone.lines import ArticleLine, HistoryLine, encode, history_line
from redphone.progress import counted
from services.ingest import store as ingest
from services.notify.console import ConsolePoster
from services.notify.poster import Poster
from shared import db
from shared.events import ArticlesStored
from shared.records import Article, CallFacts, Judgement, Rejection, Report
from shared.settings import Settings, load_settings
from shared.tables import AnnouncementRow, ArticleRow, CallRow, ReportRow


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one article gave: its line for programs, and for people how many messages, or why there is none."""

    line: ArticleLine
    known: bool
    alerts: int
    updates: int
    reasons: list[str]


class Replay:
    """Plays articles into one database, one at a time."""

    def __init__(self, sessions: sessionmaker[Session], settings: Settings, poster: Poster) -> None:
        self._sessions = sessions
        self._pipeline = Pipeline(sessions, poster, settings)

    def play(self, article: Article, now: dt.datetime) -> Outcome:
        """Store an article, let it be read and told at `now`, its own time, and look at what came of it."""
        with self._sessions.begin() as session:
            stored = ingest.save_replayed(session, [_storable(article)], now)
        self._pipeline.publish(ArticlesStored((*stored.new, *stored.revised)))
        self._pipeline.drain(now)
        with db.reading(self._sessions) as session:
            return _outcome(session, stored.ids[0], article.id, known=not (stored.new or stored.revised))


def replay(path: str, *, as_json: bool, into: str | None) -> None:
    """Play the articles of `path` and print what came of them; `into` names a database to keep."""
    settings = load_settings()
    articles = in_order(read_articles(path, dated=True))
    with _database(into) as sessions:
        if as_json:
            _print_lines(Replay(sessions, settings, ConsolePoster(Console(quiet=True))), articles)
        else:
            console = Console(highlight=False)
            _print_story(Replay(sessions, settings, ConsolePoster(console)), articles, console)


@contextmanager
def _database(into: str | None) -> Iterator[sessionmaker[Session]]:
    with tempfile.TemporaryDirectory(prefix="redphone-") as folder:
        url = into or f"sqlite:///{Path(folder) / 'replay.sqlite'}"
        db.migrate(url)
        try:
            with db.explained(url):
                yield db.sessions_for(url)
        finally:
            db.close(url)


def _storable(article: Article) -> Article:
    """NUL, which PostgreSQL cannot store, becomes U+FFFD: as long, so every offset stays."""
    clean = {
        name: getattr(article, name).replace("\0", "\N{REPLACEMENT CHARACTER}") for name in ("title", "summary", "text")
    }
    return msgspec.structs.replace(article, **clean)


def _outcome(session: Session, row_id: int, article_id: str, *, known: bool) -> Outcome:
    reports = session.scalars(select(ReportRow).where(ReportRow.article_id == row_id).order_by(ReportRow.ordinal)).all()
    calls = [_call(session, report) for report in reports]
    line = ArticleLine(id=article_id, alert=any(call.news for call in calls), calls=calls)
    told = select(AnnouncementRow.kind).where(AnnouncementRow.report_id.in_([report.id for report in reports]))
    kinds = Counter(session.scalars(told))
    reasons = _reasons(session, row_id, reports)
    return Outcome(line=line, known=known, alerts=kinds["root"], updates=kinds["update"], reasons=reasons)


def _call(session: Session, row: ReportRow) -> HistoryLine:
    facts = msgspec.convert(session.get_one(CallRow, row.call_id).facts, CallFacts)
    judgement = msgspec.convert(row.judgement, Judgement)
    report = msgspec.convert(row.report, Report)
    line = history_line(report, judgement, facts.date or facts.date_derived)
    return msgspec.structs.replace(line, call_id=row.call_id)


def _reasons(session: Session, row_id: int, reports: Sequence[ReportRow]) -> list[str]:
    """Why an article gave no message: the decision on each of its reports, or what was refused as a call."""
    if reports:
        return [f"{_names(row)}: {row.verdict}: {row.decision or 'not decided yet'}" for row in reports]
    article = session.get_one(ArticleRow, row_id)
    if article.classify_state != "done":
        return [f"not read: {article.classify_error}"]
    refused = msgspec.convert(article.rejections, list[Rejection])
    return [f"no call between leaders ({refused[0].reason})" if refused else "no call between leaders"]


def _names(row: ReportRow) -> str:
    people = msgspec.convert(row.report, Report).participants
    return ", ".join(person.surname or person.name or person.country or "?" for person in people)


def _print_lines(played: Replay, articles: Sequence[tuple[dt.datetime, Article]]) -> None:
    for now, article in counted(articles, "replayed"):
        sys.stdout.write(encode(played.play(article, now).line) + "\n")


def _print_story(played: Replay, articles: Sequence[tuple[dt.datetime, Article]], console: Console) -> None:
    started = time.monotonic()
    outcomes = []
    # on a terminal the story itself is the progress
    for now, article in articles if console.is_terminal else counted(articles, "replayed"):
        console.rule(f"{now:%d %b %Y %H:%M %z}  {escape(article.id)}", align="left", style="dim")
        outcomes.append(played.play(article, now))
        _print_quiet(outcomes[-1], console)
    console.rule(style="dim")
    console.print(_summary(outcomes, time.monotonic() - started))


def _print_quiet(outcome: Outcome, console: Console) -> None:
    """Say why an article gave no message."""
    if outcome.known:
        console.print("nothing new: this article is stored already")
    elif not outcome.alerts + outcome.updates:
        for reason in outcome.reasons:
            console.print(f"no alert: {reason}", markup=False, soft_wrap=True)


def _summary(outcomes: Sequence[Outcome], took_s: float) -> str:
    fresh = [outcome for outcome in outcomes if not outcome.known]
    verdicts = Counter(
        call.verdict for outcome in fresh for call in outcome.line.calls if isinstance(call, HistoryLine)
    )
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) or "none"
    alerts, updates = sum(outcome.alerts for outcome in fresh), sum(outcome.updates for outcome in fresh)
    return (
        f"{_counted(len(outcomes), 'article')}, {len(fresh)} of them new; calls told: {told}\n"
        f"{_counted(alerts, 'alert')} and {_counted(updates, 'update')} to the desk, in {took_s:.1f} s"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
