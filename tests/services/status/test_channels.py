"""Where messages go: what the page and the API say of each channel, and where the last message is opened."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.status.context import Context
from services.status.routes.status import message_url
from services.status.values import Accepted, Channel
from shared.tables import AnnouncementRow, CallRow, ChannelRow
from tests.services.notify.variations import MACRON, MERZ, facts
from tests.services.status.test_api import get
from tests.support.history import NOW, ago, answering, passed

HOME, ID = "https://desk.slack.com/", "C0123456789"


def channel(name: str = "#desk", trouble: str = "", **values: Any) -> ChannelRow:
    found: dict[str, Any] = {"own": True, "channel_id": ID, "workspace": HOME, "checked_at": ago(1), "good_at": ago(1)}
    return ChannelRow(name=name, trouble=trouble, **(found | values))


@pytest.mark.parametrize(
    ("trouble", "own", "state", "english", "vietnamese"),
    [
        ("", True, "ok", "#desk takes our messages, last good: 19 Mar 2025, 09:59, 60 s ago",
         "#desk nhận tin nhắn của ta, lần cuối còn tốt: 19/3/2025, 09:59"),
        ("not_in_channel", True, "down", "the bot is not in #desk: invite it there",
         "bot không ở trong #desk: hãy mời bot vào kênh"),
        ("is_archived", True, "down", "#desk is archived", "#desk đã được lưu trữ"),
        ("channel_not_found", True, "down", "#desk is not found", "không tìm thấy #desk"),
        ("token_revoked", True, "down", "Slack does not take our token (token_revoked)",
         "Slack không nhận mã truy cập của ta (token_revoked)"),
        ("is_archived", False, "degraded", "#desk is archived", "#desk đã được lưu trữ"),
        ("missing_scope", True, "degraded", "lacks the scope channels:read", "thiếu quyền channels:read"),
        ("unreadable", True, "degraded", "lacks the scope channels:history", "thiếu quyền channels:history"),
        ("not_seen", True, "degraded", "no channel #desk is seen", "không thấy kênh #desk"),
        ("no_answer", True, "degraded", "Slack gave no answer about #desk", "Slack không trả lời về #desk"),
        ("ekm_access_denied", True, "degraded", "Slack says ekm_access_denied of #desk",
         "Slack nói ekm_access_denied về #desk"),
    ],
)  # fmt: skip
def test_a_channel_is_told_in_words(
    sessions: sessionmaker[Session], trouble: str, *, own: bool, state: str, english: str, vietnamese: str
) -> None:
    with sessions.begin() as session:
        session.add_all([passed(1), answering(), channel(trouble=trouble, own=own)])
    context = Context(sessions=sessions, clock=lambda: NOW, zone="Asia/Ho_Chi_Minh")
    answer = get(context, "/v1/status")
    assert (answer.json()["state"], answer.status_code) == (state, 503 if state == "down" else 200)
    assert answer.json()["trust"]["yes"] == (state != "down")
    (one,) = answer.json()["desk"]["channels"]
    assert (one["name"], one["own"], bool(one["trouble"])) == ("#desk", own, bool(trouble))
    for language, words in (("en", english), ("vi", vietnamese)):
        page = get(context, f"/?lang={language}").text
        items = {re.sub(r"<[^>]+>", "", part): part for part in re.findall(r"<li[^>]*>(.*?)</li>", page)}
        (line,) = (part for plain, part in items.items() if words in plain and re.search("last good|lần cuối", plain))
        assert ("/runbooks/late-or-not-arriving" in line) == bool(trouble)


def test_the_desks_own_channel_stands_first(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all([channel("#asia", own=False), channel("#desk"), channel("#aa", "is_archived", own=False)])
    said = get(Context(sessions=sessions, clock=lambda: NOW), "/v1/status").json()["desk"]["channels"]
    assert [one["name"] for one in said] == ["#desk", "#aa", "#asia"]


@pytest.mark.parametrize(
    ("name", "ts", "thread", "known", "url"),
    [
        (ID, "1358546515.000008", None, (ID, HOME), f"{HOME}archives/{ID}/p1358546515000008"),
        ("#desk", "1358546515.000008", None, (ID, HOME), f"{HOME}archives/{ID}/p1358546515000008"),
        (ID, "1358546517.000230", "1358546515.000008", (ID, HOME),
         f"{HOME}archives/{ID}/p1358546517000230?thread_ts=1358546515.000008&cid={ID}"),
        (ID, "1.2", None, (ID, ""), None),
        ("#desk", "1.2", None, ("", HOME), None),
        ("#elsewhere", "1.2", None, (ID, HOME), None),
        ("terminal", None, None, (ID, HOME), None),
    ],
)  # fmt: skip
def test_a_message_is_opened_by_its_own_address(
    name: str, ts: str | None, thread: str | None, known: tuple[str, str], url: str | None
) -> None:
    place = Channel("#desk", True, *known, NOW, NOW, "")
    assert message_url(Accepted(NOW, name, ts, None, thread), [place]) == url


def test_the_page_links_the_last_message_and_a_reply_in_its_thread(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(channel("#desk"))
        what: dict[str, Any] = {"facts": msgspec.to_builtins(facts(MACRON, MERZ)), "status": "held", "news": True}
        session.add(CallRow(id="c", persons="", countries="", updated_at=NOW, **what))
        session.flush()
        for number, kind in enumerate(("root", "update"), 1):
            when = {"next_attempt_at": ago(3), "created_at": ago(3), "sent_at": ago(3 - number)}
            session.add(AnnouncementRow(key=kind, kind=kind, call_id="c", channel=ID, language="en", payload={},
                                        state="sent", ts=f"1742353000.00000{number}", **when))  # fmt: skip
            session.flush()
    context = Context(sessions=sessions, clock=lambda: NOW)
    url = get(context, "/v1/status").json()["desk"]["message_url"]
    assert url == f"{HOME}archives/{ID}/p1742353000000002?thread_ts=1742353000.000001&cid={ID}"
    assert f'href="{url.replace("&", "&amp;")}"' in get(context, "/").text


def test_where_the_workspace_is_not_known_the_link_leads_to_the_channel(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        when = {"next_attempt_at": ago(2), "created_at": ago(3), "sent_at": ago(2)}
        what: dict[str, Any] = {"key": "k", "kind": "digest", "channel": ID, "ts": "1.2", "language": "en"}
        session.add(AnnouncementRow(**what, **when, payload={}, state="sent"))
    context = Context(sessions=sessions, clock=lambda: NOW)
    assert get(context, "/v1/status").json()["desk"]["message_url"] is None
    assert f'href="https://slack.com/app_redirect?channel={ID}"' in get(context, "/").text
