"""What the way out asks of a ledger in which much was sent and some waits: it reads what is open, and no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.notify import sending, store
from services.notify.decide import Options
from shared import db
from tests.services.notify.desk import NOW, Desk, FakePoster
from tests.support.plans import rows_touched

#: So many calls of which all was sent, and so many of which nothing was; and the messages of each.
SENT, WAITING, EACH = 2_000, 100, 20
#: A channel in which all of that was said, and one in which nothing was yet.
BUSY, NEW = "#busy", "#new"
#: Copies of the desk's only call, and of its root, which are told in turn.
CALLS = """
    INSERT INTO calls (id, persons, countries, status, news, facts, updated_at)
    SELECT CAST(:name AS text) || number, persons, countries, status, news, facts, updated_at
    FROM calls, generate_series(1, :count) number WHERE id = 'c1'
"""
MESSAGES = """
    INSERT INTO announcements
        (key, kind, call_id, channel, language, payload, state, ts, attempts, next_attempt_at, created_at, sent_at)
    SELECT place || ':' || name || number, kind, name || number, CAST(:channel AS text), language, payload, name, ts,
        attempts, next_attempt_at, created_at - ago, CASE WHEN name = 'sent' THEN created_at - ago END
    FROM announcements, generate_series(1, :count) number, generate_series(1, :each) place, CAST(:name AS text) name,
        make_interval(mins => number + 60) ago
    WHERE call_id = 'c1'
    ORDER BY place, number
"""


def ask_what_is_due(session: Session) -> object:
    return sending.due(session, NOW)


def ask_for_a_row_to_send(session: Session) -> object:
    return sending.claim(session, NOW, 1.0)


def ask_for_a_burst(session: Session) -> object:
    return store.roots_since(session, BUSY, NOW - dt.timedelta(minutes=10))


@pytest.mark.parametrize(
    "ask",
    [ask_what_is_due, ask_for_a_row_to_send, ask_for_a_burst],
    ids=lambda ask: ask.__name__,
)
@pytest.mark.parametrize("is_known", [False, True], ids=["as before the outage", "as it is"])
def test_what_was_sent_long_ago_and_what_waits_with_it_are_not_held_against_each_other(
    postgres_url: str, ask: Callable[[Session], object], *, is_known: bool
) -> None:
    """Whatever the server knows of how much waits: it counts anew when a tenth of the table has changed."""
    desk = Desk(db.sessions_for(postgres_url), Options(channel=BUSY))
    desk.call()
    desk.decide(desk.report())
    desk.post(FakePoster())
    with desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE announcements SET (autovacuum_enabled = off)"))
        fill(session, "sent", SENT, BUSY)
        session.execute(text("ANALYZE announcements"))
        fill(session, "waiting", WAITING, NEW)
        if is_known:
            session.execute(text("ANALYZE announcements"))
    with desk.sessions() as session, rows_touched(session) as touched:
        assert ask(session)
    assert max(touched) < 10 * WAITING * EACH


def fill(session: Session, state: str, calls: int, channel: str) -> None:
    """So many calls, with messages in that state."""
    session.execute(text(CALLS), {"name": state, "count": calls})
    session.execute(text(MESSAGES), {"name": state, "count": calls, "channel": channel, "each": EACH})
