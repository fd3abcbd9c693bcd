"""The canary, second part: the invented article is read by the real rules over the real leaders and two invented ones.

The invented leaders are laid over the data for this article alone, so that no other text can mean them.
"""

from __future__ import annotations

import datetime as dt

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from services.classify.extract import extract
from services.classify.facts import merge
from services.classify.lexicon import load_lexicon
from shared.data_files import data_of
from shared.db import reading
from shared.limits import OUT_OF_LIMITS
from shared.records import Article, CallFacts, StoredReport
from shared.tables import CanaryRow

#: One that is older stays where it is, as a sign of what was blind; the next one goes through.
YOUNG = dt.timedelta(minutes=10)
COUNTRIES = {"QQ", "QZ"}


def read(sessions: sessionmaker[Session], now: dt.datetime) -> int:
    """Read the test articles that wait, and write down what was found or why nothing was; returns how many."""
    waiting = select(CanaryRow).where(
        CanaryRow.started_at > now - YOUNG, CanaryRow.read_at.is_(None), CanaryRow.failed.is_(None)
    )
    with reading(sessions) as session:
        rows = list(session.scalars(waiting.order_by(CanaryRow.started_at)))
    for row in rows:
        found = read_one(row.title, row.summary, row.started_at)
        with sessions.begin() as session:
            kept = session.get_one(CanaryRow, row.id)
            if isinstance(found, str):
                kept.failed = f"read: {found}"
            else:
                kept.read_at, kept.facts = now, msgspec.to_builtins(found)
    return len(rows)


def read_one(title: str, summary: str, at: dt.datetime) -> CallFacts | str:
    """The call of a test article, or in words what is wrong with the reading."""
    article = Article(id="canary", title=title, summary=summary, published_at=at)
    try:
        overlay = data_of("classify").built_in / "canary"
        reports = extract(article, load_lexicon(overlay)).reports
        told = [report for report in reports if report.news and set(report.countries) == COUNTRIES]
        if len(told) != 1 or len(reports) != 1:
            return f"{len(reports)} calls were found where there is one"
        stored = StoredReport(key="canary#0", article="canary", published_at=at, outlet="Redphone", report=told[0])
        return merge([stored])
    except OUT_OF_LIMITS:
        raise
    except Exception as error:  # what the rules stumble over is what this is to find out
        return f"{type(error).__name__}: {error}"[:500]
