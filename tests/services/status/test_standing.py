"""The snapshot that all answers are made from: since when something is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.status.context import Context
from services.status.lines import line
from services.status.standing import FRESH_S, Snapshots
from shared import db
from shared.tables import LOOP, STOPPED, Base, FeedRow, HeartbeatRow
from tests.support.history import NOW, ago
from tests.support.servers import wait_for


class Hands:
    """A clock for the snapshots, and one for what they tell."""

    def __init__(self) -> None:
        self.seconds, self.now = 0.0, NOW

    def forward(self, seconds: float) -> None:
        self.seconds += seconds
        self.now += dt.timedelta(seconds=seconds)


_hosts = count()


def feed(answered: float | None, failures: int, due: float = 0.0) -> FeedRow:
    """A feed that answered so many minutes ago, and was due to be asked."""
    return FeedRow(url=f"https://{next(_hosts)}.example/rss", outlet="A", next_poll_at=ago(due), failures=failures,
                   last_success_at=None if answered is None else ago(answered))  # fmt: skip


def test_what_goes_wrong_before_our_eyes_is_wrong_since_then(sessions: sessionmaker[Session]) -> None:
    hands = Hands()
    wrong: list[str] = []
    context = Context(sessions=sessions, clock=lambda: hands.now, troubles=lambda: list(wrong))
    snapshots = Snapshots(context, lambda: hands.seconds)
    assert (snapshots.get().problems, snapshots.get().wrong_since) == ([], None)
    hands.forward(600)
    wrong.append("the loop ended")
    broke = hands.now
    assert (len(snapshots.get().problems), snapshots.get().wrong_since) == (1, broke)
    hands.forward(FRESH_S)
    assert snapshots.get().wrong_since == broke
    assert Snapshots(context, lambda: hands.seconds).get().wrong_since is None  # who comes later does not know
    wrong.clear()
    hands.forward(FRESH_S)
    assert snapshots.get().wrong_since is None


@pytest.mark.parametrize(
    ("rows", "minutes"),
    [
        (lambda: [HeartbeatRow(name=LOOP, at=ago(60))], 60),
        (lambda: [HeartbeatRow(name=LOOP, at=ago(60)), HeartbeatRow(name=STOPPED, at=ago(50))], 50),
        (lambda: [feed(10, 0), feed(60, 1), feed(90, 9), feed(30, 3), feed(20, 2)], 30),
        (lambda: [feed(10, 0), feed(None, 9)], None),
        (lambda: [feed(60, 0, due=45), feed(60, 0, due=40)], 40),
    ],
)
def test_who_comes_later_knows_since_when_where_the_rows_tell(
    sessions: sessionmaker[Session], rows: Callable[[], list[Base]], minutes: float | None
) -> None:
    with sessions.begin() as session:
        session.add_all(rows())
    taken = Snapshots(Context(sessions=sessions, clock=lambda: NOW)).get()
    assert taken.wrong_since == (None if minutes is None else ago(minutes))
    assert bool(taken.problems) == (minutes is not None)


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
