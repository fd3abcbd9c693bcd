"""What is struck, when, and with what: a schedule that follows from a seed alone. Pure.

A strike is aimed at a step of the pipeline, and comes when something is under way there; one in three is a double one.
Every fault that can meet a step does so about equally often.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from random import Random

import msgspec

STEPS = ("poll", "store", "body", "classify", "compare", "announce", "post", "settle")
#: Whose processes have the step in hand.
SERVICE_OF = {
    "poll": "ingest", "store": "ingest", "body": "ingest", "classify": "classify", "compare": "classify",
    "announce": "notify", "post": "notify", "settle": "notify",
}  # fmt: skip

PROCESSES = ("worker killed", "pool children killed", "beat killed", "status killed")
SERVERS = ("Redis restarted, empty", "Redis flushed", "Redis full", "PostgreSQL restarted", "PostgreSQL's disk full")
CLOCK = ("clock put forward and back",)
SOCKETS = ("sockets reset", "sockets stalled", "sockets half-open", "sockets slow")
SLACK = (
    "Slack: 429", "Slack: 5xx, not done", "Slack: 5xx, done", "Slack: reset before", "Slack: answer lost",
    "Slack: time-out, done",
)  # fmt: skip
FAULTS = (*PROCESSES, *SERVERS, *CLOCK, *SOCKETS, *SLACK)
#: These last a while and end by themselves.
LASTING = ("Redis full", "PostgreSQL's disk full", *CLOCK, *(name for name in SOCKETS if name != "sockets reset"))
#: Whose sockets are cut: those to the database, to the broker, to Slack.
LINKS = ("postgres", "redis", "slack")
_OFTEN = {"worker killed": 3, "pool children killed": 3, "sockets reset": 2}
_TWICE = 0.34


class Fault(msgspec.Struct, frozen=True):
    """One fault; `link` says which sockets, where it is about sockets; `seconds` how long it lasts, where it does."""

    name: str
    link: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        """The fault in words."""
        return " ".join(part for part in (self.name, self.link, f"{self.seconds:g} s" if self.seconds else "") if part)


class Strike(msgspec.Struct, frozen=True):
    """So many seconds after something is under way at a step, these faults, one after the other."""

    number: int
    step: str
    pause_s: float
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        """The strike in words."""
        return f"{self.number}: {self.step}, {' + '.join(map(str, self.faults))}"


def schedule(seed: int, faults: int) -> tuple[Strike, ...]:
    """Strikes with so many faults in all, over all steps."""
    chance = Random(seed)
    decks = {step: _deck(step, chance) for step in STEPS}
    strikes: list[Strike] = []
    left = faults
    for step in _rounds(chance):
        if left == 0:
            return tuple(strikes)
        count = min(left, 2 if chance.random() < _TWICE else 1)
        struck = tuple(_fault(next(decks[step]), step, chance) for _ in range(count))
        strikes.append(Strike(len(strikes) + 1, step, round(chance.uniform(0, 0.2), 3), struck))
        left -= count
    raise AssertionError("rounds have no end")


def can_meet(fault: str, step: str) -> bool:
    """Whether a fault can be aimed at a step: Slack's answers only where Slack is asked."""
    return fault not in SLACK or step in ("post", "settle")


def strikes(fault: Fault, aimed_at: str, step: str) -> bool:
    """Whether a fault that is aimed at a step strikes what work at a step needs: its own worker, beat, the servers and
    the way to them, the clock; Slack, where it is asked."""
    if fault.name in ("worker killed", "pool children killed"):
        return SERVICE_OF[aimed_at] == SERVICE_OF[step]
    if fault.name in SLACK or fault.link == "slack":
        return can_meet(SLACK[0], step)
    return fault.name != "status killed"


def _rounds(chance: Random) -> Iterator[str]:
    while True:
        yield from chance.sample(STEPS, len(STEPS))


def _deck(step: str, chance: Random) -> Iterator[str]:
    cards: deque[str] = deque()
    while True:
        if not cards:
            whole = [name for name in FAULTS if can_meet(name, step) for _ in range(_OFTEN.get(name, 1))]
            cards.extend(chance.sample(whole, len(whole)))
        yield cards.popleft()


def _fault(name: str, step: str, chance: Random) -> Fault:
    links = LINKS if step in ("post", "settle") else LINKS[:2]
    link = chance.choice(links) if name in SOCKETS else ""
    return Fault(name, link, round(chance.uniform(1.0, 4.0), 1) if name in LASTING else 0.0)
