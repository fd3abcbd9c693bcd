"""Blind windows: what keeps Redphone from seeing, when that is over, and that the desk is told once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds
from services.notify.blind import AFTER, CAUSES, Blind, Signs, causes_of, render_blind
from services.notify.plain import as_text
from services.notify.poster import Refused
from services.notify.quiet import Hours
from services.notify.tasks import look_around
from shared.names import LANGUAGES, Language
from shared.tables import ArticleRow, FeedRow, SightRow
from tests.services.notify.desk import MINUTE, OPTIONS, Desk, FakePoster, text_of

START = dt.datetime(2026, 5, 4, 19, 0, tzinfo=dt.UTC)  # 02:00 at the desk
SIGNS = Signs(answered=START, read=START, taken=START)


class Night:
    """A desk whose ticks look around, and a clock."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.desk, self.poster, self.now = Desk(sessions), FakePoster(), START
        with sessions.begin() as session:
            session.add(FeedRow(url="https://a.example/rss", outlet="A", next_poll_at=START))

    def passes(self, minutes: int, *, feeds: bool = True, looks: bool = True) -> None:
        """Time passes, with a tick every minute where somebody `looks`, and with `feeds` that answer."""
        for _ in range(minutes):
            self.now += MINUTE
            with self.desk.sessions.begin() as session:
                if feeds:
                    session.execute(update(FeedRow).values(last_success_at=self.now))
            if looks:
                look_around(self.desk.sessions, self.now, self.desk.options)
                self.desk.post(self.poster, self.now)

    def change(self, **feed: Any) -> None:
        with self.desk.sessions.begin() as session:
            session.execute(update(FeedRow).values(**feed))

    def article(self, state: str = "done") -> None:
        with self.desk.sessions.begin() as session:
            number = len(session.scalars(select(ArticleRow.id)).all())
            read_at = self.now if state == "done" else None
            row = ArticleRow(key=f"n{number}", fetched_at=self.now, content_hash="0", classify_state=state)
            row.classified_at = read_at
            session.add(row)

    @property
    def notices(self) -> list[str]:
        return [post.message.headline for post in self.poster.sent if post.kind == "notice"]


@pytest.fixture
def night(sessions: sessionmaker[Session]) -> Night:
    return Night(sessions)


@pytest.mark.parametrize(
    ("signs", "causes"),
    [
        (SIGNS, []),
        (Signs(), []),
        (replace(SIGNS, answered=START - 11 * MINUTE), ["feeds"]),
        (replace(SIGNS, answered=START - 11 * MINUTE, unseen="unlisted"), ["unlisted"]),
        (replace(SIGNS, answered=START - 9 * MINUTE, unseen="paused"), []),
        (replace(SIGNS, unread_since=START - 30 * MINUTE), []),
        (replace(SIGNS, unread_since=START - 30 * MINUTE, read=START - 11 * MINUTE), ["reading"]),
        (Signs(unread_since=START - 30 * MINUTE), ["reading"]),
        (replace(SIGNS, untold_since=START - 30 * MINUTE), []),
        (replace(SIGNS, untold_since=START - 30 * MINUTE, taken=START - 20 * MINUTE), ["slack"]),
    ],
)
def test_what_keeps_us_from_seeing(signs: Signs, causes: list[str]) -> None:
    assert list(causes_of(signs, START)) == causes


def test_a_blind_window_is_told_once_when_it_is_caught_up(night: Night) -> None:
    night.passes(10)
    night.passes(40, feeds=False)
    assert night.notices == []
    night.passes(1)
    night.article("waiting")
    night.article()
    night.passes(5)
    assert night.notices == [], "an article still lies unread"
    with night.desk.sessions.begin() as session:
        session.execute(update(ArticleRow).values(classify_state="done", classified_at=night.now))
    night.passes(30)
    assert night.notices == ["Blind 5 May 02:10–02:51: no feed answered. Caught up 02:57: 2 articles, no call"]


def test_feeds_that_are_all_paused_by_hand_are_a_blind_window(night: Night) -> None:
    night.passes(10)
    night.change(paused=True)
    night.passes(40, feeds=False)
    night.change(paused=False)
    night.passes(10)
    assert night.notices == [
        "Blind 5 May 02:10–02:51: every feed was paused by hand. Caught up 02:53: no article, no call"
    ]


@pytest.mark.parametrize(
    ("changed", "minutes", "causes"),
    [
        ({"created_at": START}, 10, [""]),
        ({"created_at": START}, 12, ["", "feeds"]),  # its first interval of a minute, and ten minutes
        ({"created_at": START, "listed": False}, 12, ["", "unlisted"]),
        ({"created_at": START, "paused": True}, 12, ["", "paused"]),
        (None, 10, [""]),
        (None, 12, ["", "unlisted"]),
    ],
)
def test_a_start_at_which_no_feed_answers(
    night: Night, changed: dict[str, Any] | None, minutes: int, causes: list[str]
) -> None:
    if changed is None:
        with night.desk.sessions.begin() as session:
            session.execute(delete(FeedRow))
    else:
        night.change(**changed)
    night.passes(minutes, feeds=False)
    with night.desk.sessions() as session:
        assert list(session.scalars(select(SightRow.causes).order_by(SightRow.id))) == causes


def test_blind_windows_that_lie_close_together_are_told_all(night: Night) -> None:
    night.passes(10)
    night.passes(40, feeds=False)
    night.passes(1)
    night.article()
    night.passes(30, looks=False)
    night.passes(30)
    assert night.notices == [
        "Blind 5 May 02:10–02:51 and 02:51–03:22: no feed answered and Redphone was not running. "
        "Caught up 03:24: 1 article, no call"
    ]
    with night.desk.sessions() as session:
        assert all(row.told_at for row in session.scalars(select(SightRow)) if row.causes)


def test_windows_that_waited_for_the_same_articles_are_told_together(night: Night) -> None:
    night.passes(10)
    night.passes(40, feeds=False)
    night.passes(1)
    night.article("waiting")
    night.passes(6)
    night.passes(20, feeds=False)
    with night.desk.sessions.begin() as session:
        session.execute(update(ArticleRow).values(classify_state="done", classified_at=night.now))
    night.passes(30)
    (notice,) = night.notices
    assert "02:10–02:51 and 02:5" in notice


def test_what_was_told_before_is_not_told_again(night: Night) -> None:
    night.passes(10)
    for _ in range(2):
        night.passes(40, feeds=False)
        night.passes(30)
    assert [notice.count("–") for notice in night.notices] == [1, 1]


def test_a_quiet_night_is_one_stretch_and_no_word(night: Night) -> None:
    night.passes(30)
    night.passes(9, feeds=False)
    night.passes(5)
    with night.desk.sessions() as session:
        (row,) = session.scalars(select(SightRow)).all()
    assert (row.causes, row.since, row.seen_at) == ("", START + MINUTE, night.now)
    assert night.notices == []


def test_nobody_looked(night: Night) -> None:
    night.passes(5)
    night.passes(60, looks=False)
    night.passes(5)
    assert night.notices == ["Blind 5 May 02:05–03:06: Redphone was not running. Caught up 03:08: no article, no call"]


def test_a_slack_that_takes_nothing_is_told_when_it_takes_again_with_the_calls(night: Night) -> None:
    night.passes(5)
    night.desk.call()
    night.desk.decide(night.desk.report(published=night.now), now=night.now)
    night.poster = FakePoster(*[Refused("service_unavailable", "retry")] * 9)
    night.passes(60)
    (notice,) = night.notices
    assert "Slack took no message" in notice
    assert [post.kind for post in night.poster.sent] == ["root", "notice"]


def test_a_pause_is_no_blindness(night: Night) -> None:
    night.passes(5)
    night.desk.call()
    night.desk.decide(night.desk.report(published=night.now), now=night.now)
    night.poster = FakePoster(Refused("service_unavailable", "retry"))
    night.passes(1)
    with night.desk.sessions.begin() as session:
        holds.pause(session, "lan", "x", night.now, None)
    night.passes(60)
    with night.desk.sessions() as session:
        assert [row.causes for row in session.scalars(select(SightRow))] == [""]


def test_what_came_out_while_we_were_blind_is_told_late(night: Night) -> None:
    night.passes(5)
    night.passes(30, feeds=False)
    out = night.now - 15 * MINUTE
    night.passes(1)
    night.desk.call()
    night.desk.decide(night.desk.report(published=out), now=night.now)
    night.desk.post(night.poster, night.now)
    assert "LATE: article of 5 May 02:20" in text_of(night.poster.sent[0])
    night.desk.call("c2")
    night.desk.decide(night.desk.report(call_id="c2", published=night.now), now=night.now)
    night.desk.post(night.poster, night.now)
    assert "LATE" not in text_of(night.poster.sent[1])


def test_quiet_hours_hold_the_notice_back(night: Night) -> None:
    night.desk.options = replace(OPTIONS, quiet=Hours(dt.time(1), dt.time(6)))
    night.passes(5)
    night.passes(60, looks=False)
    night.passes(5)
    assert night.desk.states() == ["held"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_line_fits_a_phone_and_names_every_cause(language: Language) -> None:
    blind = Blind(
        causes=CAUSES,
        windows=((START, START + 5 * AFTER),),
        caught_up=START + 6 * AFTER,
        articles=41,
        calls=1,
    )
    message = render_blind(blind, language, "Asia/Ho_Chi_Minh")
    assert len(message.push) <= 80
    assert all(word in as_text(message) for word in ("41", "02:00", "02:50", "03:00"))


@pytest.mark.parametrize(
    ("language", "start"), [("en", "Blind 4 times, 5 May 02:00–05:20:"), ("vi", "Không theo dõi được 4 lần, ")]
)
def test_many_windows_are_told_by_their_number(language: Language, start: str) -> None:
    windows = tuple((START + n * 6 * AFTER, START + (n * 6 + 2) * AFTER) for n in range(4))
    blind = Blind(causes=("feeds",), windows=windows, caught_up=START + 30 * AFTER, articles=0, calls=0)
    assert start in as_text(render_blind(blind, language, "Asia/Ho_Chi_Minh"))
