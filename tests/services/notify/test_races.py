"""Two workers at one row of the ledger, on PostgreSQL: what one of them does between two lines of the other."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from services.notify import holds, refresh, sending, store, tasks, words
from services.notify.poster import Outcome
from services.notify.said import Pressed
from shared import db
from shared.records import CallFacts
from shared.tables import CallRow
from tests.services.notify.desk import MINUTE, NOW, Desk, FakePoster, text_of
from tests.services.notify.variations import MACRON, MERZ, facts, paper
from tests.support.servers import wait_for

LATER = NOW + sending.LEASE + dt.timedelta(seconds=1)
WAITING = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def desk(postgres_url: str) -> Desk:
    return Desk(db.sessions_for(postgres_url))


def told_by(articles: int) -> CallFacts:
    return facts(MACRON, MERZ, sources=tuple(paper(f"a{number}") for number in range(articles)))


def begun(desk: Desk, act: Callable[[], object]) -> threading.Thread:
    """Somebody else, who acts until he is done or waits for us."""
    other = threading.Thread(target=act, daemon=True)
    other.start()

    def is_done_or_waits() -> bool:
        with desk.sessions() as session:
            return not other.is_alive() or session.scalar(WAITING) is not None

    wait_for("the other worker", is_done_or_waits)
    return other


def before_the_commit_of_a_decision(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Act once, between the last line of the next decision and its commit."""
    decided = store.decided

    def act_first(*arguments: Any, **options: Any) -> None:
        monkeypatch.setattr(store, "decided", decided)
        decided(*arguments, **options)
        act()

    monkeypatch.setattr(store, "decided", act_first)


@pytest.mark.parametrize("goes_out", ["root", "edit"])
def test_what_is_decided_while_a_message_goes_out_reaches_the_channel(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, goes_out: str
) -> None:
    poster = FakePoster()
    desk.call(known=told_by(1))
    desk.decide(desk.report())
    if goes_out == "edit":
        desk.post(poster)
        desk.call(known=told_by(2))
        desk.decide(desk.report("repeat"))
    desk.call(known=told_by(3))
    report = desk.report("repeat")

    senders: list[threading.Thread] = []
    before_the_commit_of_a_decision(monkeypatch, lambda: senders.append(begun(desk, lambda: desk.post(poster))))
    desk.decide(report)
    senders[0].join(10)
    desk.post(poster)
    assert "3 articles" in text_of(poster.sent[-1])


def test_what_somebody_drops_is_not_sent(desk: Desk) -> None:
    poster = FakePoster()
    desk.call()
    desk.decide(desk.report())
    with desk.sessions() as session:
        holds.drop(session, [desk.row("root").id], "An", "not a call", NOW)
        sender = begun(desk, lambda: desk.post(poster))
        session.commit()
    sender.join(10)
    assert (poster.said, desk.states()) == ([], ["dropped"])


def test_a_muted_root_that_somebody_releases_is_not_told_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    poster = FakePoster()
    with desk.sessions.begin() as session:
        holds.mute(session, "DE-FR", "An", "", NOW, NOW + MINUTE)
    desk.call()
    desk.decide(desk.report())
    desk.call(known=told_by(2))
    report = desk.report("repeat")
    add_root = store.add_root

    def release_first(*arguments: Any, **options: Any) -> tuple[int, ...]:
        with desk.sessions.begin() as session:
            holds.release(session, [desk.row("root").id], "An", "", NOW)
        desk.post(poster)
        return add_root(*arguments, **options)

    monkeypatch.setattr(store, "add_root", release_first)
    desk.decide(report, now=NOW + 2 * MINUTE)
    desk.post(poster, NOW + 2 * MINUTE)
    assert [kind for kind, _ in poster.said] == ["root", "edit"]
    assert "2 articles" in text_of(poster.sent[-1])


def test_what_an_editor_says_while_the_call_is_looked_at_is_looked_at_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.call()
    with desk.sessions.begin() as session:
        session.get_one(CallRow, "c1").notify_state = "waiting"
    looked = refresh.looked
    clicks: list[threading.Thread] = []

    def click() -> None:
        with desk.sessions.begin() as session:
            words.write(session, Pressed(key="k1", action="own", value="c1", by="lan", user="U1"), "own", "c1", NOW)

    def click_first(*arguments: Any, **options: Any) -> None:
        looked(*arguments, **options)
        clicks.append(begun(desk, click))

    monkeypatch.setattr(refresh, "looked", click_first)
    tasks.refresh_batch(desk.sessions, ["c1"], NOW, desk.options, desk.published.append)
    clicks[0].join(10)
    assert tasks.changed(desk.sessions) == ("c1",)


def held_up(monkeypatch: pytest.MonkeyPatch, desk: Desk, act: Callable[[], object]) -> Callable[[], dt.datetime]:
    """A clock: the next claim is committed, and then nothing happens for longer than its lease, but that somebody else
    acts. So it is when the machine sleeps, or when the database's answer to the commit comes late."""
    claim, passed = sending.claim, [NOW]

    def slow_claim(session: Session, now: dt.datetime, interval_s: float) -> sending.Claimed | sending.Pause | None:
        monkeypatch.setattr(sending, "claim", claim)
        event.listen(session, "after_commit", sleep, once=True)
        return claim(session, now, interval_s)

    def sleep(_session: Session) -> None:
        passed.append(LATER)
        act()

    monkeypatch.setattr(sending, "claim", slow_claim)
    return lambda: passed[-1]


def test_a_sender_that_was_held_up_leaves_its_message_to_who_took_it_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    poster = FakePoster()
    desk.call()
    desk.decide(desk.report())
    clock = held_up(monkeypatch, desk, lambda: desk.post(poster, LATER))  # looks for it, finds nothing, sends
    tasks.post_batch(desk.sessions, (), NOW, poster, clock)
    assert (len(poster.sent), poster.looked, desk.states()) == (1, ["root:c1@#redphone"], ["sent"])


def test_what_a_sender_that_was_held_up_gives_back_is_sent_in_the_next_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    poster = FakePoster()
    desk.call()
    desk.decide(desk.report())
    clock = held_up(monkeypatch, desk, lambda: None)
    tasks.post_batch(desk.sessions, (), NOW, poster, clock)
    assert (len(poster.sent), desk.states()) == (0, ["waiting"])
    tasks.post_batch(desk.sessions, (), LATER, poster, clock)
    assert (len(poster.sent), poster.looked, desk.states()) == (1, [], ["sent"])


@pytest.mark.parametrize(("failures", "states"), [(2, ["sent"]), (99, ["claimed"])])
def test_what_came_of_a_message_is_written_down_when_the_database_is_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failures: int, states: list[str]
) -> None:
    desk.call()
    desk.decide(desk.report())
    poster, finish = FakePoster(), sending.finish
    away = iter(range(failures))

    def finish_later(session: Session, claimed: sending.Claimed, outcome: Outcome, now: dt.datetime) -> None:
        if next(away, None) is not None:
            raise OperationalError("UPDATE …", {}, Exception("the database system is starting up"))
        finish(session, claimed, outcome, now)

    monkeypatch.setattr(sending, "finish", finish_later)
    with suppress(OperationalError):  # the tick finds the row when its lease has ended
        desk.post(poster)
    assert (len(poster.sent), desk.states()) == (1, states)
    assert sum(poster.waited) < (sending.LEASE - sending.ANSWER).total_seconds()
