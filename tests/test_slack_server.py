"""The stand-in for Slack, held against Slack's pages and the SDK's own models: a notifier that pleases only the
stand-in would prove nothing. What the pages show is written down here as the names of their examples' fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError, SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import WebClient

from tests.support import slack_server
from tests.support.loopback import Http, LoopbackServer, Quiet
from tests.support.slack_limits import TIER_OF, TIERS
from tests.support.slack_server import APP_TOKEN, CHANNEL, SIGNING_KEY, TOKEN, SlackServer, signed

#: method → the fields of its example at https://docs.slack.dev/reference/methods/METHOD
DOCUMENTED = {
    "auth.test": {"ok", "url", "team", "user", "team_id", "user_id", "bot_id", "is_enterprise_install"},
    "chat.postMessage": {"ok", "channel", "ts", "message", "response_metadata"},
    "chat.update": {"ok", "channel", "ts", "text", "message"},
    "conversations.list": {"ok", "channels", "response_metadata"},
    "conversations.info": {"ok", "channel"},
    "conversations.history": {"ok", "messages", "has_more", "pin_count", "response_metadata"},
    "conversations.replies": {"ok", "messages", "has_more", "response_metadata"},
    "views.open": {"ok", "view", "response_metadata"},
    "apps.connections.open": {"ok", "url"},
}
#: What the notifier, or the SDK for it, reads of an answer.
READ = {
    "auth.test": {"url"},
    "chat.postMessage": {"ok", "channel", "ts"},
    "chat.update": {"ok", "channel", "ts"},
    "conversations.list": {"channels", "response_metadata"},
    "conversations.info": {"channel"},
    "conversations.history": {"messages", "response_metadata"},
    "conversations.replies": {"messages", "response_metadata"},
    "views.open": {"ok"},
    "apps.connections.open": {"url"},
}


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackServer]:
    with SlackServer(clock) as server:
        server.socket_url = "wss://slack.example/link/?ticket=1"
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    """The SDK's client as it comes, without its retries."""
    return WebClient(TOKEN, base_url=slack.base_url, retry_handlers=[])


def said(client: WebClient, text: str = "news", **values: Any) -> str:
    return str(client.chat_postMessage(channel=CHANNEL, text=text, **values)["ts"])


def test_every_answer_is_as_its_page_has_it(slack: SlackServer, client: WebClient, clock: Clock) -> None:
    root = said(client)
    clock.now += 1
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Same call as …"}, "blocks": []}
    answers = {
        "auth.test": client.auth_test(),
        "chat.postMessage": client.chat_postMessage(channel=CHANNEL, text="an answer", thread_ts=root),
        "chat.update": client.chat_update(channel=CHANNEL, ts=root, text="better news"),
        "conversations.list": client.conversations_list(),
        "conversations.info": client.conversations_info(channel=CHANNEL),
        "conversations.history": client.conversations_history(channel=CHANNEL),
        "conversations.replies": client.conversations_replies(channel=CHANNEL, ts=root),
        "views.open": client.views_open(trigger_id="t", view=view),
        "apps.connections.open": client.apps_connections_open(app_token=APP_TOKEN),
    }
    assert set(answers) == set(DOCUMENTED)
    for method, answer in answers.items():
        assert isinstance(answer.data, dict)
        assert READ[method] <= set(answer.data) <= DOCUMENTED[method], method


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def context(count: int) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": "a", "verbatim": True}] * count}


def actions(count: int, label: str = "a", value: str = "v") -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": f"a{n}", "text": text, "value": value} for n in range(count)],
    }


@pytest.mark.parametrize(
    ("block", "taken"),
    [
        (section("a" * 3000), True),
        (section("a" * 3001), False),
        (context(10), True),
        (context(11), False),
        (actions(25), True),
        (actions(26), False),
        (actions(1, "a" * 75), True),
        (actions(1, "a" * 76), False),
        (actions(1, value="v" * 2000), True),
        (actions(1, value="v" * 2001), False),
    ],
)
def test_blocks_are_taken_and_refused_as_by_the_sdks_models(
    client: WebClient, block: dict[str, Any], *, taken: bool
) -> None:
    parsed = Block.parse(block)
    assert parsed is not None
    if taken:
        assert parsed.to_dict() == block
        assert said(client, blocks=[block])
    else:
        with pytest.raises(SlackObjectFormationError):
            parsed.to_dict()
        assert refusal(client, blocks=[block]) == "invalid_blocks"


def refusal(client: WebClient, **values: Any) -> str:
    """Slack's word for why it does not take a message."""
    with pytest.raises(SlackApiError) as caught:
        said(client, **values)
    return str(caught.value.response["error"])


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"blocks": [section("")]}, "invalid_blocks"),
        ({"blocks": [section("a")] * 51}, "invalid_blocks"),
        ({"blocks": [section("a" * 2700)] * 5}, "msg_blocks_too_long"),
        ({"text": "a" * 40_001}, "msg_too_long"),
        ({"thread_ts": "1700000000.000000"}, "thread_not_found"),
        ({"channel": "C0000000000"}, "channel_not_found"),
    ],
)
def test_what_cannot_be_in_slack_is_refused(client: WebClient, values: dict[str, Any], word: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(**{"channel": CHANNEL, "text": "news", **values})
    assert caught.value.response["error"] == word


#: method → the words for what is wrong that its page has, of those that the stand-in says by itself
ERRORS = {
    "chat.postMessage": {"channel_not_found", "no_text", "invalid_blocks", "msg_blocks_too_long"},
    "chat.update": {"channel_not_found", "no_text", "invalid_blocks", "msg_too_long", "message_not_found"},
    "conversations.info": {"channel_not_found"},
    "conversations.history": {"channel_not_found", "invalid_cursor"},
    "conversations.replies": {"channel_not_found", "invalid_cursor", "thread_not_found"},
    "views.open": {"invalid_trigger_id"},
}
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"channel": CHANNEL}, "no_text"),
    ("chat.postMessage", {"channel": "C0", "text": "a"}, "channel_not_found"),
    ("chat.postMessage", {"channel": CHANNEL, "text": "a", "blocks": [section("")]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": CHANNEL, "text": "a", "blocks": [section("a" * 2700)] * 5}, "msg_blocks_too_long"),
    ("chat.update", {"channel": CHANNEL, "ts": "1.0"}, "no_text"),
    ("chat.update", {"channel": "C0", "ts": "1.0", "text": "a"}, "channel_not_found"),
    ("chat.update", {"channel": CHANNEL, "ts": "1.0", "text": "a"}, "message_not_found"),
    ("chat.update", {"channel": CHANNEL, "ts": "1.0", "text": "a" * 4001}, "msg_too_long"),
    ("chat.update", {"channel": CHANNEL, "ts": "1.0", "text": "a", "blocks": [section("")]}, "invalid_blocks"),
    ("conversations.info", {"channel": "#redphone"}, "channel_not_found"),
    ("conversations.history", {"channel": "C0"}, "channel_not_found"),
    ("conversations.history", {"channel": CHANNEL, "cursor": "bad"}, "invalid_cursor"),
    ("conversations.replies", {"channel": "C0", "ts": "1.0"}, "channel_not_found"),
    ("conversations.replies", {"channel": CHANNEL, "ts": "1.0"}, "thread_not_found"),
    ("conversations.replies", {"channel": CHANNEL, "ts": "1700000000.000000", "cursor": "bad"}, "invalid_cursor"),
    ("views.open", {"view": {}}, "invalid_trigger_id"),
]


@pytest.mark.parametrize(("method", "arguments", "word"), WRONG)
def test_what_is_wrong_has_the_word_of_its_page(
    slack: SlackServer, client: WebClient, method: str, arguments: dict[str, Any], word: str
) -> None:
    if word == "invalid_cursor" and "ts" in arguments:
        arguments = {**arguments, "ts": said(client)}
    assert slack.handle(method, arguments, TOKEN) == {"ok": False, "error": word}
    assert word in ERRORS[method]


@pytest.mark.parametrize(
    ("method", "token", "word"),
    [
        ("chat.postMessage", "", "not_authed"),
        ("chat.postMessage", "xoxb-another", "invalid_auth"),
        ("chat.postMessage", APP_TOKEN, "not_allowed_token_type"),
        ("conversations.history", "xoxp-a-person", "not_allowed_token_type"),
        ("apps.connections.open", "", "not_authed"),
        ("apps.connections.open", "xapp-another", "invalid_auth"),
        ("apps.connections.open", TOKEN, "not_allowed_token_type"),
    ],
)
def test_a_token_is_refused_by_its_kind(slack: SlackServer, method: str, token: str, word: str) -> None:
    assert slack.handle(method, {"channel": CHANNEL, "text": "a"}, token) == {"ok": False, "error": word}
    assert slack.posted == []
    page = (Path(__file__).parents[1] / "docs" / "slack.md").read_text(encoding="utf-8")
    assert f"`{word}`" in page


class Receiver(Quiet, BaseHTTPRequestHandler):
    """An app at an address of its own, that takes what the SDK's verifier says is Slack's."""

    server: Http[App]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        taken = self.server.owner.verifier.is_valid_request(body, dict(self.headers.items()))
        self.send_response(200 if taken else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()


class App(LoopbackServer):
    def __init__(self, key: str, clock: Clock) -> None:
        super().__init__(Receiver)
        self.verifier = SignatureVerifier(key, VerifierClock(clock))


class VerifierClock(SdkClock):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock()


@pytest.mark.parametrize(
    ("key", "age", "status"),
    [(SIGNING_KEY, 0, 200), (SIGNING_KEY, 299, 200), (SIGNING_KEY, 301, 401), ("somebody else's", 0, 401)],
)
def test_what_it_delivers_to_an_address_is_signed_as_the_sdk_checks_it(
    slack: SlackServer, clock: Clock, key: str, age: int, status: int
) -> None:
    with App(key, clock) as app:
        command = {"command": "/redphone", "text": "last trump putin · cuộc gọi"}
        assert slack.deliver(f"http://{app.host}/", command, clock() - age) == status


def test_a_signature_is_of_these_very_bytes(clock: Clock) -> None:
    verifier, headers = SignatureVerifier(SIGNING_KEY, VerifierClock(clock)), signed(b"text=status", clock())
    assert verifier.is_valid_request(b"text=status", headers)
    assert not verifier.is_valid_request(b"text=status&", headers)


def test_every_word_that_a_page_has_is_written_down_with_its_address() -> None:
    page = (Path(__file__).parents[1] / "docs" / "slack.md").read_text(encoding="utf-8")
    for method, words in ERRORS.items():
        assert f"https://docs.slack.dev/reference/methods/{method}" in page
        assert {word for _, _, word in (one for one in WRONG if one[0] == method)} == words
        assert all(f"`{word}`" in page for word in words), method


def test_an_edit_of_the_text_alone_takes_the_blocks_away_and_leaves_the_metadata(
    slack: SlackServer, client: WebClient
) -> None:
    told = {"event_type": "redphone_alert", "event_payload": {"key": "root:c1"}}
    ts = said(client, blocks=[section("a")], metadata=told)
    client.chat_update(channel=CHANNEL, ts=ts, text="plain")
    (message,) = slack.posted
    assert "blocks" not in message
    assert message["metadata"] == told


def test_a_thread_is_found_by_any_of_its_messages(client: WebClient, clock: Clock) -> None:
    root = said(client, "root")
    clock.now += 1
    reply = said(client, "reply", thread_ts=root)
    for ts in (root, reply):
        thread = client.conversations_replies(channel=CHANNEL, ts=ts)["messages"]
        assert [message["text"] for message in thread] == ["root", "reply"]


def test_a_channel_takes_one_message_a_second(slack: SlackServer, client: WebClient, clock: Clock) -> None:
    said(client)
    with pytest.raises(SlackApiError) as caught:
        said(client)
    answer = caught.value.response
    assert (answer.status_code, answer.headers["Retry-After"], answer["error"]) == (429, "1", "ratelimited")
    clock.now += 1
    said(client)
    assert (len(slack.posted), slack.limited) == (2, ["chat.postMessage"])


@pytest.mark.parametrize(("method", "tier"), sorted(TIER_OF.items()))
def test_a_method_takes_so_many_requests_a_minute(slack: SlackServer, clock: Clock, method: str, tier: int) -> None:
    for _ in range(TIERS[tier]):
        assert slack.too_soon(method, CHANNEL) is None
    clock.now += 20
    assert slack.too_soon(method, "C0000000000") == slack_server.rate_limited(40)
    clock.now += 40
    assert slack.too_soon(method, CHANNEL) is None


def test_a_history_begins_after_its_oldest_and_has_no_metadata_unasked(client: WebClient, clock: Clock) -> None:
    told = {"event_type": "redphone_alert", "event_payload": {"key": "root:c1"}}
    first = said(client, metadata=told)
    clock.now += 60
    second = said(client, metadata=told)
    assert [message["ts"] for message in client.conversations_history(channel=CHANNEL)["messages"]] == [second, first]
    later = client.conversations_history(channel=CHANNEL, oldest=first)["messages"]
    assert [message["ts"] for message in later] == [second]
    assert "metadata" not in later[0]
    seen = client.conversations_history(channel=CHANNEL, oldest=first, include_all_metadata=True)["messages"]
    assert seen[0]["metadata"] == told


def test_a_reply_is_in_its_thread_and_in_the_channel_only_where_it_is_shown_there(
    client: WebClient, clock: Clock
) -> None:
    root = said(client, "root")
    for aloud in (False, True):
        clock.now += 1
        said(client, f"aloud: {aloud}", thread_ts=root, reply_broadcast=aloud)
    channel = client.conversations_history(channel=CHANNEL)["messages"]
    assert [(message["text"], message.get("subtype")) for message in channel] == [
        ("aloud: True", "thread_broadcast"),
        ("root", None),
    ]
    thread = client.conversations_replies(channel=CHANNEL, ts=root)["messages"]
    assert [message["text"] for message in thread] == ["root", "aloud: False", "aloud: True"]
