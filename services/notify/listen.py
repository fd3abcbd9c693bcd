"""Slack's Socket Mode: what editors press and ask comes over a connection that we open, so that no public address is
needed.

Each envelope is acknowledged first, within Slack's three seconds, and dealt with afterwards, one at a time; the SDK
keeps the connection, opens the next one when Slack says so, and never shows the app token.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import http.client
import logging
import threading
from collections.abc import Callable
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient
from slack_sdk.webhook import WebhookClient

from services.notify.said import Said, said
from shared.errors import ServiceDownError, UsageError

TIMEOUT_S = 10
#: The SDK gives up a connection that answers none of four pings; its own choice is 5 s, and for 20 s it would be deaf.
PING_S = 2
TROUBLE = (SlackClientError, URLError, OSError, http.client.HTTPException)
log = logging.getLogger(__name__)

#: How long the SDK may take to close its connection; it takes three seconds when all is well.
LEAVE_WITHIN_S = 10.0


class Listener:
    """A connection to Slack; `hear` is called with each thing that is said, in its order, and must not raise."""

    def __init__(self, app_token: str, token: str, base_url: str, hear: Callable[[Said], None]) -> None:
        quiet = logging.getLogger(f"{__name__}.sdk")
        quiet.setLevel(logging.CRITICAL)  # the SDK logs each of its tries; is_connected says how it stands
        self._web = WebClient(token=token, base_url=base_url, timeout=TIMEOUT_S, logger=quiet)
        self._client = SocketModeClient(app_token, web_client=self._web, logger=quiet, ping_interval=PING_S)
        self._client.socket_mode_request_listeners.append(self._take)
        self._hear = hear
        self._one_at_a_time = threading.Lock()

    def start(self) -> None:
        """Connect. Raises UsageError for a token that Slack refuses; ServiceDownError where Slack does not answer, and
        then it may be tried again."""
        try:
            self._client.connect()
        except SlackApiError as error:
            word = error.response.get("error") or "no reason given"
            raise UsageError(
                f"REDPHONE_SLACK_APP_TOKEN: Slack refuses it ({word}); make one with the scope connections:write"
            ) from error
        except TROUBLE as error:
            raise ServiceDownError(f"Slack cannot be reached by Socket Mode: {type(error).__name__}") from error

    @property
    def connected(self) -> bool:
        """Whether the connection stands; the SDK mends it by itself."""
        return self._client.is_connected()

    def stop(self) -> None:
        """Close the connection, after what is being dealt with."""
        # the SDK waits for its reader, which may never end
        leaver = threading.Thread(target=self._client.close, name="leaver", daemon=True)
        leaver.start()
        leaver.join(LEAVE_WITHIN_S)

    def open_window(self, trigger: str, view: dict[str, Any]) -> bool:
        """Open a window for whoever clicked; returns whether Slack took it: a trigger lasts three seconds."""
        try:
            self._web.views_open(trigger_id=trigger, view=view)
        except TROUBLE as error:
            log.warning("a window could not be opened: %s", type(error).__name__)
            return False
        return True

    def answer(self, url: str, text: str) -> None:
        """Answer whoever pressed or asked, unseen by others. `text` is mrkdwn."""
        if not url:
            return
        try:
            WebhookClient(url, timeout=TIMEOUT_S).send(text=text, response_type="ephemeral", replace_original=False)
        except TROUBLE as error:
            log.warning("an answer could not be given: %s", type(error).__name__)

    def _take(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        heard = said(request.type, request.payload or {})
        if heard is not None:
            with self._one_at_a_time:
                self._hear(heard)
