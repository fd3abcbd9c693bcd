"""A burst: each call keeps its own root, brief beyond the first ones, with everything in its thread and one list."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds, tasks
from services.notify.burst import Entry, Rule, brief, render_list, rule_of
from services.notify.lint import lint
from services.notify.message import news_of, render_root, voice_of
from services.notify.plain import as_text
from services.notify.poster import Refused, Sent
from services.notify.quiet import Hours
from shared.names import LANGUAGES, Language
from shared.records import CallFacts, Duration
from shared.tables import AnnouncementRow, CallRow
from tests.services.notify.desk import MINUTE, NOW, OPTIONS, Desk, FakePoster, text_of
from tests.services.notify.seed_calls import ROOTS
from tests.services.notify.variations import ELYSEE, HELD, LAM, MACRON, MERZ, XI, facts, paper

ZONE = "Asia/Ho_Chi_Minh"
SUMMIT = replace(OPTIONS, burst=Rule(2, 10 * MINUTE), page_url="https://redphone.example/")
CALLS = (
    facts(MACRON, MERZ),
    facts(XI, MERZ),
    facts(LAM, XI, durations=(Duration(minutes=90, bound="exact", text="90 phút", speaker=ELYSEE, evidence=HELD),)),
    facts(MACRON, MERZ, date="2026-05-03"),
)


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    return Desk(sessions, SUMMIT)


def comes(desk: Desk, number: int, known: CallFacts | None = None, after: dt.timedelta = dt.timedelta()) -> None:
    desk.call(f"c{number}", known or CALLS[number])
    desk.decide(desk.report(call_id=f"c{number}"), now=NOW + after)


def test_rules_as_they_are_written() -> None:
    assert rule_of("4 in 10m") == Rule(4, 10 * MINUTE)
    assert rule_of("never") is None


def test_of_a_burst_nothing_is_dropped_and_everything_is_in_the_threads(desk: Desk) -> None:
    poster = FakePoster()
    for number in range(4):
        comes(desk, number)
    desk.post(poster)
    assert [post.key for post in poster.sent] == [
        "root:c0@#redphone",
        "root:c1@#redphone",
        "list:2026-05-04T09:31:00@#redphone",
        "root:c2@#redphone",
        "full:c2@#redphone",
        "root:c3@#redphone",
        "full:c3@#redphone",
    ]
    listed, short, full = poster.sent[2], poster.sent[3], poster.sent[4]
    assert listed.message.headline == "☎ 4 calls in this channel since 4 May 16:31"
    assert "• *France–Germany*: Macron and Merz held a call on 4 May; Macron and Merz held a call on 3 May\n" in (
        text_of(listed)
    )
    assert [line.kind for line in short.message.lines] == ["headline", "status", "sources"]
    assert "①" not in text_of(short)
    assert full.message.headline == "In full: Tô Lâm and Xi held a call on 4 May, 90 minutes"
    assert "General Secretary" in text_of(full)
    assert full.thread_ts == "ts4"
    links = [span.url for line in listed.message.lines for span in line.spans if span.url]
    assert links == [f"https://redphone.example/calls/c{number}" for number in (0, 3, 1, 2)]


def test_a_list_that_stands_in_the_channel_is_edited_and_its_edits_are_gathered(desk: Desk) -> None:
    poster = FakePoster()
    for number in range(3):
        comes(desk, number)
    desk.post(poster)
    comes(desk, 3)
    comes(desk, 4, facts(LAM, MACRON))
    desk.post(poster)
    edits = [post for post in poster.sent if post.kind == "edit"]
    assert [(post.ts, post.message.headline) for post in edits] == [
        ("ts3", "☎ 5 calls in this channel since 4 May 16:31")
    ]


def test_a_list_that_was_deleted_is_written_anew(desk: Desk) -> None:
    poster = FakePoster(*(Sent(f"gone{number}") for number in range(7)), Refused("message_not_found", "reroot"))
    for number in range(3):
        comes(desk, number)
    desk.post(poster)
    comes(desk, 3)
    desk.post(poster)
    again = [post for post in poster.sent if post.kind == "list"]
    assert [(post.note, post.message.headline) for post in again] == [
        ("replaces", "☎ 4 calls in this channel since 4 May 16:31")
    ]
    assert set(desk.states()) == {"sent"}


def test_a_brief_root_stays_brief_and_is_kept_up_to_date(desk: Desk) -> None:
    poster = FakePoster()
    for number in range(3):
        comes(desk, number)
    desk.post(poster)
    desk.call("c2", replace(CALLS[2], sources=(paper(), paper("a2", "Báo Hai"))))
    desk.decide(desk.report("repeat", call_id="c2"))
    desk.post(poster)
    short, full = poster.sent[-2:]
    assert [(post.kind, post.ts) for post in (short, full)] == [("edit", "ts4"), ("edit", "ts5")]
    assert [line.kind for line in short.message.lines] == ["headline", "status", "sources"]
    assert "2 articles" in text_of(short)
    assert text_of(full).startswith("*In full: Tô Lâm and Xi held a call on 4 May, 90 minutes*")
    assert "2 articles" in text_of(full)


def test_a_call_that_is_taken_back_is_struck_through_in_the_list_too(desk: Desk) -> None:
    poster = FakePoster()
    for number in range(3):
        comes(desk, number)
    desk.post(poster)
    for why in ("no such call", None):
        withdraw(desk, 1, why)
        desk.post(poster)
        listed = next(post for post in reversed(poster.sent) if post.ts == "ts3")
        struck = [span.text for line in listed.message.lines for span in line.spans if span.style == "strike"]
        assert struck == ([news_of(CALLS[1], voice_of("en", OPTIONS.zone))] if why else [])


def withdraw(desk: Desk, number: int, why: str | None = "no such call") -> None:
    """Take a call back, or without a reason let it stand again, and look at it."""
    with desk.sessions.begin() as session:
        row = session.get_one(CallRow, f"c{number}")
        row.withdrawn = {"by": "Minh", "at": NOW.isoformat(), "why": why} if why else None
        row.notify_state = "waiting"
    desk.refresh()


def pause(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        holds.pause(session, "lan", "storm", NOW, None)


def drop(desk: Desk, *numbers: int) -> None:
    """Drop the roots of these calls, and let everything else go."""
    with desk.sessions.begin() as session:
        roots = session.scalars(
            sa.select(AnnouncementRow.id).where(
                AnnouncementRow.kind == "root", AnnouncementRow.call_id.in_([f"c{number}" for number in numbers])
            )
        )
        tasks.drop(session, roots.all(), "lan", "re-dated archive", NOW + MINUTE, desk.options)
        holds.resume(session, "lan", NOW + MINUTE)


def test_what_is_dropped_is_no_longer_in_the_list(desk: Desk) -> None:
    poster = FakePoster()
    pause(desk)
    for number in range(4):
        comes(desk, number)
    drop(desk, 0, 3)
    desk.post(poster)
    (listed,) = [post for post in poster.sent if post.kind == "list"]
    assert listed.message.headline == "☎ 2 calls in this channel since 4 May 16:31"
    assert "Macron" not in text_of(listed)
    assert [post.key for post in poster.sent if post.kind == "root"] == ["root:c1@#redphone", "root:c2@#redphone"]


def test_a_list_of_which_everything_is_dropped_goes_too(desk: Desk) -> None:
    poster = FakePoster()
    pause(desk)
    for number in range(3):
        comes(desk, number)
    drop(desk, 0, 1, 2)
    desk.post(poster)
    assert set(desk.states()) == {"dropped"}
    assert poster.sent == []


def test_a_list_that_stands_loses_what_is_dropped_by_an_edit_and_goes_on_no_longer(desk: Desk) -> None:
    poster = FakePoster()
    for number in range(3):
        comes(desk, number)
    desk.post(poster)
    pause(desk)
    comes(desk, 3)
    drop(desk, 3)
    desk.post(poster)
    assert poster.said[-1] == ("edit", "☎ 3 calls in this channel since 4 May 16:31")
    assert desk.row("list").payload["last"] == NOW.isoformat()


def test_a_burst_ends_with_its_window(desk: Desk) -> None:
    for number in range(3):
        comes(desk, number)
    desk.post(FakePoster())
    comes(desk, 3, after=11 * MINUTE)
    keys = [key.partition("@")[0] for _, key, _ in desk.ledger()]
    assert keys[-1] == "root:c3"
    assert desk.row("root").payload["brief"] is False


def test_what_waits_longer_than_the_window_comes_all_at_once_and_is_one_burst(desk: Desk) -> None:
    poster = FakePoster()
    pause(desk)
    for number in range(3):
        comes(desk, number, after=number * 30 * MINUTE)
    drop(desk)
    desk.post(poster, NOW + 60 * MINUTE)
    assert kinds_of(poster) == ["root c0", "root c1", "list", "root c2", "full c2"]


def kinds_of(poster: FakePoster) -> list[str]:
    """What was sent, by the beginnings of the keys: "root c0", "full c2", "list"."""
    keys = (post.key.partition("@")[0] for post in poster.sent)
    return [key.partition(":")[0] if key.startswith("list") else key.replace(":", " ") for key in keys]


NIGHT = replace(SUMMIT, quiet=Hours(dt.time(16), dt.time(23)))
MORNING = dt.datetime(2026, 5, 4, 16, tzinfo=dt.UTC)


@pytest.fixture
def night(sessions: sessionmaker[Session]) -> Desk:
    """A desk that sleeps, with three calls told an hour apart."""
    desk = Desk(sessions, NIGHT)
    for number in range(3):
        comes(desk, number, after=number * 60 * MINUTE)
    return desk


def test_what_is_held_back_until_one_hour_is_one_burst(night: Desk) -> None:
    poster = FakePoster()
    night.post(poster, MORNING)
    assert kinds_of(poster) == ["root c0", "root c1", "list", "root c2", "full c2"]
    listed = poster.sent[2]
    assert listed.warnings == ("held back until 23:00",)
    assert listed.message.headline == "☎ 3 calls in this channel since 4 May 16:31"
    comes(night, 3, after=MORNING - NOW + 5 * MINUTE)  # what comes right after them is of it
    night.post(poster, MORNING + 5 * MINUTE)
    assert kinds_of(poster)[5:] == ["root c3", "full c3", "list"]
    assert poster.sent[-1].message.headline == "☎ 4 calls in this channel since 4 May 16:31"


def test_what_passes_the_night_is_no_part_of_the_burst_that_waits(night: Desk) -> None:
    poster = FakePoster()
    comes(Desk(night.sessions, SUMMIT), 3, after=120 * MINUTE)
    night.post(poster, NOW + 120 * MINUTE)
    assert kinds_of(poster) == ["root c3"]
    assert "field" in [line.kind for line in poster.sent[0].message.lines]


@pytest.mark.parametrize("number", [0, 2])
def test_what_was_taken_back_overnight_is_not_posted_at_all(night: Desk, number: int) -> None:
    poster = FakePoster()
    withdraw(night, number)
    night.post(poster, MORNING)
    assert f"c{number}" not in " ".join(kinds_of(poster))
    (listed,) = [post for post in poster.sent if post.kind == "list"]
    assert listed.message.headline == "☎ 2 calls in this channel since 4 May 16:31"
    with night.sessions() as session:
        query = sa.select(AnnouncementRow).where(AnnouncementRow.key == f"root:c{number}@#redphone")
        root = session.scalars(query).one()
        assert (root.state, root.hand) == ("dropped", "taken back before it went out: Minh: no such call")


@pytest.mark.parametrize("number", [0, 2])
def test_what_stands_again_in_the_night_is_posted_after_all(night: Desk, number: int) -> None:
    poster = FakePoster()
    withdraw(night, number)
    withdraw(night, number, None)
    night.post(poster, MORNING)
    assert kinds_of(poster) == ["root c0", "root c1", "list", "root c2", "full c2"]
    assert all(line.kind != "edited" for post in poster.sent for line in post.message.lines)
    assert "strike" not in {span.style for post in poster.sent for line in post.message.lines for span in line.spans}


def test_who_drops_a_list_gets_another_with_the_next_call(night: Desk) -> None:
    poster = FakePoster()
    with night.sessions.begin() as session:
        holds.drop(session, [night.row("list").id], "lan", "no list", NOW)
    comes(night, 3, after=180 * MINUTE)
    night.post(poster, MORNING)
    assert kinds_of(poster) == ["root c0", "root c1", "root c2", "full c2", "list", "root c3", "full c3"]


def test_a_call_that_comes_when_none_of_the_night_stands_opens_the_list_again(night: Desk) -> None:
    poster = FakePoster()
    for number in range(3):
        withdraw(night, number)
    comes(night, 3, after=180 * MINUTE)
    night.post(poster, MORNING)
    assert kinds_of(poster) == ["list", "root c3", "full c3"]
    assert poster.sent[0].message.headline == "☎ 1 call in this channel since 4 May 16:31"


def test_a_night_of_which_nothing_stands_leaves_no_list(night: Desk) -> None:
    poster = FakePoster()
    for number in range(3):
        withdraw(night, number)
    night.post(poster, MORNING)
    assert poster.sent == []
    withdraw(night, 1, None)
    night.post(poster, MORNING)
    assert kinds_of(poster) == ["root c1", "list"]
    assert poster.sent[1].message.headline == "☎ 1 call in this channel since 4 May 16:31"


def test_a_list_says_of_a_call_what_its_root_says(desk: Desk) -> None:
    poster = FakePoster()
    for number in range(3):
        comes(desk, number)
    desk.post(poster)
    desk.call("c1", replace(CALLS[1], status="denied", denial="cancelled"))
    desk.decide(desk.report("background", call_id="c1"))
    desk.post(poster)
    listed = next(post for post in reversed(poster.sent) if post.ts == "ts3")
    assert "Call of Merz and Xi cancelled" in text_of(listed)


def test_a_watched_pair_is_always_told_in_full(sessions: sessionmaker[Session]) -> None:
    desk = Desk(sessions, replace(SUMMIT, watch=(frozenset({"VN", "CN"}),)))
    for number in range(3):
        comes(desk, number)
    assert [row for row in desk.ledger() if row[0] == "list"] == []
    assert desk.row("root").payload["brief"] is False


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_forms_keep_the_rules_of_an_alert(language: Language) -> None:
    for view in ROOTS.values():
        message = brief(render_root(view, language, ZONE))
        assert lint(message, view) == ()
    entries = [Entry(view.facts) for view in ROOTS.values()]
    message = render_list(entries, NOW, language, ZONE)
    assert len(message.push) <= 80
    assert as_text(message).count("\n• ") <= len(entries)
