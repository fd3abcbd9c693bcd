"""Slack as a channel: chat.postMessage, chat.update, and looking for a message whose answer was lost.

The SDK's own retries are off: they post twice when an answer is lost, and Slack has no idempotency key. Our key goes
into the message's metadata instead, and conversations.history or conversations.replies is read for it before a second
try. Slack answers many errors with HTTP 200; `WORDS` says what each asks for. No token ever reaches an error text.
https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

import datetime as dt
import http.client
import re
import socket
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient

from services.notify.blocks import as_blocks, as_plain, fallback
from services.notify.poster import (
    NO_ANSWER,
    RATE_LIMITED,
    UNREADABLE,
    UNSEEN,
    Absent,
    CannotLook,
    Checked,
    Found,
    Outcome,
    Place,
    Post,
    Refused,
    Remedy,
    Sent,
    Unknown,
)

EVENT_TYPE = "redphone_alert"
TIMEOUT_S = 8  # the lease of a sender (`sending.LEASE`) counts on it
#: A post begins within this time or not at all. A look-up of Slack's name knows no time-out, and what lands after the
#: lease has ended may be in the channel twice.
BEGIN_S = 3.0
#: Slack's clock and ours may differ by this much when a message is looked for.
CLOCK_SLACK = dt.timedelta(minutes=2)
PAGE = 100
MOST_CHANNELS = 999
MOST_PAGES = 5
CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{6,}")

#: error → what it asks for. An error that is not here is given up and shown with its word.
WORDS: dict[Remedy, str] = {
    # Slack has trouble, or asks to wait
    "retry": "ratelimited rate_limited service_unavailable request_timeout team_added_to_org "
    "external_channel_migrating update_failed",
    # somebody must mend the configuration: a token, a scope, an invitation to the channel; or the workspace has used
    # up its messages, which no trying again brings back (https://github.com/grafana/oncall/issues/5204)
    "repair": "invalid_auth not_authed account_inactive token_revoked token_expired missing_scope no_permission "
    "not_allowed_token_type org_login_required channel_not_found not_in_channel is_archived restricted_action "
    "restricted_action_read_only_channel ekm_access_denied access_denied team_not_found is_inactive "
    "app_access_restricted accesslimited restricted_action_non_threadable_channel "
    "restricted_action_thread_only_channel message_limit_exceeded",
    # the blocks do not please: the same as plain text
    "plain": "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long",
    # the root is gone or closed: it is written anew
    "reroot": "message_not_found cant_update_message edit_window_closed thread_not_found cannot_reply_to_message "
    "restricted_action_thread_locked",
}
#: Slack's documentation says of these that part of the work may have been done.
UNSURE = ("internal_error", "fatal_error")
REMEDIES: dict[str, Remedy] = {word: remedy for remedy, words in WORDS.items() for word in words.split()}


class SlackPoster:
    """Posts to Slack with a bot token. `base_url` is Slack's Web API, or a stand-in's address in tests."""

    interval_s = 1.0  # Slack allows one message a second in a channel

    def __init__(self, token: str, base_url: str = "https://slack.com/api/", timeout_s: int = TIMEOUT_S) -> None:
        self._host, self._port = urlsplit(base_url).hostname, urlsplit(base_url).port or 443
        self._client = WebClient(token=token, base_url=base_url, timeout=timeout_s, retry_handlers=[])
        self._ids: dict[str, str] = {}
        self._workspace: str | None = None

    def send(self, post: Post) -> Outcome:
        """Post a root or a reply, or change a root. The same edit may be sent again, a post may not: one that could not
        begin promptly is refused."""
        begun = time.monotonic()
        try:
            link = self._link(post.replaces)
            socket.getaddrinfo(self._host, self._port)
            if time.monotonic() - begun > BEGIN_S:
                return Refused("the network was too slow to begin", "retry")
            answer = self._update(post, link) if post.kind == "edit" else self._post(post, link)
        except SlackApiError as error:
            return refusal(error)
        except (URLError, OSError, http.client.HTTPException) as error:
            return _lost(error)
        channel = str(answer.get("channel") or "")
        if channel:
            self._ids[post.channel] = channel
        return Sent(str(answer.get("ts") or ""), channel)

    def find(self, post: Post, since: dt.datetime) -> Found:
        """Read the channel, or the thread, for a message that carries our key."""
        try:
            return self._look(post, since)
        except SlackApiError as error:
            return CannotLook(_word(error))
        except (URLError, OSError, http.client.HTTPException) as error:
            return CannotLook(_cause(error))

    def check(self, channel: str) -> Checked:
        """Ask whether our token is taken, and whether the bot is in a channel that is open. A bot that is not in it can
        neither post there nor look for a message; one that must not read it posts, and may post twice.

        https://docs.slack.dev/reference/methods/conversations.info takes ids alone; a name is looked up.
        """
        workspace = ""
        try:
            workspace = self._workspace_now()
            number = self._channel_id(channel)
            if not CHANNEL_ID.fullmatch(number):
                return Checked(UNSEEN, workspace=workspace)
            found = self._client.conversations_info(channel=number).get("channel") or {}
        except SlackApiError as error:
            said = refusal(error)
            return Checked(NO_ANSWER if isinstance(said, Unknown) else _word(error), workspace=workspace)
        except (URLError, OSError, http.client.HTTPException):
            return Checked(NO_ANSWER, workspace=workspace)
        closed = "is_archived" if found.get("is_archived") else "" if found.get("is_member") else "not_in_channel"
        return Checked(closed or self._unreadable(number), number, workspace)

    def _unreadable(self, channel: str) -> str:
        """Whether our token must not read a channel. Trouble of the moment is none of the channel's."""
        try:
            self._client.conversations_history(channel=channel, limit=1)
        except SlackApiError as error:
            return UNREADABLE if _word(error) == "missing_scope" else ""
        except (URLError, OSError, http.client.HTTPException):
            return ""
        return ""

    def wait(self, seconds: float) -> None:
        """Let the interval between two messages pass. Longer waits are columns in the database, not sleeps."""
        time.sleep(seconds)

    def _look(self, post: Post, since: dt.datetime) -> Found:
        """Read page by page. Where there is more than can be read through, nothing is known of what was not seen."""
        for messages, more in self._pages(post, since):
            for message in messages:
                if _key_of(message) == post.key:
                    return Sent(str(message["ts"]), self._channel_id(post.channel))
            if not more:
                return Absent()
        return CannotLook("too many messages to read through")

    def _post(self, post: Post, link: str | None) -> SlackResponse:
        return self._client.chat_postMessage(
            channel=post.channel,
            thread_ts=post.thread_ts,
            reply_broadcast=post.broadcast if post.thread_ts else None,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
            unfurl_links=False,
            unfurl_media=False,
            **_content(post, link),
        )

    def _update(self, post: Post, link: str | None) -> SlackResponse:
        return self._client.chat_update(
            channel=self._channel_id(post.channel),
            ts=post.ts or "",
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
            **_content(post, link),
        )

    def _pages(self, post: Post, since: dt.datetime) -> Iterator[tuple[list[dict[str, Any]], bool]]:
        """The messages of the channel, or of the thread, since a moment: page by page, and whether there are more."""
        query: dict[str, Any] = {
            "channel": self._channel_id(post.channel),
            "oldest": f"{(since - CLOCK_SLACK).timestamp():.6f}",
            "limit": PAGE,
            "include_all_metadata": True,
        }
        for _ in range(MOST_PAGES):
            if post.thread_ts:
                answer = self._client.conversations_replies(ts=post.thread_ts, **query)
            else:
                answer = self._client.conversations_history(**query)
            query["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
            yield answer.get("messages") or [], bool(query["cursor"])

    def _link(self, place: Place | None) -> str | None:
        """The address of a message; None where Slack does not say what the workspace's is: a link is not worth a post.

        https://docs.slack.dev/reference/methods/chat.getPermalink shows its form, and refuses a deleted message.
        """
        if place is None:
            return None
        try:
            self._workspace = self._workspace or self._workspace_now()
        except (SlackApiError, URLError, OSError, http.client.HTTPException):
            return None
        return f"{self._workspace}archives/{place.channel}/p{place.ts.replace('.', '')}" if self._workspace else None

    def _workspace_now(self) -> str:
        """The address of the workspace, such as https://desk.slack.com/."""
        return str(self._client.auth_test().get("url") or "")

    def _channel_id(self, channel: str) -> str:
        """A channel's id: chat.update and the look-up take no names. Learned from an answer, else asked for."""
        if CHANNEL_ID.fullmatch(channel):
            return channel
        if channel not in self._ids:
            pages = islice(self._client.conversations_list(limit=MOST_CHANNELS), MOST_PAGES)  # the SDK turns the pages
            listed = [one for page in pages for one in page.get("channels") or []]
            listed.sort(key=lambda one: not one.get("is_archived"))  # an open one counts where two have a name
            self._ids.update({f"#{one['name']}": one["id"] for one in listed})
        return self._ids.get(channel, channel)


def _content(post: Post, earlier: str | None = None) -> dict[str, Any]:
    """The text and the blocks of a message; `earlier` is the address of the one whose place it takes.

    Slack is to find nothing in the text by itself: unless `parse` forbids it, chat.update reads it as if somebody had
    typed it, and would make links of what newspapers write. https://docs.slack.dev/reference/methods/chat.update
    """
    if post.plain:
        return {"text": as_plain(post.message, post.warnings, post.mention, earlier), "parse": "none"}
    blocks = as_blocks(post.message, post.warnings, post.mention, earlier)
    return {"text": fallback(post.message), "blocks": blocks, "parse": "none"}


def refusal(error: SlackApiError) -> Outcome:
    """What an answer of Slack that is not ok means. A 5xx is no answer: the message may have been posted."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    word = _word(error)
    if status == 429 or word in (RATE_LIMITED, "rate_limited"):
        return Refused(RATE_LIMITED, "retry", _retry_after(response))
    if status >= 500 or word in UNSURE or word.startswith("Received a response in a non-JSON format"):
        return Unknown(f"HTTP {status} {word}".strip()[:200])
    return Refused(word, REMEDIES.get(word, "give_up"))


def _retry_after(response: Any) -> float:
    headers = {str(name).lower(): value for name, value in (getattr(response, "headers", None) or {}).items()}
    value = headers.get("retry-after")
    value = value[0] if isinstance(value, list) and value else value
    try:
        return min(max(float(str(value)), 1.0), 3600.0)
    except ValueError:
        return 30.0


def _word(error: SlackApiError) -> str:
    """Slack's own word for an error, without the request."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "unknown_error")[:200] if isinstance(data, dict) else "unreadable answer"


def _lost(error: Exception) -> Outcome:
    """A request without an answer. One whose connection was never made was not sent; any other may have been."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ConnectionRefusedError) or type(reason).__name__ == "gaierror":
        return Refused(_cause(error), "retry")
    return Unknown(_cause(error))


def _cause(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    return f"{type(reason).__name__}: {reason}".splitlines()[0][:200]


def _key_of(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return str(key) if key else None
