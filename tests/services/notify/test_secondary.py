"""A call that an article tells beside its main news: three lines in the channel, the whole in its thread."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds
from services.notify.decide import Options
from services.notify.layout import Withdrawal
from services.notify.poster import Place, Refused
from services.notify.quiet import Hours
from shared.records import Evidence, Part, Verdict
from shared.tables import CallRow
from tests.services.notify.desk import MINUTE, NOW, OPTIONS, Desk, FakePoster, text_of
from tests.services.notify.variations import LAM, MACRON, MERZ, XI, facts

THREE = ["headline", "status", "sources"]


def named_in(part: Part) -> Evidence:
    return Evidence(field="participants", part=part, start=0, end=4, text="Merz")


def told(
    sessions: sessionmaker[Session], options: Options, first: Verdict = "new", part: Part = "text"
) -> tuple[Desk, FakePoster]:
    """The desk and its channel after an article that tells of two calls, whose names stand in a part of it."""
    desk, poster = Desk(sessions, options), FakePoster()
    desk.call("c1", facts(MACRON, MERZ))
    desk.call("c2", facts(LAM, XI))
    desk.reports(("c1", first), ("c2", "new"), evidence=(named_in(part),))
    desk.decide()
    desk.post(poster)
    return desk, poster


def test_the_minor_one_has_three_lines_and_its_thread_the_rest(sessions: sessionmaker[Session]) -> None:
    _, poster = told(sessions, OPTIONS)
    assert [post.key for post in poster.sent] == ["root:c1@#redphone", "root:c2@#redphone", "full:c2@#redphone"]
    main, minor, full = poster.sent
    assert "field" in [line.kind for line in main.message.lines]
    assert [line.kind for line in minor.message.lines] == THREE
    assert minor.message.headline == "☎ Tô Lâm and Xi held a call on 4 May"
    assert (full.thread_ts, full.message.headline) == ("ts2", "In full: Tô Lâm and Xi held a call on 4 May")
    assert "General Secretary" in text_of(full)


@pytest.mark.parametrize(
    ("options", "first", "part"),
    [
        pytest.param(replace(OPTIONS, secondary="full"), "new", "text", id="as the desk has set it"),
        pytest.param(replace(OPTIONS, watch=(frozenset({"CN", "VN"}),)), "new", "text", id="a pair on the watch list"),
        pytest.param(OPTIONS, "background", "text", id="what is told before is no news"),
        pytest.param(OPTIONS, "new", "title", id="the headline names both"),
        pytest.param(OPTIONS, "new", "summary", id="the lead names both"),
    ],
)
def test_told_in_full(sessions: sessionmaker[Session], options: Options, first: Verdict, part: Part) -> None:
    _, poster = told(sessions, options, first, part)
    assert [post.key for post in poster.sent if post.key.startswith("full:")] == []
    assert poster.sent[-1].message.headline == "☎ Tô Lâm and Xi held a call on 4 May"
    assert "General Secretary" in text_of(poster.sent[-1])


def test_what_is_learned_without_a_sound_stands_in_the_thread_too(sessions: sessionmaker[Session]) -> None:
    desk, poster = told(sessions, OPTIONS)
    desk.call("c2", facts(LAM, XI, channel="video"))
    desk.decide(desk.report("background", call_id="c2"))
    desk.post(poster)
    minor, full = poster.sent[3:]
    assert [(post.kind, post.ts) for post in (minor, full)] == [("edit", "ts2"), ("edit", "ts3")]
    assert [line.kind for line in minor.message.lines] == [*THREE, "edited"]
    assert full.message.headline == "In full: Tô Lâm and Xi held a video call on 4 May"


def test_what_only_the_thread_tells_is_edited_only_there(sessions: sessionmaker[Session]) -> None:
    desk, poster = told(sessions, OPTIONS)
    desk.call("c2", facts(LAM, replace(XI, office="general_secretary")))
    desk.decide(desk.report("repeat", call_id="c2"))
    desk.post(poster)
    assert [(post.kind, post.ts) for post in poster.sent[3:]] == [("edit", "ts3")]


def test_held_back_it_goes_with_its_thread_as_it_is_known_by_then(sessions: sessionmaker[Session]) -> None:
    night = Hours(dt.time(16), dt.time(17))
    desk, poster = told(sessions, replace(OPTIONS, quiet=night))
    assert poster.sent == []
    desk.call("c2", facts(LAM, XI, channel="video"))
    desk.decide(desk.report("repeat", call_id="c2"))
    desk.post(poster, now=NOW + 60 * MINUTE)
    assert [post.key.partition("@")[0] for post in poster.sent] == ["root:c1", "root:c2", "full:c2"]
    assert poster.sent[-1].message.headline == "In full: Tô Lâm and Xi held a video call on 4 May"


def test_what_is_muted_is_written_whole_because_later_news_write_it_anew(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        holds.mute(session, "CN-VN", "lan", "", NOW, NOW + 600 * MINUTE)
    desk, _ = told(sessions, OPTIONS)
    assert [(key, state) for _, key, state in desk.ledger()] == [
        ("root:c1@#redphone", "sent"),
        ("root:c2@#redphone", "muted"),
    ]
    assert desk.row("root").payload["brief"] is False


def test_who_releases_it_releases_its_thread(sessions: sessionmaker[Session]) -> None:
    desk, poster = told(sessions, replace(OPTIONS, quiet=Hours(dt.time(16), dt.time(17))))
    minor = desk.row("root").id
    with sessions.begin() as session:
        assert holds.release(session, [minor], "lan", "checked", NOW) == (minor, minor + 1)
    desk.post(poster)
    assert [post.key.partition("@")[0] for post in poster.sent] == ["root:c2", "full:c2"]


def test_deleted_it_comes_again_with_its_thread(sessions: sessionmaker[Session]) -> None:
    desk, poster = told(sessions, OPTIONS)
    poster.answers.append(Refused("message_not_found", "reroot"))
    desk.call("c2", facts(LAM, XI, channel="video"))
    desk.decide(desk.report("background", call_id="c2"))
    desk.post(poster)
    minor, full = poster.sent[3:5]
    assert [(post.kind, post.note, post.replaces) for post in (minor, full)] == [
        ("root", "replaces", Place("#redphone", "ts2")),
        ("update", "replaces", Place("#redphone", "ts3")),
    ]
    assert full.thread_ts == "ts4"
    assert full.message.headline == "In full: Tô Lâm and Xi held a video call on 4 May"
    assert set(desk.states()) == {"sent"}


def test_taken_back_it_is_struck_through_in_both_places(sessions: sessionmaker[Session]) -> None:
    desk, poster = told(sessions, OPTIONS)
    with sessions.begin() as session:
        row = session.get_one(CallRow, "c2")
        row.withdrawn = msgspec.to_builtins(Withdrawal("lan", NOW, "a summit"))
    desk.decide(desk.report("repeat", call_id="c2"))
    desk.post(poster)
    minor, full = poster.sent[-2:]
    assert text_of(minor).startswith("~☎ Tô Lâm and Xi held a call on 4 May~\n*WITHDRAWN*")
    assert text_of(full).startswith("~In full: Tô Lâm and Xi held a call on 4 May~\n*WITHDRAWN*")
    assert full.message.push == "In full: WITHDRAWN: Tô Lâm and Xi held a call on 4 May"


def test_what_stands_beside_nothing_in_the_channel_is_told_in_full(sessions: sessionmaker[Session]) -> None:
    desk, poster = Desk(sessions, OPTIONS), FakePoster()
    desk.call("c1", facts(MACRON, MERZ, status="proposed"))
    desk.call("c2", facts(LAM, XI))
    desk.reports(("c1", "new"), ("c2", "new"), evidence=(named_in("text"),))
    desk.decide()
    desk.post(poster)
    assert [post.key for post in poster.sent] == ["root:c2@#redphone"]
    assert "field" in [line.kind for line in poster.sent[0].message.lines]
