"""Which replies show in the channel too, and not in their thread alone: rules that the desk can set. Pure.

A rule is a step from one status to another ("planned-held", "any-denied"), or one of the words in `WORDS`; the settings
check how they are written.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from shared.records import Change, Denial

#: correction: a fact is another than was told, a status goes back on what was told, or a call is taken back or stands
#: again; second-side: its first word; in-doubt: the reply rests on little that says it is the same call
WORDS = ("correction", "second-side", "in-doubt")
#: A call goes forward through these by itself; one that is denied may be at any of them.
STAGES = {"proposed": 0, "planned": 1, "unconfirmed": 1, "ongoing": 2, "held": 3}
DEFAULT = ("planned-held", "held-denied", "planned-denied", *WORDS)


def resurfaces(changes: Collection[Change], rules: Collection[str], *, doubt: bool, both: bool = False) -> bool:
    """Whether a reply with these changes shows in the channel; `doubt`: little says that it is about its call; `both`:
    a second side is heard with it, maybe together with the first."""
    by_itself = ("in-doubt" in rules and doubt) or ("second-side" in rules and both)
    return by_itself or any(_by_rule(change, rules) for change in changes)


def _by_rule(change: Change, rules: Collection[str]) -> bool:
    if change.field == "status":
        return any(_step(change, rule) for rule in rules) or ("correction" in rules and _goes_back(change))
    if change.field == "heard":
        return "second-side" in rules
    return "correction" in rules and change.kind in ("changed", "conflict")


def _step(change: Change, rule: str) -> bool:
    """Whether a status takes the step of a rule. A plan of which there was no word is still one."""
    before, _, after = rule.partition("-")
    told = _status(change.before)
    known = {"any", told, "planned"} if told == "unconfirmed" else {"any", told}
    return before in known and after in ("any", _status(change.after))


def _goes_back(change: Change) -> bool:
    """Whether a status is no later one of what was told: the call took place and did not, or was denied and is not."""
    before, after = _status(change.before), _status(change.after)
    if "denied" in (before, after):
        return before in ("denied", "ongoing", "held")
    return STAGES.get(after, 0) < STAGES.get(before, 0)


def _status(value: str | None) -> str:
    """The status of a value: each kind of a denial is one."""
    return "denied" if value in get_args(Denial) else value or ""
