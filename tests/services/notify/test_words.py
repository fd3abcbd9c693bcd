"""What editors said, as rows on both databases: once, standing until taken back, and a merge on both of its calls."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds, words
from services.notify.said import Pressed
from shared.tables import CallRow, DeskWordRow
from tests.services.notify.desk import NOW, Desk


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    desk = Desk(sessions)
    for call in ("c1", "c2"):
        desk.call(call)
    return desk


def click(key: str = "k1") -> Pressed:
    return Pressed(key=key, action="own", value="c1", by="lan", user="U1")


def standing(desk: Desk, call_id: str, now: dt.datetime = NOW) -> list[str]:
    with desk.sessions() as session:
        return [word.kind for word in words.standing(session, call_id, now)]


def test_a_word_is_heard_once_stands_and_is_taken_back(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        assert not words.heard(session, click())
        number = words.write(session, click(), "own", "c1", NOW).id
    with desk.sessions.begin() as session:
        assert words.heard(session, click())
        assert session.get_one(CallRow, "c1").notify_state == "quiet", "the notifier is to look, without a reply"
    assert (standing(desk, "c1"), standing(desk, "c2")) == (["own"], [])
    with desk.sessions.begin() as session:
        words.taken_back(session, session.get_one(DeskWordRow, number), click("k2"), NOW)
    assert standing(desk, "c1") == []


def test_a_merge_is_a_word_on_both_calls_and_moves_with_them(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        words.write(session, click(), "merge", "c1", NOW, 1, "c2")
        words.write(session, click("k2"), "own", "c2", NOW)
    assert (standing(desk, "c1"), standing(desk, "c2")) == (["merge"], ["merge", "own"])
    with desk.sessions.begin() as session:
        session.get_one(CallRow, "c2").merged_into = "c1"
    assert standing(desk, "c1") == ["merge", "own"]


def test_a_mute_stands_while_it_holds(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        muted = holds.mute(session, "DE-FR", "lan", "x", NOW, NOW + dt.timedelta(days=7))
        session.flush()
        words.write(session, click(), "mute", "c1", NOW, muted.id, "DE-FR")
    assert standing(desk, "c1") == ["mute"]
    assert standing(desk, "c1", NOW + dt.timedelta(days=7)) == []
    with desk.sessions.begin() as session:
        session.get_one(CallRow, "c1").notify_state = "done"
        holds.unmute(session, "DE-FR", "lan", NOW)
    assert standing(desk, "c1") == []
    with desk.sessions() as session:
        assert session.get_one(CallRow, "c1").notify_state == "quiet", "its root says no longer that it is muted"
