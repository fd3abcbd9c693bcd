"""What people say of the alerts: a pause keeps everything, release and drop decide by row, retry reopens."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds
from services.notify.poster import Refused, Unknown
from shared.errors import UsageError
from shared.holds import active_mutes, active_pause
from tests.services.notify.desk import MINUTE, NOW, Desk, FakePoster, text_of
from tests.services.notify.test_tasks import ADDS_LENGTH, NINETY
from tests.services.notify.variations import MACRON, MERZ, facts

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    return Desk(sessions)


def pause(desk: Desk, until: dt.datetime | None = None, now: dt.datetime = NOW) -> None:
    with desk.sessions.begin() as session:
        holds.pause(session, "lan", "storm of alerts", now, until)


def resume(desk: Desk, now: dt.datetime = NOW) -> None:
    with desk.sessions.begin() as session:
        holds.resume(session, "minh", now)


def root_of(desk: Desk, call_id: str = "c1") -> int:
    desk.call(call_id)
    return desk.decide(desk.report(call_id=call_id))[0]


def test_a_pause_keeps_everything_and_a_resume_sends_it_in_order(desk: Desk) -> None:
    pause(desk)
    ids = [root_of(desk, call_id) for call_id in ("c1", "c2")]
    poster = FakePoster()
    desk.post(poster)
    assert (poster.sent, desk.states()) == ([], ["waiting", "waiting"])
    with desk.sessions() as session:
        assert holds.backlog(session, NOW) == len(ids)
    resume(desk)
    desk.post(poster)
    assert [post.key for post in poster.sent] == ["root:c1@#redphone", "root:c2@#redphone"]


def test_a_pause_ends_by_itself_and_a_newer_one_takes_its_place(desk: Desk) -> None:
    pause(desk, NOW + HOUR)
    pause(desk, NOW + 2 * HOUR, NOW + MINUTE)
    with desk.sessions() as session:
        row = active_pause(session, NOW + HOUR)
        assert row is not None
        assert (row.by, row.reason, row.until) == ("lan", "storm of alerts", NOW + 2 * HOUR)
        assert active_pause(session, NOW + 2 * HOUR) is None


def test_what_was_kept_back_until_it_is_old_says_so_once(desk: Desk) -> None:
    pause(desk)
    root_of(desk)
    poster = FakePoster(Refused("ratelimited", "retry", retry_after=1))
    resume(desk, NOW + 3 * HOUR)
    desk.post(poster, NOW + 3 * HOUR)
    desk.post(poster, NOW + 3 * HOUR + MINUTE)
    assert [post.warnings for post in poster.sent] == [("LATE: article of 4 May 16:30",)]
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("repeat"), now=NOW + 4 * HOUR)
    desk.post(poster, NOW + 4 * HOUR)
    edit = poster.sent[1]
    assert edit.warnings == ()
    assert "LATE: article of 4 May 16:30" in edit.message.lines[1].text


def test_an_answer_that_was_lost_is_looked_for_during_a_pause_too(desk: Desk) -> None:
    root_of(desk)
    poster = FakePoster(Unknown("reset"))
    desk.post(poster)
    pause(desk)
    desk.post(poster, NOW + MINUTE)
    assert (len(poster.sent), desk.states()) == (1, ["sent"])


def test_of_what_a_pause_keeps_the_root_opens_with_all_that_is_known(desk: Desk) -> None:
    pause(desk)
    root_of(desk)
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)))
    resume(desk)
    poster = FakePoster()
    desk.post(poster)
    assert [post.kind for post in poster.sent] == ["root"]
    assert "90 minutes" in text_of(poster.sent[0])
    assert "Edited" not in text_of(poster.sent[0])


def tried(desk: Desk) -> int:
    """A root that Slack has put off once, and that waits with what follows it."""
    root = root_of(desk)
    desk.post(FakePoster(Refused("ratelimited", "retry", retry_after=1)))
    return root


def test_a_released_alert_goes_through_a_pause_and_takes_along_what_is_before_it(desk: Desk) -> None:
    root = tried(desk)
    pause(desk)
    root_of(desk, "c2")
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    update, *_ = desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)))
    with desk.sessions.begin() as session:
        assert holds.release(session, [update], "lan", "checked", NOW) == (root, update)
    poster = FakePoster()
    desk.post(poster)
    assert [post.key for post in poster.sent] == ["root:c1@#redphone", "update:3@#redphone"]
    assert desk.row("update").hand == "released by lan at 2026-05-04 09:31 UTC: checked"


def test_a_dropped_root_takes_its_replies_along_and_its_call_stays_silent(desk: Desk) -> None:
    root = tried(desk)
    pause(desk)
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)))
    with desk.sessions.begin() as session:
        holds.drop(session, [root], "lan", "old page", NOW)
    assert set(desk.states()) == {"dropped"}
    resume(desk)
    later = desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,))
    desk.decide(later)
    poster = FakePoster()
    desk.post(poster)
    assert poster.sent == []
    reason = "silent: its alert was dropped by lan at 2026-05-04 09:31 UTC: old page"
    assert desk.decision(later) == ("done", reason)


def test_retry_reopens_what_was_given_up(desk: Desk) -> None:
    root = root_of(desk)
    poster = FakePoster(Refused("no_text", "give_up"))
    desk.post(poster)
    assert desk.states() == ["dead"]
    with desk.sessions.begin() as session:
        assert holds.retry(session, [root], "lan", NOW) == (root,)
    desk.post(poster)
    assert (desk.states(), desk.row("root").attempts) == (["sent"], 1)


@pytest.mark.parametrize("verb", ["release", "drop", "retry"])
def test_a_word_about_several_holds_for_all_or_none(desk: Desk, verb: str) -> None:
    sent = root_of(desk)
    desk.post(FakePoster())
    pause(desk)
    waiting = root_of(desk, "c2")

    def say(session: Session, *ids: int) -> None:
        if verb == "retry":
            holds.retry(session, ids, "lan", NOW)
        else:
            getattr(holds, verb)(session, ids, "lan", "why", NOW)

    with (
        pytest.raises(UsageError, match=f"alert {sent} is sent; {verb} is for one that is "),
        desk.sessions.begin() as s,
    ):
        say(s, waiting, sent)
    with pytest.raises(UsageError, match="99: no alert has this id"), desk.sessions.begin() as s:
        say(s, waiting, 99)
    assert desk.states() == ["sent", "waiting"]
    assert desk.row("root").hand is None


def test_a_mute_is_listed_until_it_ends_or_is_replaced(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        holds.mute(session, "DE-FR", "lan", "daily", NOW, NOW + HOUR)
        holds.mute(session, "DE-FR", "minh", "still", NOW, NOW + 2 * HOUR)
        holds.mute(session, "RU-US", "lan", "summit", NOW, NOW + HOUR)
        assert [(row.pair, row.by) for row in active_mutes(session, NOW)] == [("DE-FR", "minh"), ("RU-US", "lan")]
        assert [row.pair for row in active_mutes(session, NOW + HOUR)] == ["DE-FR"]
        assert holds.unmute(session, "DE-FR", "lan", NOW)
        assert not holds.unmute(session, "DE-FR", "lan", NOW)
        assert [row.pair for row in active_mutes(session, NOW)] == ["RU-US"]
