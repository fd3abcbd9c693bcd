"""A short chaos: real workers, beat and servers are struck at each step, and nothing is lost or told twice."""

from __future__ import annotations

from benchmarks.chaos.run import play
from benchmarks.chaos.struck import unproven

# each step once; a worker, Redis, PostgreSQL, Slack and the clock among what is struck
SEED, FAULTS = 954, 8


def test_nothing_is_lost_or_told_twice_whatever_is_struck() -> None:
    told: list[str] = []
    result = play(SEED, FAULTS, told.append)
    shown = [*(str(one) for one in result.struck), *result.verdict.lost, *result.verdict.doubled]
    assert result.holds, "\n".join([*shown, *result.verdict.different, *unproven(result.struck), result.said])
    assert any(one.under_way for one in result.struck)
    assert sum(len(one.faults) for one in result.struck) == FAULTS
    assert result.messages >= result.calls >= len(result.struck)
    assert told[-1] == "at rest"
