"""The pulse: what waits to be read is counted, a clock that was put back leaves nothing waiting for hours."""

from __future__ import annotations

import datetime as dt
from threading import Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from shared import pulse
from shared.brake import Backlog, read_steps
from shared.tables import AnnouncementRow, ArticleRow, FeedRow, HostRow, PulseRow

NOW = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
HOUR, TICK, SOON = dt.timedelta(hours=1), dt.timedelta(seconds=5), pulse.LONGEST_LEASE
STEPS = read_steps("waiting,oldest_s,others_s,world_s,pages,why\n2,60,300,0,no,a\n")
Sessions = sessionmaker[Session]


def looked(sessions: Sessions, *moments: dt.datetime) -> list[str]:
    """What is told of the clock after each look."""
    said = []
    for now in moments:
        with sessions.begin() as session:
            pulse.look(session, now, STEPS)
            said.append(pulse.jump_told(session, now))
    return said


def test_the_brake_follows_what_waits(sessions: Sessions) -> None:
    levels = []
    for minutes, waiting in ((0, 1), (5, 2), (6, 1), (7, 0)):
        with sessions.begin() as session:
            rows = session.scalars(sa.select(ArticleRow)).all()
            session.add_all(ArticleRow(key=f"{n}", fetched_at=NOW, content_hash="") for n in range(len(rows), waiting))
            for row in rows[waiting:]:
                row.classify_state = "done"
        looked(sessions, NOW + dt.timedelta(minutes=minutes))
        with sessions() as session:
            level, step, backlog = pulse.read(session, STEPS)
            levels.append((level, step.pages, backlog))
    assert levels == [
        (0, True, Backlog(1, 0)),
        (1, False, Backlog(2, 300)),
        (1, False, Backlog(1, 360)),
        (0, True, Backlog(0, 0)),
    ]


def wait_until(sessions: Sessions, moment: dt.datetime) -> None:
    """Everything that can wait waits until this moment."""
    with sessions.begin() as session:
        session.add(FeedRow(url="https://a.vn/rss", outlet="A", next_poll_at=moment, claimed_until=moment))
        session.add(HostRow(name="a.vn", next_request_at=moment, next_page_at=moment, claimed_until=moment))
        session.add(
            ArticleRow(
                key="1", fetched_at=moment, content_hash="", classify_next_at=moment, body_next_at=moment,
                body_state="waiting",
            )
        )  # fmt: skip
        session.add_all(
            AnnouncementRow(
                key=state, kind="root", channel="#a", language="en", payload={}, state=state, created_at=moment,
                next_attempt_at=moment, claimed_until=moment,
            )
            for state in ("waiting", "unknown", "held", "claimed")
        )  # fmt: skip


def waits(sessions: Sessions) -> dict[str, dt.datetime | None]:
    with sessions() as session:
        feed = session.scalars(sa.select(FeedRow)).one()
        host = session.scalars(sa.select(HostRow)).one()
        article = session.scalars(sa.select(ArticleRow)).one()
        found: dict[str, dt.datetime | None] = {
            "poll": feed.next_poll_at, "claim": feed.claimed_until, "request": host.next_request_at,
            "page": host.next_page_at, "host": host.claimed_until, "read": article.classify_next_at,
            "body": article.body_next_at,
        }  # fmt: skip
        for row in session.scalars(sa.select(AnnouncementRow)):
            found[row.state] = row.claimed_until if row.state == "claimed" else row.next_attempt_at
        return found


def test_a_clock_that_went_back_leaves_nothing_waiting_for_hours(sessions: Sessions) -> None:
    looked(sessions, NOW + 3 * HOUR)
    wait_until(sessions, NOW + 3 * HOUR)
    (told,) = looked(sessions, NOW)
    assert told.startswith("the clock went back by 180 min at 2026-05-04 05:00 UTC: ")
    found = waits(sessions)
    assert found.pop("held") == NOW + 3 * HOUR  # quiet hours are hours of the day
    assert found.pop("poll") == found.pop("waiting") == found.pop("unknown") == NOW  # nobody has tried them
    assert set(found.values()) == {NOW}  # all that had come to its end at the last look


def test_who_has_something_in_hand_when_the_clock_goes_back_keeps_it_for_as_long_as_before(sessions: Sessions) -> None:
    looked(sessions, NOW + 3 * HOUR)
    wait_until(sessions, NOW + 3 * HOUR + TICK)
    looked(sessions, NOW)
    found = waits(sessions)
    kept = ("claim", "request", "page", "host", "read", "body")
    assert {name: found[name] for name in kept} == dict.fromkeys(kept, NOW + TICK)


def noted(sessions: Sessions, now: dt.datetime) -> None:
    with sessions.begin() as session:
        pulse.note(session, now)


def test_a_clock_that_was_ahead_between_two_looks_is_known_from_who_took_work_by_it(sessions: Sessions) -> None:
    looked(sessions, NOW - TICK)
    noted(sessions, NOW + 3 * HOUR)
    wait_until(sessions, NOW + 3 * HOUR)
    (told,) = looked(sessions, NOW)
    assert told.startswith("the clock went back by 180 min at 2026-05-04 05:00 UTC: ")
    assert waits(sessions)["page"] == waits(sessions)["poll"] == NOW


@pytest.mark.parametrize("by", [-3 * HOUR, dt.timedelta(), pulse.WENT_ON - TICK], ids=["behind", "alike", "a little"])
def test_who_takes_work_by_a_clock_that_is_not_far_ahead_says_nothing(sessions: Sessions, by: dt.timedelta) -> None:
    looked(sessions, NOW)
    noted(sessions, NOW + by)
    with sessions() as session:
        row = session.get_one(PulseRow, 1)
        assert (row.seen_at, row.jumped_at) == (NOW, None)


def test_of_two_looks_at_once_the_one_by_the_hour_before_does_not_hide_the_jump(sessions: Sessions) -> None:
    looked(sessions, NOW - TICK)
    other = Thread(target=looked, args=(sessions, NOW))
    with sessions.begin() as session:
        pulse.look(session, NOW + 3 * HOUR, STEPS)
        session.flush()
        other.start()
        other.join(0.5)  # it waits for us
    other.join()
    with sessions() as session:
        assert pulse.jump_told(session, NOW).startswith("the clock went back by 180 min")


@pytest.mark.parametrize("moments", [1, pulse.MOST_MOVED], ids=["long", "many"])
def test_nothing_waits_longer_than_a_lease_behind_a_clock_that_went_back(sessions: Sessions, moments: int) -> None:
    looked(sessions, NOW + 3 * HOUR)
    wait_until(sessions, NOW + 4 * HOUR)  # such as a server that asked for an hour
    with sessions.begin() as session:
        session.add_all(HostRow(name=f"{n}.vn", claimed_until=NOW + 4 * HOUR + n * TICK) for n in range(1, moments + 1))
    looked(sessions, NOW)
    with sessions() as session:
        assert set(session.scalars(sa.select(HostRow.claimed_until))) == {NOW + SOON}
        assert session.scalars(sa.select(HostRow.next_request_at).where(HostRow.name == "a.vn")).one() == (
            NOW + pulse.A_REST
        )


def test_who_was_at_work_when_the_clock_went_back_leaves_nothing_waiting_either(sessions: Sessions) -> None:
    looked(sessions, NOW + 3 * HOUR, NOW)
    wait_until(sessions, NOW + 3 * HOUR)  # a poll ends that had begun before
    looked(sessions, NOW + SOON - TICK)
    assert waits(sessions)["poll"] == NOW + 3 * HOUR
    for after in pulse.AFTERWARDS:
        with sessions.begin() as session:
            session.scalars(sa.select(FeedRow)).one().next_poll_at = NOW + 3 * HOUR
        looked(sessions, NOW + after - TICK / 2, NOW + after + TICK / 2)
        assert waits(sessions)["poll"] == NOW + after + TICK / 2
    assert waits(sessions)["read"] == NOW + SOON + TICK / 2
    with sessions.begin() as session:
        session.scalars(sa.select(FeedRow)).one().next_poll_at = NOW + 3 * HOUR
    looked(sessions, NOW + pulse.AFTERWARDS[-1] + TICK, NOW + pulse.AFTERWARDS[-1] + 2 * TICK)
    assert waits(sessions)["poll"] == NOW + 3 * HOUR  # and then a feed may wait as long as it likes


@pytest.mark.parametrize("back", [dt.timedelta(), dt.timedelta(seconds=59)], ids=["a tick", "another machine's clock"])
def test_clocks_that_differ_a_little_are_no_jump(sessions: Sessions, back: dt.timedelta) -> None:
    wait_until(sessions, NOW + HOUR)
    assert looked(sessions, NOW, NOW + TICK - back, NOW + 2 * TICK) == ["", "", ""]
    assert set(waits(sessions).values()) == {NOW + HOUR}


def test_machines_whose_clocks_differ_much_do_not_make_everything_due_at_each_tick(sessions: Sessions) -> None:
    ahead = dt.timedelta(minutes=9)
    looked(sessions, NOW + ahead, NOW)
    wait_until(sessions, NOW + HOUR)
    told = looked(sessions, NOW + ahead + TICK, NOW + TICK, NOW + ahead + 2 * TICK, NOW + 2 * TICK)
    assert all(words.startswith("the clock went back by 9 min") for words in told)
    assert set(waits(sessions).values()) == {NOW + HOUR}


def test_a_clock_that_went_on_is_told_and_no_longer_than_an_hour(sessions: Sessions) -> None:
    words = "no tick came for 180 min until 2026-05-04 08:00 UTC: nothing ran, or the clock was put forward"
    assert looked(sessions, NOW, NOW + 3 * HOUR) == ["", words]
    with sessions() as session:
        assert pulse.jump_told(session, NOW + 4 * HOUR - TICK) == words
        assert pulse.jump_told(session, NOW + 4 * HOUR) == ""


def test_there_is_one_pulse(sessions: Sessions) -> None:
    looked(sessions, NOW, NOW + TICK)
    with sessions() as session:
        assert [row.seen_at for row in session.scalars(sa.select(PulseRow))] == [NOW + TICK]
