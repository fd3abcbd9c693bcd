"""The snapshot that all answers are made from: since when something is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.orm import Session, sessionmaker

from services.status.context import Context
from services.status.lines import line
from services.status.standing import FRESH_S, Snapshots
from shared import db
from shared.tables import LOOP, HeartbeatRow
from tests.support.history import NOW
from tests.support.servers import wait_for


class Hands:
    """A clock for the snapshots, and one for what they tell."""

    def __init__(self) -> None:
        self.seconds, self.now = 0.0, NOW

    def forward(self, seconds: float) -> None:
        self.seconds += seconds
        self.now += dt.timedelta(seconds=seconds)


def test_what_goes_wrong_before_our_eyes_is_wrong_since_then(sessions: sessionmaker[Session]) -> None:
    hands = Hands()
    with sessions.begin() as session:
        session.add(HeartbeatRow(name=LOOP, at=NOW))
    context = Context(sessions=sessions, clock=lambda: hands.now)
    snapshots = Snapshots(context, lambda: hands.seconds)
    assert (snapshots.get().problems, snapshots.get().wrong_since) == ([], None)
    hands.forward(600)
    broke = hands.now
    assert (len(snapshots.get().problems), snapshots.get().wrong_since) == (1, broke)
    hands.forward(FRESH_S)
    assert snapshots.get().wrong_since == broke
    with sessions.begin() as session:
        session.get_one(HeartbeatRow, LOOP).at = hands.now
    hands.forward(FRESH_S)
    assert snapshots.get().wrong_since is None
    hands.forward(600)
    assert Snapshots(context, lambda: hands.seconds).get().wrong_since is None  # who comes later does not know


@contextmanager
def held(url: str, table: str) -> Iterator[None]:
    """A table that nobody else can read, as while it is rewritten."""
    with psycopg.connect(url) as connection:
        connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def test_a_database_that_hangs_is_away_and_its_last_state_is_old(postgres_url: str) -> None:
    hands = Hands()
    sessions = db.sessions_for(postgres_url)
    with sessions.begin() as session:
        session.add(HeartbeatRow(name=LOOP, at=NOW))
    snapshots = Snapshots(Context(sessions=sessions, clock=lambda: hands.now), lambda: hands.seconds, hangs_s=2)
    assert snapshots.get().away == []
    with held(postgres_url, "articles"):
        for seconds in (FRESH_S, 30.0):
            hands.forward(seconds)
            said = snapshots.get()
            assert (said.at, said.known_at, said.standing is not None) == (hands.now, NOW, True)
            assert said.away == said.problems == [line("database_hangs")]
            assert said.wrong_since == NOW + dt.timedelta(seconds=FRESH_S)
    wait_for("an answer", lambda: _answers(snapshots))


def _answers(snapshots: Snapshots) -> bool:
    """Whether what was asked while the database hung has its answer."""
    known = snapshots.fresh()
    return known is not None and not known.away


def test_a_first_look_at_a_database_that_hangs_is_an_answer_too(postgres_url: str) -> None:
    context = Context(sessions=db.sessions_for(postgres_url), clock=lambda: NOW)
    snapshots = Snapshots(context, hangs_s=0.05)
    with held(postgres_url, "articles"):
        said = snapshots.get()
    wait_for("an answer", lambda: _answers(snapshots))
    assert (said.known_at, said.away) == (None, [line("database_hangs")])
