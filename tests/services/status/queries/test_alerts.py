"""The ledger, whole or in part, is read by an index however long it is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.status.queries import alerts, articles
from shared.tables import ArticleRow, CallRow, ReportRow
from tests.support.history import NOW
from tests.support.plans import plans_of


def _fill(session: Session) -> None:
    call = CallRow(id="c1", persons="", countries="", status="held", news=True, facts={}, updated_at=NOW)
    session.add_all([call, ArticleRow(id=1, key="a1", content_hash="", fetched_at=NOW)])
    session.flush()
    session.add(ReportRow(id=1, article_id=1, ordinal=0, call_id="c1", report={}, verdict="new", judgement={},
                          created_at=NOW))  # fmt: skip


def _of_a_kind(session: Session) -> object:
    return alerts.page(session, state=None, kind="digest", call_id=None, before=None, limit=25)


def _of_an_article(session: Session) -> object:
    return articles.by_id(session, 1)


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        (_of_a_kind, ("ix_announcements_kind",)),
        (_of_an_article, ("ix_announcements_report_id", "ix_announcements_call_id")),
    ],
)
def test_messages_are_found_by_an_index(
    sessions: sessionmaker[Session], ask: Callable[[Session], object], indexes: tuple[str, ...]
) -> None:
    with sessions.begin() as session:
        _fill(session)
    with sessions() as session, plans_of(session, bitmaps=True) as plans:
        ask(session)
    (plan,) = [plan for plan in plans if "announcements" in plan]
    assert all(index in plan for index in indexes), plan
    assert not re.search(r"SCAN announcements|Seq Scan", plan), plan
