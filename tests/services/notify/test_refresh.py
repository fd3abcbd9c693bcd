"""Calls that changed behind their reports: taken back, put right by hand, told twice, plans that passed in silence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from services.notify import refresh, tasks
from shared.limits import OUT_OF_LIMITS
from shared.records import ByHand, CallFacts, Change, Duration, Outcome, Topic
from shared.tables import CallRow
from tests.services.notify.desk import MINUTE, NOW, Desk, FakePoster, text_of
from tests.services.notify.variations import HELD, MACRON, MERZ, facts

HEADLINE = "☎ Macron and Merz held a call on 4 May"
GONE = {"by": "Minh", "at": NOW.isoformat(), "why": "no such call"}
NINETY = Duration(minutes=90, bound="exact", text="90 phút", evidence=HELD)


class Newsdesk(Desk):
    """A desk that was told of a call."""

    def told(self, known: CallFacts | None = None, call_id: str = "c1") -> FakePoster:
        poster = FakePoster()
        self.call(call_id, known)
        self.decide(self.report(call_id=call_id))
        self.post(poster)
        return poster

    def changed(self, state: str = "waiting", call_id: str = "c1", **columns: Any) -> None:
        with self.sessions.begin() as session:
            row = session.get_one(CallRow, call_id)
            row.notify_state = state
            for name, value in columns.items():
                setattr(row, name, value)

    def looks(self, poster: FakePoster, now: dt.datetime = NOW + 60 * MINUTE) -> list[tuple[str, str]]:
        before = len(poster.sent)
        self.refresh(now)
        self.post(poster, now)
        assert tasks.changed(self.sessions) == ()
        return poster.said[before:]


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Newsdesk:
    return Newsdesk(sessions)


def test_a_call_that_is_taken_back_is_struck_through_and_said_so_once(desk: Newsdesk) -> None:
    poster = desk.told()
    desk.changed(status="withdrawn", withdrawn=GONE)
    why = "withdrawn by Minh, 4 May 16:31: no such call"
    assert desk.looks(poster) == [("update", f"Update: Macron–Merz: {why}"), ("edit", HEADLINE)]
    assert poster.sent[1].broadcast
    assert f"*WITHDRAWN* · {why}" in text_of(poster.sent[2])
    assert "Edited 4 May 17:31: withdrawn" in text_of(poster.sent[2])
    desk.changed()
    assert desk.looks(poster) == []


def test_a_call_that_stands_again_is_told_so(desk: Newsdesk) -> None:
    poster = desk.told()
    desk.changed(status="withdrawn", withdrawn=GONE)
    desk.looks(poster)
    desk.changed(status="held", withdrawn=None)
    assert desk.looks(poster) == [("update", "Update: the call of Macron–Merz stands again"), ("edit", HEADLINE)]
    assert "WITHDRAWN" not in text_of(poster.sent[-1])
    assert "Edited 4 May 17:31: withdrawn · 4 May 17:31: stands again" in text_of(poster.sent[-1])


def test_a_later_article_on_a_call_that_was_taken_back_says_nothing(desk: Newsdesk) -> None:
    poster = desk.told()
    desk.changed(status="withdrawn", withdrawn=GONE)
    desk.looks(poster)
    desk.decide(desk.report("update"))
    desk.post(poster)
    assert len(poster.sent) == 3
    desk.call("c2")
    desk.changed("done", "c2", status="withdrawn", withdrawn=GONE)
    never = desk.report(call_id="c2")
    assert desk.decide(never) == ()
    assert desk.decision(never) == ("done", "silent: withdrawn: Minh: no such call")


def test_each_topic_that_is_told_no_more_is_said_and_named_among_the_edits(desk: Newsdesk) -> None:
    names = {"ukraine": "Ukraine", "energy": "năng lượng", "trade": "thương mại", "tariffs": "thuế quan"}
    topics = tuple(Topic(id=name, text=text, mode="reported", evidence=HELD) for name, text in names.items())
    poster = desk.told(facts(MACRON, MERZ, topics=topics))
    for left in (3, 2, 1):
        desk.call(known=facts(MACRON, MERZ, topics=topics[:left]))
        desk.changed()
        assert [kind for kind, _ in desk.looks(poster)] == ["update", "edit"]
        assert f"• *No longer told*  {list(names)[left]}\n" in text_of(poster.sent[-2])
        assert "Edited 4 May 17:31: topics" in text_of(poster.sent[-1])


def test_an_outcome_that_is_told_no_more_is_worded_as_it_was_told(desk: Newsdesk) -> None:
    invited = Outcome(kind="invited", id="invited", text="mời", mode="reported", by="DE", place="Berlin", evidence=HELD)
    poster = desk.told(facts(MACRON, MERZ, outcomes=(invited,)))
    desk.call(known=facts(MACRON, MERZ))
    desk.changed()
    desk.looks(poster)
    assert poster.sent[-2].message.headline == "Update: Macron–Merz: no longer told: Merz invited Macron to Berlin"


def test_of_a_call_that_stays_taken_back_no_change_is_told(desk: Newsdesk) -> None:
    poster = desk.told()
    desk.changed(status="withdrawn", withdrawn=GONE)
    desk.looks(poster)
    desk.call(known=facts(MACRON, MERZ, status="denied", denial="denied"))
    desk.changed(status="withdrawn", withdrawn=GONE)
    assert [kind for kind, _ in desk.looks(poster)] == ["edit"]


def test_what_a_hand_changed_is_not_late_for_the_age_of_its_article(desk: Newsdesk) -> None:
    """A hand that is taken back lets the call's articles be decided on anew, hours after they came out."""
    poster = desk.told()
    desk.changed(status="withdrawn", withdrawn=GONE)
    desk.looks(poster)
    desk.changed("done", status="held", withdrawn=None)
    later = NOW + 300 * MINUTE
    desk.decide(desk.report("update"), now=later)
    desk.post(poster, later)
    told = poster.sent[-2]
    assert (told.message.headline, told.warnings) == ("Update: the call of Macron–Merz stands again", ())


def test_a_call_that_its_article_no_longer_tells_of(desk: Newsdesk) -> None:
    poster = desk.told()
    desk.changed(status="withdrawn", withdrawn={**GONE, "by": "Báo Thử", "why": ""})
    desk.looks(poster)
    assert "withdrawn by Báo Thử, 4 May 16:31: the article no longer tells of it" in text_of(poster.sent[-1])


def test_what_nobody_was_told_of_is_not_told_by_a_change(desk: Newsdesk) -> None:
    desk.call()
    desk.changed(status="withdrawn", withdrawn=GONE)
    poster = FakePoster()
    assert desk.looks(poster) == []
    assert desk.ledger() == []


@pytest.mark.parametrize(("state", "kinds"), [("waiting", ["update", "edit"]), ("quiet", ["edit"])])
def test_a_fact_put_right_by_hand_is_told_unless_nobody_is_to_be_alerted(
    desk: Newsdesk, state: str, kinds: list[str]
) -> None:
    poster = desk.told()
    note = ByHand(field="date", value="2026-05-03", by="Minh", at=NOW, reason="Kremlin's readout", hand=1)
    desk.call(known=facts(MACRON, MERZ, date="2026-05-03", by_hand=(note,)))
    desk.changed(state)
    assert [kind for kind, _ in desk.looks(poster)] == kinds
    for message in poster.sent[1:]:
        assert "By hand: day (Minh, 4 May 16:31: Kremlin's readout)" in text_of(message)
    assert "Edited 4 May 17:31: day" in text_of(poster.sent[-1])


def test_of_two_roots_on_one_call_that_of_the_call_which_was_merged_away_is_struck_through(desk: Newsdesk) -> None:
    poster = desk.told()
    desk.call("c2")
    desk.decide(desk.report(call_id="c2"))
    desk.post(poster)
    desk.changed(call_id="c2", merged_into="c1", updated_at=NOW)
    assert [kind for kind, _ in desk.looks(poster)] == ["update", "edit"]
    assert poster.sent[-1].ts == "ts2"
    assert "the same call as the other message on Macron–Merz" in text_of(poster.sent[-1])
    desk.call("c3")
    desk.changed(call_id="c1", merged_into="c3")
    assert desk.looks(poster) == [], "the call that it was merged into has no root but this"


def test_a_plan_that_passed_in_silence_is_told_once_with_its_hour(desk: Newsdesk) -> None:
    plan = facts(MACRON, MERZ, status="planned")
    poster = desk.told(plan)
    assert poster.said == [("root", "☎ Macron and Merz to hold a call on 4 May")]
    desk.call(known=facts(MACRON, MERZ, status="planned", no_word_by=NOW + 60 * MINUTE))
    desk.changed()
    assert desk.looks(poster) == [
        ("update", "Update: Macron–Merz was due 4 May, no word by 4 May 17:31"),
        ("edit", "☎ Macron and Merz were to hold a call on 4 May; no word of it"),
    ]
    assert "planned → not confirmed" in text_of(poster.sent[1])
    assert "NO CONFIRMATION" in text_of(poster.sent[2])
    desk.changed()
    assert desk.looks(poster) == []
    desk.call(known=facts(MACRON, MERZ, status="denied"))
    denied = Change(field="status", kind="changed", before="planned", after="denied")
    desk.decide(desk.report("update", changes=(denied,)))
    desk.post(poster)
    assert "not confirmed → denied" in text_of(poster.sent[3])


def test_one_call_that_cannot_be_looked_at_does_not_stop_the_others(
    desk: Newsdesk, caplog: pytest.LogCaptureFixture
) -> None:
    broken, good = desk.told(), desk.told(call_id="c2")
    desk.changed(facts={"participants": "nobody"})
    desk.changed(call_id="c2", status="withdrawn", withdrawn=GONE)
    assert [kind for kind, _ in desk.looks(good)] == ["update", "edit"]
    assert len(broken.sent) == 1
    assert "call c1 changed" in caplog.text
    with desk.sessions() as session:
        assert [row.notify_state for row in session.scalars(select(CallRow).order_by(CallRow.id))] == ["failed", "done"]
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.changed()
    assert desk.looks(broken) == [("edit", f"{HEADLINE}, 90 minutes")]


@pytest.mark.parametrize("limit", OUT_OF_LIMITS)
def test_the_limits_of_a_worker_say_nothing_of_a_call(
    desk: Newsdesk, limit: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_arguments: object) -> None:
        raise limit

    poster = desk.told()
    desk.changed(status="withdrawn", withdrawn=GONE)
    monkeypatch.setattr(refresh, "load", ends)
    with pytest.raises(limit):
        desk.looks(poster)
    assert tasks.changed(desk.sessions) == ("c1",)


def test_what_somebody_puts_right_hours_later_is_not_late(desk: Newsdesk) -> None:
    poster = desk.told()
    desk.changed(status="withdrawn", withdrawn=GONE)
    desk.looks(poster, NOW + 300 * MINUTE)
    assert [post.warnings for post in poster.sent] == [(), (), ()]
