"""Server-sent events: what came or changed after a place, each once, in order."""

from __future__ import annotations

import datetime as dt
import json
import re
import time

import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.status.context import Context
from services.status.paging import Moment, write
from services.status.queries.calls import SETTLED
from shared import db
from shared.clock import utc_now
from shared.tables import CallRow
from tests.services.status.test_api import get
from tests.support.history import NOW, ago


def call(call_id: str, created: float, updated: float) -> CallRow:
    facts = {"participants": [], "status": "held", "news": True}
    return CallRow(id=call_id, persons="", countries="", status="held", news=True, facts=facts,
                   created_at=ago(created), updated_at=ago(updated))  # fmt: skip


def changed(call_id: str, at: dt.datetime) -> CallRow:
    row = call(call_id, 0, 0)
    row.created_at = row.updated_at = at
    return row


@pytest.fixture
def postgres_sessions(postgres_url: str) -> sessionmaker[Session]:
    return db.sessions_for(postgres_url)


def heard(context: Context, path: str, **headers: str) -> list[tuple[str, str, str]]:
    """Kind, id and call of each event of a stream that ends at once."""
    answer = get(context, path, **headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = re.findall(r"event: (\w+)\nid: (\S+)\ndata: (.*)\n\n", answer.text)
    return [(kind, cursor, json.loads(data)["call_id"]) for kind, cursor, data in found]


def test_what_came_or_changed_after_a_place(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all([call("c1", 60, 60), call("c2", 30, 30), call("c3", 90, 10), call("c4", 10, 10)])
    context = Context(sessions=sessions, clock=lambda: NOW, stream_s=0.0)
    start = write(Moment(ago(60), "c1"))
    events = heard(context, f"/v1/events?since={start}")
    assert [(kind, call_id) for kind, _, call_id in events] == [("new", "c2"), ("update", "c3"), ("new", "c4")]
    again = heard(context, "/v1/events", last_event_id=events[0][1])
    assert again == events[1:]
    assert heard(context, "/v1/events", last_event_id=events[-1][1]) == []


def test_a_call_that_came_and_changed_since_the_place_is_new(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all([call("c1", 30, 10), call("c2", 90, 5)])
    context = Context(sessions=sessions, clock=lambda: NOW, stream_s=0.0)
    events = heard(context, f"/v1/events?since={write(Moment(ago(60), ''))}")
    assert [(kind, call_id) for kind, _, call_id in events] == [("new", "c1"), ("update", "c2")]


def test_without_a_place_it_begins_now(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(call("c1", 1, 1))
    context = Context(sessions=sessions, clock=lambda: NOW, stream_s=0.0)
    assert heard(context, "/v1/events") == []


def test_what_another_transaction_brings_late_is_not_passed_by(postgres_sessions: sessionmaker[Session]) -> None:
    sessions = postgres_sessions
    context = Context(sessions=sessions, stream_s=0.0)
    start = f"/v1/events?since={write(Moment(utc_now(), ''))}"
    with sessions.begin() as slow:
        slow.add(changed("late", utc_now()))
        slow.flush()
        with sessions.begin() as quick:
            quick.add(changed("early", utc_now()))
        time.sleep(SETTLED.total_seconds() + 0.5)
        assert heard(context, start) == [], "one that stands behind what is still open"
    assert [call_id for _, _, call_id in heard(context, start)] == ["late", "early"]


def test_who_begins_now_hears_what_is_still_open(postgres_sessions: sessionmaker[Session]) -> None:
    sessions = postgres_sessions
    context = Context(sessions=sessions, stream_s=0.0)
    with sessions.begin() as slow:
        slow.add(changed("late", utc_now()))
        slow.flush()
        begun = get(context, "/v1/events").text
    place = re.search(r"^id: (\S+)$", begun, re.MULTILINE)
    assert place, begun
    time.sleep(SETTLED.total_seconds() + 0.5)
    assert [call_id for _, _, call_id in heard(context, f"/v1/events?since={place[1]}")] == ["late"]


def test_what_is_not_settled_is_told_at_the_next_look(sessions: sessionmaker[Session]) -> None:
    now = [NOW]
    context = Context(sessions=sessions, clock=lambda: now[0], stream_s=0.0)
    with sessions.begin() as session:
        session.add(changed("c2", NOW))
    start = f"/v1/events?since={write(Moment(ago(60), ''))}"
    assert heard(context, start) == []
    with sessions.begin() as session:
        session.add(changed("c1", NOW))
    now[0] += 2 * SETTLED
    assert [call_id for _, _, call_id in heard(context, start)] == ["c1", "c2"]


def test_a_reader_that_heard_of_nothing_goes_on_where_it_began(sessions: sessionmaker[Session]) -> None:
    now = [NOW]
    context = Context(sessions=sessions, clock=lambda: now[0], stream_s=0.0)
    begun = get(context, "/v1/events").text
    place = re.search(r"^id: (\S+)$", begun, re.MULTILINE)
    assert place, begun
    with sessions.begin() as session:
        session.add(changed("c1", NOW + SETTLED))
    now[0] += 5 * SETTLED
    assert [call_id for _, _, call_id in heard(context, "/v1/events", last_event_id=place[1])] == ["c1"]


def test_a_place_that_no_event_gave_is_refused(sessions: sessionmaker[Session]) -> None:
    context = Context(sessions=sessions, clock=lambda: NOW, stream_s=0.0)
    assert get(context, "/v1/events", last_event_id="x").status_code == 404


def test_a_database_that_is_away_ends_no_stream(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/none.sqlite"
    context = Context(sessions=db.sessions_for(url), clock=lambda: NOW - dt.timedelta(days=1), stream_s=0.0)
    assert heard(context, "/v1/events") == []
    db.close(url)
