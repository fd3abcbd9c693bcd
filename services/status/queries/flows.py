"""What passed each stage lately: moments of arrival and of passing, from the newest rows alone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.status.values import Passed
from shared.tables import AnnouncementRow, ArticleRow, ReportRow

#: The newest rows that are looked at; more than an hour of five hundred feeds brings.
NEWEST = 2000


def passed(session: Session, now: dt.datetime) -> dict[str, list[Passed]]:
    """Stage → the rows that came or passed within the hour."""
    since = now - dt.timedelta(hours=1)
    return {
        stage: [Passed(came, left) for came, left in rows if came > since or (left is not None and left > since)]
        for stage, rows in _newest(session).items()
    }


def _newest(session: Session) -> dict[str, list[Moments]]:
    """Stage → when each of the newest rows came to it, and when it had passed."""
    articles = session.execute(_ARTICLES.limit(NEWEST)).all()
    return {
        "body": [(row.fetched_at, row.body_at) for row in articles if row.body_state != "none"],
        "classify": [(row.fetched_at, row.classified_at) for row in articles],
        "notify": [(came, left) for came, left in session.execute(_REPORTS.limit(NEWEST))],
        "post": [(came, left) for came, left in session.execute(_MESSAGES.limit(NEWEST))],
    }


Moments = tuple[dt.datetime, dt.datetime | None]
_ARTICLES = select(ArticleRow.fetched_at, ArticleRow.body_state, ArticleRow.body_at, ArticleRow.classified_at).order_by(
    ArticleRow.id.desc()
)
_REPORTS = select(ReportRow.created_at, ReportRow.decided_at).order_by(ReportRow.id.desc())
_MESSAGES = select(AnnouncementRow.created_at, AnnouncementRow.sent_at).order_by(AnnouncementRow.id.desc())
