"""A test article through all stages: what each writes down, where it may stop, and nothing of it in the record."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from services.classify.canary import read
from services.ingest import canary
from services.ingest.config import fetcher_to
from services.notify.canary import tell
from services.notify.poster import CannotLook, Found, Outcome, Post, Refused, Sent, Unknown
from services.notify.wording import phrase
from shared import db
from shared.settings import Settings
from shared.tables import AnnouncementRow, ArticleRow, CallRow, CanaryRow, ReportRow

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
EVERY = dt.timedelta(minutes=5)


class Channel:
    """A channel with a memory that answers what it is told to."""

    interval_s = 0.0

    def __init__(self, *answers: Outcome) -> None:
        self.answers, self.posts = list(answers), list[Post]()

    def send(self, post: Post) -> Outcome:
        self.posts.append(post)
        return self.answers.pop(0) if self.answers else Sent("1.2", "C9")

    def find(self, post: Post, since: dt.datetime) -> Found:
        return CannotLook("nobody looks for a test message", ever=False)

    def wait(self, seconds: float) -> None:
        raise AssertionError("nobody waits for a test message")


def later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def send(sessions: sessionmaker[Session], now: dt.datetime, every: dt.timedelta) -> bool:
    return canary.send(sessions, now, every, partial(fetcher_to, Settings()))


def rows(sessions: sessionmaker[Session]) -> list[CanaryRow]:
    with db.reading(sessions) as session:
        return list(session.scalars(select(CanaryRow).order_by(CanaryRow.started_at)))


def test_it_goes_through_every_stage_and_leaves_no_trace_in_the_record(sessions: sessionmaker[Session]) -> None:
    channel = Channel()
    assert send(sessions, NOW, EVERY)
    assert read(sessions, later(5)) == 1
    assert tell(sessions, later(10), channel, "canary-room") == 1
    (row,) = rows(sessions)
    assert (row.started_at, row.read_at, row.failed) == (NOW, later(5), None)
    assert row.told_at is not None
    assert later(10) <= row.told_at < later(20)
    assert (row.channel, row.ts) == ("C9", "1.2")
    (post,) = channel.posts
    assert (post.channel, post.key, post.warnings) == ("canary-room", f"canary:{row.id}", (phrase("canary", "en"),))
    assert post.message.push.startswith("Canario and Testova held a call")
    with db.reading(sessions) as session:
        for table in (ArticleRow, CallRow, ReportRow, AnnouncementRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_each_step_is_done_once(sessions: sessionmaker[Session]) -> None:
    channel = Channel()
    assert [send(sessions, later(n), EVERY) for n in (0, 5, 299, 300)] == [True, False, False, True]
    assert [read(sessions, later(301)), read(sessions, later(302))] == [2, 0]
    assert [tell(sessions, later(303), channel, "x"), tell(sessions, later(304), channel, "x")] == [2, 0]
    assert len(channel.posts) == 2


def test_none_is_sent_where_the_settings_say_never(sessions: sessionmaker[Session]) -> None:
    assert not send(sessions, NOW, dt.timedelta(0))
    assert rows(sessions) == []


def test_without_a_channel_the_message_is_written_and_not_posted(sessions: sessionmaker[Session]) -> None:
    send(sessions, NOW, EVERY)
    read(sessions, NOW)
    channel = Channel()
    assert tell(sessions, later(9), channel, "") == 1
    (row,) = rows(sessions)
    assert (row.told_at, row.channel, channel.posts) == (later(9), None, [])


def test_vietnamese_desks_read_vietnamese(sessions: sessionmaker[Session]) -> None:
    send(sessions, NOW, EVERY)
    read(sessions, NOW)
    channel = Channel()
    tell(sessions, NOW, channel, "x", language="vi")
    assert channel.posts[0].warnings == (phrase("canary", "vi"),)
    assert channel.posts[0].message.language == "vi"


@pytest.mark.parametrize(
    ("answer", "failed", "again"),
    [
        (Refused("channel_not_found", "repair"), "Slack: channel_not_found", 0),
        (Unknown("timed out"), "Slack: timed out", 0),
        (Refused("ratelimited", "retry", 30.0), None, 1),
    ],
)
def test_what_slack_says_is_written_down(
    sessions: sessionmaker[Session], answer: Any, failed: str | None, again: int
) -> None:
    send(sessions, NOW, EVERY)
    read(sessions, NOW)
    channel = Channel(answer)
    assert tell(sessions, NOW, channel, "x") == 0
    assert rows(sessions)[0].failed == failed
    assert tell(sessions, later(20), channel, "x") == 0
    assert tell(sessions, later(40), channel, "x") == again


@pytest.mark.parametrize(
    ("values", "failed"),
    [
        ({"title": "Giá vàng tăng", "summary": ""}, "read: 0 calls were found where there is one"),
        (
            {"summary": "Ông Putin và ông Trump điện đàm hôm qua.", "title": ""},
            "read: 1 calls were found where there is one",
        ),
    ],
)
def test_a_reading_that_finds_something_else_has_failed(
    sessions: sessionmaker[Session], values: dict[str, str], failed: str
) -> None:
    send(sessions, NOW, EVERY)
    with sessions.begin() as session:
        session.execute(update(CanaryRow).values(values))
    read(sessions, NOW)
    assert rows(sessions)[0].failed == failed
    assert tell(sessions, NOW, Channel(), "x") == 0


def test_one_that_was_stuck_for_long_stays_as_a_sign(sessions: sessionmaker[Session]) -> None:
    send(sessions, NOW, EVERY)
    assert read(sessions, later(601)) == 0
    assert rows(sessions)[0].read_at is None


def test_the_old_ones_are_forgotten(sessions: sessionmaker[Session]) -> None:
    send(sessions, NOW - dt.timedelta(days=8), EVERY)
    send(sessions, NOW, EVERY)
    assert [row.started_at for row in rows(sessions)] == [NOW]
