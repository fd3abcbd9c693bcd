"""Slack's rate limits as its page has them: so many requests of a method a minute, one message a second in a channel.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable

#: Requests a minute that a tier allows at least; the stand-in allows no more.
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
MINUTE = 60.0
#: method → its tier, as the method's page has it. auth.test and chat.postMessage are of a tier of their own.
TIER_OF = {
    "apps.connections.open": 1,
    "conversations.list": 2,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.replies": 3,
    "views.open": 4,
}
MESSAGES_A_SECOND = 1


class Limits:
    """What was asked for lately, by method and, for messages, by channel. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def retry_after(self, method: str, channel: str) -> int:
        """Count a request; returns 0 where it may go on, else for how many whole seconds to wait. A refused request
        does not count."""
        if method == "chat.postMessage":
            return self._take((method, channel), MESSAGES_A_SECOND, 1.0)
        tier = TIER_OF.get(method)
        return self._take((method, ""), TIERS[tier], MINUTE) if tier else 0

    def _take(self, key: tuple[str, str], most: int, span: float) -> int:
        now, taken = self._clock(), self._taken[key]
        while taken and taken[0] <= now - span:
            taken.popleft()
        if len(taken) >= most:
            return max(1, math.ceil(taken[0] + span - now))
        taken.append(now)
        return 0
