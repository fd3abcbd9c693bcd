"""Progress of something long, for a person: on standard error, only on a terminal, only after two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")

PATIENCE_S = 2.0
EVERY_S = 0.2


def counted(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items, one by one; the terminal shows how many are done where it takes longer than two seconds."""
    if not sys.stderr.isatty():
        yield from items
        return
    started, shown = time.monotonic(), 0.0
    for number, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - started > PATIENCE_S and now - shown > EVERY_S:
            shown = now
            sys.stderr.write(f"\r{what}: {number} of {len(items)}")
            sys.stderr.flush()
    if shown:
        sys.stderr.write("\r\x1b[K")
