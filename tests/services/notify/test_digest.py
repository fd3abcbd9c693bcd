"""The digest: what it tells, when it is due, and that each hour has one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds, tasks
from services.notify.blocks import as_blocks
from services.notify.decide import Options
from services.notify.digest import Call, Digest, render_digest, slot
from services.notify.known import digest_of
from services.notify.message import PUSH_LENGTH, news_of, voice_of
from services.notify.plain import as_text
from services.notify.poster import Unknown
from services.notify.quiet import Hours
from shared.names import LANGUAGES, Language
from shared.records import CallFacts, Comparison, Coverage, When
from shared.tables import FeedRow, SightRow
from tests.services.notify import golden
from tests.services.notify.desk import MINUTE, OPTIONS, Desk, FakePoster, text_of
from tests.services.notify.variations import DIGESTS, LAST_YEAR, MACRON, MERZ, MORNING, THICK, XI, facts

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = (dt.time(6), dt.time(18))
MESSAGES = dict(golden.digests())


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_golden_digests(name: str) -> None:
    assert as_text(MESSAGES[name]) == golden.expected(name)
    assert len(MESSAGES[name].push) <= PUSH_LENGTH


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-05-05T06:00", ("2026-05-04T18:00", "2026-05-05T06:00")),
        ("2026-05-05T07:59", ("2026-05-04T18:00", "2026-05-05T06:00")),
        ("2026-05-05T08:01", None),
        ("2026-05-05T18:30", ("2026-05-05T06:00", "2026-05-05T18:00")),
        ("2026-05-05T01:00", None),
    ],
)
def test_when_a_digest_is_due(now: str, due: tuple[str, str] | None) -> None:
    assert slot(HOURS, at(now), HANOI) == (tuple(at(moment) for moment in due) if due else None)
    assert slot((), at(now), HANOI) is None


def test_a_single_hour_tells_of_a_whole_day() -> None:
    assert slot((dt.time(6),), at("2026-05-05T06:10"), HANOI) == (at("2026-05-04T06:00"), at("2026-05-05T06:00"))


@pytest.mark.parametrize(
    ("days", "coverage", "told"),
    [(30, THICK, True), (29, THICK, False), (400, Coverage(articles=2, months=1, thin=True), False)],
)
def test_first_contact_is_told_where_the_record_is_thick_enough(days: int, coverage: Coverage, told: bool) -> None:
    compared = Comparison(previous=LAST_YEAR, days=days, coverage=coverage)
    digest = Digest(at=MORNING, since=MORNING, calls=(Call(facts(MACRON, XI), compared, True),))
    assert ("First contact" in as_text(render_digest(digest, "en", "UTC")[0])) is told


PROPOSED = facts(MACRON, XI, status="proposed", date=None)


def headline(*calls: Call, plans: tuple[CallFacts, ...] = ()) -> str:
    return render_digest(Digest(at=MORNING, since=MORNING, calls=calls, plans=plans), "en", "UTC")[0].push


def test_what_did_not_take_place_is_not_counted_among_the_calls() -> None:
    held, proposed = Call(facts(MACRON, MERZ), None, True), Call(PROPOSED, None, False)
    planned = facts(MACRON, MERZ, status="planned", date="2026-05-05")
    assert headline(held, proposed) == "Digest of 4 May 23:00: 1 call, 1 not held"
    assert headline(proposed) == "Digest of 4 May 23:00: no call since 4 May 23:00, 1 not held"
    assert headline(held, Call(planned, None, True), plans=(planned,)) == (
        "Digest of 4 May 23:00: 1 call, 1 planned for today"
    )


def test_who_only_means_to_speak_is_no_first_contact() -> None:
    compared = Comparison(previous=LAST_YEAR, days=300, coverage=THICK)
    digest = Digest(at=MORNING, since=MORNING, calls=(Call(PROPOSED, compared, False),))
    assert "First contact" not in as_text(render_digest(digest, "en", "UTC")[0])


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", "*First contact in 1 day or more*\n• Macron–Xi, the day after the last in our record\n"),
        ("vi", "*Liên lạc lại sau 1 ngày trở lên*\n• Macron – Tập Cận Bình, một ngày sau cuộc gần nhất trong hồ sơ\n"),
    ],
)
def test_a_first_contact_of_one_day(language: Language, lines: str) -> None:
    compared = Comparison(previous=LAST_YEAR, days=1, coverage=THICK)
    calls = (Call(facts(MACRON, XI), compared, True),)
    digest = Digest(at=MORNING, since=MORNING, calls=calls, first_contact=1)
    assert lines in as_text(render_digest(digest, language, "UTC")[0])


@pytest.mark.parametrize(
    ("date", "start", "planned"),
    [
        ("2026-05-05", None, True),
        ("2026-05-06", None, False),
        ("2026-05-04", "2026-05-05T00:30:00+00:00", True),
        ("2026-05-06", "2026-05-05T18:00:00+00:00", False),
        ("2026-05-05", "2026-05-05T19:00:00+00:00", True),
    ],
)
def test_planned_for_today_by_the_desks_clock_and_by_the_articles(
    sessions: sessionmaker[Session], date: str, start: str | None, *, planned: bool
) -> None:
    desk = Desk(sessions)
    hour = When(date=date, start=dt.datetime.fromisoformat(start) if start else None)
    desk.call(known=facts(MACRON, MERZ, status="planned", date=date, whens=(hour,)))
    with sessions() as session:
        told = digest_of(session, MORNING, at("2026-05-05T06:00"), HANOI)
    assert bool(told.plans) is planned


def test_after_how_many_days_is_the_desks_to_say(sessions: sessionmaker[Session]) -> None:
    desk = Desk(sessions, replace(OPTIONS, digests=HOURS, first_contact=90))
    for number, days in enumerate((89, 90)):
        desk.call(f"c{number}", facts((MACRON, MERZ)[number], XI), days=days)
        desk.decide(desk.report(call_id=f"c{number}"))
    written(desk, at("2026-05-04T18:00"))
    poster = FakePoster()
    desk.post(poster, at("2026-05-04T18:00"))
    assert "*First contact in 90 days or more*\n• Merz–Xi, 90 days after the last in our record\n" in (
        text_of(poster.sent[-1])
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_busy_night_stays_one_message(language: Language) -> None:
    calls = tuple(Call(facts(MACRON, MERZ), None, True) for _ in range(200))
    (message,) = render_digest(replace(DIGESTS["digest"], calls=calls), language, "UTC")
    assert "• +188 …" in as_text(message)
    assert len(as_blocks(message)) <= 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_the_digest_tells_is_never_cut(language: Language) -> None:
    """A call that was not announced stands before those that were, and a digest that is too long goes on in another
    message, within Slack's limits."""
    alone = [Call(facts(MACRON, XI, date=f"{2026 + n}-05-04"), None, False) for n in range(150)]
    calls = (*(Call(facts(MACRON, MERZ), None, True) for _ in range(20)), *alone)
    messages = render_digest(replace(DIGESTS["digest"], calls=calls), language, "UTC")
    shown = [line for message in messages for block in as_blocks(message) for line in _lines(block)]
    voice = voice_of(language, "UTC")
    wanted = [f"• {voice.say('digest_not_told', headline=news_of(call.facts, voice))}" for call in alone]
    assert [line for line in shown if line in wanted] == wanted
    assert shown.index(wanted[-1]) < shown.index(f"• {news_of(facts(MACRON, MERZ), voice)}")
    assert shown[-1].startswith(("watching 31 feeds", "theo dõi 31 nguồn tin"))
    assert len(messages) == 5
    assert messages[1].headline in (
        "☎ Digest of 4 May 23:00, continued (2 of 5)",
        "☎ Điểm tin 4/5 23:00, tiếp theo (2/5)",
    )


def _lines(block: dict[str, Any]) -> list[str]:
    texts = [element["text"] for element in block.get("elements", [block["text"]] if "text" in block else [])]
    return [line for text in texts for line in (text if isinstance(text, str) else text["text"]).split("\n")]


# --- through the ledger --------------------------------------------------------------------------------------------


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    return Desk(sessions, replace(OPTIONS, digests=HOURS))


def written(desk: Desk, now: dt.datetime) -> tuple[int, ...]:
    return tasks.write_digest(desk.sessions, now, desk.options)


def test_a_digest_of_several_messages_is_written_once_and_goes_out_in_order(desk: Desk) -> None:
    for number in range(60):
        desk.call(f"c{number}", facts(MACRON, XI, status="proposed", date=None, whens=()))
        desk.decide(desk.report(call_id=f"c{number}"))
    evening, poster = at("2026-05-04T18:00"), FakePoster()
    assert len(written(desk, evening)) == 2
    assert written(desk, evening + MINUTE) == ()
    desk.post(poster, evening)
    assert [post.message.headline for post in poster.sent] == [
        "☎ Digest of 4 May 18:00: no call since 4 May 06:00, 60 not held",
        "☎ Digest of 4 May 18:00, continued (2 of 2)",
    ]
    desk.call("late", facts(MERZ, XI, status="proposed", date=None, whens=()))
    written(desk, MORNING)
    desk.post(poster, MORNING)
    assert poster.sent[-1].message.headline == "☎ Digest of 5 May 06:00: no call since 4 May 18:00"


def test_a_digest_tells_of_its_hours_once(desk: Desk) -> None:
    desk.call()
    desk.decide(desk.report())  # 16:31, told
    poster = FakePoster()
    desk.post(poster)
    desk.call("c2", facts(MACRON, XI, status="proposed", date=None, whens=()))
    desk.call("c3", facts(MERZ, XI, status="planned", date="2026-05-04", whens=()))
    desk.call("old")
    desk.decide(desk.report(call_id="c2"), desk.report("background", call_id="old"), desk.report("repeat", "c1"))
    desk.report(call_id="old", silent=True)
    with desk.sessions.begin() as session:
        holds.mute(session, "RU-US", "lan", "daily", MORNING - dt.timedelta(hours=20), MORNING)
        session.add(FeedRow(url="http://a/rss", outlet="A", next_poll_at=MORNING))
    evening = at("2026-05-04T18:00")
    assert len(written(desk, evening + MINUTE)) == 1
    assert written(desk, evening + 2 * MINUTE) == ()
    desk.post(poster, evening + 2 * MINUTE)
    text = text_of(poster.sent[1])
    assert text.startswith(
        "*☎ Digest of 4 May 18:00: 1 call, 1 planned for today, 1 not held*\n\n*Calls since 4 May 06:00*\n"
    )
    assert "• A call of Macron and Xi is proposed · not announced\n• Macron and Merz held a call on 4 May\n" in text
    assert "*Planned for today*\n• Merz and Xi to hold a call on 4 May" in text
    assert "• Russia–US until 5 May 06:00, set by lan: daily" in text
    assert "watching 1 feed, 0 silent · last alert 4 May 16:31" in text
    assert [post.kind for post in poster.sent] == ["root", "digest"]


def test_what_was_held_until_the_digest_is_not_told_as_held_back(desk: Desk) -> None:
    desk.options = replace(desk.options, quiet=Hours(dt.time(14), dt.time(18)))
    desk.call()
    desk.decide(desk.report())
    desk.options = replace(desk.options, quiet=Hours(dt.time(14), dt.time(20)))
    desk.call("c2")
    desk.decide(desk.report(call_id="c2"))
    evening, poster = at("2026-05-04T18:00"), FakePoster()
    written(desk, evening)
    desk.post(poster, evening)
    assert [post.kind for post in poster.sent] == ["root", "digest"]
    assert "*Not sent*\n• 1 held back\n" in text_of(poster.sent[1])


def test_after_one_that_was_left_out_the_next_tells_of_its_hours_too(desk: Desk) -> None:
    assert len(written(desk, at("2026-05-03T18:00"))) == 1
    desk.call("c2", facts(MACRON, XI, status="proposed", date=None, whens=()))
    desk.report(call_id="c2")  # 4 May 16:31; the digest of 18:00 is left out
    assert written(desk, at("2026-05-04T20:01")) == ()
    assert len(written(desk, MORNING)) == 1
    poster = FakePoster()
    desk.post(poster, MORNING)
    text = text_of(poster.sent[1])
    assert "*Calls since 3 May 18:00*\n• A call of Macron and Xi is proposed" in text


def test_it_goes_back_a_week_at_most(desk: Desk) -> None:
    written(desk, at("2026-04-20T18:00"))
    desk.call()
    desk.report()
    written(desk, MORNING)
    poster = FakePoster()
    desk.post(poster, MORNING)
    assert "*Calls since 28 Apr 06:00*" in text_of(poster.sent[1])


def test_no_digest_where_the_desk_wants_none(desk: Desk) -> None:
    desk.options = OPTIONS
    assert written(desk, at("2026-05-04T18:00")) == ()


def test_a_digest_whose_answer_is_lost_is_looked_for(desk: Desk) -> None:
    evening = at("2026-05-04T18:00").astimezone(dt.UTC)
    written(desk, evening)
    poster = FakePoster(Unknown("reset"))
    desk.post(poster, evening)
    desk.post(poster, evening + MINUTE)
    assert (poster.looked, desk.states()) == (["digest:2026-05-04T11:00@#redphone"], ["sent"])
    assert len(poster.sent) == 1


def test_a_pause_keeps_a_digest_too(desk: Desk) -> None:
    evening = at("2026-05-04T18:00").astimezone(dt.UTC)
    with desk.sessions.begin() as session:
        holds.pause(session, "lan", "storm", evening, None)
    written(desk, evening)
    poster = FakePoster()
    desk.post(poster, evening)
    assert (poster.sent, desk.states()) == ([], ["waiting"])


# --- the proof of life ---------------------------------------------------------------------------------------------


def proved(desk: Desk, *moments: str) -> list[str]:
    """What the desk reads of the ticks at these moments."""
    poster = FakePoster()
    for moment in moments:
        tasks.prove_life(desk.sessions, at(moment), desk.options)
        desk.post(poster, at(moment))
    return [text_of(post).strip() for post in poster.sent if post.kind == "notice"]


@pytest.fixture
def early(sessions: sessionmaker[Session]) -> Desk:
    """A desk whose day begins at six and that wants no digest, with three feeds: one of them silent, one failing."""
    desk = Desk(sessions, replace(OPTIONS, shift=dt.time(6)))
    old = at("2026-04-01T06:00")
    with sessions.begin() as session:
        session.add(FeedRow(url="http://a/rss", outlet="A", next_poll_at=MORNING))
        quiet = FeedRow(url="http://b/rss", outlet="B", next_poll_at=MORNING, created_at=old, last_new_at=old)
        quiet.last_success_at = MORNING
        session.add(SightRow(since=at("2026-05-04T21:00"), seen_at=at("2026-05-06T06:30")))
        session.add_all([quiet, FeedRow(url="http://c/rss", outlet="C", next_poll_at=MORNING, failures=3)])
    return desk


def test_the_day_begins_with_one_line_that_somebody_watches(early: Desk) -> None:
    ticks = ("2026-05-05T05:59", "2026-05-05T06:00", "2026-05-05T06:01", "2026-05-05T18:00", "2026-05-06T06:30")
    line = "*Watching 3 feeds, 1 silent, 1 failing*"
    assert proved(early, *ticks) == [line, line]


def test_it_says_when_the_last_alert_went(early: Desk) -> None:
    early.call()
    early.decide(early.report())
    early.post(FakePoster())
    early.options = replace(early.options, language="vi")
    (line,) = proved(early, "2026-05-05T06:00")
    assert line == "*Theo dõi 3 nguồn tin, 1 nguồn im lặng, 1 nguồn lỗi · tin báo gần nhất 4/5 16:31*"


def test_who_cannot_see_says_so_instead(early: Desk) -> None:
    with early.sessions.begin() as session:
        session.add(SightRow(causes="feeds", since=at("2026-05-05T02:10"), seen_at=at("2026-05-05T06:00")))
    (line,) = proved(early, "2026-05-05T06:00")
    assert line.startswith("*Blind since 5 May 02:10: no feed answered · watching 3 feeds")


@pytest.mark.parametrize("options", [OPTIONS, replace(OPTIONS, shift=dt.time(6), digests=HOURS)])
def test_no_line_where_the_desk_wants_none_or_a_digest_says_it(early: Desk, options: Options) -> None:
    early.options = options
    assert proved(early, "2026-05-05T06:00") == []


def test_what_began_after_that_hour_does_not_prove_it(early: Desk) -> None:
    with early.sessions.begin() as session:
        session.execute(update(SightRow).values(since=at("2026-05-05T06:01")))
    assert proved(early, "2026-05-05T06:02") == []


def test_no_line_while_posting_is_paused(early: Desk) -> None:
    with early.sessions.begin() as session:
        holds.pause(session, "lan", "storm", at("2026-05-05T05:00"), None)
    assert proved(early, "2026-05-05T06:00") == []
    assert early.ledger() == []
