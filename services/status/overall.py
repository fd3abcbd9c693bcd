"""One word for how things stand, and the reasons for it. Pure.

*Down*: news does not reach the desk, or nobody can know. *Degraded*: it does, and somebody should look. Only *down*
is told by the status code of an answer (503), for a monitor that wakes people.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from services.status import problems
from services.status.lines import counted, span
from services.status.values import Snapshot, Trust

State = Literal["ok", "degraded", "down"]
LATE_S = 300.0
#: So long nothing may prove that news reaches the desk: one test article may be lost, as an answer of Slack may be.
UNPROVED = dt.timedelta(minutes=10)
UNSENT = ("unknown", "refused", "dead")


class Overall(msgspec.Struct, frozen=True):
    """The word, why it is not `ok`, and what else somebody should know."""

    state: State
    reasons: list[str]
    remarks: list[str]


def overall(snapshot: Snapshot, trust: Trust) -> Overall:
    """How things stand in one word."""
    down = [*snapshot.away, *(line for line in snapshot.problems if line not in snapshot.away)]
    standing = snapshot.standing
    if standing is None:
        return Overall("down", down, [])
    resting = problems.resting(standing.paused, [])
    slow = [
        counted("slow", row.count, stage=stage, id=row.oldest_id, span=span(row.oldest_age_s))
        for stage, row in standing.waiting.items()
        if row.oldest_age_s is not None and row.oldest_age_s > LATE_S
    ]
    unsent = [counted(f"unsent_{state}", count) for state, count in standing.kept.items() if state in UNSENT]
    unproved = [] if trust.yes or down or resting else [trust.sentence]
    braked = [standing.brake.words] if standing.brake.words else []
    doubted = problems.doubted(standing.channels)
    worse = [*resting, *braked, *slow, *unsent, *doubted, *unproved]
    jumped = [standing.clock] if standing.clock else []
    remarks = [*jumped, *problems.resting(None, standing.mutes), *problems.paused_feeds(standing.feeds),
               *problems.failed(standing.failed),
               *problems.remarks(standing.feeds)]  # fmt: skip
    lost = bool(unproved) and _is_lost(snapshot, trust)
    return Overall("down" if down or lost else "degraded" if worse else "ok", [*down, *worse], remarks)


def _is_lost(snapshot: Snapshot, trust: Trust) -> bool:
    """Whether nobody has known for too long that news reaches the desk, though test articles are sent to prove it."""
    since = trust.since or min((one.started_at for one in snapshot.canaries), default=snapshot.at)
    return not trust.untested and snapshot.at - since > UNPROVED


def status_code(state: State) -> int:
    """What a monitor sees: 503 while nothing reaches the desk."""
    return 503 if state == "down" else 200
