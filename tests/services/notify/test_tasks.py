"""From a verdict to the channel: what is entered in the ledger, in which order it goes out, and that it goes once."""

from __future__ import annotations

import datetime as dt
import threading
from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds, sending, store, tasks
from services.notify.poster import Absent, Place, Refused, Sent, Unknown
from services.notify.routes import Route
from shared.limits import OUT_OF_LIMITS
from shared.records import Change, Duration, Outcome, Speaker, When
from shared.tables import AnnouncementRow, CallRow, ReportRow
from tests.services.notify.desk import MINUTE, NOW, Desk, FakePoster, text_of
from tests.services.notify.variations import AT, ELYSEE, HELD, MACRON, MERZ, facts, paper

NINETY = Duration(minutes=90, bound="exact", text="90 phút", speaker=ELYSEE, evidence=HELD)
ADDS_LENGTH = (Change(field="duration", kind="new", after="90", evidence=(HELD,)),)
BERLIN = Speaker(id="berlin", text="phía Berlin", side="DE")
PLAIN_HEADLINE = "☎ Macron and Merz held a call on 4 May"


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    return Desk(sessions)


def test_a_new_call_is_told_once(desk: Desk) -> None:
    desk.call()
    report = desk.report()
    poster = FakePoster()
    written = desk.decide(report)
    assert desk.decide(report) == ()  # the doorbell rings twice
    assert [event.ids for event in desk.published] == [written, ()]
    desk.post(poster)
    desk.post(poster)
    assert poster.said == [("root", PLAIN_HEADLINE)]
    assert desk.ledger() == [("root", "root:c1@#redphone", "sent")]
    assert desk.decision(report) == ("done", "root: first fresh news of this call (new)")


@pytest.mark.parametrize("swept", [False, True])
def test_the_desk_hears_the_calls_of_an_article_in_the_order_of_its_text(desk: Desk, swept: bool) -> None:
    desk.call("lead")
    desk.call("aside")
    ids = desk.reports(("lead", "new"), ("aside", "new"), stored=(1, 0))  # the history takes the older call first
    assert ids[0] > ids[1]
    desk.decide(*(() if swept else sorted(ids)))
    assert [key for _, key, _ in desk.ledger()] == [
        "root:lead@#redphone",
        "root:aside@#redphone",
        "full:aside@#redphone",
    ]


def test_a_silent_call_gets_its_root_with_the_first_fresh_repeat(desk: Desk) -> None:
    desk.call()
    assert desk.decide(desk.report(silent=True)) == ()
    assert len(desk.decide(desk.report("repeat"))) == 1
    assert desk.states() == ["waiting"]


def test_the_article_that_tells_of_a_plan_makes_no_call_late(desk: Desk) -> None:
    day = 24 * 60 * MINUTE
    plan, told = paper(minutes=-24 * 60), paper("a2")
    desk.call(known=facts(MACRON, MERZ, status="planned", date=None, whens=(), sources=(plan,)))
    assert desk.decide(desk.report(published=AT - day), now=NOW - day) == ()
    desk.call(known=facts(MACRON, MERZ, date=None, whens=(), sources=(replace(plan, stands=False), told)))
    desk.decide(desk.report("update"))
    poster = FakePoster()
    desk.post(poster)
    assert poster.sent[0].warnings == ()
    assert "*When*  not known; article of 4 May 2026" in text_of(poster.sent[0])
    assert "LATE" not in text_of(poster.sent[0])


def test_late_is_the_age_of_the_article_that_is_told_late(desk: Desk) -> None:
    day = 24 * 60 * MINUTE
    desk.call(known=facts(MACRON, MERZ, date=None, whens=(), sources=(paper(minutes=-24 * 60), paper("a2"))))
    desk.decide(desk.report(published=AT - day, silent=True))
    desk.decide(desk.report("repeat"), now=NOW + 180 * MINUTE)
    poster = FakePoster()
    desk.post(poster, NOW + 180 * MINUTE)
    assert "*LATE: article of 4 May 16:30*" in text_of(poster.sent[0])
    desk.call(known=facts(MACRON, MERZ, sources=(paper(minutes=-24 * 60), paper("a2"))))
    desk.decide(desk.report("background"), now=NOW + 190 * MINUTE)
    desk.post(poster, NOW + 190 * MINUTE)
    assert poster.said[-1] == ("edit", PLAIN_HEADLINE)
    assert "*LATE: article of 4 May 16:30*" in text_of(poster.sent[-1])


def test_an_update_replies_and_edits_the_root(desk: Desk) -> None:
    desk.call()
    desk.decide(desk.report())
    poster = FakePoster()
    desk.post(poster)
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,), sources=(paper(), paper("a2"))))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)), now=NOW + 30 * MINUTE)
    desk.post(poster, NOW + 30 * MINUTE)
    assert poster.said == [
        ("root", PLAIN_HEADLINE),
        ("update", "Update: Macron–Merz lasted 90 minutes"),
        ("edit", f"{PLAIN_HEADLINE}, 90 minutes"),
    ]
    assert [(post.ts, post.thread_ts) for post in poster.sent] == [(None, None), (None, "ts1"), ("ts1", None)]
    assert "Edited 4 May 17:01: length" in text_of(poster.sent[2])
    with desk.sessions() as session:
        root = session.scalars(select(AnnouncementRow).where(AnnouncementRow.kind == "root")).one()
    assert root.payload["push"] == poster.sent[0].message.push  # the ledger keeps what was said at first


def test_a_background_mention_edits_without_a_sound(desk: Desk) -> None:
    desk.call(known=facts(MACRON, MERZ, date=None, whens=()))
    desk.decide(desk.report())
    poster = FakePoster()
    desk.post(poster)
    desk.call()
    desk.decide(desk.report("background"))
    desk.post(poster)
    assert poster.said == [
        ("root", "☎ Macron and Merz held a call; the article gives no day"),
        ("edit", PLAIN_HEADLINE),
    ]
    assert "Edited 4 May 16:31: day" in text_of(poster.sent[1])


def test_a_report_that_made_a_message_keeps_saying_so(desk: Desk) -> None:
    desk.call()
    report = desk.report()
    desk.decide(report)
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    with desk.sessions.begin() as session:  # the call changed behind its report, which is rung again
        session.get_one(ReportRow, report).notify_state = "waiting"
    desk.decide(report)
    assert desk.decision(report) == ("done", "root: first fresh news of this call (new)")


def test_a_repeat_adds_its_source_and_says_nothing_of_it(desk: Desk) -> None:
    desk.call()
    desk.decide(desk.report())
    poster = FakePoster()
    desk.post(poster)
    desk.call(known=facts(MACRON, MERZ, sources=(paper(), paper("a2", "Báo Hai"))))
    desk.decide(desk.report("repeat"))
    desk.post(poster)
    assert [kind for kind, _ in poster.said] == ["root", "edit"]
    assert "2 articles" in text_of(poster.sent[1])
    assert "Edited" not in text_of(poster.sent[1])


def test_a_correction_is_told_whatever_brought_it(desk: Desk) -> None:
    desk.call(known=facts(MACRON, MERZ, date="2026-05-03", whens=(When(date="2026-05-03", evidence=HELD),)))
    desk.decide(desk.report())
    poster = FakePoster()
    desk.post(poster)
    desk.call()
    desk.decide(desk.report("repeat"))
    desk.post(poster)
    assert [kind for kind, _ in poster.said] == ["root", "update", "edit"]
    assert poster.sent[1].broadcast
    assert "3 May 2026 → 4 May 2026" in text_of(poster.sent[1])


def test_ten_edits_before_the_next_post_are_one(desk: Desk) -> None:
    desk.call()
    desk.decide(desk.report())
    poster = FakePoster()
    desk.post(poster)
    for number in range(2, 12):
        desk.call(known=facts(MACRON, MERZ, sources=tuple(paper(f"a{n}") for n in range(number))))
        desk.decide(desk.report("repeat"))
    desk.post(poster)
    assert [kind for kind, _ in poster.said] == ["root", "edit"]
    assert "11 articles" in text_of(poster.sent[1])


def test_a_root_that_still_waits_is_changed_in_place(desk: Desk) -> None:
    desk.call(known=facts(MACRON, MERZ, date=None, whens=()))
    desk.decide(desk.report())
    desk.call()
    desk.decide(desk.report("background"))
    poster = FakePoster()
    desk.post(poster)
    assert poster.said == [("root", PLAIN_HEADLINE)]


def test_a_call_merged_into_another_keeps_its_root(desk: Desk) -> None:
    desk.call("c1")
    desk.decide(desk.report(call_id="c1"))
    poster = FakePoster()
    desk.post(poster)
    desk.call("c2", facts(MACRON, MERZ, durations=(NINETY,)))
    with desk.sessions.begin() as session:
        session.get_one(CallRow, "c1").merged_into = "c2"
    desk.decide(desk.report("repeat", call_id="c2"))
    desk.post(poster)
    assert poster.said == [("root", PLAIN_HEADLINE), ("edit", f"{PLAIN_HEADLINE}, 90 minutes")]
    assert poster.sent[1].ts == "ts1"


def test_one_report_that_cannot_be_decided_on_does_not_stop_the_others(desk: Desk) -> None:
    desk.call()
    broken, good = desk.report(), desk.report("repeat")
    with desk.sessions.begin() as session:
        session.execute(update(ReportRow).where(ReportRow.id == broken).values(judgement={"verdict": "perhaps"}))
    desk.decide(broken, good)
    state, reason = desk.decision(broken)
    assert state == "failed"
    assert reason is not None
    assert reason.startswith("ValidationError")
    assert desk.states() == ["waiting"]
    with desk.sessions() as session:
        assert set(session.scalars(select(ReportRow.decided_at))) == {NOW}


@pytest.mark.parametrize("limit", OUT_OF_LIMITS)
def test_the_limits_of_a_worker_say_nothing_of_a_report(
    desk: Desk, limit: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_arguments: object) -> None:
        raise limit

    desk.call()
    waits = desk.report()
    monkeypatch.setattr(store, "load", ends)
    with pytest.raises(limit):
        desk.decide(waits)
    monkeypatch.undo()
    assert desk.decision(waits) == ("waiting", None)
    assert len(desk.decide()) == 1


def test_a_mistake_of_ours_with_one_report_does_not_stop_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.call()
    broken, good = desk.report(), desk.report("repeat")
    load = store.load

    def mistaken(session: Session, report_id: int, channel: str, page_url: str | None) -> store.Loaded | None:
        if report_id == broken:
            raise IndexError("no such place")
        return load(session, report_id, channel, page_url)

    monkeypatch.setattr(store, "load", mistaken)
    desk.decide(broken, good)
    assert desk.decision(broken) == ("failed", "IndexError: no such place")
    assert desk.states() == ["waiting"]


def test_the_sweep_finds_what_nobody_rang_for(desk: Desk) -> None:
    desk.call()
    desk.report()
    assert len(desk.decide()) == 1
    assert desk.decide() == ()


# --- lost answers, refusals, deaths --------------------------------------------------------------------------------


def told(desk: Desk, poster: FakePoster) -> FakePoster:
    desk.call()
    desk.decide(desk.report())
    desk.post(poster)
    return poster


def test_a_lost_answer_is_looked_for_and_never_posted_twice(desk: Desk) -> None:
    poster = told(desk, FakePoster(Unknown("reset")))
    assert desk.states() == ["unknown"]
    desk.post(poster, NOW + dt.timedelta(seconds=5))
    assert poster.looked == []  # a post may land after its time-out
    desk.post(poster, NOW + MINUTE)
    assert poster.looked == ["root:c1@#redphone"]
    assert len(poster.sent) == 1
    assert (desk.states(), desk.row("root").ts) == (["sent"], "ts1")


def test_it_is_looked_for_since_its_first_try_and_not_since_it_was_written(desk: Desk) -> None:
    desk.call()
    desk.decide(desk.report())
    with desk.sessions.begin() as session:
        holds.pause(session, "lan", "storm", NOW, None)
    poster = FakePoster(Unknown("reset"), Refused("ratelimited", "retry", 60.0), Unknown("reset"), lost=False)
    desk.post(poster, NOW)
    first = NOW + 600 * MINUTE  # by now the channel has more messages than can be read through
    with desk.sessions.begin() as session:
        holds.resume(session, "lan", first)
    for minute in range(6):
        desk.post(poster, first + minute * MINUTE)
    assert poster.looked_since == [first, first]
    assert desk.states() == ["sent"]


def test_a_new_root_is_looked_for_since_its_own_first_try(desk: Desk) -> None:
    poster = told(desk, FakePoster())
    later = NOW + 600 * MINUTE
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,), sources=(paper(), paper("a2"))))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)), now=later)
    poster.answers.extend([Refused("thread_not_found", "reroot"), Unknown("reset")])
    for minute in range(4):
        desk.post(poster, later + minute * MINUTE)
    assert set(poster.looked_since) == {later}


def test_what_was_looked_for_and_is_not_there_is_posted(desk: Desk) -> None:
    poster = told(desk, FakePoster(Unknown("reset"), lost=False))
    desk.post(poster, NOW + MINUTE)
    assert [post.note for post in poster.sent] == [""]
    assert desk.states() == ["sent"]


def test_a_second_post_is_marked_and_only_where_the_channel_cannot_be_read(desk: Desk) -> None:
    poster = told(desk, FakePoster(Unknown("reset"), readable=False))
    for minute in range(1, 120, 6):
        desk.post(poster, NOW + minute * MINUTE)
    assert [post.note for post in poster.sent] == ["", "possible_repeat"]
    assert len(poster.looked) == sending.MOST_LOOKS
    assert desk.states() == ["sent"]


def test_a_sender_that_died_leaves_a_question_and_not_a_second_post(desk: Desk) -> None:
    desk.call()
    desk.decide(desk.report())
    poster = FakePoster()
    with desk.sessions.begin() as session:
        claimed = sending.claim(session, NOW, 0)
    assert isinstance(claimed, sending.Claimed)
    poster.send(claimed.post)  # posted, and then the process is killed
    desk.post(poster, NOW)
    assert desk.states() == ["claimed"]
    desk.post(poster, NOW + 2 * MINUTE)
    assert (len(poster.sent), poster.looked, desk.states()) == (1, ["root:c1@#redphone"], ["sent"])


def test_a_channel_waits_for_a_sender_that_died_no_longer_than_slack_has_to_answer(desk: Desk) -> None:
    desk.call()
    desk.call("c2")
    desk.decide(desk.report())
    with desk.sessions.begin() as session:
        sending.claim(session, NOW, 0)  # and its sender is killed
    desk.decide(desk.report(call_id="c2"))
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,), sources=(paper(), paper("a2"))))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)))
    poster = FakePoster()
    desk.post(poster, NOW + sending.ANSWER - dt.timedelta(seconds=1))
    assert poster.sent == []
    desk.post(poster, NOW + sending.ANSWER)
    assert [post.key for post in poster.sent] == ["root:c2@#redphone"]  # what follows within a call waits
    assert desk.states() == ["claimed", "sent", "waiting", "waiting"]


def test_no_message_waits_for_an_hour_to_come_once_more(desk: Desk) -> None:
    """Whoever claimed it, or put it off, did so by a clock that has been put back since."""
    hour = 60 * MINUTE
    desk.call()
    desk.decide(desk.report())
    with desk.sessions.begin() as session:
        sending.claim(session, NOW + 3 * hour, 0)  # and its sender is killed
    desk.call("c2")
    desk.decide(desk.report(call_id="c2"))
    desk.post(FakePoster(Unknown("reset")), NOW + 3 * hour + sending.ANSWER)
    assert desk.states() == ["claimed", "unknown"]
    poster = FakePoster()
    for later in (dt.timedelta(), sending.SETTLE, 2 * sending.LEASE):
        assert tasks.due(desk.sessions, NOW + later)
        desk.post(poster, NOW + later)
    assert (desk.states(), poster.looked) == (["sent", "sent"], ["root:c2@#redphone", "root:c1@#redphone"])


def test_whoever_looks_for_a_message_waits_for_no_sender(desk: Desk) -> None:
    poster = told(desk, FakePoster(Unknown("reset")))
    desk.call("c2")
    desk.decide(desk.report(call_id="c2"))
    with desk.sessions.begin() as session:
        sending.claim(session, NOW + sending.SETTLE - dt.timedelta(seconds=1), 0)  # and its sender is killed
    desk.post(poster, NOW + sending.SETTLE)
    assert (poster.looked, desk.states()) == (["root:c1@#redphone"], ["sent", "claimed"])


@pytest.mark.parametrize("absent", [True, False])
def test_a_look_that_outlasted_its_lease_reopens_nothing(desk: Desk, *, absent: bool) -> None:
    desk.call()
    desk.decide(desk.report())
    poster = FakePoster()
    with desk.sessions.begin() as session:
        sending.claim(session, NOW, 0)  # and its sender is killed before it sends
    with desk.sessions.begin() as session:
        slow = sending.claim(session, NOW + MINUTE, 0)
    assert isinstance(slow, sending.Claimed)
    assert slow.look
    answer = Absent() if absent else Sent("elsewhere")
    desk.post(poster, NOW + 2 * MINUTE)  # looks, finds nothing, sends
    with desk.sessions.begin() as session:
        sending.found(session, slow, answer, NOW + 2 * MINUTE)
    desk.post(poster, NOW + 3 * MINUTE)
    assert (len(poster.sent), desk.states(), desk.row("root").ts) == (1, ["sent"], "ts1")


def test_a_message_that_came_through_late_is_not_sent_by_who_took_it_over(desk: Desk) -> None:
    desk.call()
    desk.decide(desk.report())
    poster = FakePoster()
    claims = []
    for minute in range(2):
        with desk.sessions.begin() as session:
            claims.append(sending.claim(session, NOW + minute * MINUTE, 0))
    slow, looking = claims
    assert isinstance(slow, sending.Claimed)
    assert isinstance(looking, sending.Claimed)
    with desk.sessions.begin() as session:
        sending.finish(session, slow, Sent("ts-late"), NOW + MINUTE)
    with desk.sessions.begin() as session:
        sending.found(session, looking, Absent(), NOW + MINUTE)
    desk.post(poster, NOW + 3 * MINUTE)
    assert (poster.sent, desk.states(), desk.row("root").ts) == ([], ["sent"], "ts-late")


def test_each_lease_counts_from_when_it_is_taken_however_slow_slack_was_before(desk: Desk) -> None:
    for call_id in ("c1", "c2"):
        desk.call(call_id)
        desk.decide(desk.report(call_id=call_id))
    times = iter(NOW + second * dt.timedelta(seconds=1) for second in (0, 0, 30, 30, 30, 30, 60, 60))
    for _ in range(2):  # what took so long was a whole turn
        tasks.post_batch(desk.sessions, (), NOW, FakePoster(), lambda: next(times))
    with desk.sessions() as session:
        sent = session.scalars(select(AnnouncementRow.sent_at).order_by(AnnouncementRow.id)).all()
    assert [at - NOW for at in sent if at] == [dt.timedelta(seconds=30), dt.timedelta(seconds=60)]


def test_two_senders_never_hold_one_channel(desk: Desk) -> None:
    for call_id in ("c1", "c2"):
        desk.call(call_id)
        desk.decide(desk.report(call_id=call_id))
    with desk.sessions.begin() as session:
        first = sending.claim(session, NOW, 0)
    with desk.sessions.begin() as session:
        assert isinstance(first, sending.Claimed)
        assert sending.claim(session, NOW, 0) is None


def test_what_a_channel_that_rests_costs_does_not_grow_with_what_waits_for_it(desk: Desk) -> None:
    asked: list[str] = []
    engine = desk.sessions.kw["bind"]

    def listener(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    costs = []
    for number in range(9):
        desk.call(f"c{number}")
        desk.decide(desk.report(call_id=f"c{number}"))
        if number == 0:
            desk.post(FakePoster())
        if number in (1, 8):
            event.listen(engine, "before_cursor_execute", listener)
            with desk.sessions.begin() as session:
                assert sending.claim(session, NOW, 60) == sending.Pause((sending.Rest(60, number),))
            event.remove(engine, "before_cursor_execute", listener)
            costs.append(len(asked))
            asked.clear()
    assert costs[0] == costs[1]


def test_many_senders_at_once_post_each_message_once(desk: Desk) -> None:
    for number in range(12):
        desk.call(f"c{number}")
        desk.decide(desk.report(call_id=f"c{number}"))
    poster = FakePoster()
    senders = [threading.Thread(target=desk.post, args=(poster,)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    desk.post(poster)  # whoever found the channel taken has left
    assert [post.key for post in poster.sent] == [f"root:c{number}@#redphone" for number in range(12)]


def test_retry_after_rests_the_whole_channel_and_keeps_the_order(desk: Desk) -> None:
    for call_id in ("c1", "c2"):
        desk.call(call_id)
        desk.decide(desk.report(call_id=call_id))
    poster = FakePoster(Refused("ratelimited", "retry", retry_after=30))
    desk.post(poster)
    desk.post(poster, NOW + dt.timedelta(seconds=29))
    assert poster.sent == []
    desk.post(poster, NOW + dt.timedelta(seconds=31))
    assert [post.key for post in poster.sent] == ["root:c1@#redphone", "root:c2@#redphone"]


def test_what_was_sent_before_the_clock_went_back_keeps_no_channel_waiting(desk: Desk) -> None:
    for number, moment in enumerate((NOW + 180 * MINUTE, NOW)):
        desk.call(f"c{number}")
        desk.decide(desk.report(call_id=f"c{number}"))
        poster = FakePoster()
        poster.interval_s = 1.0
        desk.post(poster, moment)
        assert len(poster.sent) == 1


def test_what_is_written_while_a_channel_rests_waits_too(desk: Desk) -> None:
    limited, tried = Refused("ratelimited", "retry", retry_after=30), FakePoster()
    told(desk, FakePoster(limited))
    desk.call("c2")
    desk.decide(desk.report(call_id="c2"), now=NOW + dt.timedelta(seconds=5))
    desk.options = replace(desk.options, channel="#desk")
    desk.decide(desk.report(call_id="c2"), now=NOW + dt.timedelta(seconds=5))
    desk.post(tried, NOW + dt.timedelta(seconds=10))
    assert [post.channel for post in tried.sent] == ["#desk"], "another channel need not rest"
    desk.post(tried, NOW + dt.timedelta(seconds=31))
    assert [post.key for post in tried.sent[1:]] == ["root:c1@#redphone", "root:c2@#redphone"]


def test_what_slack_put_off_before_the_clock_went_back_keeps_no_channel_waiting(desk: Desk) -> None:
    desk.call()
    desk.decide(desk.report())
    desk.post(FakePoster(Refused("ratelimited", "retry", retry_after=30)), NOW + 180 * MINUTE)
    desk.call("c2")
    desk.decide(desk.report(call_id="c2"))
    poster = FakePoster()
    desk.post(poster)
    assert [post.key for post in poster.sent] == ["root:c2@#redphone"]


def test_messages_keep_the_interval_of_their_channel(desk: Desk) -> None:
    for call_id in ("c1", "c2", "c3"):
        desk.call(call_id)
        desk.decide(desk.report(call_id=call_id))
    poster = FakePoster()
    poster.interval_s = 1.0
    desk.post(poster)
    assert len(poster.sent) == 3
    assert poster.waited == [1.0, 1.0]


def wait_in_line(desk: Desk, count: int, channel: str = "#redphone") -> None:
    """So many calls are to be told in a channel."""
    desk.options = replace(desk.options, channel=channel)
    for number in range(count):
        desk.call(f"c{number}{channel}")
        desk.decide(desk.report(call_id=f"c{number}{channel}"))


def slow_channel() -> FakePoster:
    poster = FakePoster()
    poster.interval_s = 1.0
    return poster


def test_a_turn_ends_before_a_long_queue_does_and_the_next_one_goes_on(desk: Desk) -> None:
    wait_in_line(desk, 7)
    poster = slow_channel()
    desk.post(poster)
    assert len(poster.sent) == len(poster.waited) + 1 == tasks.TURN.total_seconds()
    desk.post(poster, NOW + tasks.TURN)
    assert [post.key for post in poster.sent] == [f"root:c{number}#redphone@#redphone" for number in range(7)]


def test_a_turn_ends_however_slow_slack_is_and_when_the_clock_goes_back(desk: Desk) -> None:
    wait_in_line(desk, 3)
    poster = FakePoster()
    for times in ((0, 0, 0, 8), (10, 10, 10, -4000)):
        clock = partial(next, iter([NOW + second * dt.timedelta(seconds=1) for second in (*times, times[-1])]))
        assert len(tasks.post_batch(desk.sessions, (), NOW, poster, clock)) == 1


def test_who_was_rung_leaves_a_long_queue_to_the_tick_and_sends_into_other_channels(desk: Desk) -> None:
    wait_in_line(desk, tasks.FEW + 2)
    poster = slow_channel()
    tasks.post_batch(desk.sessions, (), NOW, poster, turn=dt.timedelta(seconds=1))  # the first one is out
    wait_in_line(desk, 1, "#desk")
    tasks.post_batch(desk.sessions, (), NOW, poster, turn=dt.timedelta(microseconds=1), patient=False)
    assert ([post.channel for post in poster.sent], poster.waited) == (["#redphone", "#desk"], [])
    tasks.post_batch(desk.sessions, (), NOW, poster, patient=False)
    assert ([post.channel for post in poster.sent], poster.waited) == (["#redphone", "#desk"], [])
    desk.post(poster)
    assert len(poster.sent) == tasks.FEW + 3


def test_who_was_rung_waits_for_a_short_queue(desk: Desk) -> None:
    wait_in_line(desk, tasks.FEW + 1)
    poster = slow_channel()
    tasks.post_batch(desk.sessions, (), NOW, poster, turn=dt.timedelta(seconds=1))
    tasks.post_batch(desk.sessions, (), NOW, poster, patient=False)
    assert (len(poster.sent), poster.waited) == (tasks.FEW + 1, [1.0] * tasks.FEW)


def test_of_two_who_wait_for_one_channel_the_later_one_leaves_it_to_the_other(desk: Desk) -> None:
    wait_in_line(desk, 4)
    other, poster = slow_channel(), slow_channel()
    desk.post(other)
    assert len(other.sent) == 4
    wait_in_line(desk, 8)

    def meanwhile(seconds: float) -> None:
        poster.waited.append(seconds)
        tasks.post_batch(desk.sessions, (), NOW + dt.timedelta(seconds=4), other, turn=dt.timedelta(seconds=1))

    poster.wait = meanwhile  # type: ignore[method-assign]
    desk.post(poster, NOW + dt.timedelta(seconds=3.5))
    assert (len(other.sent), len(poster.sent), poster.waited) == (5, 0, [0.5])


def test_a_queue_that_is_longer_than_what_is_looked_at_hides_no_other_channel(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CANDIDATES", 2)
    wait_in_line(desk, 5)
    poster = slow_channel()
    tasks.post_batch(desk.sessions, (), NOW, poster, turn=dt.timedelta(seconds=1))
    wait_in_line(desk, 1, "#desk")
    tasks.post_batch(desk.sessions, (), NOW, poster, turn=dt.timedelta(seconds=1))
    assert [post.channel for post in poster.sent] == ["#redphone", "#desk"]


def test_a_new_call_goes_before_edits_and_neither_waits_for_the_rest_of_the_other(desk: Desk) -> None:
    poster = FakePoster()
    poster.interval_s = 1.0
    for call_id in ("c1", "c2"):
        desk.call(call_id)
        desk.decide(desk.report(call_id=call_id))
    desk.post(poster)
    poster.waited.clear()
    for call_id in ("c1", "c2"):
        desk.call(call_id, known=facts(MACRON, MERZ, durations=(NINETY,)))
        desk.decide(desk.report("repeat", call_id=call_id, durations=(NINETY,)))
    desk.call("c3")
    desk.decide(desk.report(call_id="c3"))
    desk.post(poster, NOW + MINUTE)
    assert [post.key.partition("@")[0].split(":")[:2] for post in poster.sent[2:]] == [
        ["root", "c3"],
        ["edit", "c1"],
        ["edit", "c2"],
    ]
    assert poster.waited == []


def test_no_more_edits_go_out_in_a_minute_than_slack_takes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "EDITS", 2)
    poster = FakePoster()
    for number in range(3):
        desk.call(f"c{number}")
        desk.decide(desk.report(call_id=f"c{number}"))
    desk.post(poster)
    poster.interval_s = 1.0
    for number in range(3):
        desk.call(f"c{number}", known=facts(MACRON, MERZ, durations=(NINETY,)))
        desk.decide(desk.report("repeat", call_id=f"c{number}", durations=(NINETY,)))
    desk.post(poster, NOW + MINUTE)
    assert [post.kind for post in poster.sent[3:]] == ["edit", "edit"]
    desk.post(poster, NOW + 1.9 * MINUTE)
    assert desk.states() == ["sent"] * 5 + ["waiting"]
    desk.post(poster, NOW + 2 * MINUTE)
    assert desk.states() == ["sent"] * 6


@pytest.mark.parametrize(
    ("refused", "states"),
    [
        (Refused("invalid_auth", "repair"), ["refused"]),
        (Refused("no_text", "give_up"), ["dead"]),
        (Refused("invalid_blocks", "plain"), ["sent"]),
    ],
)
def test_what_a_refusal_leads_to(desk: Desk, refused: Refused, states: list[str]) -> None:
    poster = told(desk, FakePoster(refused))
    assert desk.states() == states
    assert [post.plain for post in poster.sent] == ([True] if states == ["sent"] else [])


def test_a_refused_root_can_be_reopened_and_holds_its_replies_back(desk: Desk) -> None:
    poster = told(desk, FakePoster(Refused("not_in_channel", "repair")))
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)))
    desk.post(poster)
    assert poster.sent == []
    root = desk.row("root").id
    with desk.sessions.begin() as session:
        assert holds.retry(session, [root], "lan", NOW) == (root,)
    desk.post(poster)
    assert [kind for kind, _ in poster.said] == ["root", "update", "edit"]


def test_a_root_that_was_deleted_is_written_anew_and_says_so(desk: Desk) -> None:
    poster = told(desk, FakePoster(Sent("ts0"), Refused("thread_not_found", "reroot")))
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)))
    desk.post(poster)
    assert [(post.kind, post.note) for post in poster.sent] == [
        ("root", "replaces"),
        ("update", ""),
        ("edit", "replaces"),
    ]
    assert poster.sent[0].message.headline == f"{PLAIN_HEADLINE}, 90 minutes"
    assert poster.sent[1].thread_ts == "ts1"
    assert {post.replaces for post in poster.sent} == {Place("#redphone", "ts0"), None}


def test_a_channel_that_vanished_gets_a_new_root_under_its_name(desk: Desk) -> None:
    gone = Refused("channel_not_found", "repair")
    poster = told(desk, FakePoster(Sent("ts0", "C0000000001"), gone, gone))
    desk.call(known=facts(MACRON, MERZ, sources=(paper(), paper("a2"))))
    desk.decide(desk.report("repeat"))
    desk.post(poster)
    root = desk.row("root")
    assert (root.state, root.error) == ("refused", "channel_not_found"), "no channel of this name: a person must look"
    with desk.sessions.begin() as session:
        holds.retry(session, [root.id], "lan", NOW)
    desk.post(poster)
    (again,) = poster.sent
    assert (again.kind, again.channel, again.replaces) == ("root", "#redphone", Place("C0000000001", "ts0"))
    assert "2 articles" in text_of(again)


def test_a_desk_that_moved_gets_new_roots_that_link_back(desk: Desk) -> None:
    told(desk, FakePoster(Sent("ts0", "C0000000001")))
    desk.options = replace(desk.options, channel="#desk")
    desk.decide(desk.report("repeat"))
    poster = FakePoster()
    desk.post(poster)
    assert [(post.kind, post.channel, post.note, post.replaces) for post in poster.sent] == [
        ("root", "#desk", "replaces", Place("C0000000001", "ts0"))
    ]


ASIA = Route(name="asia", goes="message", channel="C0000000009", mention=("here",))
NOT_HERE = Route(name="elsewhere", goes="nowhere")
ARCHIVED = Refused("is_archived", "repair")
MOVED = "C0000000009 is gone or closed to Redphone: its alert is told here"


def test_a_root_whose_routed_channel_is_gone_goes_to_the_desks_own(desk: Desk) -> None:
    desk.options = replace(desk.options, routes=(ASIA, NOT_HERE))
    poster = told(desk, FakePoster(ARCHIVED))
    (root,) = poster.sent
    assert (root.channel, root.mention, root.warnings, root.replaces) == ("#redphone", (), (MOVED,), None)
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)))
    desk.post(poster)
    assert [(post.kind, post.channel, post.thread_ts or post.ts) for post in poster.sent[1:]] == [
        ("update", "#redphone", "ts1"),
        ("edit", "#redphone", "ts1"),
    ]


def test_a_routed_channel_that_goes_later_leaves_a_new_root_that_links_back(desk: Desk) -> None:
    desk.options = replace(desk.options, routes=(ASIA, NOT_HERE))
    poster = told(desk, FakePoster(Sent("ts0", "C0000000009"), ARCHIVED, ARCHIVED))
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)))
    desk.post(poster)
    assert [(post.kind, post.channel) for post in poster.sent] == [
        ("root", "#redphone"),
        ("update", "#redphone"),
        ("edit", "#redphone"),
    ]
    assert poster.sent[0].replaces == Place("C0000000009", "ts0")
    assert poster.sent[0].warnings[1] == MOVED
    assert set(desk.states()) == {"sent"}


def test_what_the_desk_has_in_its_own_channel_is_not_told_there_again(desk: Desk) -> None:
    desk.options = replace(desk.options, routes=(replace(NOT_HERE, goes="message"), ASIA))
    poster = told(desk, FakePoster(Sent("ts0"), ARCHIVED))
    assert poster.sent == []
    assert desk.states() == ["sent", "refused"]


def test_an_edit_whose_answer_is_lost_is_simply_made_again(desk: Desk) -> None:
    poster = told(desk, FakePoster(Sent("ts0"), Unknown("time-out")))
    desk.call(known=facts(MACRON, MERZ, sources=(paper(), paper("a2"))))
    desk.decide(desk.report("repeat"))
    desk.post(poster)
    desk.post(poster, NOW + MINUTE)
    assert poster.looked == []
    assert [post.kind for post in poster.sent] == ["edit", "edit"]
    assert desk.states() == ["sent", "sent"]


def test_trouble_without_end_comes_to_rest_where_people_see_it(desk: Desk) -> None:
    poster = told(desk, FakePoster(*[Refused("service_unavailable", "retry")] * (sending.MOST_ATTEMPTS + 5)))
    for hour in range(sending.MOST_ATTEMPTS + 2):
        desk.post(poster, NOW + hour * 60 * MINUTE)
    assert desk.states() == ["dead"]
    with desk.sessions() as session:
        assert session.get_one(AnnouncementRow, 1).error == "service_unavailable"


def test_a_place_and_a_second_side_name_the_edit(desk: Desk) -> None:
    first = facts(MACRON, MERZ, heard=(ELYSEE,))
    desk.call(known=first)
    desk.decide(desk.report())
    poster = FakePoster()
    desk.post(poster)
    invited = Outcome(kind="invited", id="invited", text="mời", by="DE", place="Roma", mode="reported", evidence=HELD)
    desk.call(known=replace(first, heard=(ELYSEE, BERLIN), outcomes=(invited,)))
    desk.decide(desk.report("background"), now=AT)
    desk.post(poster)
    assert "Edited 4 May 16:30: Rome, German side" in text_of(poster.sent[1])
