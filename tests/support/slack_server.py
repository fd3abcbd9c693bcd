"""Slack on loopback: posts, edits, histories and threads with a memory, limits, and faults on demand.

    with SlackServer() as slack:
        slack.fail("chat.postMessage", lost_answer())
        …
        assert [message["text"] for message in slack.posted] == ["Putin and Trump held a call"]

Speaks what the notifier uses of Slack's Web API, by Slack's documentation: auth.test, chat.postMessage, chat.update,
conversations.list, conversations.info, conversations.history, conversations.replies, views.open, apps.connections.open
(whose address is that of a `SocketModeServer`), and where answers to clicks and commands go. What
cannot be in Slack is refused here too: too many or too long blocks, a reply to a message that is not there, a token
that is not the bot's. With a clock it also keeps Slack's time: timestamps, the `oldest` message of a
history, and the limits by channel and method; without one time stands still, for tests whose own clock jumps. What it
delivers to an address is signed as Slack signs it; what comes by Socket Mode is not, there as here.
`tests/test_slack_server.py` holds all of it against Slack's pages and the SDK.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import socket
import struct
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

import httpx

from tests.support.loopback import Http, LoopbackServer, Quiet
from tests.support.slack_limits import Limits

TOKEN, APP_TOKEN = "xoxb-test-token", "xapp-test-token"
SIGNING_KEY = "what the app and Slack alone know"
CHANNEL = "C0123456789"
NAME = "redphone"
BOT = "B0000000001"
SECTION_LIMIT, TEXT_LIMIT, BLOCK_LIMIT, TOTAL_LIMIT = 3000, 40_000, 50, 13_200
#: An edit's text may be shorter than a post's, and a page is so long where nobody asks for less: docs/slack.md.
EDIT_LIMIT, HISTORY_PAGE, REPLIES_PAGE = 4_000, 100, 1_000
BUTTON_LIMIT, VALUE_LIMIT = 75, 2000
ELEMENTS = {"section": range(1), "context": range(1, 11), "actions": range(1, 26)}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request. `done`: it is carried out all the same, and only the answer is bad."""

    how: Literal["status", "error", "reset", "hang"]
    done: bool = False
    status: int = 500
    error: str = "internal_error"
    headers: tuple[tuple[str, str], ...] = ()


def lost_answer() -> Fault:
    """The message is posted, and the connection is reset before the answer."""
    return Fault("reset", done=True)


def reset() -> Fault:
    """The connection is reset before anything is done."""
    return Fault("reset")


def timed_out(*, done: bool = True) -> Fault:
    """No answer comes; the message is posted or not."""
    return Fault("hang", done=done)


def server_error(status: int = 503, *, done: bool = False) -> Fault:
    """An answer that is no JSON, as a proxy gives it."""
    return Fault("status", status=status, done=done)


def rate_limited(seconds: int) -> Fault:
    """HTTP 429 with Retry-After."""
    return Fault("error", status=429, error="ratelimited", headers=(("Retry-After", str(seconds)),))


def error(word: str) -> Fault:
    """HTTP 200 with `ok: false`."""
    return Fault("error", status=200, error=word)


def signed(body: bytes, at: float, key: str = SIGNING_KEY) -> dict[str, str]:
    """The headers by which an app knows that Slack sent this body, at this moment.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    moment = f"{at:.0f}"
    proof = hmac.new(key.encode(), f"v0:{moment}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={proof}"}


class SlackServer(LoopbackServer):
    """The server; a context manager. `posted` are the messages of the channel in order, as they stand now; `limited`
    are the methods of the requests that came too soon; `member` and `archived` are what the channel is to the bot.
    `clock` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        super().__init__(_Handler)
        self._clock = clock
        self._limits = Limits(clock) if clock else None
        self.limited: list[str] = []
        self.posted: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.windows: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.socket_url = ""
        self.member, self.archived = True, False
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)

    @property
    def base_url(self) -> str:
        return f"http://{self.host}/api/"

    @property
    def answer_url(self) -> str:
        """Where an answer to a click or a command is sent to."""
        return f"{self.base_url}answers"

    @property
    def roots(self) -> list[dict[str, Any]]:
        """The messages that are no replies."""
        return [message for message in self.posted if "thread_ts" not in message]

    def methods(self) -> list[str]:
        """The methods that were called, in order."""
        return [method for method, _ in self.calls]

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next requests of a method go wrong, one fault each."""
        with self._lock:
            self._faults[method].extend(faults)

    def delete(self, ts: str) -> None:
        """Somebody deletes a message in Slack."""
        with self._lock:
            self.posted = [message for message in self.posted if message["ts"] != ts]

    def deliver(self, address: str, fields: Mapping[str, str], at: float) -> int:
        """Send a click or a command to an app's own address, signed; returns the status of its answer."""
        body = urlencode(fields).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", **signed(body, at)}
        return httpx.post(address, content=body, headers=headers).status_code

    def next_fault(self, method: str) -> Fault | None:
        with self._lock:
            return self._faults[method].popleft() if self._faults[method] else None

    def too_soon(self, method: str, channel: str) -> Fault | None:
        """What a request gets that comes sooner than Slack allows."""
        with self._lock:
            wait = self._limits.retry_after(method, channel) if self._limits else 0
            if not wait:
                return None
            self.limited.append(method)
            return rate_limited(wait)

    def handle(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        """The answer of a method."""
        with self._lock:
            self.calls.append((method, arguments))
            wrong = _wrong_token(method, token)
            if wrong:
                return {"ok": False, "error": wrong}
            answer = getattr(self, "_" + method.replace(".", "_"), None)
            return answer(arguments) if answer else {"ok": False, "error": "unknown_method"}

    def _auth_test(self, _arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": "https://desk.slack.com/", "team": "desk", "user": "redphone", "bot_id": BOT}

    def _apps_connections_open(self, _arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": self.socket_url}

    def _views_open(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if not arguments.get("trigger_id"):
            return {"ok": False, "error": "invalid_trigger_id"}
        self.windows.append(dict(arguments["view"]))
        return {"ok": True, "view": {"id": f"V{len(self.windows)}", **arguments["view"]}}

    def _answers(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        self.answers.append(dict(arguments))
        return {"ok": True}

    def _conversations_list(self, _arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {"ok": True, "channels": [self._channel()], "response_metadata": {"next_cursor": ""}}

    def _conversations_info(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        wrong = _wrong_channel(arguments, names=False)
        return {"ok": False, "error": wrong} if wrong else {"ok": True, "channel": self._channel()}

    def _channel(self) -> dict[str, Any]:
        state = {"is_archived": self.archived, "is_member": self.member}
        return {"id": CHANNEL, "name": NAME, "is_channel": True, "is_private": False, **state}

    def _chat_postMessage(self, arguments: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802  Slack's name
        wrong = _wrong_channel(arguments, names=True) or _wrong_content(arguments)
        thread = arguments.get("thread_ts")
        if not wrong and thread and not any(message["ts"] == thread for message in self.posted):
            wrong = "thread_not_found"
        if wrong:
            return {"ok": False, "error": wrong}
        message = {"type": "message", "bot_id": BOT, "ts": self._timestamp(), **_content(arguments)}
        if thread:
            aloud = bool(arguments.get("reply_broadcast"))
            message |= {"thread_ts": thread, "reply_broadcast": aloud}
            message |= {"subtype": "thread_broadcast"} if aloud else {}
        self.posted.append(message)
        return {"ok": True, "channel": CHANNEL, "ts": message["ts"], "message": message}

    def _timestamp(self) -> str:
        """The timestamp of a new message: no two of a channel have the same."""
        number = next(self._numbers)
        return f"{self._clock():.0f}.{number:06d}" if self._clock else f"17{number:08d}.000100"

    def _chat_update(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        wrong = _wrong_channel(arguments, names=False) or _wrong_content(arguments, EDIT_LIMIT)
        if wrong:
            return {"ok": False, "error": wrong}
        for message in self.posted:
            if message["ts"] == arguments.get("ts"):
                if arguments.get("text") and not arguments.get("blocks"):
                    message.pop("blocks", None)  # "the blocks will be removed"
                message |= {**_content(arguments), "edited": {"user": "U0", "ts": message["ts"]}}
                return {
                    "ok": True,
                    "channel": CHANNEL,
                    "ts": message["ts"],
                    "text": message["text"],
                    "message": message,
                }
        return {"ok": False, "error": "message_not_found"}

    def _conversations_history(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Newest first, without replies, as Slack gives it; replies shown in the channel are there too."""
        shown = [m for m in self.posted if "thread_ts" not in m or m.get("reply_broadcast")]
        return self._page(list(reversed(shown)), arguments, HISTORY_PAGE)

    def _conversations_replies(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        named = next((message for message in self.posted if message["ts"] == arguments.get("ts")), {})
        thread = named.get("thread_ts") or arguments.get("ts")  # of the thread's parent, or of a message in it
        messages = [message for message in self.posted if thread in (message["ts"], message.get("thread_ts"))]
        if not messages and not _wrong_channel(arguments, names=False):
            return {"ok": False, "error": "thread_not_found"}
        return self._page(messages, arguments, REPLIES_PAGE)

    def _page(self, messages: list[dict[str, Any]], arguments: Mapping[str, Any], usual: int) -> dict[str, Any]:
        wrong = _wrong_channel(arguments, names=False)
        if not wrong and not str(arguments.get("cursor") or 0).isdigit():
            wrong = "invalid_cursor"
        if wrong:
            return {"ok": False, "error": wrong}
        if self._clock:
            messages = [message for message in messages if float(message["ts"]) > float(arguments.get("oldest") or 0)]
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or usual)
        page = messages[start : start + limit]
        if str(arguments.get("include_all_metadata")).lower() not in ("1", "true"):
            page = [{name: value for name, value in message.items() if name != "metadata"} for message in page]
        cursor = str(start + limit) if start + limit < len(messages) else ""
        return {"ok": True, "messages": page, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _wrong_token(method: str, token: str) -> str | None:
    """What a token is refused for: there is none, it is of another kind than the method takes, or it is not ours. The
    address that answers go to takes none."""
    wanted = {"apps.connections.open": APP_TOKEN, "answers": ""}.get(method, TOKEN)
    if token == wanted:
        return None
    kind = wanted.partition("-")[0]
    return "not_authed" if not token else "invalid_auth" if token.startswith(kind) else "not_allowed_token_type"


def _wrong_channel(arguments: Mapping[str, Any], *, names: bool) -> str | None:
    known = (CHANNEL, NAME, f"#{NAME}") if names else (CHANNEL,)
    return None if arguments.get("channel") in known else "channel_not_found"


def _wrong_content(arguments: Mapping[str, Any], longest: int = TEXT_LIMIT) -> str | None:
    blocks = arguments.get("blocks") or []
    text = arguments.get("text") or ""
    if not text and not blocks:
        return "no_text"
    if len(text) > longest:
        return "msg_too_long"
    if len(blocks) > BLOCK_LIMIT or any(_wrong_block(block) for block in blocks):
        return "invalid_blocks"
    texts = [text["text"] for block in blocks for text in _texts(block)]
    return "msg_blocks_too_long" if sum(map(len, texts)) > TOTAL_LIMIT else None


def _wrong_block(block: Mapping[str, Any]) -> bool:
    """Whether a block breaks one of its limits. https://docs.slack.dev/reference/block-kit/blocks"""
    elements = block.get("elements", [])
    if len(elements) not in ELEMENTS.get(block["type"], ()):
        return True
    buttons = elements if block["type"] == "actions" else []
    longest = BUTTON_LIMIT if buttons else SECTION_LIMIT
    fits = all(0 < len(text["text"]) <= longest for text in _texts(block))
    return not (fits and all(len(button["value"]) <= VALUE_LIMIT for button in buttons))


def _texts(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The text objects of a block: its own, those of a context, the labels of buttons."""
    if block["type"] == "actions":
        return [element["text"] for element in block["elements"]]
    return list(block.get("elements", [])) if block["type"] == "context" else [block["text"]]


def _content(arguments: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: arguments[name] for name in ("text", "blocks", "metadata") if arguments.get(name)}
    return {"text": "", **kept}


class _Handler(Quiet, BaseHTTPRequestHandler):
    server: Http[SlackServer]

    def do_POST(self) -> None:
        slack, method = self.server.owner, self.path.rpartition("/")[2].partition("?")[0]
        arguments = self._arguments()
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        fault = slack.next_fault(method) or slack.too_soon(method, str(arguments.get("channel") or ""))
        if fault is None:
            return self._answer(200, json.dumps(slack.handle(method, arguments, token)))
        if fault.done:
            slack.handle(method, arguments, token)
        return self._go_wrong(fault)

    do_GET = do_POST  # noqa: N815  the name that http.server looks for

    def _go_wrong(self, fault: Fault) -> None:
        if fault.how == "hang":
            self.server.owner.stopping.wait()
            self.close_connection = True
        elif fault.how == "reset":
            # SO_LINGER with no time to linger: close() sends RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.shutdown(socket.SHUT_RD)
            self.connection.close()
            self.close_connection = True
        elif fault.how == "status":
            self._answer(fault.status, "<html>upstream trouble</html>")
        else:
            self._answer(fault.status, json.dumps({"ok": False, "error": fault.error}), dict(fault.headers))

    def _arguments(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(body)) if body else {}
        pairs = dict(parse_qsl(body)) | dict(parse_qsl(self.path.partition("?")[2]))
        return {
            name: json.loads(value) if name in ("blocks", "metadata", "view") else value
            for name, value in pairs.items()
        }

    def _answer(self, status: int, body: str, headers: Mapping[str, str] | None = None) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8" if body[:1] == "{" else "text/html")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
