"""How long a call was, with its bound: "over 90" is not 90, and "about an hour" may be 50 minutes."""

from __future__ import annotations

from math import inf
from typing import Literal

from shared.records import Duration


def length_range(duration: Duration) -> tuple[float, float]:
    """The shortest and the longest that the words allow, in minutes: "over 60" is not 90, "about an hour" may be 50."""
    minutes = duration.minutes
    if duration.bound == "over":
        return minutes, minutes * 1.4
    if duration.bound == "under":
        return minutes * 0.7, minutes
    spread = max(5, minutes * 0.17) if duration.bound == "about" else 2
    return minutes - spread, minutes + spread


def same_length(one: Duration, other: Duration) -> bool:
    """Whether one call can have both lengths."""
    (low, high), (other_low, other_high) = length_range(one), length_range(other)
    return low <= other_high and other_low <= high


def length_text(duration: Duration) -> str:
    """Minutes in data form, with the bound where there is one: "90", "over 90"."""
    return str(duration.minutes) if duration.bound == "exact" else f"{duration.bound} {duration.minutes}"


def length_since(now: Duration, then: Duration) -> Literal["longer", "shorter", "same"] | None:
    """How one length stands to an earlier one, None where their bounds leave it open."""
    (low, high), (low_then, high_then) = _limits(now), _limits(then)
    if low > high_then or (low == high_then and (now.bound == "over" or then.bound == "under")):
        return "longer"
    if high < low_then or (high == low_then and (now.bound == "under" or then.bound == "over")):
        return "shorter"
    return "same" if {now.bound, then.bound} <= {"exact", "about"} else None


def _limits(duration: Duration) -> tuple[float, float]:
    if duration.bound == "over":
        return duration.minutes, inf
    if duration.bound == "under":
        return 0, duration.minutes
    return length_range(duration) if duration.bound == "about" else (duration.minutes, duration.minutes)
