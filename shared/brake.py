"""The brake: how much slower newspapers are asked while articles wait to be read. Pure but for reading its file.

What nobody reads yet need not be fetched. `data/brake.csv` has the steps: the more articles wait, and the longer the
oldest of them has waited, the later feeds are asked; those of world news last, and article pages not at all. A step is
left when what waits is half of what it takes to come to it, so that the brake does not flutter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from shared.csv_rows import records_of
from shared.data_files import data_of
from shared.errors import UsageError

FILE = "brake.csv"
RELEASED_AT = 0.5


class Backlog(NamedTuple):
    """Articles that wait to be read, and for how many seconds the oldest of them has waited."""

    waiting: int
    oldest_s: float


class Step(NamedTuple):
    """From a backlog on: feeds are asked so many seconds later than they are due, pages while `pages` says so."""

    backlog: Backlog
    others_s: float
    world_s: float
    pages: bool

    def later(self, *, world: bool) -> dt.timedelta:
        """How much later than it is due a feed is asked."""
        return dt.timedelta(seconds=self.world_s if world else self.others_s)


FREE = Step(Backlog(0, 0.0), 0.0, 0.0, pages=True)


@lru_cache(maxsize=1)
def load_steps() -> tuple[Step, ...]:
    """The steps of the data file. Raises UsageError for a file whose steps do not rise or are no numbers."""
    return read_steps((data_of("shared") / FILE).read_text(encoding="utf-8"))


def read_steps(text: str) -> tuple[Step, ...]:
    """The steps of a CSV with the columns of the built-in file, the lightest first. Raises UsageError as above."""
    try:
        steps = tuple(_step(row) for _, row in records_of(text))
    except (ValueError, KeyError) as error:
        raise UsageError(f"shared/{FILE}: {error}; each step has numbers from 0 up, and pages yes or no") from error
    for number, (lower, higher) in enumerate(pairwise(steps), start=3):
        if higher.backlog.waiting <= lower.backlog.waiting or higher.backlog.oldest_s < lower.backlog.oldest_s:
            raise UsageError(f"shared/{FILE}, line {number}: a step takes more articles than the one before it")
    return steps


def _step(row: dict[str, str]) -> Step:
    waiting, oldest_s, others_s, world_s = (float(row[name]) for name in ("waiting", "oldest_s", "others_s", "world_s"))
    if min(waiting - 1, oldest_s, others_s, world_s) < 0 or world_s > others_s or row["pages"] not in ("yes", "no"):
        raise ValueError("a step that cannot be")
    return Step(Backlog(int(waiting), oldest_s), others_s, world_s, row["pages"] == "yes")


def level_of(backlog: Backlog, before: int, steps: Sequence[Step]) -> int:
    """Which step holds now, counted from 1; 0 for none. `before` is the one that held at the last look."""
    return max(_highest(backlog, steps), _highest(backlog, steps[:before], RELEASED_AT))


def _highest(backlog: Backlog, steps: Sequence[Step], share: float = 1.0) -> int:
    """The last step whose backlog, or this share of it, is reached."""
    reached = (
        number
        for number, step in enumerate(steps, start=1)
        if backlog.waiting >= share * step.backlog.waiting and backlog.oldest_s >= share * step.backlog.oldest_s
    )
    return max(reached, default=0)


def step_at(level: int, steps: Sequence[Step]) -> Step:
    """The step of a level; the last one for a level that the file no longer has."""
    return steps[min(level, len(steps)) - 1] if level and steps else FREE


def words_of(step: Step, backlog: Backlog) -> str:
    """What the brake does and why, in one line; empty for nothing."""
    if step == FREE:
        return ""
    why = f"reading is behind: {backlog.waiting:,} articles wait, the oldest for {_span(backlog.oldest_s)}"
    does = [] if step.pages else ["article pages wait"]
    does += [f"world news is asked {_span(step.world_s)} later"] if step.world_s else []
    does += [f"other feeds {_span(step.others_s)} later"] if step.others_s else []
    return f"{why}; until they are read {_listed(does)}" if does else why


def slowed(step: Step, *, world: bool) -> str:
    """What the brake does to a feed, in words; empty for nothing."""
    later = step.later(world=world)
    return f"asked {_span(later.total_seconds())} later than usual: reading is behind" if later else ""


def _listed(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _span(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
