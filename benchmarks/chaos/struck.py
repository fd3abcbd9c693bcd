"""A strike that happened. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from benchmarks.chaos.schedule import STEPS, Fault

#: So many strikes at a step meet something under way, or they are not aimed at all.
ENOUGH = 5


class Struck(msgspec.Struct):
    """A strike that happened: its number and step, its faults, whether something was under way, the work that was
    struck, after how many seconds it was done, and how many of its faults found nothing to strike."""

    number: int
    step: str
    faults: tuple[Fault, ...]
    under_way: bool
    article: str
    announcement: str | None
    at: float
    delay_s: float | None = None
    missed: int = 0

    def __str__(self) -> str:
        """The strike in words."""
        faults = " + ".join(map(str, self.faults))
        done = "not done" if self.delay_s is None else f"done after {self.delay_s:.1f} s"
        return f"{self.number}: {self.step}{'' if self.under_way else ' (idle)'}, {faults}: {done}"


def unproven(struck: Sequence[Struck]) -> list[str]:
    """Why strikes prove less than they seem to, in words: nobody saw their work done, so that its delay is in no
    figure, or nothing was ever under way at a step."""
    found = [f"nobody saw it done: {one}" for one in struck if one.delay_s is None]
    for step in STEPS:
        aimed = [one for one in struck if one.step == step]
        if len(aimed) >= ENOUGH and not any(one.under_way for one in aimed):
            found.append(f"nothing was under way at {step} at any of {len(aimed)} strikes")
    return found
