"""Articles read again by other rules, on both databases, alone and beside a worker."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from services.classify import by_hand, store
from services.classify.by_hand import Why
from services.classify.tasks import read_again
from shared.records import Article, Extraction, Report
from shared.tables import CallRow
from tests.support.newsroom import NOW, Newsroom, facts_of
from tests.support.reports import lasts, report

DAYS = [f"2031-{month:02d}-{day:02d}" for month in range(1, 6) for day in (2, 16)]


class Desk(Newsroom):
    """A newsroom whose rules change."""

    def again(self, key: str, *reading: Report) -> str | None:
        """The rules now read an article otherwise, and it is read again."""
        self.readings[key] = reading
        return read_again(self.sessions, self.article(key).id, NOW, self.extract)

    def states(self) -> set[str]:
        return {row.notify_state for row in self.reports()}


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    return Desk(sessions)


def test_better_rules_rebuild_the_call_and_alert_nobody(desk: Desk) -> None:
    (row,) = desk.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    desk.decided()
    assert desk.again("a", report(day="2031-05-06", durations=(lasts(50),))) is None
    (call,) = desk.calls()
    assert ([d.minutes for d in facts_of(call).durations], call.id, call.notify_state) == ([50], row.call_id, "quiet")
    assert desk.states() == {"done"}
    assert len(desk.published) == 1, "what the first reading published"


def test_a_call_that_better_rules_find_is_history(desk: Desk) -> None:
    desk.tells("a", "2031-05-06 22:00")
    (later,) = desk.tells("b", "2031-06-06 22:00", report(day="2031-06-06"))
    desk.decided()
    desk.again("a", report(day="2031-05-06"))
    (found,) = desk.reports("a")
    assert (found.verdict, found.notify_state, found.decision) == ("new", "done", store.FOUND_AGAIN)
    with desk.sessions() as session:
        row = session.get_one(CallRow, later.call_id)
        assert (row.comparison or {})["previous"]["call_id"] == found.call_id
        assert row.notify_state == "quiet"


def test_what_nobody_has_decided_on_yet_still_waits(desk: Desk) -> None:
    desk.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    desk.again("a", report(day="2031-05-06", durations=(lasts(50),)))
    assert desk.states() == {"waiting"}


def test_hands_are_respected(desk: Desk) -> None:
    (one,) = desk.tells("a", "2031-05-02 09:00", report(day="2031-05-01"))
    (other,) = desk.tells("b", "2031-05-07 09:00", report(day="2031-05-06"))
    with desk.sessions.begin() as session:
        by_hand.merge(session, one.call_id, other.call_id, Why("Minh", NOW, "misdated"))
        by_hand.edit(session, one.call_id, {"duration": "90"}, Why("Minh", NOW, "readout"))
    for key, day in (("b", "2031-05-07"), ("a", "2031-05-02")):
        desk.again(key, report(day=day, durations=(lasts(20),)))
    (call,) = (call for call in desk.calls() if call.merged_into is None)
    assert [source.article for source in facts_of(call).sources] == ["a", "b"]
    assert facts_of(call).durations[0].minutes == 90


def test_trouble_that_passes_is_tried_again_and_other_trouble_told(desk: Desk) -> None:
    desk.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    troubles = [OperationalError("SELECT 1", {}, Exception("deadlock detected"))] * 2

    def by_rules(article: Article) -> Extraction:
        if troubles:
            raise troubles.pop()
        return desk.extract(article)

    assert read_again(desk.sessions, 1, NOW, by_rules) is None
    assert troubles == []
    desk.readings["a"] = ValueError("a rule is broken")
    assert read_again(desk.sessions, 1, NOW, desk.extract) == "ValueError: a rule is broken"
    assert desk.article("a").classify_state == "done"
    assert len(desk.reports("a")) == 1


def test_beside_a_worker_no_call_is_doubled_and_no_report_lost(desk: Desk) -> None:
    """Half of the articles on each call are read again while a worker reads the other half for the first time."""
    for day in DAYS:
        desk.tells(f"{day}a", f"{day} 22:00", report(day=day))
    waiting = [desk.stores(f"{day}b", f"{day} 23:00", report(day=day, durations=(lasts(50),))) for day in DAYS]
    start = threading.Barrier(2)

    def reads_again() -> None:
        start.wait(60)
        for day in reversed(DAYS):
            desk.again(f"{day}a", report(day=day, channel="video"))

    def worker() -> None:
        start.wait(60)
        for article_id in waiting:
            desk.reads(article_id)

    both = [threading.Thread(target=work) for work in (reads_again, worker)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    desk.reads(*waiting, now=NOW + store.RETRY)  # what met a lock for too long
    with desk.sessions() as session:
        calls = session.scalars(select(CallRow).where(CallRow.merged_into.is_(None))).all()
    told = {facts_of(call).date: [s.article for s in facts_of(call).sources] for call in calls}
    assert told == {day: [f"{day}a", f"{day}b"] for day in DAYS}
    assert all((facts_of(c).channel, facts_of(c).durations[0].minutes) == ("video", 50) for c in calls)


def test_a_hand_and_a_worker_at_the_same_moment(desk: Desk) -> None:
    """Whoever comes first, the merge stands and the new report belongs to it."""
    (one,), (other,) = (desk.tells(day, f"{day} 22:00", report(day=day)) for day in (DAYS[0], DAYS[-1]))
    waiting = desk.stores("late", f"{DAYS[-1]} 23:00", report(day=DAYS[-1]))
    start = threading.Barrier(2)

    def hand() -> None:
        start.wait(60)
        with desk.sessions.begin() as session:
            by_hand.merge(session, one.call_id, other.call_id, Why("Minh", NOW, "one"))

    both = [threading.Thread(target=hand), threading.Thread(target=partial(_after, start, desk, waiting))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    desk.reads(waiting, now=NOW + store.RETRY)
    (late,) = desk.reports("late")
    assert late.call_id == one.call_id


def _after(start: threading.Barrier, desk: Desk, waiting: int) -> None:
    start.wait(60)
    desk.reads(waiting)
