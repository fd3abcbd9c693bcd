"""What passed each stage lately: moments of arrival and of passing, from the newest rows alone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.status.values import Passed
from shared.tables import AnnouncementRow, ArticleRow

#: The newest rows that are looked at; more than an hour of five hundred feeds brings.
NEWEST = 2000


def passed(session: Session, now: dt.datetime) -> dict[str, list[Passed]]:
    """Stage → the rows that came or passed within the hour: read by classify, posted by notify."""
    since = now - dt.timedelta(hours=1)
    return {
        stage: [
            Passed(came, left)
            for came, left in session.execute(query.limit(NEWEST))
            if came > since or (left is not None and left > since)
        ]
        for stage, query in _STAGES.items()
    }


_STAGES: dict[str, Select[dt.datetime, dt.datetime | None]] = {
    "classify": select(ArticleRow.fetched_at, ArticleRow.classified_at).order_by(ArticleRow.id.desc()),
    "post": select(AnnouncementRow.created_at, AnnouncementRow.sent_at).order_by(AnnouncementRow.id.desc()),
}
