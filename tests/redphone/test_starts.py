"""What was touched: starts of services, told with what is another than before and with the alerts beside it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from redphone.starts import changed, note
from services.status.queries.changes import lately, told_beside
from shared import db
from shared.settings import Settings
from shared.tables import AnnouncementRow, StartRow

NOW = dt.datetime(2025, 6, 1, 2, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def words(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(StartRow.words).order_by(StartRow.id)))


def test_a_start_says_what_is_another_than_before(sessions: sessionmaker[Session]) -> None:
    note(sessions, "classify", Settings(), NOW)
    note(sessions, "notify", Settings(fresh_hours=12), NOW)
    note(sessions, "classify", Settings(), NOW + HOUR)
    note(sessions, "classify", Settings(fresh_hours=12, slack_token=SecretStr("xoxb-secret")), NOW + 2 * HOUR)
    assert words(sessions) == ["", "", "", "REDPHONE_FRESH_HOURS"]
    with sessions() as session:
        assert "xoxb-secret" not in str(session.scalars(select(StartRow.known)).all())
        told = lately(session, NOW - HOUR, 10)
    assert told[0] == (NOW + 2 * HOUR, "classify started: REDPHONE_FRESH_HOURS")
    assert told[1] == (NOW + HOUR, "classify started")
    note(sessions, "classify", Settings(), NOW + dt.timedelta(days=40))
    assert len(words(sessions)) == 1  # older ones are forgotten


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, {"rules": "a", "settings": {}}, ""),
        ({"rules": "a", "settings": {}}, {"rules": "a", "settings": {}}, ""),
        ({"rules": "a", "schema": "9", "settings": {}}, {"rules": "b", "schema": "10", "settings": {}},
         "rules a → b, schema 9 → 10"),
        ({"rules": "a", "settings": {"watch": ["RU-US"], "burst": "x"}}, {"rules": "a", "settings": {"burst": "y"}},
         "REDPHONE_BURST, REDPHONE_WATCH"),
    ],
)  # fmt: skip
def test_versions_and_settings_are_compared(before: dict[str, Any] | None, after: dict[str, Any], said: str) -> None:
    assert changed(before, after) == said


def test_a_database_that_cannot_be_written_keeps_nothing_from_starting(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.execute(text("DROP TABLE starts"))
    note(sessions, "classify", Settings(), NOW)


def test_alerts_are_counted_in_the_hour_before_a_change_and_after_it(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for number, minutes in enumerate((-61, -60, -59, -1, 0, 1, 60, 61)):
            at = NOW + dt.timedelta(minutes=minutes)
            session.add(AnnouncementRow(key=str(number), kind="root", channel="c", language="en", payload={},
                                        next_attempt_at=at, created_at=at, sent_at=at))  # fmt: skip
        session.add(AnnouncementRow(key="edit", kind="edit", channel="c", language="en", payload={},
                                    next_attempt_at=NOW, created_at=NOW, sent_at=NOW))  # fmt: skip
    with sessions() as session:
        assert told_beside(session, [NOW, NOW + 3 * HOUR]) == [(3, 2), (0, 0)]
        assert told_beside(session, []) == []
