"""What passed each stage lately, as the rows tell it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from services.status.queries.flows import NEWEST, passed
from services.status.values import Passed, Traffic
from shared.tables import AnnouncementRow, ArticleRow, CallRow, HandRow, ReportRow, RereadingRow
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
        "body": traffic([9], [(90, 50)]),
        "classify": traffic([7, 9], [(9, 8)]),
        "notify": traffic([4, 6], [(6, 5)]),
        "post": traffic([1, 3], [(3, 2)]),
    }


def traffic(came: list[float], passed: list[tuple[float, float]]) -> Traffic:
    return Traffic(
        came=[ago(minutes) for minutes in came], came_since=ago(60),
        passed=[Passed(ago(came), ago(left)) for came, left in passed], passed_since=ago(60),
    )  # fmt: skip


def test_what_passes_while_much_waits_is_seen_behind_what_came_since(sessions: sessionmaker[Session]) -> None:
    """The oldest are read first, so none of the newest has passed."""
    with sessions.begin() as session:
        session.add_all(article(n, fetched_at=ago(300), classified_at=ago(n / 10)) for n in range(1, 31))
        session.add_all(article(n, fetched_at=ago(5)) for n in range(31, 32 + NEWEST))
    with sessions() as session:
        found = passed(session, NOW)["classify"]
    assert len(found.passed) == 30
    assert (len(found.came), found.came_since, found.passed_since) == (NEWEST, ago(5), ago(60))


def test_an_article_that_is_read_again_tells_nothing_of_how_long_reading_takes(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        session.add(RereadingRow(started_at=ago(20), finished_at=ago(10)))
        session.add(article(1, fetched_at=ago(50_000), classified_at=ago(15)))
        session.add(article(2, fetched_at=ago(9), classified_at=ago(8)))
    with sessions() as session:
        assert passed(session, NOW)["classify"].passed == [Passed(ago(9), ago(8))]


def test_what_is_decided_anew_after_a_hand_tells_nothing_of_how_long_deciding_takes(
    sessions: sessionmaker[Session],
) -> None:
    facts: dict[str, Any] = {"persons": "", "countries": "", "status": "held", "news": True, "facts": {}}
    with sessions.begin() as session:
        session.add(article(1, fetched_at=ago(500)))
        session.add(CallRow(id="c1", updated_at=NOW, **facts))
        session.flush()
        session.add(HandRow(kind="drop", call_id="c1", pairs=[], reports=[], others=[], edits={}, reason="", by="lan",
                            at=ago(90), retired_at=ago(20)))  # fmt: skip
        session.add(report(1, created_at=ago(500), decided_at=ago(19)))
        session.add(report(2, created_at=ago(30), decided_at=ago(29)))
        session.add(report(3, created_at=ago(9), decided_at=ago(8)))
    with sessions() as session:
        assert passed(session, NOW)["notify"].passed == [Passed(ago(9), ago(8)), Passed(ago(30), ago(29))]
