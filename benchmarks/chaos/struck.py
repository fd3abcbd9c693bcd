"""A strike that happened. Pure."""

from __future__ import annotations

import msgspec

from benchmarks.chaos.schedule import Fault


class Struck(msgspec.Struct):
    """A strike that happened: its number and step, its faults, whether something was under way, the work that was
    struck, and after how many seconds it was done."""

    number: int
    step: str
    faults: tuple[Fault, ...]
    under_way: bool
    article: str
    announcement: str | None
    at: float
    delay_s: float | None = None

    def __str__(self) -> str:
        """The strike in words."""
        faults = " + ".join(map(str, self.faults))
        done = "not done" if self.delay_s is None else f"done after {self.delay_s:.1f} s"
        return f"{self.number}: {self.step}{'' if self.under_way else ' (idle)'}, {faults}: {done}"
