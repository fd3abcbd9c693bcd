"""What passed each stage lately, as the rows tell it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from services.status.queries.flows import passed
from services.status.values import Passed
from shared.tables import AnnouncementRow, ArticleRow, CallRow, ReportRow
from tests.support.history import NOW, ago


def article(number: int, **values: Any) -> ArticleRow:
    return ArticleRow(id=number, key=f"a{number}", content_hash="", **values)


def report(number: int, **values: Any) -> ReportRow:
    return ReportRow(article_id=1, ordinal=number, call_id="c1", report={}, verdict="new", judgement={}, **values)


def message(number: int, created_at: dt.datetime, sent_at: dt.datetime | None) -> AnnouncementRow:
    what: dict[str, Any] = {"key": f"m{number}", "kind": "digest", "channel": "C1", "language": "en", "payload": {}}
    return AnnouncementRow(**what, next_attempt_at=created_at, created_at=created_at, sent_at=sent_at)


def test_each_stage_tells_what_came_and_passed_within_the_hour(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(article(1, fetched_at=ago(90), body_state="done", body_at=ago(50), classified_at=ago(80)))
        session.add(article(2, fetched_at=ago(9), body_state="waiting", classified_at=ago(8)))
        session.add(article(3, fetched_at=ago(7)))
        facts: dict[str, Any] = {"persons": "", "countries": "", "status": "held", "news": True, "facts": {}}
        session.add(CallRow(id="c1", updated_at=NOW, **facts))
        session.flush()
        session.add(report(1, created_at=ago(120), decided_at=ago(119)))
        session.add(report(2, created_at=ago(6), decided_at=ago(5), notify_state="done"))
        session.add(report(3, created_at=ago(4)))
        session.add_all([message(1, ago(3), ago(2)), message(2, ago(1), None)])
    with sessions() as session:
        found = passed(session, NOW)
    assert found == {
        "body": [Passed(ago(9), None), Passed(ago(90), ago(50))],
        "classify": [Passed(ago(7), None), Passed(ago(9), ago(8))],
        "notify": [Passed(ago(4), None), Passed(ago(6), ago(5))],
        "post": [Passed(ago(1), None), Passed(ago(3), ago(2))],
    }
