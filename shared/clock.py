"""The clock that is handed to every function as `now`: the world's, or a rehearsal's.

A rehearsal plays past articles through real workers at the articles' own time: `REDPHONE_CLOCK_FILE` names a file that
holds the time at which it was written, so to say, and from there the clock runs on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from shared.errors import UsageError

#: Two machines' clocks differ by less; more is a clock that was put back.
WENT_BACK = dt.timedelta(minutes=1)


def utc_now() -> dt.datetime:
    """The present moment, aware, in UTC. Raises UsageError for a rehearsal's file that cannot be read."""
    from shared.settings import load_settings  # who is handed his clock reads no settings

    wall = dt.datetime.now(dt.UTC)
    rehearsal = load_settings().clock_file
    return wall if rehearsal is None else _rehearsed(rehearsal, wall)


def later(now: dt.datetime, clock: Callable[[], dt.datetime] | None) -> dt.datetime:
    """How late it is by a clock; without one no time has passed. It does not go back behind `now`, unless it was put
    back: what is written by the hour before would wait for that hour to come once more."""
    at = clock() if clock else now
    return at if at < now - WENT_BACK else max(now, at)


def _rehearsed(path: Path, wall: dt.datetime) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
        written = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    except OSError as error:
        raise UsageError(f"REDPHONE_CLOCK_FILE {path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise UsageError(f"REDPHONE_CLOCK_FILE {path}: {error}") from error
    return at.astimezone(dt.UTC) + (wall - written)
