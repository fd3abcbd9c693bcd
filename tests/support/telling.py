"""What a short text tells of calls, as tables of tests write it."""

from __future__ import annotations

import datetime as dt

from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from shared.records import Article, Extraction, Report

TODAY = dt.datetime.fromisoformat("2024-05-15T09:00:00+07:00")


def read(text: str, title: str = "", summary: str = "", published_at: dt.datetime | None = TODAY) -> Extraction:
    """What is read in a text; written on 15 May 2024 where nothing else is said."""
    article = Article(id="a", title=title, summary=summary, text=text, published_at=published_at)
    return extract(article, load_lexicon())


def told(text: str, title: str = "", summary: str = "", published_at: dt.datetime | None = TODAY) -> list[Report]:
    """The calls that a text tells of, in its order."""
    return list(read(text, title, summary, published_at).reports)


def pairs(reports: list[Report]) -> list[str]:
    """The countries of each call, sorted and joined: "FR-KE"."""
    return ["-".join(sorted(map(str, report.countries))) for report in reports]
