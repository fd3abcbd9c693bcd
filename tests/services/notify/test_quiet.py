"""Quiet hours and mutes: what they keep back, what passes them, and when they end."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds, words
from services.notify.poster import Post
from services.notify.quiet import Hours, hours_of, lapse
from services.notify.said import Pressed
from shared.records import Brief, Change, Comparison, Coverage
from shared.tables import CallRow, MuteRow
from tests.services.notify.desk import MINUTE, NOW, OPTIONS, Desk, FakePoster, text_of
from tests.services.notify.test_tasks import ADDS_LENGTH, NINETY
from tests.services.notify.variations import MACRON, MERZ, facts

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = Hours(dt.time(23), dt.time(6))
#: NOW is 16:31 in Hanoi; the quiet hours of these tests end at 18:00 there
QUIET = replace(OPTIONS, quiet=Hours(dt.time(14), dt.time(18)))
OVER = dt.datetime(2026, 5, 4, 11, 0, tzinfo=dt.UTC)
STATUS = (Change(field="status", kind="changed", before="planned", after="held"),)


@pytest.mark.parametrize(
    ("hours", "local", "ends"),
    [
        (NIGHT, "2026-05-04T22:59", None),
        (NIGHT, "2026-05-04T23:00", "2026-05-05T06:00"),
        (NIGHT, "2026-05-05T05:59", "2026-05-05T06:00"),
        (NIGHT, "2026-05-05T06:00", None),
        (Hours(dt.time(12), dt.time(13, 30)), "2026-05-05T12:30", "2026-05-05T13:30"),
        (Hours(dt.time(12), dt.time(13, 30)), "2026-05-05T13:30", None),
    ],
)
def test_quiet_hours_end(hours: Hours, local: str, ends: str | None) -> None:
    now = dt.datetime.fromisoformat(local).replace(tzinfo=HANOI)
    expected = dt.datetime.fromisoformat(ends).replace(tzinfo=HANOI) if ends else None
    assert hours.over_at(now.astimezone(dt.UTC), HANOI) == expected


def test_quiet_hours_as_they_are_written() -> None:
    assert hours_of("") is None
    assert hours_of("23:00-06:00") == NIGHT
    with pytest.raises(ValueError, match="end where they begin"):
        hours_of("06:00-06:00")


@pytest.mark.parametrize(
    ("changes", "days", "first_contact", "why"),
    [
        (STATUS, 2, 30, "the status of a call changed"),
        ((replace(STATUS[0], kind="conflict", before="held", after="denied"),), 2, 30, "the status of a call changed"),
        (ADDS_LENGTH, 2, 30, ""),
        ((), 29, 30, ""),
        ((), 30, 30, "first contact in 30 days"),
        ((), 30, 90, ""),
        ((), 1, 1, "first contact in a day"),
        ((), None, 30, ""),
    ],
)
def test_what_a_mute_must_not_keep_back(
    changes: tuple[Change, ...], days: int | None, first_contact: int, why: str
) -> None:
    previous = Brief(call_id="c0", participants=(MACRON, MERZ), date=None)
    coverage = Coverage(articles=9, months=9, thin=False)
    assert lapse(changes, Comparison(previous=previous, days=days, coverage=coverage), first_contact) == why


def test_quiet_hours_hold_back_until_they_end_and_the_message_says_so(sessions: sessionmaker[Session]) -> None:
    desk = Desk(sessions, QUIET)
    desk.call()
    report = desk.report()
    desk.decide(report)
    poster = FakePoster()
    desk.post(poster, OVER - MINUTE)
    assert (poster.sent, desk.states()) == ([], ["held"])
    assert desk.decision(report)[1] == "root: first fresh news of this call (new); held back until 2026-05-04 11:00 UTC"
    desk.post(poster, OVER)
    assert [post.warnings for post in poster.sent] == [("held back until 18:00",)]


def test_a_held_root_opens_with_what_came_in_meanwhile(sessions: sessionmaker[Session]) -> None:
    desk = Desk(sessions, QUIET)
    desk.call()
    desk.decide(desk.report())
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)), now=NOW + MINUTE)
    poster = FakePoster()
    desk.post(poster, OVER)
    assert poster.said == [("root", "☎ Macron and Merz held a call on 4 May, 90 minutes")]
    assert "Edited" not in text_of(poster.sent[0])  # nobody has read what it said before


def test_an_update_is_held_and_its_root_shows_at_once_what_is_known(sessions: sessionmaker[Session]) -> None:
    """Nobody is woken by an edit; who looks at night, or presses a button, must not see what is no longer so."""
    desk = Desk(sessions)
    desk.call()
    desk.decide(desk.report())
    poster = FakePoster()
    desk.post(poster)
    desk.options = QUIET
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)))
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)), now=NOW + MINUTE)
    desk.post(poster, NOW + 2 * MINUTE)
    assert poster.said[1:] == [("edit", "☎ Macron and Merz held a call on 4 May, 90 minutes")]
    desk.post(poster, OVER)
    assert [(post.kind, post.warnings) for post in poster.sent[2:]] == [("update", ("held back until 18:00",))]


def test_a_pair_on_the_watch_list_passes_quiet_hours(sessions: sessionmaker[Session]) -> None:
    desk = Desk(sessions, replace(QUIET, watch=(frozenset({"DE", "FR"}),)))
    desk.call()
    desk.decide(desk.report())
    assert desk.states() == ["waiting"]


def mute(desk: Desk, days: int = 7) -> int:
    """Mute the pair of these tests; the number of the mute."""
    with desk.sessions.begin() as session:
        row = holds.mute(session, "DE-FR", "lan", "every day", NOW, NOW + dt.timedelta(days=days))
        session.flush()
        return row.id


def muted(sessions: sessionmaker[Session], days: int = 7) -> Desk:
    """A desk whose pair was muted before anything was told."""
    desk = Desk(sessions)
    mute(desk, days)
    return desk


def told_and_muted(sessions: sessionmaker[Session], days: int | None = None) -> tuple[Desk, FakePoster]:
    """A desk that muted the pair after it was told of its call, which came `days` after the one before."""
    desk, poster = Desk(sessions), FakePoster()
    desk.call(days=days)
    desk.decide(desk.report())
    desk.post(poster)
    mute(desk)
    return desk, poster


def test_a_muted_pair_stays_in_the_ledger_and_can_be_released(sessions: sessionmaker[Session]) -> None:
    desk = muted(sessions)
    desk.call()
    report = desk.report()
    (root,) = desk.decide(report)
    poster = FakePoster()
    desk.post(poster, NOW + dt.timedelta(days=30))
    assert (poster.sent, desk.states()) == ([], ["muted"])
    assert (desk.decision(report)[1] or "").endswith("; muted by lan until 2026-05-11 09:31 UTC")
    with sessions.begin() as session:
        holds.release(session, [root], "lan", "news after all", NOW)
    desk.post(poster)
    assert [post.key for post in poster.sent] == ["root:c1@#redphone"]


def test_a_muted_root_is_released_as_it_is_known_then_and_its_mute_ends_with_its_reason(
    sessions: sessionmaker[Session],
) -> None:
    """A denial of what was never announced makes no message of its own; the muted root must not go on saying "held"."""
    desk = muted(sessions)
    desk.call()
    (root,) = desk.decide(desk.report())
    desk.call(known=facts(MACRON, MERZ, status="denied", denial="denied"))
    denied = (Change(field="status", kind="conflict", before="held", after="denied"),)
    report = desk.report("update", changes=denied)
    assert desk.decide(report, now=NOW + MINUTE) == ()
    assert (desk.decision(report)[1] or "").startswith("digest: ")
    with sessions.begin() as session:
        assert session.scalars(select(MuteRow)).one().ended_why == "the status of a call changed: c1"
        holds.release(session, [root], "lan", "to be told", NOW + MINUTE)
    poster = FakePoster()
    desk.post(poster, NOW + MINUTE)
    assert poster.said == [("root", "☎ Call of Macron and Merz denied")]
    assert "Edited" not in text_of(poster.sent[0])


def test_another_pair_is_not_muted(sessions: sessionmaker[Session]) -> None:
    desk = muted(sessions)
    desk.call(known=facts(MACRON, replace(MERZ, country="IT")))
    desk.decide(desk.report())
    assert desk.states() == ["waiting"]


def test_a_mute_lapses_with_a_change_of_status_and_the_call_gets_its_root(sessions: sessionmaker[Session]) -> None:
    desk = muted(sessions)
    desk.call(known=facts(MACRON, MERZ, status="planned"))
    desk.decide(desk.report())
    assert desk.states() == ["muted"]
    desk.call()
    desk.decide(desk.report("update", changes=STATUS), now=NOW + MINUTE)
    poster = FakePoster()
    desk.post(poster, NOW + MINUTE)
    assert poster.said == [("root", "☎ Macron and Merz held a call on 4 May")]
    with sessions() as session:
        row = session.scalars(select(MuteRow)).one()
        assert (row.ended_at, row.ended_why) == (NOW + MINUTE, "the status of a call changed: c1")


def test_a_denial_of_what_was_announced_ends_a_mute_and_is_told(sessions: sessionmaker[Session]) -> None:
    desk, poster = told_and_muted(sessions)
    desk.call(known=facts(MACRON, MERZ, status="denied", denial="denied"))
    denied = (Change(field="status", kind="conflict", before="held", after="denied"),)
    desk.decide(desk.report("update", changes=denied), now=NOW + MINUTE)
    desk.post(poster, NOW + MINUTE)
    assert poster.said[1] == ("update", "Update: Macron–Merz call denied")
    assert poster.sent[1].broadcast


def test_what_was_told_is_taken_back_aloud_under_a_mute_too(sessions: sessionmaker[Session]) -> None:
    desk, poster = told_and_muted(sessions)
    with sessions.begin() as session:
        call = session.get_one(CallRow, "c1")
        call.withdrawn, call.notify_state = {"by": "Minh", "at": NOW.isoformat(), "why": "no call"}, "waiting"
    desk.refresh()
    desk.post(poster)
    reply = next(post for post in poster.sent if post.kind == "update")
    assert "Minh" in reply.message.headline
    assert reply.broadcast
    with sessions() as session:
        assert session.scalars(select(MuteRow)).one().ended_at is None


def test_a_root_says_no_longer_that_its_pair_is_muted_when_news_end_that(sessions: sessionmaker[Session]) -> None:
    desk = Desk(sessions, replace(OPTIONS, listens=True))
    for call in ("c1", "c2"):
        desk.call(call, facts(MACRON, MERZ, status="planned"))
        desk.decide(desk.report(call_id=call))
    poster = FakePoster()
    desk.post(poster)
    number = mute(desk)
    with sessions.begin() as session:
        for call in ("c1", "c2"):
            pressed = Pressed(key=call, action="mute", value=call, by="lan", user="U1")
            words.write(session, pressed, "mute", call, NOW, number, "DE-FR")
    desk.refresh()
    desk.post(poster)
    desk.call("c1")
    desk.decide(desk.report("update", call_id="c1", changes=STATUS))
    desk.refresh()
    desk.post(poster)
    roots = {"c1": "ts1", "c2": "ts2"}
    for ts in roots.values():
        shown = [post for post in poster.sent if ts in (post.ts, poster_ts(poster, post))]
        assert ["Muted until" in text_of(post) for post in shown] == [False, True, False]


def poster_ts(poster: FakePoster, post: Post) -> str:
    """Where a message that was posted, and not edited, stands."""
    return f"ts{poster.sent.index(post) + 1}" if post.ts is None else ""


def test_a_mute_set_on_a_first_contact_is_not_ended_by_more_news_of_that_call(
    sessions: sessionmaker[Session],
) -> None:
    """Who presses *Mute this pair* under the alert of a first contact has had that contact."""
    desk, _ = told_and_muted(sessions, days=200)
    desk.call(known=facts(MACRON, MERZ, durations=(NINETY,)), days=200)
    desk.decide(desk.report("update", changes=ADDS_LENGTH, durations=(NINETY,)), now=NOW + MINUTE)
    assert desk.row("update").state == "muted"
    desk.call("c2", days=30)
    desk.decide(desk.report(call_id="c2"), now=NOW + 2 * MINUTE)
    assert desk.row("root").state == "waiting"
    with sessions() as session:
        assert session.scalars(select(MuteRow)).one().ended_why == "first contact in 30 days: c2"


def test_news_of_a_muted_call_is_told_once_the_mute_is_over(sessions: sessionmaker[Session]) -> None:
    desk = muted(sessions, days=1)
    desk.call()
    desk.decide(desk.report())
    desk.decide(desk.report("repeat"), now=NOW + MINUTE)
    assert desk.states() == ["muted"]
    later = NOW + dt.timedelta(days=1, minutes=1)
    desk.decide(desk.report("repeat", published=later), now=later)
    assert desk.states() == ["waiting"]
