"""Traps: each waits until something is under way at one step of the pipeline and holds it there, to be struck.

In the database a trigger waits for a lock that the trap holds; at the newspapers and at Slack an answer is held back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from benchmarks.chaos.histories import Message
from benchmarks.chaos.newspapers import FEED, LONGEST_HOLD_S, Newspapers
from benchmarks.chaos.stream import Printed
from tests.support.slack_server import Fault, SlackServer

#: step → number of its lock, and where its trigger stands
TRIGGERS = {
    "store": (1, "BEFORE INSERT ON entries FOR EACH STATEMENT"),
    "classify": (
        2,
        "BEFORE UPDATE ON articles FOR EACH ROW WHEN (NEW.classify_attempts > OLD.classify_attempts)",
    ),
    "compare": (3, "BEFORE INSERT ON reports FOR EACH STATEMENT"),
    "announce": (4, "BEFORE INSERT ON announcements FOR EACH STATEMENT"),
    "settle": (
        5,
        "BEFORE UPDATE ON announcements FOR EACH ROW WHEN (OLD.state = 'claimed' AND NEW.state <> 'claimed')",
    ),
}
#: The lock that says that the disk is full, and what cannot be written then.
FULL, WRITTEN = 9, ("articles", "entries", "feeds", "reports", "announcements")
SPACE = 815  # ours alone: the classifier's own locks have one number, not two
PATIENCE_S = 10.0
REPEAT = "may be here twice"
LOOK_S = 0.02

Caught = Callable[[], bool]


class GatedSlack(SlackServer):
    """The stand-in with a gate before chat.postMessage. What waits there is carried out when the gate opens. `told` are
    the messages in the order of their posts, as they were then: an edit brings a key of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []
        self.holding = False
        self.caught = threading.Event()
        self._open = threading.Event()

    def close_gate(self) -> None:
        """Hold the next posts back."""
        self.caught.clear()
        self._open.clear()
        self.holding = True

    def open_gate(self) -> None:
        """Let them go on."""
        self.holding = False
        self._open.set()

    def handle(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        """The answer of a method; a post that is accepted is remembered."""
        answer = super().handle(method, arguments, token)
        if method == "chat.postMessage" and answer["ok"]:
            payload = (arguments.get("metadata") or {}).get("event_payload") or {}
            self.told.append(Message(str(payload.get("key", "")), REPEAT in str(arguments.get("blocks"))))
        return answer

    def next_fault(self, method: str) -> Fault | None:
        """The fault of the next request, once it may go on."""
        if self.holding and method == "chat.postMessage":
            self.caught.set()
            self._open.wait(LONGEST_HOLD_S)
        return super().next_fault(method)


def install(connection: psycopg.Connection[Any]) -> None:
    """Set the triggers. They wait for nothing until a trap is laid, and the disk has room until somebody says not."""
    connection.execute(
        "CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF pg_try_advisory_lock_shared({SPACE}, {FULL}) THEN PERFORM pg_advisory_unlock_shared({SPACE}, {FULL}); "
        "ELSE RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END IF; "
        "RETURN NULL; END $$"
    )
    for table in WRITTEN:
        connection.execute(
            f"CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION disk_is_full()"
        )
    for step, (number, where) in TRIGGERS.items():
        connection.execute(
            f"CREATE FUNCTION trap_{step}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM pg_advisory_xact_lock_shared({SPACE}, {number}); "
            "RETURN NEW; END $$"
        )
        connection.execute(f"CREATE TRIGGER trap_{step} {where} EXECUTE FUNCTION trap_{step}()")


@contextmanager
def trap(
    step: str, one: Printed, newspapers: Newspapers, slack: GatedSlack, connect: Callable[[], psycopg.Connection[Any]]
) -> Iterator[Caught]:
    """Lay a trap at a step; `caught` waits until something is in it. At the end it opens."""
    if step in TRIGGERS:
        with _locked(step, connect) as caught:
            yield caught
    elif step == "post":
        slack.close_gate()
        try:
            yield lambda: slack.caught.wait(PATIENCE_S)
        finally:
            slack.open_gate()
    else:
        gate = newspapers.hold(one, FEED if step == "poll" else one.path)
        try:
            yield lambda: gate.caught.wait(PATIENCE_S)
        finally:
            gate.open()


@contextmanager
def _locked(step: str, connect: Callable[[], psycopg.Connection[Any]]) -> Iterator[Caught]:
    number, _ = TRIGGERS[step]
    holder = connect()
    holder.execute("SELECT pg_advisory_lock(%s, %s)", (SPACE, number))
    try:
        yield lambda: _waits_for(holder, number)
    finally:
        holder.close()  # a restart of the server has opened the trap before


def _waits_for(holder: psycopg.Connection[Any], number: int) -> bool:
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND NOT granted"
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if holder.execute(waiting, (SPACE, number)).fetchone():
            return True
        time.sleep(LOOK_S)
    return False
