"""A worker that takes nothing from its queue although beat ticks ends itself, and whoever guards it starts it anew.

Seen with kombu before 5.7: after a restart of Redis a worker stays connected, answers a ping and consumes nothing. A
health check tells of it, but an engine starts again only what has ended.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from contextlib import suppress

from redis.exceptions import RedisError

from shared import heartbeat

LOOK_S = 30.0
#: Ten minutes of ticks: as long as its health check waits (:data:`shared.heartbeat.STALE_HERE`).
MOST_MISSED = 20
#: Longer than a worker that is told to stop takes to hand back what it has.
LAST_S = 60.0

log = logging.getLogger(__name__)


class Ears:
    """Counts the looks since a worker took something, those at which beat had ticked. Pure: no clock can mislead it."""

    def __init__(self) -> None:
        self._taken = self._ticked = ""
        self._missed = 0

    def missed(self, taken: str, ticked: str) -> int:
        """How many looks in all found a new sign of beat (`ticked`) and none of the worker (`taken`)."""
        if taken != self._taken:
            self._missed = 0
        elif ticked != self._ticked:
            self._missed += 1
        self._taken, self._ticked = taken, ticked
        return self._missed


def watch(broker_url: str, service: str) -> None:
    """Look on, beside the worker of this process, until it is found to be deaf; then end it: by SIGTERM, and at once
    where that is not heard either."""
    threading.Thread(target=_look_on, args=(broker_url, service), name="ears", daemon=True).start()


def _look_on(broker_url: str, service: str) -> None:
    ears, missed = Ears(), 0
    # one connection for all looks: a pool process that is forked while a name is looked up may hang
    with heartbeat.connect(broker_url) as client:
        while missed < MOST_MISSED:
            time.sleep(LOOK_S)
            with suppress(RedisError):  # nobody can hear anything then
                missed = ears.missed(*heartbeat.signs(client, service))
    log.error("%s: beat ticks, and nothing came through the queue; ending, to be started anew", service)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_S)
    os._exit(1)
