"""The snapshot that all answers are made from: since when something is wrong."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session, sessionmaker

from services.status.context import Context
from services.status.standing import FRESH_S, Snapshots
from shared.tables import LOOP, HeartbeatRow
from tests.support.history import NOW


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
