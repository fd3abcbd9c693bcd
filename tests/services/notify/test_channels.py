"""Whether Slack would take a message: what each answer is taken for, and when which channel is asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from services.notify.channels import EVERY, check
from services.notify.config import poster as configured
from services.notify.decide import Options
from services.notify.poster import Checked
from services.notify.routes import Route
from services.notify.slack import SlackPoster
from shared import db
from shared.settings import Settings
from shared.tables import ChannelRow
from tests.services.notify.desk import NOW, FakePoster
from tests.support import slack_server
from tests.support.slack_server import CHANNEL, TOKEN, SlackServer

OPTIONS = Options(
    channel="#desk", routes=(Route(name="asia", goes="message", channel="#asia"), Route(name="all", goes="message"))
)
HOME = "https://desk.slack.com/"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.mark.parametrize(
    ("channel", "member", "archived", "fault", "found"),
    [
        (CHANNEL, True, False, None, Checked("", CHANNEL, HOME)),
        ("#redphone", True, False, None, Checked("", CHANNEL, HOME)),
        (CHANNEL, False, False, None, Checked("not_in_channel", CHANNEL, HOME)),
        ("#redphone", False, True, None, Checked("is_archived", CHANNEL, HOME)),
        ("C0000000000", True, False, None, Checked("channel_not_found", "", HOME)),
        ("#elsewhere", True, False, None, Checked("not_seen", "", HOME)),
        (CHANNEL, True, False, slack_server.error("missing_scope"), Checked("missing_scope", "", HOME)),
        (CHANNEL, True, False, slack_server.rate_limited(9), Checked("ratelimited", "", HOME)),
        (CHANNEL, True, False, slack_server.error("internal_error"), Checked("no_answer", "", HOME)),
        (CHANNEL, True, False, slack_server.server_error(), Checked("no_answer", "", HOME)),
        (CHANNEL, True, False, slack_server.reset(), Checked("no_answer", "", HOME)),
    ],
)
def test_what_slack_says_of_a_channel(
    slack: SlackServer,
    channel: str,
    member: bool,
    archived: bool,
    fault: slack_server.Fault | None,
    found: Checked,
) -> None:
    slack.member, slack.archived = member, archived
    if fault:
        slack.fail("conversations.info", fault)
    assert SlackPoster(TOKEN, slack.base_url, timeout_s=1).check(channel) == found
    assert slack.posted == []


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (slack_server.error("missing_scope"), "unreadable"),
        (slack_server.error("internal_error"), ""),
        (slack_server.rate_limited(9), ""),
        (slack_server.reset(), ""),
    ],
)
def test_a_channel_that_lets_nobody_look_for_a_message_is_told(
    slack: SlackServer, fault: slack_server.Fault, trouble: str
) -> None:
    slack.fail("conversations.history", fault)
    assert SlackPoster(TOKEN, slack.base_url, timeout_s=1).check(CHANNEL) == Checked(trouble, CHANNEL, HOME)


def test_a_token_that_is_not_taken_is_said_before_any_channel(slack: SlackServer) -> None:
    assert SlackPoster("xoxb-old", slack.base_url, timeout_s=1).check(CHANNEL) == Checked("invalid_auth")


class Asked(FakePoster):
    """A poster that is asked about channels; `says` has the answers by their names."""

    def __init__(self, **says: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.says = says

    def check(self, channel: str) -> Checked:
        self.asked.append(channel)
        return Checked(self.says.get(channel[1:], ""), "C1", HOME)


def rows(sessions: sessionmaker[Session]) -> dict[str, ChannelRow]:
    with db.reading(sessions) as session:
        return {row.name: row for row in session.scalars(select(ChannelRow))}


def test_every_channel_of_the_routes_is_asked_about_every_few_minutes(sessions: sessionmaker[Session]) -> None:
    poster = Asked(asia="not_in_channel")
    assert check(sessions, NOW, poster, OPTIONS) == 2
    assert check(sessions, NOW + EVERY / 2, poster, OPTIONS) == 0
    found = rows(sessions)
    assert {name: (row.own, row.trouble, row.good_at) for name, row in found.items()} == {
        "#desk": (True, "", NOW),
        "#asia": (False, "not_in_channel", None),
    }
    poster.says = {"desk": "is_archived"}
    assert check(sessions, NOW + EVERY, poster, OPTIONS) == 2
    desk, asia = rows(sessions)["#desk"], rows(sessions)["#asia"]
    assert (desk.trouble, desk.good_at, desk.channel_id, desk.workspace) == ("is_archived", NOW, "C1", HOME)
    assert (asia.trouble, asia.good_at) == ("", NOW + EVERY)


def test_a_slack_that_does_not_answer_is_asked_once_a_round(sessions: sessionmaker[Session]) -> None:
    check(sessions, NOW, Asked(), OPTIONS)
    poster = Asked(asia="no_answer", desk="no_answer")
    assert check(sessions, NOW + EVERY, poster, OPTIONS) == 1
    assert poster.asked == ["#asia"]
    assert (rows(sessions)["#asia"].trouble, rows(sessions)["#asia"].good_at) == ("no_answer", NOW)


def test_being_asked_too_often_says_nothing_of_the_channel(sessions: sessionmaker[Session]) -> None:
    check(sessions, NOW, Asked(asia="not_in_channel"), OPTIONS)
    check(sessions, NOW + EVERY, Asked(asia="ratelimited"), OPTIONS)
    assert rows(sessions)["#asia"].trouble == "not_in_channel"


def test_a_channel_that_no_route_names_any_more_is_forgotten(sessions: sessionmaker[Session]) -> None:
    check(sessions, NOW, Asked(), OPTIONS)
    check(
        sessions,
        NOW + dt.timedelta(seconds=5),
        Asked(),
        Options(channel="#asia", routes=(Route(name="all", goes="message"),)),
    )
    assert {name: row.own for name, row in rows(sessions).items()} == {"#asia": True}


def test_a_clock_that_went_back_lets_nobody_wait(sessions: sessionmaker[Session]) -> None:
    check(sessions, NOW, Asked(), OPTIONS)
    assert check(sessions, NOW - dt.timedelta(hours=1), Asked(), OPTIONS) == 2


def test_a_terminal_is_not_asked(sessions: sessionmaker[Session]) -> None:
    assert check(sessions, NOW, configured(Settings(poster="console")), OPTIONS) == 0
    assert rows(sessions) == {}
