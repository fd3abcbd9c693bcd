"""`redphone replay`: articles in order of publication, through the same functions as live ones.

On a fresh database "now" is each article's own time, so a replay gives the same answer for ever, and alerts go to the
terminal, whatever the settings say of Slack: such a replay is for looking. Into a database that stays, a replay is a
backfill: it fills the history in silence, at the time of the clock. With `--alert` it tells the desk, wherever the
settings have it, what was news when each article came; what is old news by the clock is marked LATE.
"""

from __future__ import annotations

import datetime as dt
import shlex
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
from redphone.called import called
from redphone.embedded import Pipeline
from redphone.lines import ArticleLine, HistoryLine, encode, history_line
from redphone.progress import counted
from redphone.terminal import Terminal
from services.ingest import store as ingest
from services.notify import config as notify_config
from services.notify.burst import IN_FULL
from services.notify.console import ConsolePoster
from services.notify.poster import Poster
from services.notify.wording import phrase
from shared import db
from shared.clock import utc_now
from shared.errors import UsageError
from shared.events import ArticlesStored
from shared.names import Language, fill
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


#: Nobody else sends what is told of an article here: its messages are waited for.
PATIENCE = dt.timedelta(minutes=1)


class Replay:
    """Plays articles into one database, one at a time. Without a poster it is a backfill: history only."""

    def __init__(
        self, sessions: sessionmaker[Session], settings: Settings, poster: Poster | None, *, feeding: bool = False
    ) -> None:
        self._sessions, self._language = sessions, settings.language
        self._silent, self._by_the_clock = poster is None, poster is None or feeding
        options = notify_config.options(settings)
        if feeding:
            options = msgspec.structs.replace(options, fed=True)
        self._pipeline = Pipeline(sessions, poster, options, utc_now if feeding else None, turn=PATIENCE)

    def play(self, article: Article, moment: dt.datetime) -> Outcome:
        """Store an article, let it be read and told, at its own `moment` where nothing stays, and look at what came."""
        now = utc_now() if self._by_the_clock else moment
        with self._sessions.begin() as session:
            stored = ingest.save_replayed(session, [_storable(article)], now, self._silent)
        self._pipeline.publish(ArticlesStored((*stored.new, *stored.revised)))
        self._pipeline.drain(now)
        with db.reading(self._sessions) as session:
            known = not (stored.new or stored.revised)
            return _outcome(session, stored.ids[0], article.id, known=known, language=self._language)


def replay(path: str, *, as_json: bool, into: str | None, alert: bool) -> None:
    """Play the articles of `path` and print what came of them; `into` names a database to keep, which is filled in
    silence unless `alert` is set. Raises UsageError for `alert` without such a database, and for a database without a
    name."""
    if into == "":
        raise UsageError("--into names no database: write sqlite:///FILE or postgresql://USER@HOST/NAME")
    if alert and into is None:
        raise UsageError("--alert tells the desk of what is played --into a database: name one")
    settings = load_settings()
    articles, started = in_order(read_articles(path, dated=True)), time.monotonic()
    console = Terminal(highlight=False, quiet=as_json)
    # of a fresh database nothing is left afterwards, the articles stay where they are
    evidence = "{call}" if into else shlex.quote(path) if path != "-" else ""
    terminal = ConsolePoster(console, f"{called()} explain {evidence}" if evidence else "")
    poster = _poster(settings, terminal) if alert else None if into else terminal
    with database(into) as sessions:
        played = Replay(sessions, settings, poster, feeding=alert)
        if as_json:
            _print_lines(played, articles)
        else:
            outcomes = _print_story(played, articles, console, settings.language)
            terminal.show_edited()
            console.rule(style="dim")
            console.print(_summary(outcomes, time.monotonic() - started, settings.language))


def _poster(settings: Settings, terminal: ConsolePoster) -> Poster:
    return notify_config.poster(settings) if settings.uses_slack else terminal


@contextmanager
def database(into: str | None) -> Iterator[sessionmaker[Session]]:
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


def stored_line(session: Session, row_id: int, article_id: str) -> ArticleLine:
    """The line of a stored article: its calls, and what the history makes of them now. `article_id`: as it came in."""
    reports = session.scalars(select(ReportRow).where(ReportRow.article_id == row_id).order_by(ReportRow.ordinal))
    calls = [_call(session, report) for report in reports]
    return ArticleLine(id=article_id, alert=any(call.news for call in calls), calls=calls)


def _outcome(session: Session, row_id: int, article_id: str, *, known: bool, language: Language) -> Outcome:
    reports = session.scalars(select(ReportRow).where(ReportRow.article_id == row_id).order_by(ReportRow.ordinal)).all()
    line = stored_line(session, row_id, article_id)
    rows = AnnouncementRow.report_id.in_([report.id for report in reports]), ~AnnouncementRow.key.startswith(IN_FULL)
    kinds = Counter(session.scalars(select(AnnouncementRow.kind).where(*rows)))
    reasons = _reasons(session, row_id, reports, language)
    return Outcome(line=line, known=known, alerts=kinds["root"], updates=kinds["update"], reasons=reasons)


def _call(session: Session, row: ReportRow) -> HistoryLine:
    facts = msgspec.convert(session.get_one(CallRow, row.call_id).facts, CallFacts)
    judgement = msgspec.convert(row.judgement, Judgement)
    report = msgspec.convert(row.report, Report)
    line = history_line(report, judgement, facts.date or facts.date_derived)
    return msgspec.structs.replace(line, call_id=row.call_id)


def _reasons(session: Session, row_id: int, reports: Sequence[ReportRow], language: Language) -> list[str]:
    """Why an article gave no message: the decision on each of its reports, or what was refused as a call."""
    if reports:
        undecided = phrase("replay_undecided", language)
        return [
            f"{_names(row)}: {phrase(f'verdict_{row.verdict}', language)}: {row.decision or undecided}"
            for row in reports
        ]
    article = session.get_one(ArticleRow, row_id)
    if article.classify_state != "done":
        return [_said(language, "replay_not_read", error=article.classify_error or "?")]
    refused = msgspec.convert(article.rejections, list[Rejection])
    return [_said(language, "replay_no_call", reason=refused[0].reason if refused else "")]


def _said(language: Language, key: str, **values: str) -> str:
    """A phrase of the wording table, filled."""
    return fill(phrase(key, language), values) or ""


def _names(row: ReportRow) -> str:
    people = msgspec.convert(row.report, Report).participants
    return ", ".join(person.surname or person.name or person.country or "?" for person in people)


def _print_lines(played: Replay, articles: Sequence[tuple[dt.datetime, Article]]) -> None:
    for moment, article in counted(articles, "replayed"):
        sys.stdout.write(encode(played.play(article, moment).line) + "\n")


def _print_story(
    played: Replay, articles: Sequence[tuple[dt.datetime, Article]], console: Console, language: Language
) -> list[Outcome]:
    outcomes = []
    # on a terminal the story itself is the progress
    for moment, article in articles if console.is_terminal else counted(articles, "replayed"):
        day = f"{moment:%d %b %Y %H:%M %z}" if language == "en" else f"{moment:%d/%m/%Y %H:%M %z}"
        console.rule(f"{day}  {escape(article.id)}", align="left", style="dim")
        outcomes.append(played.play(article, moment))
        _print_quiet(outcomes[-1], console, language)
    return outcomes


def _print_quiet(outcome: Outcome, console: Console, language: Language) -> None:
    """Say why an article gave no message."""
    if outcome.known:
        console.print(phrase("replay_known", language))
    elif not outcome.alerts + outcome.updates:
        for reason in outcome.reasons:
            console.print(_said(language, "replay_no_alert", reason=reason), markup=False, soft_wrap=True)


def _summary(outcomes: Sequence[Outcome], took_s: float, language: Language) -> str:
    fresh = [outcome for outcome in outcomes if not outcome.known]
    verdicts = Counter(
        call.verdict for outcome in fresh for call in outcome.line.calls if isinstance(call, HistoryLine)
    )
    told = ", ".join(f"{count} {phrase(f'verdict_{verdict}', language)}" for verdict, count in sorted(verdicts.items()))
    alerts, updates = sum(outcome.alerts for outcome in fresh), sum(outcome.updates for outcome in fresh)
    read = _said(
        language,
        "replay_told",
        articles=_counted(len(outcomes), "article", language),
        new=str(len(fresh)),
        verdicts=told or phrase("replay_none", language),
    )
    sent = _said(
        language,
        "replay_sent",
        alerts=_counted(alerts, "alert", language),
        updates=_counted(updates, "update", language),
        seconds=f"{took_s:.1f}",
    )
    return f"{read}\n{sent}"


def _counted(number: int, noun: str, language: Language) -> str:
    return _said(language, f"count_{noun}" if number == 1 else f"count_{noun}s", n=str(number))
