"""A Slack that fails by chance: the tests' stand-in with a fault for every few requests, the same for the same seed."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import Any

from tests.support import slack_server
from tests.support.slack_server import Fault, SlackServer

#: kind of trouble → how often it comes, out of a hundred posts
POSTS: dict[str, tuple[int, Fault]] = {
    "429": (8, slack_server.rate_limited(2)),
    "5xx, not done": (4, slack_server.server_error(503)),
    "5xx, done": (4, slack_server.server_error(502, done=True)),
    "reset before": (4, slack_server.reset()),
    "answer lost": (5, slack_server.lost_answer()),
    "time-out after the post": (1, slack_server.timed_out()),
    "internal_error": (2, slack_server.error("internal_error")),
}
#: of a hundred looks into the channel, so many fail
LOOKS = 5


class UnreliableSlack(SlackServer):
    """`faults` counts what went wrong; `accepted` are the moments of the posts that came through. One that is not
    `readable` lets nobody look into the channel."""

    def __init__(
        self, seed: int, *, faults: bool = True, readable: bool = True, clock: Callable[[], float] | None = None
    ) -> None:
        super().__init__(clock)
        self._readable = readable
        self._chance = Random(seed)
        self._faulty = faults
        self.faults: dict[str, int] = {}
        self.accepted: list[float] = []

    def next_fault(self, method: str) -> Fault | None:
        """The fault of the next request of a method, or none."""
        if not self._faulty:
            return None
        with self._lock:
            roll = self._chance.randrange(100)
            if method.startswith("conversations."):
                if not self._readable:
                    return slack_server.error("missing_scope")
                return slack_server.server_error(503) if roll < LOOKS else None
            for kind, (share, fault) in POSTS.items():
                if roll < share:
                    self.faults[kind] = self.faults.get(kind, 0) + 1
                    return fault
                roll -= share
            return None

    def handle(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        """The answer of a method; when a post came in is remembered."""
        if method == "chat.postMessage":
            self.accepted.append(time.monotonic())
        return super().handle(method, arguments, token)

    def keys(self) -> list[str]:
        """The keys of the messages that stand in the channel, in their order."""
        return [message.get("metadata", {}).get("event_payload", {}).get("key", "") for message in self.posted]
